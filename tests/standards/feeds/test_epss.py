"""Scores are read with their day, packed or not, and a row that says nothing stops no other."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from gzip import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.feeds import epss
from infohub.standards.feeds.epss import Scores
from infohub.standards.feeds.facts import Score
from infohub.standards.problem import Problem

TABLE = b"""#model_version:v2026.01.14,score_date:2026-02-02T12:55:00Z
cve,epss,percentile
CVE-2026-0001,0.97563,0.99998
CVE-2026-0002,0,1
"""


def read(raw: bytes) -> Scores:
    found = epss.read(raw)
    assert isinstance(found, Scores), found
    return found


def test_scores_come_with_model_and_day() -> None:
    found = read(TABLE)
    assert (found.model, found.scored) == ("v2026.01.14", datetime(2026, 2, 2, 12, 55, tzinfo=UTC))
    assert found.rows == (Score("CVE-2026-0001", 0.97563, 0.99998), Score("CVE-2026-0002", 0.0, 1.0))
    assert found.lines == ()
    assert read(compress(TABLE)) == read(TABLE.replace(b"\n", b"\r\n")) == read(b"\xef\xbb\xbf" + TABLE) == found
    assert read(TABLE.replace(b"Z\n", b"+0000\n", 1)) == found


def test_an_old_table_without_a_remark_has_no_day() -> None:
    assert read(TABLE.partition(b"\n")[2]).scored is None


def test_a_row_that_says_nothing_is_named_with_its_line() -> None:
    bad = b"CVE-1,0.1,0.1\nCVE-2026-0003,nan,0.1\nCVE-2026-0003,0.1,1.1\nCVE-2026-0003,x,1\nCVE-2026-0003,1\n\n"
    found = read(TABLE + bad)
    assert len(found.rows) == 2
    assert [line.subject for line in found.lines] == [f"line {number}" for number in range(5, 10)]


@pytest.mark.parametrize(
    "raw", [b"", b"#", b"cve,epss", b"<html>", compress(TABLE)[:-9], compress(bytes(10_000_000)) * 21]
)
def test_what_is_no_table_says_so(raw: bytes) -> None:
    assert isinstance(epss.read(raw), Problem)


@given(st.binary(max_size=300), st.booleans())
def test_hostile_bytes_do_not_raise(raw: bytes, within: bool) -> None:
    assert isinstance(epss.read(TABLE + raw if within else raw), Scores | Problem)


def test_a_day_s_scores_are_read_at_once() -> None:
    rows = b"".join(b"CVE-2026-%05d,0.00043,0.10000\n" % number for number in range(20_000))
    begun = time.process_time()
    found = len(read(TABLE + rows).rows)
    assert found == 20_002
    assert time.process_time() - begun < 2
