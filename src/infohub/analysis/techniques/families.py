"""Techniques that belong together: parts of one technique, and those that a frequent one of TRAM stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from infohub.analysis.techniques.catalogue import Catalogue, catalogue
from infohub.analysis.techniques.model import Model
from infohub.analysis.techniques.vectors import Floats

_NOBODY = -1
_HEARD = 0.2
"""How much the linear weights are heard beside the network; best for procedures of 2023 and of 2024 together."""
_LEAST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """For each name of the network the place of the frequent technique that stands for it, or -1."""

    names: tuple[str, ...]
    heads: npt.NDArray[np.int64]
    frequent: int

    @property
    def rare(self) -> npt.NDArray[np.bool_]:
        """The names that no frequent technique stands for."""
        apart: npt.NDArray[np.bool_] = self.heads == _NOBODY
        return apart

    def together(self, likely: Floats) -> Floats:
        """The probabilities of the families, a column each."""
        belong = np.flatnonzero(~self.rare)
        return _gathered(likely[:, belong], self.heads[belong], self.frequent)

    def shares(self, likely: Floats, about: Floats) -> Floats:
        """What the network says of all, corrected by what the weights that tell the frequent ones apart say.

        Their logarithms are averaged. The parts of a family keep the shares the network gives them, and all families
        together what it gives them.
        """
        families = np.maximum(self.together(likely), _LEAST)
        mixed = families ** (1 - _HEARD) * np.maximum(about, _LEAST) ** _HEARD
        mixed *= families.sum(axis=1, keepdims=True) / mixed.sum(axis=1, keepdims=True)
        corrected = likely.copy()
        corrected[:, ~self.rare] *= (mixed / families)[:, self.heads[~self.rare]]
        return corrected


def families_of(names: Sequence[str], frequent: Sequence[str], known: Catalogue) -> Families:
    """The families of these names by a catalogue."""
    place: dict[str, int] = {}
    for number, label in enumerate(frequent):
        current = known.technique(label)
        place[current.id if current else label] = number
    tops = [name.partition(".")[0] for name in names]
    heads = [place.get(name, place.get(top, _NOBODY)) for name, top in zip(names, tops, strict=True)]
    return Families(tuple(names), np.array(heads), len(frequent))


@lru_cache(maxsize=2)
def families(held: Model) -> Families:
    """The families of a model by the shipped catalogue."""
    return families_of(held.network.names, held.frequent, catalogue())


def _gathered(columns: Floats, groups: npt.NDArray[np.int64], number: int) -> Floats:
    """Columns of one group added up."""
    belonging = np.zeros((columns.shape[1], number), dtype=np.float32)
    belonging[np.arange(columns.shape[1]), groups] = 1
    summed: Floats = columns @ belonging
    return summed
