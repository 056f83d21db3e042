"""What the composer shows beside the text: what was found in it, what points at its author, who would read it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from infohub.analysis.assertions import Assertion, Subject
from infohub.analysis.card import has_card
from infohub.analysis.extract import extract
from infohub.analysis.findings import Finding
from infohub.analysis.pipeline import Analysis, Span
from infohub.analysis.redact import Known, own_remarks
from infohub.assist.learning import Sureness, sureness_here
from infohub.assist.live import looked_at
from infohub.assist.models import Said
from infohub.assist.relations import twins_of
from infohub.catalogue.models import Entry, Severity
from infohub.members.models import Membership
from infohub.policy.exits import Carry, Exit, carries
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.publishing import Check, check, distinct
from infohub.sharing.models import Indicator, Item, ItemState
from infohub.sharing.own_details import OwnDetail, known_of, own_details
from infohub.sharing.refusals import NotReadyError
from infohub.standards.tlp import Tlp, demanded_by
from infohub.support.markdown import plain
from infohub.support.marks import Mark
from infohub.web.findings import KINDS
from infohub.web.items.marking import found_mark
from infohub.web.items.reading import IN_WORDS, QUOTED, lang_of, name_of, sure_word
from infohub.web.member.card import CardOffer, offer_of

ACCEPTED = 0.85
"""So sure is what is ticked from the start.

What was learnt from decisions can take such a tick away and sets none: a tick that somebody leaves as it is counts as a
decision, and would teach itself.
"""

REPEATS = 200
"""Characters of a text from which on it may be one that is here already."""

SHOWN_CHARACTERS = 50_000
"""Longer texts are searched when they are checked, not while they are typed, and are shown without marks."""

_CHOSEN = frozenset({Subject.KIND, Subject.SEVERITY})


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its tick, and the readable pieces that have it as an indicator already."""

    finding: Finding
    ticked: bool
    also: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name of its tick on the page."""
        return f"found-{self.finding.kind}-{quote(self.finding.value, safe='')}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing said of the text with its tick, how sure it is, and from which words; `key` is what is posted."""

    key: str
    subject: str
    name: str
    lang: str
    ticked: bool
    sure: str
    quote: str
    place: Span

    @property
    def address(self) -> str:
        """The name of its tick on the page."""
        return f"said-{quote(self.key, safe='')}"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text: plain, `found` or `own`."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as analysis reads it."""

    found: tuple[Found, ...] = ()
    own: tuple[OwnDetail, ...] = ()
    parts: tuple[Part, ...] = ()
    invisible: int = 0
    said: tuple[Suggestion, ...] = ()
    better: tuple[Suggestion, ...] = ()
    """What fits the text better than the kind and severity chosen."""
    too_late: bool = False
    twins: tuple[Entry, ...] = ()
    """Pieces that say the same already."""
    card: CardOffer | None = None
    has_card: bool = False
    """Whether the text says what to do first already."""
    demanded: Tlp | None = None
    """The marking that the text carries, where the piece has a weaker one or none."""

    @property
    def names_us(self) -> bool:
        return any(detail.names_us for detail in self.own)


def reading_of(viewer: Viewer, item: Item) -> Reading:
    """Everything the composer says of the text of an own draft."""
    author = Membership.objects.select_related("organisation").get(pk=viewer.membership or 0)
    known, whole = known_of(author), f"{item.title}\n{item.body}"
    findings = extract(whole)
    short = len(item.body) <= SHOWN_CHARACTERS
    analysis = looked_at(whole, organisation=viewer.organisation) if short else None
    said, sureness = analysis.assertions if analysis else (), sureness_here()
    return Reading(
        found=tuple(_found(viewer, item, findings)),
        own=tuple(own_details(whole, known, kept=item.choice.get("kept", []), language=item.language)),
        parts=tuple(_parts(item, [*findings, *filter(_is_name, said)], known)) if short else (),
        invisible=sum(map(_is_invisible, item.body)),
        said=tuple(_suggestion(item, whole, one, sureness) for one in said if one.subject not in _CHOSEN),
        better=tuple(_suggestion(item, whole, one, sureness) for one in said if _fits_better(item, one)),
        too_late=short and analysis is None,
        demanded=demanded_by(whole, above=None if item.tlp is None else item.marking),
        twins=tuple(twins_of(viewer, whole)[:3]) if short and len(item.body) >= REPEATS else (),
        card=offer_of(item, analysis or Analysis(), findings) if short else None,
        has_card=has_card(item.body),
    )


