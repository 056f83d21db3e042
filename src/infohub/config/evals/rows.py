"""Rows of the evaluation sets and of predictions: one JSON object per line, read into the types each task needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson

from infohub.standards.jsontext import Json

Row = Mapping[str, Json]
"""One line: `id` (or `qid`) and what the task says."""


class BadRowError(ValueError):
    """A line lacks what its task needs; the sentence says which line and what."""


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of a file in its order."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row: Json = orjson.loads(line)
            if not isinstance(row, dict):
                raise BadRowError(f"{path.name}, line {number}: not a JSON object")
            yield row


def key_of(row: Row) -> str:
    """What joins a prediction to its row."""
    return text(row, "id") or text(row, "qid")


def by_key(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by what joins them; the same key twice is an error, not a choice."""
    found: dict[str, Row] = {}
    for row in rows:
        if (key := key_of(row)) in found:
            raise BadRowError(f"{key!r} stands twice")
        found[key] = row
    return found


def text(row: Row, name: str) -> str:
    """A text of a row; empty where it has none."""
    value = row.get(name)
    return value if isinstance(value, str) else "" if value is None else str(value)


def texts(row: Row, name: str) -> list[str]:
    """A list of texts of a row; empty where it has none."""
    value = row.get(name)
    return [str(one) for one in value] if isinstance(value, list) else []


def number(row: Row, name: str) -> float:
    """A number of a row; 0 where it has none."""
    value = row.get(name)
    return float(value) if isinstance(value, int | float | str) else 0.0


def tuples(row: Row, name: str) -> list[tuple[str, ...]]:
    """A list of lists of a row, each inner one as texts: spans, or kinds with their values."""
    value = row.get(name)
    if not isinstance(value, list):
        return []
    return [tuple(str(part) for part in one) for one in value if isinstance(one, list)]
