"""A shelf of a hundred thousand pieces, made of the vocabulary of real texts, to time the search for twins in it."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from infohub.analysis.relate.imprint import FINGERS, Numbers, imprint_of
from infohub.analysis.relate.shelves import twins_among

PIECES, WORDS, ASKED = 100_000, 400, 60
_NEWEST = 1000


class Shelf:
    """Real texts among pieces that are only told by their fingers, in a table with the one index a database needs."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE TABLE finger (finger INT, piece INT, PRIMARY KEY (finger, piece)) WITHOUT ROWID")
        imprints = [imprint_of(text) for text in texts]
        real = [(finger, piece) for piece, imprint in enumerate(imprints) for finger in imprint.fingers]
        invented = _drawn(np.concatenate([imprint.pairs for imprint in imprints]), first=len(texts))
        self._database.executemany("INSERT INTO finger VALUES (?, ?)", chain(real, invented))

    def sharing(self, fingers: Collection[int]) -> Mapping[int, int]:
        """Pieces with how many of these fingers they have."""
        ask = "SELECT piece FROM finger WHERE finger = ? ORDER BY piece DESC LIMIT ?"
        return Counter(piece for finger in fingers for (piece,) in self._database.execute(ask, (finger, _NEWEST)))

    def texts(self, pieces: Collection[int]) -> dict[int, str]:
        """The texts of pieces; of one that is only told by its fingers, some text."""
        return {piece: self._texts[piece % len(self._texts)] for piece in pieces}


def _drawn(everywhere: Numbers, *, first: int) -> Iterator[tuple[int, int]]:
    """Fingers of pieces whose pairs of words are as frequent as in the real ones."""
    dice = np.random.default_rng(3)
    for piece in range(first, PIECES):
        drawn = np.unique(everywhere[dice.integers(0, everywhere.size, WORDS)])
        yield from ((finger, piece) for finger in drawn[:FINGERS].tolist())


def lookup_times(copies: Sequence[str], originals: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds to find each copy's twins among all pieces, and whether its original was among them (1 or 0)."""
    shelf, taken, found = Shelf(originals), list[float](), list[float]()
    for place, copy in enumerate(copies[:ASKED]):
        begun = time.perf_counter()
        twins = twins_among(imprint_of(copy), shelf)
        taken.append((time.perf_counter() - begun) * 1000)
        found.append(
            float(any(originals[twin.piece] == originals[place] for twin in twins if twin.piece < len(originals)))
        )
    return taken, found
