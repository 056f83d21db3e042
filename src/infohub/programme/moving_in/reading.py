"""Reads a programme file into rows that say where they stand, so that every refusal names its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from infohub.standards.tlp import Tlp, tlp_from

FORMAT = "infohub-programme/1"
DEEPEST = 64

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class UnreadableError(Exception):
    """The file as a whole cannot be taken."""


class RowRefusedError(Exception):
    """One row breaks a rule; the rest goes in."""

    def __init__(self, where: str, rule: str) -> None:
        super().__init__(rule)
        self.where = where


@dataclass(frozen=True, slots=True)
class Row:
    """An object of the file with its place; every accessor refuses what has the wrong shape."""

    where: str
    content: dict[str, Json]

    @property
    def id(self) -> str:
        return self.text("id")

    @property
    def digest(self) -> str:
        """Changes when anything in the row changes."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def refuse(self, rule: str, name: str = "") -> RowRefusedError:
        return RowRefusedError(f"{self.where}.{name}" if name else self.where, rule)

    def text(self, name: str, default: str | None = None, *, most: int = 400) -> str:
        value = self.content.get(name)
        value = default if value is None else value
        if not isinstance(value, str) or (default is None and not value):
            raise self.refuse("a text is needed here", name)
        if len(value) > most:
            raise self.refuse(f"longer than {most} characters", name)
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.content.get(name, default)
        if not isinstance(value, bool):
            raise self.refuse("true or false is needed here", name)
        return value

    def one_of(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise self.refuse(f"{value!r} is none of {', '.join(choices)}", name)
        return value

    def texts(self, name: str) -> list[str]:
        value = self.content.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.refuse("a list of texts is needed here", name)
        return [str(one) for one in value]

    def names(self, name: str) -> dict[str, str]:
        value = self.content.get(name)
        if isinstance(value, str) and value:
            return {"en": value}
        if not isinstance(value, dict) or not value or not all(isinstance(one, str) for one in value.values()):
            raise self.refuse("names by language are needed here", name)
        return {language: str(one) for language, one in value.items()}

    def moment(self, name: str) -> datetime:
        found = self.moment_or_none(name)
        if found is None:
            raise self.refuse("a time is needed here", name)
        return found

    def moment_or_none(self, name: str) -> datetime | None:
        value = self.content.get(name)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            raise self.refuse("this is no ISO 8601 time", name) from None
        if found.tzinfo is None:
            raise self.refuse("the time has no zone", name)
        return found

    def tlp(self, name: str, default: Tlp | None = None) -> Tlp | None:
        value = self.content.get(name)
        if value is None:
            return default
        level = tlp_from(value) if isinstance(value, str) else None
        if level is None:
            raise self.refuse(f"{value!r} is no TLP marking", name)
        return level

    def rows(self, name: str) -> Iterator[Row]:
        value = self.content.get(name, [])
        if not isinstance(value, list):
            raise self.refuse("a list is needed here", name)
        for number, one in enumerate(value):
            where = f"{self.where}.{name}[{number}]" if self.where else f"{name}[{number}]"
            if not isinstance(one, dict):
                raise RowRefusedError(where, "an object is needed here")
            yield Row(where, one)

    def row(self, name: str) -> Row:
        value = self.content.get(name, {})
        if not isinstance(value, dict):
            raise self.refuse("an object is needed here", name)
        return Row(f"{self.where}.{name}", value)


def read(path: Path) -> Row:
    """The whole file as one row, or UnreadableError with the reason."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (OSError, UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise UnreadableError(f"{path}: {problem}") from problem
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UnreadableError(f"{path}: this is no {FORMAT} file")
    for name in ("sectors", "organisations", "people", "groups", "tokens", "collections", "items"):
        if not isinstance(content.get(name, []), list):
            raise UnreadableError(f"{path}: {name} is no list")
    return Row("", content)


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """A second key of the same name would silently replace the first: a widened audience, perhaps."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a key stands twice in one object: {sorted(name for name, _ in pairs)}")
    return found
