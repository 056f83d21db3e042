"""The search index on PostgreSQL: a tsvector of ready-made tokens beside each entry."""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from django.db import connection
from django.db.models import F, FloatField
from django.db.models.expressions import RawSQL

from infohub.catalogue.backends.frequent import Spelt, without_frequent
from infohub.catalogue.models import EntryQuerySet
from infohub.policy.lookups import Among

_WORD_CHARACTERS = 200
_VECTOR_BYTES = 800_000  # PostgreSQL refuses a tsvector of 1 MB
_PLACES = 16  # of a word in a text: more add nothing to its rank


class PostgresIndex:
    """The vector is written out here, with places and weights: no dictionary, the same words as on SQLite."""

    def put(self, entry_id: int, *, title: str, tokens: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO catalogue_words (entry_id, tokens) VALUES (%s, %s::tsvector) "
                "ON CONFLICT (entry_id) DO UPDATE SET tokens = excluded.tokens",
                [entry_id, _vector(title, tokens)],
            )

    def drop(self, entry_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_words WHERE entry_id = %s", [entry_id])

    def matching(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        return _found(entries, " & ".join(map(_quoted, terms)))

    def ranked(self, entries: EntryQuerySet, terms: list[str], *, among: Sequence[int]) -> EntryQuerySet:
        query = " & ".join(map(_quoted, terms))
        rank = RawSQL(
            "(SELECT ts_rank(w.tokens, %s::tsquery, 1) FROM catalogue_words w WHERE w.entry_id = catalogue_entry.id)",
            [query],
            output_field=FloatField(),
        )
        return _found(entries.filter(Among(F("pk"), among)), query).order_by(rank.desc(), "-published_at", "-pk")

    def any_of(self, entries: EntryQuerySet, terms: Mapping[str, float], *, most: int) -> list[int]:
        spelt = Spelt("tokens @@ %s::tsquery", "entry_id", {term: _quoted(term) for term in terms})
        readable, params = entries.ids_sql()
        query = " | ".join(map(_quoted, without_frequent(entries, list(terms), spelt)))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT entry_id FROM catalogue_words WHERE tokens @@ %s::tsquery "  # noqa: S608  (our own SQL)
                f"AND entry_id IN ({readable}) ORDER BY ts_rank(tokens, %s::tsquery, 1) DESC, entry_id DESC LIMIT %s",
                [query, *params, query, most],
            )
            return [number for (number,) in cursor.fetchall()]

    def beginning(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        return _found(entries, f"{' & '.join(map(_quoted, terms))}:*")

    def having_all(self, entry_id: int, wanted: Collection[tuple[str, ...]]) -> set[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tsvector_to_array(tokens) FROM catalogue_words WHERE entry_id = %s", [entry_id])
            row = cursor.fetchone()
        words = frozenset(row[0] if row else ())
        return {terms for terms in wanted if words.issuperset(term[:_WORD_CHARACTERS] for term in terms)}


def _found(entries: EntryQuerySet, query: str) -> EntryQuerySet:
    found = RawSQL("SELECT entry_id FROM catalogue_words WHERE tokens @@ %s::tsquery", [query])
    return entries.filter(pk__in=found)


def _quoted(word: str) -> str:
    """A word as the text forms of tsvector and tsquery take it, whatever signs are in it."""
    return "'" + word[:_WORD_CHARACTERS].replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(title: str, tokens: str) -> str:
    """Distinct words with their first places, the title's with weight A, together below what a tsvector holds."""
    words: dict[str, list[str]] = {}
    size = 0
    weighed = chain(((word, "A") for word in title.split()), ((word, "") for word in tokens.split()))
    for place, (word, weight) in enumerate(weighed, start=1):
        places = words.get(word)
        if places is None:
            size += len(word[:_WORD_CHARACTERS].encode()) + 4
            if size > _VECTOR_BYTES:
                break
            places = words[word] = []
        if len(places) < _PLACES:
            places.append(f"{place}{weight}")
            size += 2
    return " ".join(f"{_quoted(word)}:{','.join(places)}" for word, places in words.items())
