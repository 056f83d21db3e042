"""Time stamps as STIX and TAXII write them: RFC 3339, UTC, `Z`."""

import re
from datetime import UTC, datetime

_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}(?:[0-9]{3})?Z", re.ASCII)
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,18}))?[Zz]\Z", re.ASCII
)


def milliseconds(moment: datetime) -> str:
    """A STIX time stamp: `2026-02-02T01:00:00.000Z`."""
    return f"{_utc(moment):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z".rjust(24, "0")


def microseconds(moment: datetime) -> str:
    """A TAXII time stamp: `2026-02-02T01:00:00.000000Z`."""
    return f"{_utc(moment):%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}Z".rjust(27, "0")


def moment_of(text: str) -> datetime | None:
    """The moment a time stamp names, cut to microseconds; None where it is none."""
    if _PLAIN.fullmatch(text):  # nearly all are: three times as fast
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    found = _TIMESTAMP.match(text)
    if not found:
        return None
    *parts, fraction = found.groups()
    year, month, day, hour, minute, second = map(int, parts)
    try:
        return datetime(year, month, day, hour, minute, second, int(f"{fraction or 0:0<6}"[:6]), tzinfo=UTC)
    except ValueError:
        return None


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        message = "a time stamp needs a time zone"
        raise ValueError(message)
    return moment.astimezone(UTC)
