"""Words to entries: one index behind one Protocol, on SQLite (FTS5) and PostgreSQL (tsvector)."""

from __future__ import annotations

from typing import Protocol

from django.db import connection

from infohub.analysis.tokens import query_terms, search_text
from infohub.catalogue.backends.postgres import PostgresIndex
from infohub.catalogue.backends.sqlite import SqliteIndex
from infohub.catalogue.models import Entry, EntryQuerySet


class Index(Protocol):
    """Keeps the search tokens of entries and finds the entries that have all terms."""

    def put(self, entry_id: int, tokens: str) -> None:
        """Replace the tokens of an entry (as `analysis.tokens.search_text` made them)."""

    def drop(self, entry_id: int) -> None:
        """Forget an entry."""

    def matching(self, entries: EntryQuerySet, terms: list[str]) -> EntryQuerySet:
        """Those of the entries that have every term."""


def backend() -> Index:
    """The index of the database in use."""
    return PostgresIndex() if connection.vendor == "postgresql" else SqliteIndex()


def index(entry: Entry, *, words: str) -> None:
    """Put the words of an entry into the index."""
    backend().put(entry.pk, search_text(words))


def matching(entries: EntryQuerySet, query: str) -> EntryQuerySet:
    """Those of the entries that have every word of the query; an empty query finds nothing."""
    terms = query_terms(query)
    return backend().matching(entries, terms) if terms else entries.none()
