"""Reads XML from outside: no document type, no depths, no entities but the five of XML, or nothing is read."""

from __future__ import annotations

import re
from typing import Protocol
from xml.parsers import expat

from infohub.standards.mail import CHARSETS
from infohub.standards.problem import Problem

MOST_ELEMENTS, DEEPEST = 200_000, 64
NO_XML = "this is not well-formed XML"
NO_CHARACTER_SET = "this character set is not read"
A_TYPE = "a document type could hide endless or foreign text, so this is not read"
TOO_MUCH = "this has more elements, or deeper ones, than are read"
SENTENCES = (NO_XML, NO_CHARACTER_SET, A_TYPE, TOO_MUCH)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Follower(Protocol):
    """What follows the elements of a document; a name has its space before it, apart by a space."""

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str, /) -> None:
        """The innermost element ends."""

    def words(self, said: str) -> None:
        """Text inside the innermost element."""


class _StopError(Exception):
    """Leaves the parser from inside one of its calls; never leaves this module."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.problem = Problem("", message)


class _Counting:
    """Counts on the way to whoever follows."""

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.depth = self.count = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise _StopError(TOO_MUCH)
        self.follower.begin(name, attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.follower.end(name)


def follow(raw: bytes, follower: Follower) -> Problem | None:
    """Lead somebody through the document in these bytes; why it was not read to its end, or None."""
    text = _text(raw)
    if isinstance(text, Problem):
        return text
    counting = _Counting(follower)
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = counting.begin
    parser.EndElementHandler = counting.end
    parser.CharacterDataHandler = follower.words
    parser.StartDoctypeDeclHandler = _no_type
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as problem:
        return Problem(f"line {problem.lineno}", NO_XML, expat.ErrorString(problem.code) or "")
    except _StopError as stopped:
        return stopped.problem
    return None


def _text(raw: bytes) -> str | Problem:
    """The text in the character set that the document names; what no byte order and no declaration tells is UTF-8."""
    marked = next((charset for mark, charset in _MARKS if raw.startswith(mark)), "")
    declared = _DECLARED.match(raw)
    charset = marked or (declared[1].decode().lower() if declared else "utf-8")
    try:
        if charset in CHARSETS:
            return raw.decode(charset, errors="replace").removeprefix("\ufeff").lstrip()
    except LookupError:  # a name that other programs know
        pass
    return Problem("", NO_CHARACTER_SET, charset)


def _no_type(*_declared: object) -> None:
    raise _StopError(A_TYPE)
