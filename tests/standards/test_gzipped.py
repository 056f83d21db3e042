"""What is packed is unpacked whole or not at all, and never beyond what is taken."""

from __future__ import annotations

import time
from gzip import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.gzipped import BROKEN, MOST_MEMBERS, TOO_LARGE, unpacked


@given(st.binary(max_size=5000), st.integers(min_value=1, max_value=300))
def test_whatever_way_the_pieces_fall_the_content_comes_back(content: bytes, size: int) -> None:
    packed = compress(content) + compress(content)
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert unpacked(pieces, most=2 * len(content)) == content * 2
    assert not content or unpacked(pieces, most=2 * len(content) - 1) is TOO_LARGE


def test_long_runs_come_back_whole() -> None:
    zeros = bytes(3_000_000)
    assert unpacked([compress(zeros)], most=3_000_000) == zeros


@pytest.mark.parametrize(
    "packed", [b"plain", compress(b"cut short", mtime=0)[:-1], compress(b"x", mtime=0) + b"more", b"\x1f\x8b"]
)
def test_what_is_not_whole_is_not_taken(packed: bytes) -> None:
    assert unpacked([packed], most=1000) is BROKEN


def test_nothing_and_padding_are_no_fault() -> None:
    assert unpacked([], most=0) == b""
    assert unpacked([compress(b"x") + bytes(512)], most=1) == b"x"


@given(st.binary(max_size=500))
def test_hostile_bytes_do_not_raise(raw: bytes) -> None:
    assert unpacked([b"\x1f\x8b\x08\x00" + raw], most=10_000) is not None


def test_a_bomb_costs_little_whatever_its_kind() -> None:
    begun = time.process_time()
    assert unpacked([compress(bytes(1_000_000)) * 60], most=50_000_000) is TOO_LARGE
    assert unpacked([compress(b"") * (MOST_MEMBERS * 20)], most=5_000_000) is BROKEN
    assert time.process_time() - begun < 5
