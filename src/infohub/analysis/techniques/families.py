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
_KIN = 0.003


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """For each name of the network the place of the frequent technique that stands for it, or -1.

    `parents` numbers the techniques they are parts of, themselves where they are none.
    """

    names: tuple[str, ...]
    heads: npt.NDArray[np.int64]
    parents: npt.NDArray[np.int64]
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

        The parts of a family keep the shares the network gives them.
        """
        families = self.together(likely)
        wanted = (families + families.sum(axis=1, keepdims=True) * about) / 2
        corrected = likely.copy()
        corrected[:, ~self.rare] *= (wanted / np.maximum(families, 1e-6))[:, self.heads[~self.rare]]
        return corrected

    def with_kin(self, likely: Floats) -> Floats:
        """The same with a little of what the other parts of a technique have: who errs, errs among them."""
        kin = _gathered(likely, self.parents, int(self.parents.max()) + 1)
        closer: Floats = likely + _KIN * kin[:, self.parents]
        return closer


def families_of(names: Sequence[str], frequent: Sequence[str], known: Catalogue) -> Families:
    """The families of these names by a catalogue."""
    place: dict[str, int] = {}
    for number, label in enumerate(frequent):
        current = known.technique(label)
        place[current.id if current else label] = number
    tops = [name.partition(".")[0] for name in names]
    heads = [place.get(name, place.get(top, _NOBODY)) for name, top in zip(names, tops, strict=True)]
    numbers = {top: number for number, top in enumerate(dict.fromkeys(tops))}
    return Families(tuple(names), np.array(heads), np.array([numbers[top] for top in tops]), len(frequent))


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
