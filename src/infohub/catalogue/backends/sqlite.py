"""The search index on SQLite: an FTS5 table whose rowid is the entry's id."""

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from infohub.catalogue.models import EntryQuerySet


class SqliteIndex:
    """Tokens come ready-made (bigrams for Chinese), so the tokeniser only splits at blanks."""

    def put(self, entry_id: int, tokens: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_words WHERE rowid = %s", [entry_id])
            cursor.execute("INSERT INTO catalogue_words (rowid, tokens) VALUES (%s, %s)", [entry_id, tokens])

    def drop(self, entry_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_words WHERE rowid = %s", [entry_id])

    def matching(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        quoted = " ".join('"' + term.replace('"', '""') + '"' for term in terms)
        # The plus makes SQLite list the matches once and walk the entries in the order asked for, instead of fetching
        # every match to sort it, which is slow for a word that most entries have.
        found = RawSQL(
            '+"catalogue_entry"."id" IN (SELECT rowid FROM catalogue_words WHERE catalogue_words MATCH %s)',
            [quoted],
            output_field=BooleanField(),
        )
        return entries.filter(found)
