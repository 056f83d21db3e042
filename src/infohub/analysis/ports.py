"""What the analysis asks of whoever keeps the pieces; pieces are called by their number there."""

from collections.abc import Collection, Mapping
from typing import Protocol


class Shelf(Protocol):
    """Where pieces lie that a new one may repeat."""

    def sharing(self, fingers: Collection[int]) -> Mapping[int, int]:
        """Pieces that have some of these fingers, with how many.

        Of a finger that very many pieces have the newest few hundred are enough: a twin shares rarer ones too.
        """

    def text(self, piece: int) -> str:
        """The text of a piece."""
