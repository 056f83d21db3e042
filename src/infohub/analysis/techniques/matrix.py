"""The ATT&CK matrix of what was said in how many pieces, and the same as a layer that ATT&CK Navigator opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from infohub.analysis.techniques.catalogue import ENTERPRISE, Catalogue, Tactic, Technique
from infohub.standards.jsontext import Json

NAVIGATOR, LAYER = "5.1.0", "4.5"
_PALE, _STRONG = "#ffe9d6ff", "#c2410cff"


@dataclass(frozen=True, slots=True)
class Tally:
    """In how many pieces something is said, and in how many of these a person confirmed it."""

    pieces: int
    confirmed: int

    @property
    def unreviewed(self) -> int:
        """Where nobody has decided yet."""
        return self.pieces - self.confirmed


@dataclass(frozen=True, slots=True)
class Cell:
    """A technique in a column, with those of its parts that were said."""

    technique: Technique
    tally: Tally
    parts: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A tactic with its techniques, by name."""

    tactic: Tactic
    cells: tuple[Cell, ...]


def tallies(said: Iterable[tuple[int, str, bool]], catalogue: Catalogue) -> dict[str, Tally]:
    """Pieces by the techniques of today, from a piece, an id and whether it is confirmed there.

    A technique counts a piece once, whether it is said itself, by an earlier id or by several of its parts. Ids that
    ATT&CK never had count nothing.
    """
    counts_for: dict[str, tuple[str, ...]] = {}
    pieces: dict[str, set[int]] = {}
    confirmed: dict[str, set[int]] = {}
    for piece, number, is_confirmed in said:
        if number not in counts_for:
            found = catalogue.technique(number)
            counts_for[number] = () if found is None else tuple(filter(None, (found.id, found.parent)))
        for counted in counts_for[number]:
            pieces.setdefault(counted, set()).add(piece)
            if is_confirmed:
                confirmed.setdefault(counted, set()).add(piece)
    return {number: Tally(len(ones), len(confirmed.get(number, ()))) for number, ones in pieces.items()}


def matrix(told: Mapping[str, Tally], catalogue: Catalogue, *, domain: str = ENTERPRISE) -> list[Column]:
    """The tactics of a domain of which anything was said, with only what was said."""
    there = [catalogue.techniques[number] for number in told]
    tops = sorted((one for one in there if one.domain == domain and not one.parent), key=lambda one: one.name)
    parts: dict[str, list[Cell]] = {}
    for one in sorted(there, key=lambda one: one.id):
        parts.setdefault(one.parent, []).append(Cell(one, told[one.id]))
    cells = [Cell(one, told[one.id], tuple(parts.get(one.id, ()))) for one in tops if one.current]
    columns = [
        Column(tactic, tuple(cell for cell in cells if tactic.key in cell.technique.tactics))
        for tactic in catalogue.tactics
        if tactic.domain == domain
    ]
    return [column for column in columns if column.cells]


def navigator_layer(
    counts: Mapping[str, int],
    catalogue: Catalogue,
    *,
    name: str,
    description: str = "",
    domain: str = ENTERPRISE,
    comments: Mapping[str, str] | None = None,
    metadata: Sequence[tuple[str, str]] = (),
) -> dict[str, Json]:
    """A layer of format 4.5: the score of a technique is how many pieces speak of it or of its parts."""
    kept = {number: count for number, count in counts.items() if count and _is_of(catalogue, number, domain)}
    parents = {catalogue.techniques[number].parent for number in kept}
    techniques: list[Json] = [
        {
            "techniqueID": number,
            "score": count,
            "comment": (comments or {}).get(number, ""),
            "enabled": True,
            "showSubtechniques": number in parents,
        }
        for number, count in sorted(kept.items())
    ]
    return {
        "name": name,
        "versions": {"attack": catalogue.version.partition(".")[0], "navigator": NAVIGATOR, "layer": LAYER},
        "domain": domain,
        "description": description,
        "sorting": 3,
        "layout": {"layout": "side", "showName": True, "showID": True, "showAggregateScores": False},
        "hideDisabled": False,
        "techniques": techniques,
        "gradient": {"colors": [_PALE, _STRONG], "minValue": 0, "maxValue": max(kept.values(), default=1)},
        "legendItems": [],
        "metadata": [{"name": key, "value": value} for key, value in metadata],
    }


def _is_of(catalogue: Catalogue, number: str, domain: str) -> bool:
    found = catalogue.techniques.get(number)
    return found is not None and found.domain == domain and found.current
