"""What is asked of a MISP (`events/index`, `restSearch`), read strictly: a misspelt filter would narrow nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem

MOST = 1000
MOST_NAMED = 1000
_AGO = re.compile(r"([0-9]{1,5})([dhms])\Z", re.ASCII)
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SECONDS = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,9})?\Z", re.ASCII)
_OFF = (False, 0, "0", "", None)
_ON = (True, 1, "1")


class Scope(Enum):
    """Which question it is."""

    INDEX = "events/index"
    EVENTS = "events/restSearch"
    ATTRIBUTES = "attributes/restSearch"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these, all of these, none of these; where nothing is asked, everything is right."""

    some: frozenset[str] = frozenset()
    every: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()

    def allows(self, there: Collection[str]) -> bool:
        return (
            (not self.some or not self.some.isdisjoint(there))
            and self.every.issubset(there)
            and self.none.isdisjoint(there)
        )


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment to another, both included; open where there is none."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime | None) -> bool:
        if self.since is None and self.until is None:
            return True
        if moment is None:
            return False
        return (self.since is None or self.since <= moment) and (self.until is None or moment <= self.until)


@dataclass(frozen=True, slots=True)
class Question:
    """A question in full; `changed` is of attributes, `event_changed` of their events."""

    values: Choice = Choice()
    types: Choice = Choice()
    categories: Choice = Choice()
    tags: Choice = Choice()
    makers: Choice = Choice()
    events: Choice = Choice()
    uuids: Choice = Choice()
    changed: Span = Span()
    event_changed: Span = Span()
    published_at: Span = Span()
    since: Span = Span()
    until: Span = Span()
    info: str = ""
    to_ids: bool | None = None
    published: bool | None = None
    deleted: frozenset[bool] = frozenset({False})
    metadata: bool = False
    minimal: bool = False
    form: str = "json"
    limit: int | None = None
    page: int = 1


class _NotReadError(ValueError):
    """This is not what is needed there; the message says what is."""


Read = Callable[[Json, datetime], object]


def question_of(given: Json, scope: Scope, *, now: datetime) -> Question | Problem:
    """The question in a body, or what of it is not understood: nothing is passed over."""
    if not isinstance(given, dict):
        return Problem("", "A JSON object with filters is needed")
    found: dict[str, object] = {}
    known = _KNOWN[scope]
    for name, value in given.items():
        if name in _ADDING or (name in _LEAVING_OUT and value in _OFF) or value is None:
            continue
        if name not in known:
            return Problem(name[:100], f"There is no such filter here, but {', '.join(sorted(known))}")
        field, read = known[name]
        if field in found:
            return Problem(name, "This is said twice, under two names")
        try:
            found[field] = read(value, now)
        except _NotReadError as problem:
            return Problem(name, str(problem))
    question = Question(**found)  # type: ignore[arg-type]  # the tables below pair each field with what reads it
    if question.page > 1 and question.limit is None:
        return Problem("page", "A page needs a limit")
    return question


def _choice(value: Json, _now: datetime) -> Choice:
    """A word, words, or words by `OR`, `AND`, `NOT`; `!` before a word says that it must not be there."""
    if isinstance(value, dict):
        if not value or not value.keys() <= {"OR", "AND", "NOT"}:
            raise _NotReadError("An object here has OR, AND, NOT, each with words")
        parts = {key: _words(part) for key, part in value.items()}
        return Choice(*(frozenset(parts.get(key, ())) for key in ("OR", "AND", "NOT")))
    words = _words(value)
    unwanted = frozenset(word[1:] for word in words if word.startswith("!"))
    return Choice(frozenset(word for word in words if not word.startswith("!")), none=unwanted)


def _bar(value: Json, now: datetime) -> Choice:
    """The same; an older MISP puts `|` between words."""
    return _choice(list(value.split("|")) if isinstance(value, str) else value, now)


def _words(value: Json) -> list[str]:
    rows = value if isinstance(value, list) else [value]
    words = [str(row) for row in rows if isinstance(row, str | int) and not isinstance(row, bool) and row != ""]
    if not words or len(words) != len(rows) or len(words) > MOST_NAMED:
        raise _NotReadError(f"A word or a list of 1 to {MOST_NAMED} words is needed")
    if any(word.lstrip("!").startswith("%") or word.endswith("%") for word in words):
        raise _NotReadError("Parts of words are not looked for here; name the whole")
    return words


