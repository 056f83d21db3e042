"""Cuts a text into sentences of words with their places, the way names are read."""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_SENTENCE = 400
MOST_CHARACTERS, MOST_WORDS = 200_000, 20_000
"""Of a longer text the beginning is read, so that no text takes more than about two seconds."""

# A word may hold points, hyphens, apostrophes and the like between letters and digits: `Wizard-Spider`, `net.exe`
_WORD = re.compile(
    r"""
    (?:[A-Za-z]\.){2,}                                   # U.S. and U.A.E.
    | [A-Za-z0-9_\u00c0-\u024f]+ (?: [.'&@$-] (?=[A-Za-z_\u00c0-\u024f]) [A-Za-z0-9_\u00c0-\u024f]+ )*
    | [^\sA-Za-z0-9_\u00c0-\u024f]
    """,
    re.VERBOSE,
)
_SHORT = (
    r"(?<!\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Inc|Ltd)\.)(?<!\bSept\.)(?<!\bCorp\.)"
    r"(?<!\b(?:Co|vs|No|St|Dr|Mr|Ms)\.)"
)
"""After these a full stop ends no sentence."""
_BREAK = re.compile(
    r"\n\s*\n|\n(?=\s*[-*#|>]|\s*\d+[.)])|(?<=[。！？])"
    rf"|(?<=[.!?])(?<!\b[A-Z]\.){_SHORT}[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])"
)


class Word(NamedTuple):
    """A word or sign with its place in the text."""

    text: str
    start: int
    end: int


def sentences(text: str) -> Iterator[list[Word]]:
    """The sentences in turn, none longer than `LONGEST_SENTENCE` words, up to the limits above."""
    read = 0
    for start, end in _stretches(text[:MOST_CHARACTERS]):
        for row in _cut(text, start, end):
            if (read := read + len(row)) > MOST_WORDS:
                return
            yield row


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for stop in _BREAK.finditer(text):
        yield position, stop.start()
        position = stop.end()
    yield position, len(text)


def _cut(text: str, start: int, end: int) -> Iterator[list[Word]]:
    words = [Word(found.group(), found.start(), found.end()) for found in _WORD.finditer(text, start, end)]
    for first in range(0, len(words), LONGEST_SENTENCE):
        yield words[first : first + LONGEST_SENTENCE]
