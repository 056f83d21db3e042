"""Near-duplicates: the same text cut, reworded, reordered or dressed anew, told from bulletins of one template."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np

from infohub.analysis.relate.imprint import Imprint

SAME = 0.5
"""From this score on two texts are the same. Reworded copies score above .6, texts on one topic below .3."""

_LEAST_SHARE, _SHORT = 0.1, 250
_PAIRS_OF_A_NAME = 2


class Apart(StrEnum):
    """Why two texts that read alike are about different things."""

    NOTHING = ""
    CVE = "cve"
    FILE = "file"
    VERSION = "version"
    NAMES = "names"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two texts have in common, from 0 to 1, and what keeps them apart all the same."""

    score: float
    apart: Apart

    @property
    def same(self) -> bool:
        """Whether one is a near-duplicate of the other."""
        return self.score >= SAME


def likeness(one: Imprint, other: Imprint) -> Likeness:
    """The share of the shorter text that stands in the longer one, word by word and pair by pair."""
    apart = _apart(one, other)
    score = sqrt(_words_shared(one, other) * _pairs_shared(one, other))
    return Likeness(score if apart is Apart.NOTHING else score * SAME * 0.9, apart)


def _words_shared(one: Imprint, other: Imprint) -> float:
    _, here, there = np.intersect1d(one.words, other.words, assume_unique=True, return_indices=True)
    shared = np.minimum(one.times[here], other.times[there]).sum()
    return float(shared) / max(1, min(one.length, other.length))


def _pairs_shared(one: Imprint, other: Imprint) -> float:
    shared = np.intersect1d(one.pairs, other.pairs, assume_unique=True).size
    return shared / max(1, min(one.pairs.size, other.pairs.size))


def _apart(one: Imprint, other: Imprint) -> Apart:
    shorter, longer = sorted((one.length, other.length))
    if one.cves and other.cves and one.cves.isdisjoint(other.cves):
        return Apart.CVE
    if one.files and other.files and one.files.isdisjoint(other.files):
        return Apart.FILE
    if shorter < _LEAST_SHARE * longer:
        return Apart.PART
    return _of_one_template(one, other) if shorter < _SHORT else Apart.NOTHING


def _of_one_template(one: Imprint, other: Imprint) -> Apart:
    """What differs between two short texts, each of which may be a form that was filled in for its own subject."""
    if one.cves and other.cves:
        most_differ = 2 * len(one.cves & other.cves) <= min(len(one.cves), len(other.cves))
        return Apart.CVE if most_differ or (one.lead and other.lead and one.lead != other.lead) else Apart.NOTHING
    if one.versions and other.versions and one.versions.isdisjoint(other.versions):
        return Apart.VERSION
    if _keeps_to_itself(one, other) and _keeps_to_itself(other, one):
        return Apart.NAMES
    return Apart.NOTHING


def _keeps_to_itself(one: Imprint, other: Imprint) -> bool:
    """Whether one text keeps coming back to a name that the other never says; Chinese ones count as several pairs."""
    own = [name for name in one.names if name not in other]
    return any(name.isascii() for name in own) or len(own) >= _PAIRS_OF_A_NAME
