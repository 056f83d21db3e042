"""How close two subjects are by their words, and what they share besides."""

from collections.abc import Iterable, Mapping
from math import log, sqrt

from infohub.analysis.relate.rarity import Rarity
from infohub.analysis.relate.subjects import Subject, Trait


class Weighed:
    """A subject with the weight of each of its words, ready to be compared with many."""

    def __init__(self, subject: Subject, rarity: Rarity) -> None:
        self.subject = subject
        weights = {word: (1 + log(times)) * rarity.of_word(word) ** 2 for word, times in subject.words.items()}
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        self.words: Mapping[str, float] = {word: weight / length for word, weight in weights.items()}

    def by_words(self, other: "Weighed") -> float:
        """The cosine of the words of both, from 0 to 1."""
        one, two = sorted((self.words, other.words), key=len)
        return sum(weight * two[word] for word, weight in one.items() if word in two)


def shared(one: Iterable[Trait], other: Iterable[Trait]) -> list[Trait]:
    """Traits of both, in a fixed order."""
    return sorted(set(one) & set(other))
