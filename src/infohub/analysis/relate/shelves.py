"""Finds the twins of a text among very many: few candidates by their fingers, then each compared in full."""

from dataclasses import dataclass

from infohub.analysis.ports import Shelf
from infohub.analysis.relate.imprint import Imprint, imprint_of
from infohub.analysis.relate.twins import Likeness, likeness

_CANDIDATES = 12
_SHARE_OF_FINGERS = 1 / 8
"""Copies with every third word changed keep a quarter of their fingers; texts on one topic have at most an eighth."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A piece that is a near-duplicate."""

    piece: int
    likeness: Likeness


def twins_among(imprint: Imprint, shelf: Shelf) -> list[Twin]:
    """The near-duplicates on a shelf, the likest first."""
    least = max(1, round(len(imprint.fingers) * _SHARE_OF_FINGERS))
    shared = [(-number, piece) for piece, number in shelf.sharing(imprint.fingers).items() if number >= least]
    texts = shelf.texts([piece for _, piece in sorted(shared)[:_CANDIDATES]])
    compared = (Twin(piece, likeness(imprint, imprint_of(text))) for piece, text in texts.items())
    return sorted(
        (twin for twin in compared if twin.likeness.same), key=lambda twin: (-twin.likeness.score, twin.piece)
    )
