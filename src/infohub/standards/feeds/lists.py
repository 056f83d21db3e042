"""Plain lists of values, as blocklists are published: one value on each line, or a column of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from infohub.standards.feeds.fields import MISSING, TOO_MANY, cells_of, lines_of, refused
from infohub.standards.losses import Line
from infohub.standards.problem import Problem
from infohub.standards.refang import refang

MOST, MOST_LINES, LONGEST = 500_000, 1000, 4096
NO_VALUE = "this is not one value"
NO_COLUMN = "this table has no such column"
SENTENCES = (NO_VALUE, NO_COLUMN)
_REMARK = re.compile(r"[ \t][#;].*")  # inside an address, both may stand
_NOT_ONE = re.compile(r"[\x00-\x20\x7f-\xa0\ufffd]")


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it goes over the wire, and the line it stood on; its kind is for the caller to find out."""

    line: int
    value: str


@dataclass(frozen=True, slots=True)
class Values:
    """The values, each once, and a line for each of the first thousand that were refused."""

    values: tuple[Value, ...]
    lines: tuple[Line, ...]


def read(raw: bytes, *, column: int | str | None = None) -> Values | Problem:
    """The values in these bytes. A column has a number from 1, or the name that the first row gives it.

    Lines that begin with `#` or `;` are remarks, and so is what follows these signs after a space in a plain list.
    Defanged values (`hxxp://evil[.]example`) are made live.
    """
    rows = [(number, row) for number, row in enumerate(lines_of(raw), 1) if row.strip() and row.lstrip()[0] not in "#;"]
    if len(rows) > MOST:
        return Problem("", TOO_MANY, str(len(rows)))
    if isinstance(column, str):
        names = cells_of(rows[0][1]) if rows else []
        if column not in names:
            return Problem("", NO_COLUMN, column)
        column, rows = names.index(column) + 1, rows[1:]
    values: dict[str, Value] = {}
    lines: list[Line] = []
    for number, row in rows:
        found = _value(row, column)
        if isinstance(found, str):
            values.setdefault(found, Value(number, found))
        elif len(lines) < MOST_LINES:
            lines.append(refused(f"line {number}", [found]))
    return Values(tuple(values.values()), tuple(lines))


def _value(row: str, column: int | None) -> str | Problem:
    cells = [_REMARK.sub("", row)] if column is None else cells_of(row)[column - 1 :]
    if not cells:
        return Problem("", MISSING)
    value = refang(cells[0]) if len(cells[0]) <= LONGEST else ""
    return value if value and not _NOT_ONE.search(value) else Problem("", NO_VALUE, cells[0].strip()[:80])
