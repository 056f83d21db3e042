"""A sentence as a row of words and as one line, so that rules may be written for either."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from .kinds import Method, NameKind

# An address: signs, and words that a sign follows; then its last word. What stands in one is no prose.
_ADDRESS = re.compile(
    r"(?:\b(?:h\w\wps?|ftp) : / /|\bdata : image /|(?<=\] )\( [/#])"
    r"(?: [^\s\w)|]+| [\w%$@~+-][^\s)|]*(?= [^\s\w,;)]))*(?: [^\s)|]+(?= [)|]|$))?"
)


class Span(NamedTuple):
    """Words `start` to `end` of a sentence as a name; a weak one counts only when the rest of the text bears it out."""

    start: int
    end: int
    kind: NameKind
    method: Method
    canonical: str = ""
    attack: str = ""
    weak: bool = False
    confidence: float = 0.0


class Sentence:
    """The words in order, and the line that has one space between them."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._starts = list(accumulate((len(word) + 1 for word in words), initial=0))

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def line(self) -> str:
        return " ".join(self.words)

    @cached_property
    def folded(self) -> list[str]:
        return [word.lower() for word in self.words]

    @cached_property
    def addressed(self) -> frozenset[int]:
        """The words that belong to an address of the web."""
        if "/" not in self.words:
            return frozenset()
        return frozenset(
            place for found in _ADDRESS.finditer(self.line) for place in range(*self.place(found.start(), found.end()))
        )

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The words from and to, for characters of the line."""
        return bisect_right(self._starts, start) - 1, bisect_right(self._starts, max(start, end - 1))

    def matches(self, pattern: re.Pattern[str], group: int = 0) -> Iterator[tuple[int, int]]:
        """The places where the pattern stands in the line as whole words, none of them in an address."""
        for found in pattern.finditer(self.line):
            start, end = self.place(*found.span(group))
            whole = self._starts[start] == found.start(group) and self._starts[end] - 1 == found.end(group)
            if whole and start not in self.addressed:
                yield start, end

    def word(self, place: int) -> str:
        """The word there in small letters, or nothing beyond the ends."""
        return self.folded[place] if 0 <= place < len(self.words) else ""