def _span(value: Json, now: datetime) -> Span:
    """A moment from which on, or two between which."""
    if isinstance(value, list):
        if len(value) != 2:
            raise _NotReadError("Two moments are needed, from and to")
        first, last = sorted(_moment(one, now) for one in value)
        return Span(first, last)
    return Span(_moment(value, now))


def _from(value: Json, now: datetime) -> Span:
    return Span(since=_day(value, now))


def _to(value: Json, now: datetime) -> Span:
    return Span(until=_day(value, now))


def _day(value: Json, now: datetime) -> datetime:
    return _moment(value, now).replace(hour=0, minute=0, second=0, microsecond=0)


def _moment(value: Json, now: datetime) -> datetime:
    """Seconds since 1970, an ISO date with or without time, or how long ago (`7d`, `12h`, `30m`)."""
    written = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    try:
        if ago := _AGO.match(written):
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        if _SECONDS.match(written):
            return datetime.fromtimestamp(float(written), UTC)
        found = datetime.fromisoformat(written)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (OverflowError, OSError, ValueError) as problem:
        raise _NotReadError("Seconds since 1970, a date, or a time ago such as 7d is needed") from problem


def _yes(value: Json, _now: datetime) -> bool:
    if value not in _ON and value not in (False, 0, "0"):
        raise _NotReadError("0 or 1 is needed")
    return value in _ON


def _deleted(value: Json, now: datetime) -> frozenset[bool]:
    """0 for what counts, 1 or `only` for what was taken back, `[0, 1]` for both."""
    rows = value if isinstance(value, list) and value else [value]
    return frozenset(row == "only" or _yes(row, now) for row in rows)


def _number(value: Json, _now: datetime) -> int:
    written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not written.isascii() or not written.isdecimal() or len(written) > 9 or not int(written):
        raise _NotReadError("A number from 1 on is needed")
    return int(written)


def _limit(value: Json, now: datetime) -> int:
    number = _number(value, now)
    if number > MOST:
        raise _NotReadError(f"At most {MOST} at once; ask for the next page")
    return number


def _text(value: Json, _now: datetime) -> str:
    if not isinstance(value, str) or not value.strip("%! "):
        raise _NotReadError("A text is needed")
    return value.strip("%").casefold()


def _form(value: Json, _now: datetime) -> str:
    if value != "json":
        raise _NotReadError("Answers are json alone")
    return "json"


_EVENT: Mapping[str, tuple[str, Read]] = {
    "published": ("published", _yes),
    "org": ("makers", _bar),
    "eventid": ("events", _choice),
    "eventinfo": ("info", _text),
    "publish_timestamp": ("published_at", _span),
    "limit": ("limit", _limit),
    "page": ("page", _number),
}
_SEARCH: Mapping[str, tuple[str, Read]] = {
    **_EVENT,
    "value": ("values", _choice),
    "type": ("types", _choice),
    "category": ("categories", _choice),
    "tags": ("tags", _choice),
    "uuid": ("uuids", _choice),
    "timestamp": ("changed", _span),
    "event_timestamp": ("event_changed", _span),
    "last": ("published_at", _span),
    "from": ("since", _from),
    "to": ("until", _to),
    "to_ids": ("to_ids", _yes),
    "deleted": ("deleted", _deleted),
    "returnFormat": ("form", _form),
}
_KNOWN: Mapping[Scope, Mapping[str, tuple[str, Read]]] = {
    Scope.INDEX: {
        **_EVENT,
        "minimal": ("minimal", _yes),
        "tag": ("tags", _bar),
        "tags": ("tags", _bar),
        "datefrom": ("since", _from),
        "dateuntil": ("until", _to),
        "timestamp": ("event_changed", _span),
    },
    Scope.EVENTS: {**_SEARCH, "metadata": ("metadata", _yes), "timestamp": ("event_changed", _span)},
    Scope.ATTRIBUTES: _SEARCH,
}
_ADDING = frozenset(
    {
        *("withAttachments", "includeEventUuid", "includeEventTags", "includeContext", "includeSightings"),
        *("includeCorrelations", "includeDecayScore", "includeWarninglistHits", "sgReferenceOnly", "headerless"),
    }
)
"""They ask for more beside what is found: it is always there, or there is none of it here."""
_LEAVING_OUT = frozenset({"enforceWarninglist", "excludeDecayed", "metadata", "minimal"})
"""They leave something out, and are sent switched off everywhere; only where a table above has one it can be on."""
