"""Labels that a person put on real texts: places, kinds and hashes of values. The texts stay in their data sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infohub.analysis.redact import Known
from infohub.config.evals.rows import Row, number, rows_of, text, texts, tuples
from infohub.config.evals.texts import ChangedTextError, Edit, Place, digest, edited, text_at

FOLDER = Path(__file__).parent / "labelled"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands at a place; `must` where finding it is right, else it is neither right nor wrong."""

    start: int
    end: int
    kind: str
    must: bool
    value: str = ""
    """The mark of its value (see `mark`); empty where only the place counts."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its labels; `kept` is the part whose errors nobody looks at; `known` is the author's profile."""

    name: str
    kept: bool
    text: str
    labels: tuple[Label, ...]
    known: Known

    def neutral(self, start: int, end: int) -> bool:
        """Whether the place touches something that may be found or not."""
        return any(not one.must and one.start < end and start < one.end for one in self.labels)


def mark(kind: str, value: str) -> str:
    """What a kind and value are known by: case, doubled backslashes and a last slash make no difference."""
    folded = value.replace("\u2024", ".").replace("\\\\", "\\").rstrip("/\\").lower()
    return digest(f"{kind} {folded}")[:16]


def labelled(name: str, data: Path, *, folder: Path = FOLDER) -> list[Labelled]:
    """All labelled texts of a set, made again from the data sets.

    Raises FileNotFoundError where one of these is not there, ChangedTextError where it says something else now.
    """
    return [_labelled(row, data) for row in rows_of(folder / f"{name}.jsonl")]


def parts(documents: Iterable[Labelled]) -> Iterator[tuple[str, list[Labelled]]]:
    """The kept part and the open one, each with what the names of its measures begin with."""
    every = list(documents)
    yield "", [one for one in every if one.kept]
    yield "open_", [one for one in every if not one.kept]


def _labelled(row: Row, data: Path) -> Labelled:
    name = text(row, "id")
    place = Place(text(row, "source"), tuple(texts(row, "picks")), int(number(row, "start")), int(number(row, "end")))
    written = _unchanged(name, text_at(data, place), text(row, "sha256"))
    if "edits" in row:
        edits = (Edit(int(start), int(removed), inserted) for start, removed, inserted in tuples(row, "edits"))
        written = _unchanged(name, edited(written, tuple(edits)), text(row, "edited_sha256"))
    labels = (
        Label(int(start), int(end), kind, degree == "must", *value)
        for start, end, kind, degree, *value in tuples(row, "labels")
    )
    return Labelled(name, text(row, "part") == "kept", written, tuple(labels), _profile(row))


def _unchanged(name: str, written: str, expected: str) -> str:
    if digest(written) != expected:
        raise ChangedTextError(f"the text of {name} is not the one that was labelled")
    return written


def _profile(row: Row) -> Known:
    profile = row.get("profile")
    if not isinstance(profile, dict):
        return Known()
    return Known(*(tuple(texts(profile, name)) for name in ("organisations", "domains", "people")))
