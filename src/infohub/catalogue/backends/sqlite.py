"""The search index on SQLite: an FTS5 table whose rowid is the entry's id."""

from collections.abc import Collection, Mapping, Sequence

from django.db import connection
from django.db.models import BooleanField, F, FloatField
from django.db.models.expressions import RawSQL

from infohub.catalogue.backends.frequent import Spelt, without_frequent
from infohub.catalogue.models import EntryQuerySet
from infohub.policy.lookups import Among

_TITLE_COUNTS = 3  # times as much as the text: its words stand in the index so often
# How often a term stands in the words: ever less for each further time, and less in long texts, as on PostgreSQL.
_WEIGHT = "1 / (1 + (1 + length(words) / 2000.0) / max(1, (length(words) - length(replace(words, %s, ' '))) / %s))"


class SqliteIndex:
    """Tokens come ready-made (bigrams for Chinese), so the tokeniser only splits at blanks."""

    def put(self, entry_id: int, *, title: str, tokens: str) -> None:
        words = f"{f'{title} ' * _TITLE_COUNTS}{tokens}"
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_words WHERE rowid = %s", [entry_id])
            cursor.execute("INSERT INTO catalogue_words (rowid, tokens) VALUES (%s, %s)", [entry_id, words])

    def drop(self, entry_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_words WHERE rowid = %s", [entry_id])

    def matching(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        return _found(entries, _all_of(terms))

    def ranked(self, entries: EntryQuerySet, terms: list[str], *, among: Sequence[int]) -> EntryQuerySet:
        # FTS5's own rank weighs every match before it gives the first, which takes long of a word that most entries
        # have; `among` has all that match already.
        weight = RawSQL(  # noqa: S611  (terms are parameters)
            f"(SELECT {' + '.join([_WEIGHT] * len(terms))} FROM (SELECT ' ' || tokens || ' ' AS words "  # noqa: S608
            "FROM catalogue_words WHERE rowid = catalogue_entry.id))",
            [part for term in terms for part in (f" {term} ", len(term) + 1)],
            output_field=FloatField(),
        )
        return entries.filter(Among(F("pk"), among)).order_by(weight.desc(), "-published_at", "-pk")

    def any_of(self, entries: EntryQuerySet, terms: Mapping[str, float], *, most: int) -> list[int]:
        spelt = Spelt("catalogue_words MATCH %s", "catalogue_words.rowid", {term: _all_of([term]) for term in terms})
        few = without_frequent(entries, list(terms), spelt)
        # Not by bm25: FTS5 counts in how many of all entries a term stands, so its order would tell of those that the
        # reader may not read.
        one = f"SELECT rowid AS id, %s AS weight FROM catalogue_words WHERE {spelt.condition}"  # noqa: S608
        each = " UNION ALL ".join(one for _ in few)
        readable, params = entries.ids_sql()
        weights = [part for term in few for part in (terms[term], spelt.terms[term])]
        # The plus keeps SQLite from asking the index anew for every entry that is readable.
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM ({each}) WHERE +id IN ({readable}) "  # noqa: S608
                "GROUP BY id ORDER BY sum(weight) DESC, id DESC LIMIT %s",
                [*weights, *params, most],
            )
            return [number for (number,) in cursor.fetchall()]

    def beginning(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        return _found(entries, f"{_all_of(terms)} *")

    def having_all(self, entry_id: int, wanted: Collection[tuple[str, ...]]) -> set[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tokens FROM catalogue_words WHERE rowid = %s", [entry_id])
            row = cursor.fetchone()
        words = frozenset(row[0].split() if row else ())
        return {terms for terms in wanted if words.issuperset(terms)}


def _all_of(terms: list[str]) -> str:
    return " ".join('"' + term.replace('"', '""') + '"' for term in terms)


def _found(entries: EntryQuerySet, query: str) -> EntryQuerySet:
    # The plus makes SQLite list the matches once and walk the entries in the order asked for, instead of fetching
    # every match to sort it, which is slow for a word that most entries have.
    found = RawSQL(
        '+"catalogue_entry"."id" IN (SELECT rowid FROM catalogue_words WHERE catalogue_words MATCH %s)',
        [query],
        output_field=BooleanField(),
    )
    return entries.filter(found)
