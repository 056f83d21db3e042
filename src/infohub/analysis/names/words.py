"""Cuts a text into sentences of words with their places, the way names are read."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_SENTENCE = 400

# A word may hold points, hyphens, apostrophes and the like between letters and digits: `Wizard-Spider`, `net.exe`
_WORD = re.compile(
    r"""
    (?:[A-Za-z]\.){2,}                                   # U.S. and U.A.E.
    | [A-Za-z0-9_\u00c0-\u024f]+ (?: [.'&@$-] (?=[A-Za-z_\u00c0-\u024f]) [A-Za-z0-9_\u00c0-\u024f]+ )*
    | [^\sA-Za-z0-9_\u00c0-\u024f]
    """,
    re.VERBOSE,
)
_BREAK = re.compile(
    r"\n\s*\n|\n(?=\s*[-*#|>]|\s*\d+[.)])|(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])|(?<=[。！？])"
)


class Word(NamedTuple):
    """A word or sign with its place in the text."""

    text: str
    start: int
    end: int


def sentences(text: str) -> Iterator[list[Word]]:
    """The sentences in turn, none longer than `LONGEST_SENTENCE` words."""
    position = 0
    for stop in _BREAK.finditer(text):
        yield from _cut(text, position, stop.start())
        position = stop.end()
    yield from _cut(text, position, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[list[Word]]:
    words = [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(text, start, end)]
    for first in range(0, len(words), LONGEST_SENTENCE):
        yield words[first : first + LONGEST_SENTENCE]
