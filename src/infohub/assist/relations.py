"""What a piece has in common with others, of what its reader may read: twins, related pieces, its story."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, QuerySet

from infohub.analysis import addresses, hosts
from infohub.analysis.document import Document
from infohub.analysis.relate.imprint import imprint_of
from infohub.analysis.relate.rarity import rarity_of
from infohub.analysis.relate.related import related_in
from infohub.analysis.relate.shelves import twins_among
from infohub.analysis.relate.stories import WINDOW, Told, story_of
from infohub.analysis.relate.subjects import Sort, Subject, Trait, subject_of
from infohub.assist.actions import text_of
from infohub.assist.models import Finger, Key, Reading
from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.policy.viewer import Viewer

Kept = dict[str, object]
"""A subject as JSON."""

KEY_CHARACTERS = 200
_EXAMPLES = frozenset({addresses.DOCUMENTATION, hosts.DOCUMENTATION_NAME})
"""What stands for an example may still stand in two pieces for the same; a rehearsal consists of nothing else."""

_OF_A_FINGER = 1000
_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Marks:
    """What a text is found again by: the fingers of its imprint, and what it is about."""

    fingers: tuple[int, ...]
    subject: Subject


@dataclass(frozen=True, slots=True)
class Close:
    """Another piece, and what both name; `in_story` = it tells of the same happening."""

    entry: Entry
    shares: tuple[str, ...]
    in_story: bool


def marks_of(document: Document) -> Marks:
    """What to keep of a text."""
    findings = [replace(one, note="") if one.note in _EXAMPLES else one for one in document.findings]
    return Marks(imprint_of(document.text).fingers, subject_of(document.text, findings, document.names))


def twins_of(viewer: Viewer, text: str) -> list[Entry]:
    """Pieces the viewer may read that say the same as this text, the likest first."""
    entries = Entry.objects.readable(viewer)
    found = [twin.piece for twin in twins_among(imprint_of(text), _Shelf(entries))]
    rows = entries.select_related("label").in_bulk(found)
    return [rows[piece] for piece in found if piece in rows]


def close_to(viewer: Viewer, entry: Entry, *, most: int) -> list[Close]:
    """Pieces the viewer may read that are about the same things, the closest first; nothing before it was read."""
    subject, register = _subject_of(entry), _Register(Entry.objects.readable(viewer))
    if subject is None:
        return []
    found = related_in(register, subject, besides={entry.pk}, most=most)
    others = register.entries.select_related("label").defer("text").in_bulk([one.piece for one in found])
    found = [one for one in found if one.piece in others]  # what was withdrawn or narrowed meanwhile is not there
    rarity = rarity_of(subject.keys, register)
    close = []
    for one in found:
        other = others[one.piece]
        told = Told(other.pk, _day(other.published_at), register.subjects[other.pk])
        apart = abs(_day(entry.published_at) - told.day)
        in_story = apart <= WINDOW and story_of(subject, _day(entry.published_at), [told], rarity) is not None
        if one.shares or in_story:  # a few words in common say nothing to a reader
            close.append(Close(other, tuple(trait.shown for trait in one.shares), in_story))
    return close


def traits_of(entry: Entry) -> frozenset[Trait]:
    """What an entry names, as it was read; nothing before that."""
    subject = _subject_of(entry)
    return subject.traits if subject else frozenset()


def subject_as_kept(subject: Subject) -> Kept:
    """A subject as JSON."""
    return {
        "traits": sorted([trait.sort.value, trait.value, trait.shown] for trait in subject.traits),
        "main": sorted(trait.key for trait in subject.main),
        "words": dict(subject.words),
    }


def subject_from(kept: Mapping[str, object]) -> Subject:
    """A subject out of its JSON, which we wrote."""
    traits, main, words = kept.get("traits"), kept.get("main"), kept.get("words")
    assert isinstance(traits, list)
    assert isinstance(main, list)
    assert isinstance(words, dict)
    all_of_them = frozenset(Trait(Sort(sort), value, shown) for sort, value, shown in traits)
    return Subject(all_of_them, frozenset(trait for trait in all_of_them if trait.key in main), words)


def keep_marks(reading: Reading, marks: Marks) -> None:
    """Replace by what an entry is found again; part of writing its reading down."""
    entry = reading.entry_id
    for rows in (Finger, Key):
        rows.objects.filter(entry=entry).delete()
    Finger.objects.bulk_create(Finger(entry_id=entry, value=value) for value in sorted(set(marks.fingers)))
    keys = sorted(key for key in marks.subject.keys if len(key) <= KEY_CHARACTERS)
    Key.objects.bulk_create(Key(entry_id=entry, key=key) for key in keys)
    Reading.objects.filter(pk=reading.pk).update(subject=subject_as_kept(marks.subject))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The pieces of a reader as analysis asks for them."""

    entries: EntryQuerySet

    def sharing(self, fingers: Collection[int]) -> Mapping[int, int]:
        rows = Finger.objects.filter(value__in=list(fingers), entry__in=self.entries.values("pk"))
        counted = rows.values("entry").annotate(n=Count("pk")).order_by("-n", "-entry")[:_OF_A_FINGER]
        return {row["entry"]: row["n"] for row in counted}

    def texts(self, pieces: Collection[int]) -> Mapping[int, str]:
        return {entry.pk: text_of(entry) for entry in self.entries.filter(pk__in=pieces).only("title", "text")}


class _Register:
    """The subjects of a reader's pieces: what they may not read counts nowhere."""

    def __init__(self, entries: EntryQuerySet) -> None:
        self.entries = entries
        self.subjects: dict[int, Subject] = {}

    def pieces(self) -> int:
        return self.entries.count()

    def having(self, keys: Collection[str]) -> Mapping[str, int]:
        rows = self._keys(keys).values("key").annotate(n=Count("pk")).order_by()
        return {row["key"]: row["n"] for row in rows}

    def with_any(self, keys: Collection[str], *, most: int) -> Iterable[tuple[int, Subject]]:
        counted = self._keys(keys).values("entry").annotate(n=Count("pk")).order_by("-n", "-entry")
        pieces = [row["entry"] for row in counted[: min(most, _CANDIDATES)]]
        rows = Reading.objects.filter(entry__in=pieces).values_list("entry", "subject")
        self.subjects = {entry: subject_from(subject) for entry, subject in rows if subject}
        return self.subjects.items()

    def _keys(self, keys: Collection[str]) -> QuerySet[Key]:
        return Key.objects.filter(key__in=list(keys), entry__in=self.entries.values("pk"))


def _subject_of(entry: Entry) -> Subject | None:
    reading = Reading.objects.filter(entry=entry).exclude(read_at=None).first()
    return subject_from(reading.subject) if reading is not None and reading.subject else None


def _day(moment: datetime) -> int:
    return moment.toordinal()
