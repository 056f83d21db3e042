"""PNG pictures as far as we need to know them (ISO/IEC 15948): their size, and their picture without anything else."""

from __future__ import annotations

import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"pHYs"})


def bare(content: bytes) -> bytes | None:
    """Only the chunks that make the picture: no text, time or EXIF; nothing where it is damaged."""
    out, at = bytearray(content[:8]), 8
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        chunk = content[at : at + 12 + size]
        if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            return None
        if kind in _PICTURE:
            out += chunk
        if kind == b"IEND":
            return bytes(out)
        at += 12 + size
    return bytes(out)


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height as the header tells them; (0, 0) where it is no PNG."""
    if not content.startswith(SIGNATURE) or content[12:16] != b"IHDR":
        return 0, 0
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
