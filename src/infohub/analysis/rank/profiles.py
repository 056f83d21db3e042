"""The words in which reports speak of each technique of ATT&CK, and which technique a query is about.

© The MITRE Corporation. This work is reproduced and distributed with the permission of The MITRE Corporation.
"""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from importlib.resources import files
from math import log

from infohub.analysis.rank.stems import stems

FILE = "search_techniques.txt.gz"
PART = 0.5
"""How much the words of a part of a technique count for the whole."""

_ALIKE = 0.6
_TELLING = 100
_BEHAVIOUR_WORDS = 8
_SURE = 1.2
_FEWEST_SHARED = 4
_MAY_BE, _SHARP = 3, 6


@dataclass(frozen=True, slots=True)
class Profile:
    """One technique: its id, its name, and the stems that tell it from others with their weights."""

    id: str
    name: str
    words: Mapping[str, float]


@cache
def profiles() -> Mapping[str, Profile]:
    """The shipped profiles by id, read at first use."""
    packed = files("infohub.analysis").joinpath("models", FILE).read_bytes()
    found: dict[str, Profile] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        number, name, *words = line.split("\t")
        pairs = (word.rpartition(" ") for word in words)
        found[number] = Profile(number, name, {stem: int(weight) / 1000 for stem, _, weight in pairs})
    return found


def words_about(number: str) -> dict[str, float]:
    """The words of a technique together with those of its parts."""
    weights: dict[str, float] = defaultdict(float)
    for profile in profiles().values():
        if profile.id == number or profile.id.startswith(f"{number}."):
            for word, weight in profile.words.items():
                weights[word] += weight * (1.0 if profile.id == number else PART)
    best = sorted(weights, key=lambda word: (-weights[word], word))[:_TELLING]
    return {word: weights[word] for word in best}


def named(query: str) -> str | None:
    """The technique of this id or name, or of nearly this name: ATT&CK renames its techniques."""
    wanted = query.strip()
    if (number := wanted.upper()) in profiles():
        return number
    by_name, keys = _names()
    if exact := by_name.get(wanted.casefold()):
        return exact
    asked = frozenset(stems(wanted))
    if len(asked) < 2:
        return None
    share, best = max(((len(asked & key) / len(asked | key), number) for number, key in keys), default=(0.0, ""))
    return best if share >= _ALIKE else None


def described(query: str) -> dict[str, float]:
    """The techniques a long text may describe with their shares, the likeliest first with 1.

    None where the text has few words, or few of those of any technique.
    """
    asked = Counter(stems(query))
    if len(asked) < _BEHAVIOUR_WORDS:
        return {}
    sums: dict[str, float] = defaultdict(float)
    shared: dict[str, int] = defaultdict(int)
    for word in sorted(asked):
        for number, weight in _holders().get(word, ()):
            sums[number] += weight * (1 + log(asked[word]))
            shared[number] += 1
    best = nlargest(_MAY_BE, sums, key=lambda number: (sums[number], number))
    if not best or shared[best[0]] < _FEWEST_SHARED or sums[best[0]] < _SURE:
        return {}
    return {number: (sums[number] / sums[best[0]]) ** _SHARP for number in best}


@cache
def _names() -> tuple[Mapping[str, str], tuple[tuple[str, frozenset[str]], ...]]:
    known = sorted(profiles().values(), key=lambda one: one.id, reverse=True)
    by_name = {one.name.casefold(): one.id for one in known}  # the first of a name is the one with the lowest id
    return by_name, tuple((one.id, frozenset(stems(one.name))) for one in known)


@cache
def _holders() -> Mapping[str, list[tuple[str, float]]]:
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for profile in profiles().values():
        for word, weight in profile.words.items():
            found[word].append((profile.id, weight))
    return found
