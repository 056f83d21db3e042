"""Keeps the catalogue: one entry per published thing, in the transaction of the action that published it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.models import Entry, SavedSearch
from infohub.catalogue.search import index
from infohub.members.models import Organisation, Sector
from infohub.policy.models import Label
from infohub.policy.viewer import Viewer
from infohub.support.clock import now

SEARCHES_PER_PERSON = 50


class TooManyError(Exception):
    """A person keeps as many searches as a list can hold; the message says how many."""


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
    translations: dict[str, dict[str, str]]
    other_words: str
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
        if field.name not in {"indicators", "other_words"}:
            setattr(entry, field.name, getattr(card, field.name))
    entry.indicator_count = len(card.indicators)
    entry.save()
    if found is None:
        entry.sectors.add(*sectors)
        entry.groups.add(*groups)
    else:
        entry.sectors.set(sectors)
        entry.groups.set(groups)
    index(
        entry, words="\n".join((card.ref, card.title, card.text, card.author_name, card.other_words, *card.indicators))
    )
    return entry


def count_comments(ref: str, number: int) -> None:
    """So many more comments on the entry's thing."""
    entries = Entry.objects.as_system("a count on the row itself").filter(ref=ref)
    entries.update(comment_count=F("comment_count") + number)


def seclude(ref: str, label: Label) -> None:
    """Swap the label of a withdrawn thing: from now on only its author finds the entry."""
    Entry.objects.as_system("withdrawing takes the entry from its readers").filter(ref=ref).update(label=label)


@transaction.atomic
def save_search(viewer: Viewer, *, name: str, query: str) -> SavedSearch:
    """Keep a search under a name; the same name again is the same search with another query."""
    assert viewer.person is not None, "only a person keeps searches"
    own = SavedSearch.objects.filter(person=viewer.person)
    if not own.filter(name=name).exists() and own.count() >= SEARCHES_PER_PERSON:
        raise TooManyError(_("You keep 50 searches already. Remove one first."))
    kept, _new = SavedSearch.objects.update_or_create(
        person_id=viewer.person, name=name, defaults={"query": query, "created_at": now()}
    )
    return kept


@transaction.atomic
def forget_search(viewer: Viewer, *, number: int) -> None:
    """Remove one of the viewer's own searches; another's, or none, changes nothing."""
    SavedSearch.objects.filter(person=viewer.person, pk=number).delete()


@transaction.atomic
def note_export(viewer: Viewer, *, entries: int, subject: str = "entries", form: str = "csv") -> None:
    """Record that the viewer took a list of pieces out, or one piece, and in which form."""
    record(viewer, "export", subject, detail={"entries": entries, "form": form})
