"""Leaves out of a search what too many entries have: to weigh all of them takes seconds and tells nothing."""

from collections.abc import Callable, Sequence

from django.db import connection

MOST_HAVING = 2000
"""Entries with a term, from which on it is no term to choose by: among 100,000 one in fifty."""


def without_frequent(terms: Sequence[str], *, condition: str, written: Callable[[str], str]) -> list[str]:
    """The terms that few entries have, in one query; the first where none is.

    `condition` is how the index is asked for one term, which `written` gives in its spelling.
    """
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM catalogue_words WHERE {condition} LIMIT {MOST_HAVING + 1}) few)"  # noqa: S608
        for _ in terms
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [written(term) for term in terms])
        row = cursor.fetchone()
    return [term for term, count in zip(terms, row, strict=True) if count <= MOST_HAVING] or list(terms[:1])
