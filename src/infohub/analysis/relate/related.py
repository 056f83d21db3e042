"""Pieces about the same things: what they name counts first, their words second."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from types import MappingProxyType

from infohub.analysis.ports import Register
from infohub.analysis.relate.closeness import Weighed, shared
from infohub.analysis.relate.rarity import Rarity, rarity_of
from infohub.analysis.relate.subjects import Sort, Subject, Trait

WEIGHTS = MappingProxyType(
    {
        Sort.NAME: 1.0,
        Sort.CVE: 1.0,
        Sort.INDICATOR: 0.2,
        Sort.TOOL: 0.1,
        Sort.ORGANISATION: 0.1,
        Sort.TECHNIQUE: 0.02,
    }
)
WORDS = 0.3

_REASONS, _CANDIDATES = 3, 200


@dataclass(frozen=True, slots=True)
class Related:
    """Another piece, how close it is, and what both name, the most telling first; none where only words are close."""

    piece: int
    score: float
    shares: tuple[Trait, ...]


def related(subject: Subject, others: Iterable[tuple[int, Subject]], rarity: Rarity) -> list[Related]:
    """The others in the order of their closeness, without those that have nothing in common with the subject."""
    weighed = Weighed(subject, rarity)
    found = [_compared(weighed, piece, Weighed(other, rarity), rarity) for piece, other in others]
    return sorted((one for one in found if one.score > 0), key=lambda one: (-one.score, one.piece))


def related_in(register: Register, subject: Subject, *, besides: Collection[int], most: int = 10) -> list[Related]:
    """The closest pieces of a register: few candidates by what is rare in the subject, then each compared."""
    rarity = rarity_of(subject.keys, register)
    candidates = register.with_any(telling(subject, rarity), most=_CANDIDATES)
    return related(subject, ((piece, other) for piece, other in candidates if piece not in besides), rarity)[:most]


def telling(subject: Subject, rarity: Rarity, *, most: int = 24) -> list[str]:
    """The keys by which a register finds pieces that may be related: what is rare and weighs most."""
    traits = {trait.key: WEIGHTS[trait.sort] * rarity.of_trait(trait.key) for trait in subject.traits}
    words = {word: WORDS * rarity.of_word(word) for word in subject.words}
    weights = traits | words
    return sorted(weights, key=lambda key: (-weights[key], key))[:most]


def _compared(one: Weighed, piece: int, other: Weighed, rarity: Rarity) -> Related:
    weights = {
        trait: WEIGHTS[trait.sort] * rarity.of_trait(trait.key)
        for trait in shared(one.subject.traits, other.subject.traits)
    }
    reasons = sorted(weights, key=lambda trait: (-weights[trait], trait))
    score = sum(weights.values()) + WORDS * one.by_words(other)
    return Related(piece, score, tuple(reasons[:_REASONS]))
