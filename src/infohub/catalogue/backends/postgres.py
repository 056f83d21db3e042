"""The search index on PostgreSQL: a tsvector of ready-made tokens beside each entry."""

from django.db import connection
from django.db.models.expressions import RawSQL

from infohub.catalogue.models import EntryQuerySet

_WORD_CHARACTERS = 200
_VECTOR_BYTES = 800_000  # PostgreSQL refuses a tsvector of 1 MB


class PostgresIndex:
    """`array_to_tsvector` takes our tokens as they are: no dictionary, no stemming, the same words as on SQLite."""

    def put(self, entry_id: int, tokens: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO catalogue_words (entry_id, tokens) VALUES (%s, array_to_tsvector(%s)) "
                "ON CONFLICT (entry_id) DO UPDATE SET tokens = excluded.tokens",
                [entry_id, _words(tokens)],
            )

    def drop(self, entry_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_words WHERE entry_id = %s", [entry_id])

    def matching(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        query = " & ".join(
            "'" + term[:_WORD_CHARACTERS].replace("\\", "\\\\").replace("'", "''") + "'" for term in terms
        )
        found = RawSQL("SELECT entry_id FROM catalogue_words WHERE tokens @@ %s::tsquery", [query])
        return entries.filter(pk__in=found)


def _words(tokens: str) -> list[str]:
    """Distinct words, each cut to a length and all together kept below what a tsvector holds."""
    words, size = [], 0
    for word in dict.fromkeys(token[:_WORD_CHARACTERS] for token in tokens.split()):
        size += len(word.encode()) + 4
        if size > _VECTOR_BYTES:
            break
        words.append(word)
    return words
