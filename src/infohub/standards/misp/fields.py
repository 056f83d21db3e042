"""Fields of JSON that anybody may have written, read without trusting their types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

Given = Mapping[str, object]
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,12}\Z", re.ASCII)


def text(given: Given, name: str) -> str:
    """The field as text; empty where it is absent, or no text and no number."""
    value = given.get(name)
    if isinstance(value, str):
        return _whole(value)
    return "" if isinstance(value, bool) or not isinstance(value, int | float) else repr(value)


def flag(given: Given, name: str) -> bool:
    """Whether the field says yes, in the spellings that MISP has had for it."""
    return given.get(name) in (True, 1, "1", "true")


def part(given: Given, name: str) -> Given:
    """The object in this field; an empty one where there is none."""
    value = given.get(name)
    return value if isinstance(value, Mapping) else {}


def rows(given: Given, name: str, *, path: str = "") -> Iterator[tuple[str, Given | None]]:
    """The objects in this field with their places; None is one that is no object. A lone object is a list of one."""
    value = given.get(name)
    place = f"{path}.{name}" if path else name
    if isinstance(value, Mapping) and value:
        yield place, value
    elif isinstance(value, list | tuple):
        for number, row in enumerate(value):
            yield f"{place}[{number}]", row if isinstance(row, Mapping) else None


def words(given: Given, name: str) -> tuple[str, ...]:
    """The texts in this list."""
    value = given.get(name)
    return tuple(_whole(one) for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


def uuid(given: Given, name: str = "uuid") -> str:
    """The UUID in this field, in lower case; empty where it is none."""
    written = text(given, name).lower()
    return written if _UUID.match(written) else ""


def seconds(given: Given, name: str) -> datetime | None:
    """The moment that a number of seconds since 1970 names; MISP counts so, and 0 says never."""
    written = text(given, name)
    try:
        return datetime.fromtimestamp(int(written), UTC) if _SECONDS.match(written) and int(written) else None
    except (OverflowError, OSError, ValueError):
        return None


def moment(given: Given, name: str) -> datetime | None:
    """The moment an ISO 8601 date, with or without time, names; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text(given, name))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None


def kept(given: Given, *names: str) -> dict[str, object]:
    """What STIX has no property for, under names of our own, so that nothing is lost on the way back."""
    return {_own(name): said for name in names if (said := text(given, name))}


def restored(given: Given, *names: str) -> dict[str, object]:
    """What was kept, under MISP's names."""
    return {name: said for name in names if (said := text(given, _own(name)))}


def _own(name: str) -> str:
    return f"x_misp_{name.replace('-', '_')}"


def _whole(value: str) -> str:
    """The text without halves of surrogate pairs, which have no place in UTF-8."""
    return value if value.isascii() else value.encode(errors="replace").decode()
