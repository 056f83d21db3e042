"""What the analysis asks of whoever keeps the pieces; pieces are called by their number there."""

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from infohub.analysis.relate.subjects import Subject


class Shelf(Protocol):
    """Where pieces lie that a new one may repeat."""

    def sharing(self, fingers: Collection[int]) -> Mapping[int, int]:
        """Pieces that have some of these fingers, with how many.

        Of a finger that very many pieces have the newest thousand are enough: a twin shares rarer ones too.
        """

    def texts(self, pieces: Collection[int]) -> Mapping[int, str]:
        """The texts of these pieces."""


class Register(Protocol):
    """Where the subjects of pieces are kept, with a list of pieces for each of their keys."""

    def pieces(self) -> int:
        """How many there are."""

    def having(self, keys: Collection[str]) -> Mapping[str, int]:
        """In how many pieces each of these keys stands; one that stands in none may be left out."""

    def with_any(self, keys: Collection[str], *, most: int) -> Iterable[tuple[int, Subject]]:
        """Pieces with at least one of these keys, those with more of them before the others."""
