"""Time stamps of STIX and TAXII."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.stix21.timestamp import microseconds, milliseconds, moment_of

MOMENT = datetime(2026, 2, 2, 9, 0, 0, 7999, tzinfo=timezone(timedelta(hours=8)))


def test_times_are_written_in_utc_with_fixed_digits() -> None:
    assert milliseconds(MOMENT) == "2026-02-02T01:00:00.007Z"
    assert microseconds(MOMENT) == "2026-02-02T01:00:00.007999Z"
    assert microseconds(datetime(33, 1, 2, tzinfo=UTC)) == "0033-01-02T00:00:00.000000Z"


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        milliseconds(datetime(2026, 2, 2))  # noqa: DTZ001 - the mistake under test


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2026-02-02T01:00:00Z", 0),
        ("2026-02-02T01:00:00.5Z", 500000),
        ("2026-02-02T01:00:00.007Z", 7000),
        ("2026-02-02T01:00:00.0079991Z", 7999),
        ("2026-02-02t01:00:00z", 0),
    ],
)
def test_seconds_and_fractions_are_read(text: str, microsecond: int) -> None:
    assert moment_of(text) == datetime(2026, 2, 2, 1, 0, 0, microsecond, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-02-02",
        "2026-02-02T01:00:00",
        "2026-02-30T01:00:00Z",
        "2026-02-02T25:00:00Z",
        "2026-02-02T01:00:00+08:00",
        " 2026-02-02T01:00:00Z",
        "2026-02-02T01:00:00.Z",
        "２026-02-02T01:00:00Z",
        "0000-02-02T01:00:00Z",
        "2026-02-02T01:00:00Z\n",
    ],
)
def test_what_is_no_time_stamp_is_none(text: str) -> None:
    assert moment_of(text) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_moment_comes_back(moment: datetime) -> None:
    assert moment_of(microseconds(moment)) == moment
    assert moment_of(milliseconds(moment)) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
