"""Leaves out of a search what too many entries have: to weigh all of them takes seconds and tells nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from infohub.catalogue.models import EntryQuerySet

MOST_HAVING = 2000
"""Entries with a term, from which on it is no term to choose by: among 100,000 one in fifty."""


@dataclass(frozen=True, slots=True)
class Spelt:
    """How an index is asked for a term: a condition with one parameter, the column of ids, each term's spelling."""

    condition: str
    key: str
    terms: Mapping[str, str]


def without_frequent(entries: EntryQuerySet, terms: Sequence[str], spelt: Spelt) -> list[str]:
    """The terms that few of these entries have; the first where none is.

    What few of all have, few of these have; for the others these alone are asked. So nothing depends on the rest.
    """
    everywhere = _frequent(terms, spelt)
    if not everywhere:
        return list(terms)
    readable, params = entries.ids_sql()
    here = f"EXISTS (SELECT 1 FROM ({readable}) one WHERE one.pk = {spelt.key})"  # noqa: S608  (our own SQL)
    frequent = _frequent(everywhere, spelt, here=f" AND {here}", params=params)
    return [term for term in terms if term not in frequent] or list(terms[:1])


def _frequent(
    terms: Sequence[str], spelt: Spelt, *, here: str = "", params: Sequence[str | int | float | date] = ()
) -> list[str]:
    """Those that many have, in one query."""
    one = f"SELECT 1 FROM catalogue_words WHERE {spelt.condition}{here} LIMIT {MOST_HAVING + 1}"  # noqa: S608
    counts = ", ".join(f"(SELECT count(*) FROM ({one}) few)" for _ in terms)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [part for term in terms for part in (spelt.terms[term], *params)])
        row = cursor.fetchone()
    return [term for term, count in zip(terms, row, strict=True) if count > MOST_HAVING]
