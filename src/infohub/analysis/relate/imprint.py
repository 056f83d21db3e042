"""What is kept of a text to compare it with others: its words as numbers, and what it is about beyond doubt."""

import re
from collections import Counter
from dataclasses import dataclass
from unicodedata import normalize
from zlib import crc32

import numpy as np
import numpy.typing as npt

from infohub.analysis.codes import cves_in, hashes_in
from infohub.analysis.livetext import live_text
from infohub.analysis.tokens import words_of

MOST_CHARACTERS = 200_000
"""What stands further down changes nothing: whoever repeats this much repeats the rest."""

FINGERS = 32

Numbers = npt.NDArray[np.uint32]

_HEAD = 60
_VERSION = re.compile(r"(?<![\w.])v?(?!(?:19|20)\d\d\.)\d{1,6}(?:\.\d{1,6}){1,4}(?![\w])")
_CAPITAL = re.compile(r"[A-Z][\w.&'-]*\w")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_WORDS_OF_ANY_TEXT = (
    "a about after all also an and any are as at be been but by can could do for from had has have he her his how i if"
    " in into is it its may more most new no not of on one or other our out over said she so some such than that the"
    " their them then there these they this those to up us was we were what when which who will with would you your"
)
_FREQUENT = frozenset(_WORDS_OF_ANY_TEXT.split())


@dataclass(frozen=True, slots=True, eq=False)
class Imprint:
    """The words of a text, each once with how often it stands there, and its pairs of neighbours, all as numbers.

    `fingers` are the few pairs by which texts that share much are found among very many.
    """

    words: Numbers
    times: Numbers
    pairs: Numbers
    fingers: tuple[int, ...]
    lead: str
    cves: frozenset[str]
    files: frozenset[str]
    versions: frozenset[str]
    names: frozenset[str]

    @property
    def length(self) -> int:
        """How many words the text has."""
        return int(self.times.sum())

    def __contains__(self, word: str) -> bool:
        """Whether the word stands in the text."""
        number = _number(word)
        place = int(np.searchsorted(self.words, number))
        return place < self.words.size and int(self.words[place]) == number


def imprint_of(text: str) -> Imprint:
    """The imprint of a text; letters of any case, defanging and Chinese of any region come to the same."""
    live = live_text(text[:MOST_CHARACTERS]).text
    spoken = list(words_of(live))
    numbers = _numbers(spoken)
    words, times = np.unique(numbers, return_counts=True)
    weighty = numbers[[word not in _FREQUENT for word in spoken]] if spoken else numbers
    cves = [(found.value, found.start) for found in cves_in(live)]
    return Imprint(
        words=words,
        times=times.astype(np.uint32),
        pairs=_pairs(numbers),
        fingers=tuple(int(finger) for finger in _pairs(weighty)[:FINGERS]),
        lead=cves[0][0] if cves and cves[0][1] < _HEAD else "",
        cves=frozenset(value for value, _ in cves),
        files=frozenset(found.value for found in hashes_in(live)),
        versions=frozenset(found.lower().lstrip("v") for found in _VERSION.findall(live)),
        names=_names(live, spoken),
    )


def _number(word: str) -> int:
    return crc32(word.encode())


def _numbers(words: list[str]) -> Numbers:
    known = {word: _number(word) for word in set(words)}
    return np.array([known[word] for word in words], dtype=np.uint32)


def _pairs(numbers: Numbers) -> Numbers:
    """Each pair of neighbours as one number, sorted: the smallest are a draw that any two texts make alike."""
    first, second = numbers[:-1].astype(np.uint64), numbers[1:].astype(np.uint64)
    mixed = (first * _MIX + second) * _MIX
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32))


def _names(live: str, spoken: list[str]) -> frozenset[str]:
    """What the text keeps coming back to: capitalised words and pairs of Chinese that stand there twice or more."""
    capitalised = {normalize("NFKC", word).lower() for word in _CAPITAL.findall(live)}
    often = (word for word, times in Counter(spoken).items() if times > 1)
    return frozenset(word for word in often if word in capitalised or not word.isascii())