def marks_of(item: Item, reading: Reading) -> list[Mark]:
    """What was found, for the text as its readers will see it; each mark leads to its tick."""
    before = len(item.title) + 1
    found = [
        Mark(one.finding.start, one.finding.end, leads_to=f"#{one.key}", title=str(KINDS[one.finding.kind]))
        for one in reading.found
        if one.ticked
    ]
    said = [
        found_mark(one.place, one.subject, one.name, leads_to=f"#{one.address}") for one in reading.said if one.place[1]
    ]
    return [mark.moved(-before) for mark in (*said, *found) if mark.end > before]


def without_invisible(text: str) -> str:
    """The text without characters that no reader sees and that change what is read."""
    return "".join(character for character in text if not _is_invisible(character))


def checked(viewer: Viewer, item: Item) -> tuple[Check | None, str]:
    """Who would read the draft, or why it cannot be shared yet."""
    try:
        return check(viewer, item=item), ""
    except (NotReadyError, RefusedError) as problem:
        return None, str(problem)


def mail_in_words(tlp: Tlp) -> str:
    """How much of a piece of this marking an e-mail says."""
    return {
        Carry.FULL: _("the whole text"),
        Carry.SAFE_LINE: _("your safe line and a link, no more"),
        Carry.BARE: _("that there is something to read, and a link"),
    }.get(carries(Exit.MAIL, tlp), _("nothing"))


def _found(viewer: Viewer, item: Item, findings: Iterable[Finding]) -> Iterator[Found]:
    """Each value once, in the order of the text."""
    once = distinct(findings)
    declined, known = set(item.choice.get("declined", [])), _known_values(viewer, [one.value for one in once])
    for finding in once:
        yield Found(finding, finding.value not in declined, tuple(known.get(finding.value, ()))[:3])


def _suggestion(item: Item, whole: str, one: Assertion, sureness: Sureness) -> Suggestion:
    key = f"{one.subject}:{one.value}"
    words, sure = plain(whole[one.start : one.end], QUOTED), sureness.of(one)
    ticked = min(sure, one.confidence) >= ACCEPTED and key not in item.choice.get("unsaid", [])
    return Suggestion(
        key=key,
        subject=str(Said(one.subject).label),
        name=name_of(one.subject, one.value, one.name),
        lang=lang_of(one.subject),
        ticked=ticked or key in item.choice.get("said", []),
        sure=sure_word(sure),
        quote="" if words.casefold() == one.name.casefold() else words,
        place=(one.start, one.end) if Said(one.subject) in IN_WORDS else (0, 0),
    )


def _fits_better(item: Item, one: Assertion) -> bool:
    """Whether it is another kind or severity than the piece has; what the author chose is never changed unasked."""
    if one.subject is Subject.KIND:
        return one.value != item.kind
    return one.subject is Subject.SEVERITY and one.value != Severity(item.severity).name.lower()


def _known_values(viewer: Viewer, values: list[str]) -> dict[str, list[str]]:
    """In which pieces that the viewer may read these values are indicators."""
    rows = Indicator.objects.readable(viewer).filter(value__in=values[:500], item__state=ItemState.PUBLISHED)
    known: dict[str, list[str]] = {}
    for value, ref in rows.order_by("-valid_from").values_list("value", "item__ref")[:500]:
        known.setdefault(value, []).append(ref)
    return known


def _is_name(one: Assertion) -> bool:
    """Whether it is some words of the text; what a whole sentence says is marked in the preview alone."""
    return Said(one.subject) in IN_WORDS - {Said.TECHNIQUE}


def _parts(item: Item, findings: Iterable[Finding | Assertion], known: Known) -> Iterator[Part]:
    """The body cut at everything that gets a mark; what points at the author wins over what was found."""
    before = len(item.title) + 1
    kept = set(item.choice.get("kept", []))
    own = [(one.start, one.end, "own") for one in own_remarks(item.body, known) if one.text not in kept]
    taken = [(start, end) for start, end, _kind in own]
    spans = own + [
        (one.start - before, one.end - before, "found")
        for one in findings
        if one.start >= before and not any(a < one.end - before and one.start - before < b for a, b in taken)
    ]
    position = 0
    for start, end, kind in sorted(spans):
        if start < position:
            continue  # a name within an address that is marked already
        if start > position:
            yield Part(item.body[position:start])
        yield Part(item.body[start:end], kind)
        position = end
    yield Part(item.body[position:])


def _is_invisible(character: str) -> bool:
    """Format characters (Unicode category Cf): direction marks, zero-width spaces and joiners, the byte order mark."""
    return unicodedata.category(character) == "Cf"
