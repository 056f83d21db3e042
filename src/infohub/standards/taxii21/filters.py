"""The query of a TAXII request: read once, strictly, into one value (sections 3.4 and 3.5 of the specification)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from infohub.standards.stix21.timestamp import moment_of

ALL, FIRST, LAST = "all", "first", "last"

_NAMES = ("added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]")
_WHOLE = re.compile(r"[0-9]{1,18}", re.ASCII)
_IDENTIFIER = re.compile(
    r"[a-z][a-z0-9-]{0,249}--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE
)
_TYPE = re.compile(r"[a-z][a-z0-9-]{0,249}", re.ASCII)
_SPEC_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}", re.ASCII)
_MOST_VALUES = 1000


@dataclass(frozen=True, slots=True)
class Query:
    """What a client asks for. An empty tuple filters nothing; `versions` holds `first`, `last`, `all` or moments."""

    added_after: datetime | None = None
    limit: int | None = None
    next: str | None = None
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: tuple[str | datetime, ...] = (LAST,)
    spec_versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a query cannot be answered; becomes the error resource of a 400."""

    title: str
    description: str


class _Refused(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem("The query is not valid", f"{name}: {reason}")


def query_of(parameters: Mapping[str, list[str]]) -> Query | Problem:
    """Read and check the parameters of a URL; those the specification does not know are ignored."""
    try:
        values = {name: _once(name, parameters[name]) for name in _NAMES if parameters.get(name)}
        return Query(
            added_after=_moment(values.get("added_after")),
            limit=_limit(values.get("limit")),
            next=_cursor(values.get("next")),
            ids=_listed("match[id]", values, _IDENTIFIER, "an object id"),
            types=_listed("match[type]", values, _TYPE, "an object type"),
            versions=_versions(values.get("match[version]")),
            spec_versions=_listed("match[spec_version]", values, _SPEC_VERSION, "a version of the specification"),
        )
    except _Refused as refused:
        return refused.problem


def _once(name: str, values: list[str]) -> str:
    if len(values) > 1:
        raise _Refused(name, "may be given once; several values are separated by commas")
    return values[0]


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = moment_of(text)
    if moment is None:
        raise _Refused("added_after", "must be a time stamp such as 2026-01-31T12:00:00.000000Z")
    return moment


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    if not _WHOLE.fullmatch(text) or int(text) == 0:
        raise _Refused("limit", "must be a whole number greater than 0")
    return int(text)


def _cursor(text: str | None) -> str | None:
    if text == "":
        raise _Refused("next", "must be the value of the previous answer")
    return text


def _listed(name: str, values: Mapping[str, str], form: re.Pattern[str], what: str) -> tuple[str, ...]:
    if name not in values:
        return ()
    parts = tuple(dict.fromkeys(values[name].split(",")))
    if len(parts) > _MOST_VALUES:
        raise _Refused(name, f"may list at most {_MOST_VALUES} values")
    if not all(map(form.fullmatch, parts)):
        raise _Refused(name, f"every value must be {what}")
    # UUIDs have no case (RFC 4122, section 3): most are written small, and ids are kept as they were given.
    return tuple(dict.fromkeys(spelt for part in parts for spelt in (part, part.lower())))


def _versions(text: str | None) -> tuple[str | datetime, ...]:
    if text is None:
        return (LAST,)
    versions = tuple(dict.fromkeys(_version(part) for part in text.split(",")))
    if ALL in versions and len(versions) > 1:
        raise _Refused("match[version]", "all cannot be combined with another version")
    return versions


def _version(part: str) -> str | datetime:
    if part in {ALL, FIRST, LAST}:
        return part
    moment = moment_of(part)
    if moment is None:
        raise _Refused("match[version]", "every value must be first, last, all or a time stamp")
    return moment
