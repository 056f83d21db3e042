"""Tables for spreadsheets: comma-separated (RFC 4180), with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """What a csv writer writes to: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Each row as one line of the file, as it comes."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    return (writer.writerow([harmless(str(cell)) for cell in row]) for row in rows)


def harmless(value: str) -> str:
    """A value that a spreadsheet would take for a formula gets an apostrophe, as spreadsheets mark plain text."""
    return f"'{value}" if value.startswith(_FORMULA) else value
