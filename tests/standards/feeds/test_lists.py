"""Lists give their values with the line each stood on, live, each once, and name what is no value."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.feeds import lists
from infohub.standards.feeds.lists import Value, Values
from infohub.standards.losses import Outcome
from infohub.standards.problem import Problem

PLAIN = """\ufeff# a blocklist
; of ours

hxxp://evil[.]example/a#b;c
198.51.100[.]7  # a server
evil.example ; seen twice
evil[.]example\r
two words
""".encode()
TABLE = b"""# first remark
id,url,when
1,"http://evil.example/a,b",2026
2,hxxps://evil[.]example/
3
4,"open
"""


def read(raw: bytes, *, column: int | str | None = None) -> Values:
    found = lists.read(raw, column=column)
    assert isinstance(found, Values), found
    return found


def test_a_plain_list_gives_live_values_with_their_lines() -> None:
    found = read(PLAIN)
    assert found.values == (
        Value(4, "http://evil.example/a#b;c"),
        Value(5, "198.51.100.7"),
        Value(6, "evil.example"),
    )
    assert [(line.subject, line.outcome, line.problems[0].found) for line in found.lines] == [
        ("line 8", Outcome.REFUSED, "two words")
    ]


@pytest.mark.parametrize("column", [2, "url"])
def test_a_column_is_found_by_number_or_name(column: int | str) -> None:
    found = read(TABLE, column=column)
    values = [(value.line, value.value) for value in found.values]
    assert values[-3:] == [(3, "http://evil.example/a,b"), (4, "https://evil.example/"), (6, "open")]
    assert len(values) == (4 if column == 2 else 3)  # a number does not tell whether the first row is a head
    assert [line.subject for line in found.lines] == ["line 5"]


def test_a_column_that_is_not_there_says_so() -> None:
    assert isinstance(lists.read(TABLE, column="link"), Problem)
    assert isinstance(lists.read(b"", column="link"), Problem)
    assert read(b"").values == ()


def test_what_is_no_value_is_named() -> None:
    bad = ["a" * 5000, "a\x00b", "\u3000", "[.]", "a\u00a0b", "\udcff"]
    found = read("\n".join(bad).encode("utf-8", "surrogateescape"))
    assert [value.value for value in found.values] == ["[.]"]
    assert [line.subject for line in found.lines] == ["line 1", "line 2", "line 5", "line 6"]


@given(
    st.binary(max_size=400) | st.text("#;,\"' \t\r\n[.]ahx:/", max_size=100).map(str.encode),
    st.sampled_from([None, 1, 2, "a"]),
)
def test_hostile_bytes_do_not_raise(raw: bytes, column: int | str | None) -> None:
    found = lists.read(raw, column=column)
    assert isinstance(found, Problem) or all(value.value.strip() == value.value for value in found.values)


def test_a_long_list_is_read_at_once_and_an_endless_one_is_not() -> None:
    begun = time.process_time()
    assert len(read(b"".join(b"hxxp://evil%d[.]example/x\n" % number for number in range(20_000))).values) == 20_000
    assert isinstance(lists.read(b"x\n" * 500_001), Problem)
    read(b"[.]" * 100_000 + b"\n" + b'"' * 200_000 + b"\n" + b" #" * 100_000)
    assert time.process_time() - begun < 5
