"""Unpacks gzip (RFC 1952) while counting, so that nothing small becomes endless."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from infohub.standards.problem import Problem

TOO_LARGE = Problem("", "unpacked it is larger than is taken")
BROKEN = Problem("", "this is not gzip, or it is cut short")
MAGIC = b"\x1f\x8b"
MOST_MEMBERS = 10_000
_STEP, _BITE = 256 * 1024, 16 * 1024


def unpacked(parts: Iterable[bytes], *, most: int) -> bytes | Problem:
    """What was packed, in one member or several; TOO_LARGE as soon as it is more than `most` bytes."""
    content, member, members = bytearray(), zlib.decompressobj(wbits=31), 0
    for bite in _bites(parts):
        rest, members = bite, members or 1
        while rest:
            if member.eof:
                rest = rest.lstrip(b"\x00")  # zeros may fill a block
                if not rest:
                    break
                member, members = zlib.decompressobj(wbits=31), members + 1
            try:
                content += member.decompress(rest, _STEP)
            except zlib.error:
                return BROKEN
            if len(content) > most:
                return TOO_LARGE
            rest = member.unused_data or member.unconsumed_tail
        if members > MOST_MEMBERS:
            return BROKEN
    return bytes(content) if member.eof or not members else BROKEN


def _bites(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Small pieces: each member of the packed copies what follows it, which would be quadratic in a large one."""
    for part in parts:
        yield from (part[start : start + _BITE] for start in range(0, len(part), _BITE))
