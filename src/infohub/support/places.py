"""Where each character of rendered Markdown stands in its source.

A block is followed character by character; where that fails, the rest of it has no places and nothing in it is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.token import Token

Places = Sequence[int]
"""For each character of a token's content, its offset in the source."""

_ENTITY = re.compile(r"&(?:#x[a-f0-9]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_BREAK = re.compile(r"[ \t]*\\?\n[ \t]*")
_SPACE = re.compile(r"[ \t\n]*")
_LABEL = re.compile(r"\[(?:\\.|[^\[\]\\])*\]")


class LostError(Exception):
    """The content cannot be followed any further."""


class Lines:
    """The lines of a source, and how far the cells of a table's row were found."""

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._found: dict[int, int] = {}

    def of_block(self, content: str, first: int) -> Places:
        """Places of a block from the source's line `first` on; lists and quotes put something before its lines."""
        places: list[int] = []
        for number, part in enumerate(content.split("\n"), start=first):
            line = self._lines[number].rstrip() if number < len(self._lines) else ""
            begin = len(line) - len(part.rstrip())
            if begin < 0 or line[begin:] != part.rstrip():
                begin = self._lines[number].find(part) if part and number < len(self._lines) else 0
            if begin < 0:
                raise LostError
            start = self._starts[min(number, len(self._lines))] + begin
            places += range(start, start + len(part) + 1)
        return places[:-1]

    def of_cell(self, content: str, number: int) -> Places:
        """Places of the next cell of a table's row."""
        begin = self._lines[number].find(content, self._found.get(number, 0))
        if begin < 0:
            raise LostError
        self._found[number] = begin + len(content)
        start = self._starts[number] + begin
        return range(start, start + len(content))


def followed(content: str, children: Sequence[Token]) -> Iterator[tuple[int, list[int]]]:
    """The number of each child with words, and where these stand in the content, as far as it can be followed."""
    here = 0
    for number, child in enumerate(children):
        try:
            here, places = _after(content, here, child)
        except LostError:
            return
        if places:
            yield number, places


def _after(content: str, here: int, child: Token) -> tuple[int, list[int]]:
    """Where the content goes on after a child, and the places of the child's characters."""
    match child.type:
        case "text":
            return _words(content, here, child.content)
        case "code_inline":
            return _code(content, here, child)
        case "softbreak" | "hardbreak":
            found = _BREAK.match(content, here)
            if found is None:
                raise LostError
            return found.end(), []
        case "link_open" | "link_close":
            return _link(content, here, child), []
        case _ if child.markup and content.startswith(child.markup, here):
            return here + len(child.markup), []
        case _:
            raise LostError


def _words(content: str, here: int, words: str) -> tuple[int, list[int]]:
    places = []
    for letter in words:
        found = _ESCAPED.match(content, here) or _ENTITY.match(content, here)
        if found and found[0].startswith("\\") and found[0][1] == letter:
            places.append(here + 1)
            here += 2
        elif found and unescape(found[0]) == letter:
            places.append(here)
            here = found.end()
        elif content.startswith(letter, here):
            places.append(here)
            here += 1
        else:
            raise LostError
    return here, places


def _code(content: str, here: int, child: Token) -> tuple[int, list[int]]:
    """Code between backticks, which may stand between two blanks that are not shown."""
    begin, length, marker = here + len(child.markup), len(child.content), child.markup
    for blank in (0, 1):
        start, end = begin + blank, begin + blank + length
        if content[start:end].replace("\n", " ") == child.content and content.startswith(marker, end + blank):
            return end + blank + len(marker), list(range(start, end))
    raise LostError


def _link(content: str, here: int, child: Token) -> int:
    opens = child.type == "link_open"
    brackets = "<>" if child.markup == "autolink" else "[]"
    if not content.startswith(brackets[0 if opens else 1], here):
        raise LostError
    if opens or child.markup == "autolink":
        return here + 1
    return _beyond_aim(content, here + 1)


def _beyond_aim(content: str, here: int) -> int:
    """Where the text goes on after a link's `(address "title")` or `[label]`."""
    if not content.startswith("(", here):
        label = _LABEL.match(content, here)
        return label.end() if label else here
    here = _blanks(content, here + 1)
    address = parseLinkDestination(content, here, len(content))
    if address.ok:
        here = _blanks(content, address.pos)
    title = parseLinkTitle(content, here, len(content))
    if title.ok:
        here = _blanks(content, title.pos)
    if not content.startswith(")", here):
        raise LostError
    return here + 1


def _blanks(content: str, here: int) -> int:
    found = _SPACE.match(content, here)
    return found.end() if found else here
