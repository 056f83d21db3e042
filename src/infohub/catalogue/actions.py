"""Keeps the catalogue: one entry per published thing, in the transaction of the action that published it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import F

from infohub.catalogue.models import Entry
from infohub.catalogue.search import index
from infohub.members.models import Organisation, Sector
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


def enter(card: Card, *, sectors: Sequence[Sector], groups: Sequence[int]) -> Entry:
    """Make or renew the entry of a thing, and its words in the search index."""
    found = Entry.objects.as_system("the entry follows its source").filter(ref=card.ref).first()
    entry = found or Entry(ref=card.ref)
    for field in fields(card):
        if field.name != "indicators":
            setattr(entry, field.name, getattr(card, field.name))
    entry.indicator_count = len(card.indicators)
    entry.save()
    if found is None:
        entry.sectors.add(*sectors)
        entry.groups.add(*groups)
    else:
        entry.sectors.set(sectors)
        entry.groups.set(groups)
    index(entry, words="\n".join((card.ref, card.title, card.text, card.author_name, *card.indicators)))
    return entry


def count_comments(ref: str, number: int) -> None:
    """So many more comments on the entry's thing."""
    entries = Entry.objects.as_system("a count on the row itself").filter(ref=ref)
    entries.update(comment_count=F("comment_count") + number)


def seclude(ref: str, label: Label) -> None:
    """Swap the label of a withdrawn thing: from now on only its author finds the entry."""
    Entry.objects.as_system("withdrawing takes the entry from its readers").filter(ref=ref).update(label=label)
