"""The ATT&CK matrix of what was said how often, and the same as a layer that ATT&CK Navigator opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infohub.analysis.techniques.catalogue import ENTERPRISE, Catalogue, Tactic, Technique
from infohub.standards.jsontext import Json

NAVIGATOR, LAYER = "5.1.0", "4.5"
_PALE, _STRONG = "#ffe9d6ff", "#c2410cff"


@dataclass(frozen=True, slots=True)
class Cell:
    """A technique in a column, its own count and that with its parts, and the parts that were counted."""

    technique: Technique
    count: int
    together: int
    parts: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A tactic with its techniques, by name."""

    tactic: Tactic
    cells: tuple[Cell, ...]

    @property
    def count(self) -> int:
        """How often any of its techniques was counted."""
        return sum(cell.together for cell in self.cells)


def current_counts(counts: Mapping[str, int], catalogue: Catalogue) -> dict[str, int]:
    """Counts by the ids that are current now; of ids that ATT&CK does not know nothing is kept."""
    kept: dict[str, int] = {}
    for number, count in counts.items():
        if (found := catalogue.technique(number)) is not None and count > 0:
            kept[found.id] = kept.get(found.id, 0) + count
    return kept


def matrix(
    counts: Mapping[str, int], catalogue: Catalogue, *, domain: str = ENTERPRISE, everything: bool = False
) -> list[Column]:
    """The columns of a domain; only what was counted, or `everything` with zeros where nothing was."""
    kept = current_counts(counts, catalogue)
    there = [one for one in catalogue.techniques.values() if one.domain == domain and one.current]
    parts: dict[str, list[Technique]] = {}
    for one in there:
        parts.setdefault(one.parent, []).append(one)
    columns = []
    for tactic in catalogue.tactics:
        if tactic.domain != domain:
            continue
        tops = (one for one in parts.get("", ()) if tactic.key in one.tactics)
        cells = [_cell(one, parts.get(one.id, ()), kept, everything=everything) for one in tops]
        chosen = [cell for cell in cells if everything or cell.together]
        columns.append(Column(tactic, tuple(sorted(chosen, key=lambda cell: cell.technique.name))))
    return columns


def _cell(top: Technique, parts: Sequence[Technique], kept: Mapping[str, int], *, everything: bool) -> Cell:
    below = [Cell(part, kept.get(part.id, 0), kept.get(part.id, 0)) for part in sorted(parts, key=lambda one: one.id)]
    count = kept.get(top.id, 0)
    together = count + sum(cell.count for cell in below)
    return Cell(top, count, together, tuple(cell for cell in below if everything or cell.count))


def navigator_layer(
    counts: Mapping[str, int],
    catalogue: Catalogue,
    *,
    name: str,
    description: str = "",
    domain: str = ENTERPRISE,
    comments: Mapping[str, str] | None = None,
) -> dict[str, Json]:
    """A layer of format 4.5: each technique's score is how often it was counted."""
    kept = {
        number: count
        for number, count in current_counts(counts, catalogue).items()
        if catalogue.techniques[number].domain == domain
    }
    techniques: list[Json] = [
        {
            "techniqueID": number,
            "score": count,
            "comment": (comments or {}).get(number, ""),
            "enabled": True,
            "showSubtechniques": any(catalogue.techniques[other].parent == number for other in kept),
        }
        for number, count in sorted(kept.items())
    ]
    return {
        "name": name,
        "versions": {"attack": catalogue.version.partition(".")[0], "navigator": NAVIGATOR, "layer": LAYER},
        "domain": domain,
        "description": description,
        "sorting": 3,
        "layout": {"layout": "side", "showName": True, "showID": True, "showAggregateScores": True},
        "hideDisabled": False,
        "techniques": techniques,
        "gradient": {"colors": [_PALE, _STRONG], "minValue": 0, "maxValue": max(kept.values(), default=1)},
        "legendItems": [],
    }
