"""Rows of a programme file that say where they stand, so that every refusal names its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from infohub.members.models import LANGUAGE_CHOICES
from infohub.standards.jsontext import Json
from infohub.standards.tlp import Tlp, tlp_from
from infohub.support.clock import now

ID_CHARACTERS = 200
NAME_CHARACTERS = 200
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=5)  # how far the sender's clock may be ahead of ours


class RowRefusedError(Exception):
    """One row breaks a rule; the rest goes in."""

    def __init__(self, where: str, rule: str) -> None:
        super().__init__(rule)
        self.where = where


@dataclass(frozen=True)
class Row:
    """An object of the file with its place; every accessor refuses what has the wrong shape. `null` is left out."""

    where: str
    content: dict[str, Json]

    @property
    def id(self) -> str:
        return self.text("id", most=ID_CHARACTERS)

    @cached_property
    def digest(self) -> str:
        """Changes when anything in the row changes."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()

    def refuse(self, rule: str, name: str = "") -> RowRefusedError:
        return RowRefusedError(self.at(name) if name else self.where, rule)

    def at(self, name: str) -> str:
        """The place of one of its fields."""
        return f"{self.where}.{name}" if self.where else name

    def strange(self, known: Collection[str]) -> list[str]:
        """The names this row should not have."""
        return sorted(self.content.keys() - set(known))

    def text(self, name: str, default: str | None = None, *, most: int = 400) -> str:
        value = self.content.get(name)
        value = default if value is None else value
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.refuse("a text is needed here", name)
        return self._sound(value, name, most)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.content.get(name)
        value = default if value is None else value
        if not isinstance(value, bool):
            raise self.refuse("true or false is needed here", name)
        return value

    def one_of(self, name: str, choices: Collection[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise self.refuse(f"{value!r} is none of {', '.join(filter(None, choices))}", name)
        return value

    def texts(self, name: str, *, most: int = 400) -> list[str]:
        return [self._sound(one, name, most) for one in self._list(name)]

    def names(self, name: str) -> dict[str, str]:
        """A name by language; a bare text is the English one."""
        value = self.content.get(name)
        value = {"en": value} if isinstance(value, str) else value
        if not isinstance(value, dict) or not value:
            raise self.refuse("names by language are needed here", name)
        strange = sorted(value.keys() - {code for code, _name in LANGUAGE_CHOICES})
        if strange:
            raise self.refuse(f"{', '.join(strange)!r} is no language of the pages", name)
        return {language: Row(self.at(name), value).text(language, most=NAME_CHARACTERS) for language in value}

    def past(self, name: str) -> datetime:
        """A time that is over; what is still to come cannot be brought in as done."""
        found = self.past_or_none(name)
        if found is None:
            raise self.refuse("a time is needed here", name)
        return found

    def past_or_none(self, name: str) -> datetime | None:
        found = self.moment_or_none(name)
        if found is not None and found > now() + SKEW:
            raise self.refuse("this time is still to come", name)
        return found

    def moment_or_none(self, name: str) -> datetime | None:
        value = self.content.get(name)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None:
            raise self.refuse("this is no ISO 8601 time", name)
        if found.tzinfo is None:
            raise self.refuse("the time has no zone", name)
        if not EARLIEST.year < found.year < LATEST.year:
            raise self.refuse(f"this is not between {EARLIEST.year} and {LATEST.year}", name)
        return found.astimezone(UTC)

    def tlp(self, name: str, default: Tlp) -> Tlp:
        """A marking; where there is none, the default."""
        found = self.tlp_or_none(name)
        return default if found is None else found

    def tlp_or_none(self, name: str) -> Tlp | None:
        value = self.content.get(name)
        if value is None:
            return None
        level = tlp_from(value) if isinstance(value, str) else None
        if level is None:
            raise self.refuse("this is no TLP marking", name)
        return level

    def rows(self, name: str) -> Iterator[Row | RowRefusedError]:
        """The objects of a list; a refusal stands in the place of what is none, so that the others still go in."""
        for number, one in enumerate(self._list(name)):
            where = f"{self.at(name)}[{number}]"
            yield Row(where, one) if isinstance(one, dict) else RowRefusedError(where, "an object is needed here")

    def row(self, name: str) -> Row:
        value = self.content.get(name)
        value = {} if value is None else value
        if not isinstance(value, dict):
            raise self.refuse("an object is needed here", name)
        return Row(self.at(name), value)

    def _list(self, name: str) -> list[Json]:
        value = self.content.get(name)
        value = [] if value is None else value
        if not isinstance(value, list):
            raise self.refuse("a list is needed here", name)
        return value

    def _sound(self, value: Json, name: str, most: int) -> str:
        """A text that every database keeps as it is."""
        if not isinstance(value, str):
            raise self.refuse("a text is needed here", name)
        if len(value) > most:
            raise self.refuse(f"longer than {most} characters", name)
        if not _is_proper(value):
            raise self.refuse("this is no proper Unicode text", name)
        return value


def _is_proper(text: str) -> bool:
    """JSON can write one half of a character (a lone surrogate), which no encoding can; and PostgreSQL keeps no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text
