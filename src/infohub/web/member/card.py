"""The draft of a card for small firms that the composer offers, and how it gets into the text on its author's word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from infohub.analysis.assertions import Subject
from infohub.analysis.card import has_card, with_card
from infohub.analysis.card_draft import Span, draft_of
from infohub.analysis.findings import Finding, Kind
from infohub.analysis.pipeline import Analysis
from infohub.intel.models import CveFacts
from infohub.sharing.actions import Text
from infohub.sharing.models import Item
from infohub.web.cves import sentences


@dataclass(frozen=True, slots=True)
class CardOffer:
    """Sentences of the text as they stand there, and beside them what public catalogues say of its CVE numbers."""

    opening: tuple[str, ...]
    steps: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def offer_of(item: Item, analysis: Analysis, findings: Iterable[Finding]) -> CardOffer | None:
    """The draft for an own piece; none where it has such parts already, or says nothing of what to do."""
    if has_card(item.body):
        return None
    before = len(item.title) + 1
    known = CveFacts.objects.of({one.value for one in findings if one.kind is Kind.CVE})
    draft = draft_of(
        item.body,
        summary=[(start - before, end - before) for start, end in analysis.summary if start >= before],
        products=[one.name for one in analysis.assertions if one.subject is Subject.PRODUCT],
        pressing=[number for number, row in known.items() if row.exploited_since],
    )
    if draft is None:
        return None
    facts = tuple((number, " ".join(sentences(row))) for number, row in sorted(known.items()) if row.exploited_since)
    return CardOffer(_words(item.body, draft.opening), _words(item.body, draft.steps), facts)


def with_offer(text: Text, *, opening: Iterable[str], steps: Iterable[str]) -> Text:
    """The text with what was offered of it; sentences that are no longer its own are left out."""
    body = " ".join(text.body.split())
    own = [[one for some in told if (one := " ".join(some.split())) and one in body] for told in (opening, steps)]
    if not own[1] or has_card(text.body):
        return text
    between = "" if text.language.startswith("zh") else " "
    return replace(text, body=with_card(text.body, language=text.language, opening=between.join(own[0]), steps=own[1]))


def _words(body: str, spans: Iterable[Span]) -> tuple[str, ...]:
    return tuple(" ".join(body[start:end].split()) for start, end in spans)
