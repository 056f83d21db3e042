"""How much it tells that two pieces share a word or a trait: little where many pieces have it, much where few do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log
from typing import Protocol

USUAL = "words.txt"
_FEWEST = 50
"""A hub with a handful of pieces knows little of what is rare: as if it had this many more."""


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of the `texts` of the trade each word stands, so that a hub that is still empty has an idea of it."""

    texts: int
    having: Mapping[str, int]

    def rarity(self, word: str, *, pieces: int = 0, having: int = 0) -> float:
        """From 0 for a word of every text to 1 for one of none; the pieces of the hub count beside the background."""
        whole = self.texts + pieces + 1
        return log(whole / (self.having.get(word, 0) + having + 1)) / log(whole)


@cache
def background() -> Background:
    """The shipped background, read at first use."""
    first, *lines = files("infohub.analysis").joinpath("models", USUAL).read_text("utf-8").splitlines()
    return Background(int(first), {word: int(times) for word, _, times in (line.partition(" ") for line in lines)})


class Counted(Protocol):
    """The part of a register that counts."""

    def pieces(self) -> int: ...
    def having(self, keys: Collection[str]) -> Mapping[str, int]: ...


@dataclass(frozen=True, slots=True)
class Rarity:
    """What the hub's pieces say of it: how many there are, and how many have each word or trait (by its key)."""

    pieces: int
    having: Mapping[str, int]

    def of_word(self, word: str) -> float:
        """Of a word, the background counted too."""
        return background().rarity(word, pieces=self.pieces, having=self.having.get(word, 0))

    def of_trait(self, key: str) -> float:
        """Of a trait."""
        whole = self.pieces + _FEWEST
        return max(0.0, log(whole / (self.having.get(key, 0) + 1)) / log(whole))


def rarity_of(keys: Collection[str], register: Counted) -> Rarity:
    """What a register says of these keys, asked once."""
    return Rarity(register.pieces(), register.having(keys))
