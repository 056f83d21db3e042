"""Words that say something of the whole text, and how much each says; found once, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

READ = 20_000
"""Characters of a text that are read for what it is as a whole."""

_NEGATION = re.compile(
    r"(?:\bno(?:t|ne)?\b|\bnever\b|\bwithout\b|n't\b|未有|沒有|没有|並無|并无|不是)[^.!?。！？\n]{0,25}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that speak for one answer, so strongly."""

    answer: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cues:
    """Patterns by answer: what is found in a text speaks for it, each pattern once."""

    patterns: Mapping[str, Sequence[tuple[float, re.Pattern[str]]]]

    def found(self, text: str) -> Iterator[Cue]:
        """The first place of each pattern that is not denied there."""
        text = text[:READ]
        for answer, patterns in self.patterns.items():
            for weight, pattern in patterns:
                for match in pattern.finditer(text):
                    if _NEGATION.search(text, max(0, match.start() - 40), match.start()) is None:
                        yield Cue(answer, weight, *match.span())
                        break


def cues(**words: Sequence[tuple[float, str]]) -> Cues:
    """From words by answer; a pattern stands for whole words and may not span lines."""
    return Cues(
        {
            answer: tuple((weight, re.compile(pattern, re.IGNORECASE)) for weight, pattern in patterns)
            for answer, patterns in words.items()
        }
    )
