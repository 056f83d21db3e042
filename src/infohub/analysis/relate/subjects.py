"""What a piece is about, small enough to keep: names, vulnerabilities, indicators, techniques and its telling words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import log
from typing import Protocol

from infohub.analysis.findings import Finding, Kind
from infohub.analysis.livetext import live_text
from infohub.analysis.relate.rarity import background
from infohub.analysis.tokens import words_of

MOST_CHARACTERS = 200_000
MOST_WORDS = 64
HEAD = 400
"""What is named in the first characters, a title and a lead, is what the piece is about."""

_OFTEN, _MOST_OFTEN = 3, 2


class Sort(StrEnum):
    """What two pieces may share."""

    NAME = "name"
    CVE = "cve"
    INDICATOR = "indicator"
    TECHNIQUE = "technique"
    TOOL = "tool"
    ORGANISATION = "organisation"


class Named(Protocol):
    """A name found in the text; `kind` is one of the kinds of names, `canonical` the one name for all its aliases."""

    @property
    def kind(self) -> str: ...
    @property
    def canonical(self) -> str: ...
    @property
    def start(self) -> int: ...


@dataclass(frozen=True, slots=True, order=True)
class Trait:
    """Something a piece is about; `shown` is how a reader reads it."""

    sort: Sort
    value: str
    shown: str = field(compare=False)

    @property
    def key(self) -> str:
        """The trait as one word, for registers."""
        return f"{self.sort}:{self.value}"


@dataclass(frozen=True, slots=True)
class Subject:
    """Traits, those among them that the piece is mainly about, and its most telling words with how often they stand."""

    traits: frozenset[Trait]
    main: frozenset[Trait]
    words: Mapping[str, int]

    @property
    def keys(self) -> frozenset[str]:
        """Everything by which a register finds the piece: words, and traits, which have a colon."""
        return frozenset(self.words).union(trait.key for trait in self.traits)

    def of(self, sort: Sort) -> frozenset[Trait]:
        """The traits of one sort."""
        return frozenset(trait for trait in self.traits if trait.sort is sort)


_OF_NAMES = {
    "malware": Sort.NAME,
    "actor": Sort.NAME,
    "campaign": Sort.NAME,
    "tool": Sort.TOOL,
    "organisation": Sort.ORGANISATION,
}
_OF_FINDINGS = {
    Kind.CVE: Sort.CVE,
    Kind.ATTACK: Sort.TECHNIQUE,
    **dict.fromkeys(
        (Kind.IPV4, Kind.IPV6, Kind.DOMAIN, Kind.URL, Kind.EMAIL, Kind.MD5, Kind.SHA1, Kind.SHA256), Sort.INDICATOR
    ),
}
_SIGNS = re.compile(r"[\W_]+")


def subject_of(text: str, findings: Iterable[Finding], names: Iterable[Named]) -> Subject:
    """The subject of a text from what was found in it; findings with a note (well known, private) tell nothing."""
    found = [Trait(_OF_FINDINGS[one.kind], one.value, one.value) for one in findings if _tells(one)]
    named = [(_trait(name), name.start) for name in names if name.kind in _OF_NAMES]
    often = Counter(trait for trait, _ in named if trait.sort is Sort.NAME).most_common(_MOST_OFTEN)
    main = {trait for trait, start in named if start < HEAD and trait.sort is not Sort.TOOL}
    main |= {trait for trait, times in often if times >= _OFTEN}
    traits = frozenset(found).union(trait for trait, _ in named)
    return Subject(traits, frozenset(main), telling_words(text))


def telling_words(text: str) -> dict[str, int]:
    """The words that tell the text from others, in the order of their weight."""
    counted = Counter(word for word in words_of(live_text(text[:MOST_CHARACTERS]).text) if len(word) > 1)
    usual = background()
    weighed = sorted(counted, key=lambda word: (-(1 + log(counted[word])) * usual.rarity(word) ** 2, word))
    return {word: counted[word] for word in weighed[:MOST_WORDS]}


def _tells(finding: Finding) -> bool:
    return finding.kind in _OF_FINDINGS and not finding.note


def _trait(name: Named) -> Trait:
    return Trait(_OF_NAMES[name.kind], _SIGNS.sub("", name.canonical.lower()), name.canonical)
