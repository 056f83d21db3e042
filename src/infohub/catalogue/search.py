"""Words to entries: one index behind one Protocol, on SQLite (FTS5) and PostgreSQL (tsvector)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from django.db import connection
from django.db.models import F
from django.db.models.functions import Left

from infohub.analysis.rank.query import LONGEST, Asked, Query, understood
from infohub.analysis.rank.ranking import ranked as ranked_texts
from infohub.analysis.rank.ranking import read
from infohub.analysis.rank.stems import ASKING, plain_words, stems_of
from infohub.analysis.relate.rarity import background
from infohub.analysis.tokens import query_terms, search_text
from infohub.catalogue.backends.postgres import PostgresIndex
from infohub.catalogue.backends.sqlite import SqliteIndex
from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.policy.lookups import Among

RANKED = 1000
CANDIDATES, HEAD = 100, 2_000
TERMS, NAMES = 16, 40
RARE, FEW = 0.3, 4  # to weigh every piece that has a word of most reports takes seconds among many


class Index(Protocol):
    """Keeps the search tokens of entries and finds the entries that have all terms."""

    def put(self, entry_id: int, *, title: str, tokens: str) -> None:
        """Replace the tokens of an entry (as `analysis.tokens.search_text` made them); the title's count for more."""

    def drop(self, entry_id: int) -> None:
        """Forget an entry."""

    def matching(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        """Those of the entries that have every term, in no order."""

    def ranked(self, entries: EntryQuerySet, terms: list[str], *, among: Sequence[int]) -> EntryQuerySet:
        """Those of the ids that have every term, all of them, the best answers first."""

    def any_of(self, entries: EntryQuerySet, terms: Mapping[str, float], *, most: int) -> list[int]:
        """The ids of those that have any of the terms, the best first; other entries have no say in their order."""

    def beginning(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        """Those that have every term, the last of which may be the beginning of a word."""

    def having_all(self, entry_id: int, wanted: Collection[tuple[str, ...]]) -> set[tuple[str, ...]]:
        """Which of these lists of terms the entry would be found with."""


def backend() -> Index:
    """The index of the database in use."""
    return PostgresIndex() if connection.vendor == "postgresql" else SqliteIndex()


def index(entry: Entry, *, words: str) -> None:
    """Put the words of an entry into the index."""
    backend().put(entry.pk, title=search_text(entry.title), tokens=search_text(words))


def matching(entries: EntryQuerySet, query: str) -> EntryQuerySet:
    """Those of the entries that have every word of the query; an empty query finds nothing."""
    terms = query_terms(query)
    return backend().matching(entries, terms) if terms else entries.none()


def ranked(entries: EntryQuerySet, query: str) -> EntryQuerySet:
    """The newest of the same, the best answers first: how often the words stand there, and those of the title more.

    Of a word that is nearly everywhere the newest `RANKED` answers are ranked, for to weigh them all takes too long.
    """
    terms = query_terms(query)
    if not terms:
        return entries.none()
    newest = list(backend().matching(entries, terms).newest().values_list("pk", flat=True)[:RANKED])
    return backend().ranked(entries, terms, among=newest) if newest else entries.none()


def nearest(entries: EntryQuerySet, text: str, *, most: int) -> list[Entry]:
    """Those that answer a long text or a question best, though none need have all its words; the best first.

    The index gives candidates by the most telling words; then their beginnings are ranked by what is asked.
    """
    query = understood(text)
    terms = {term: background().rarity(term) for term in _telling(text, query)}
    ids = backend().any_of(entries, terms, most=CANDIDATES) if terms else []
    if not ids:
        return []
    rows = entries.filter(Among(F("pk"), ids)).carded().annotate(beginning=Left("text", HEAD))
    found = {entry.pk: entry for entry in rows}
    candidates = [found[number] for number in ids if number in found]
    texts = [read("\n".join((one.title, one.summary, getattr(one, "beginning", "")))) for one in candidates]
    return [candidates[answer.place] for answer in ranked_texts(query, texts)[:most]]


def _telling(text: str, query: Query) -> list[str]:
    """The rarest words of a text and of the other names of what it names: few, for each costs a walk of the index."""
    if query.kind is Asked.INDICATOR:
        return query_terms(text)[: TERMS + NAMES]
    names = _rarest(" ".join(sorted(query.phrases)).split(), most=NAMES)
    return list(dict.fromkeys((*_rarest(plain_words(text[:LONGEST]), most=TERMS), *names)))


def _rarest(words: Iterable[str], *, most: int) -> list[str]:
    telling = (word for word in dict.fromkeys(words) if stems_of([word]) and word not in ASKING)
    kept = [word for word in telling if len(word) > 1 or not word.isascii()]
    rare = [word for word in kept if background().rarity(word) >= RARE] or kept[:FEW]
    return sorted(rare, key=background().rarity, reverse=True)[:most]


def having_all(entry: Entry, wanted: Collection[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Which of these lists of terms the entry would be found with: one query, however many lists."""
    return backend().having_all(entry.pk, wanted) if wanted else set()


def beginning(entries: EntryQuerySet, query: str) -> EntryQuerySet:
    """What somebody may be typing: the last word need not be complete."""
    terms = query_terms(query)
    return backend().beginning(entries, terms) if terms else entries.none()
