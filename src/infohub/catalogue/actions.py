"""Keeps the catalogue: one entry per published thing, in the transaction of the action that published it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from infohub.catalogue.models import Entry
from infohub.catalogue.search import index
from infohub.members.models import Group, Organisation, Sector
from infohub.policy.models import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a published thing tells the catalogue about itself."""

    ref: str
    kind: str
    label: Label
    title: str
    summary: str
    safe_line: str
    text: str
    language: str
    severity: int
    author_name: str
    author_sector: Sector | None
    owner: Organisation | None
    indicators: tuple[str, ...]
    revision: int
    published_at: datetime
    updated_at: datetime


def enter(card: Card, *, sectors: Iterable[Sector], groups: Iterable[Group]) -> Entry:
    """Make or renew the entry of a thing, and its words in the search index."""
    entry, _ = Entry.objects.as_system("the entry follows its source").update_or_create(
        ref=card.ref,
        defaults={
            "kind": card.kind,
            "label": card.label,
            "title": card.title,
            "summary": card.summary,
            "safe_line": card.safe_line,
            "text": card.text,
            "language": card.language,
            "severity": card.severity,
            "author_name": card.author_name,
            "author_sector": card.author_sector,
            "owner": card.owner,
            "indicator_count": len(card.indicators),
            "revision": card.revision,
            "published_at": card.published_at,
            "updated_at": card.updated_at,
        },
    )
    entry.sectors.set(sectors)
    entry.groups.set(groups)
    index(entry, words="\n".join((card.ref, card.title, card.text, card.author_name, *card.indicators)))
    return entry


def count_comment(ref: str) -> None:
    """One more comment on the entry's thing."""
    Entry.objects.as_system("a count on the row itself").filter(ref=ref).update(comment_count=F("comment_count") + 1)


def seclude(ref: str, label: Label) -> None:
    """Swap the label of a withdrawn thing: from now on only its author finds the entry."""
    Entry.objects.as_system("withdrawing takes the entry from its readers").filter(ref=ref).update(label=label)
