"""Cautious reading of what strangers filled in: the kind of value that is expected or nothing, and a note of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from infohub.standards.jsontext import Json
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.patterns import legal_address
from infohub.standards.targets import target_of

NAME, TEXT = 300, 20_000
MOST_OF_A_LIST = 100

NO_TEXT = "this is no text"
NO_MOMENT = "this is no date with a time zone"
NO_LINK = "this is no web address"
NO_CVE = "this is no CVE number"
MISSING = "this is missing"
CUT = "this is too long and was cut"
TOO_MANY = "these are more than are taken"
TWICE = "this came before in the same document"
SENTENCES = (NO_TEXT, NO_MOMENT, NO_LINK, NO_CVE, MISSING, CUT, TOO_MANY, TWICE)

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a document at its path, and where what is wrong with it is noted."""

    holder: Mapping[str, Json]
    path: str
    problems: list[Problem]

    def text(self, name: str, *, most: int = NAME) -> str:
        """A text without control characters; empty where there is none."""
        value = self.holder.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.note(name, NO_TEXT)
            return ""
        said = plain(value)
        if len(said) > most:
            self.note(name, CUT)
        return said[:most].rstrip()

    def needed(self, name: str, *, most: int = NAME) -> str:
        """The same, noted where there is none."""
        said = self.text(name, most=most)
        if not said:
            self.note(name, MISSING)
        return said

    def link(self, name: str) -> str:
        """A web address as a URI may be written; empty where it is none."""
        written = self.text(name, most=4000)
        found = link_of(written)
        if written and not found:
            self.note(name, NO_LINK, written)
        return found

    def moment(self, name: str) -> datetime | None:
        """A moment, or the beginning of a day in UTC."""
        written = self.text(name)
        found = moment_of(written)
        if written and found is None:
            self.note(name, NO_MOMENT, written)
        return found

    def inside(self, name: str) -> Fields:
        """The object under this name; one without fields where there is none."""
        value = self.holder.get(name)
        return Fields(value if isinstance(value, dict) else {}, self._to(name), self.problems)

    def each(self, name: str, *, most: int = MOST_OF_A_LIST) -> Iterator[Fields]:
        """The objects of a list; what is none is passed over."""
        value = self.holder.get(name)
        rows = value if isinstance(value, list) else []
        if len(rows) > most:
            self.note(name, TOO_MANY, str(len(rows)))
        for number, row in enumerate(rows[:most]):
            if isinstance(row, dict):
                yield Fields(row, f"{self._to(name)}[{number}]", self.problems)

    def words(self, name: str) -> list[str]:
        """The texts of a list."""
        value = self.holder.get(name)
        rows = value if isinstance(value, list) else []
        return [said for row in rows[:MOST_OF_A_LIST] if isinstance(row, str) and (said := plain(row)[:NAME])]

    def note(self, name: str, message: str, found: str = "") -> None:
        """Write down what is wrong with a field."""
        self.problems.append(Problem(self._to(name), message, found[:NAME]))

    def _to(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def plain(text: str) -> str:
    """The text without characters that no text has, and that a database or XML would refuse."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def cve_of(text: str) -> str:
    """The CVE number that the text is, in capitals; empty where it is none."""
    number = text.strip().upper()
    return number if _CVE.fullmatch(number) else ""


def link_of(text: str) -> str:
    """The web address that the text is, as a URI may be written; empty where it is none that can be opened."""
    return legal_address(text) if target_of(text) else ""


def moment_of(text: str) -> datetime | None:
    """The moment of an RFC 3339 time stamp, or the beginning of a day, in UTC."""
    try:
        moment = datetime.fromisoformat(f"{text}T00:00:00Z" if len(text) == 10 else text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def lines_of(raw: bytes) -> list[str]:
    """The lines of a text in UTF-8, whatever is wrong with it; only a line feed ends a line."""
    return raw.decode("utf-8", errors="replace").removeprefix("\ufeff").split("\n")


def cells_of(line: str) -> list[str]:
    """The cells of one line of a table; none where it cannot be read."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True), [])]
    except csv.Error:
        return []


def done(subject: str, problems: Sequence[Problem]) -> Line:
    """The line of a thing that was taken, as it was or with losses."""
    return Line(subject, Outcome.CHANGED if problems else Outcome.TAKEN, tuple(problems))


def refused(subject: str, problems: Sequence[Problem]) -> Line:
    """The line of a thing that was not taken."""
    return Line(subject, Outcome.REFUSED, tuple(problems))
