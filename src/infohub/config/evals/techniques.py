"""Techniques: of a passage about one, of the sentences of a report, of procedures newer than what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from infohub.analysis.techniques.families import families
from infohub.analysis.techniques.features import unnamed
from infohub.analysis.techniques.judge import about, margins_of, probabilities, shares_of
from infohub.analysis.techniques.model import model
from infohub.analysis.techniques.reports import Mask, decided
from infohub.analysis.techniques.vectors import Floats
from infohub.config.evals.figure import Figure, figures
from infohub.config.evals.rows import Row, key_of, rows_of, text
from infohub.config.evals.scores import multi, ranking, single
from infohub.standards.jsontext import Json

_NEWEST, _PLACES = 2024, 10


class Apart(Protocol):
    """Predictions for development data by models that have not seen it (`training/apart.py`)."""

    def passages(self, data: Path) -> Iterator[Row]:
        """For all rows of `tram/single.jsonl`."""

    def sentences(self, data: Path) -> Iterator[Row]:
        """For all rows of `tram/multi.jsonl`."""

    def procedures(self, data: Path, year: int) -> Iterator[Row]:
        """For the rows of a year of `procedures/procedures.jsonl`."""


def _apart() -> Apart:
    """Loaded only here: this trains, and needs scikit-learn."""
    return cast("Apart", import_module("infohub.config.training.apart"))


class Single:
    """Passages that are about exactly one of fifty techniques; judged by weights that have not seen their report."""

    name, documents = "tram-single", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """All fifty for each passage, surest first."""
        held = model()
        for row in rows:
            margins = margins_of(held, held.vocabulary.vectors([text(row, "text")]))
            yield {"id": key_of(row), "ranked": ranked(about(margins)[0], held.frequent)}

    def figures(self, data: Path) -> list[Figure]:
        """Each passage by weights that have not seen its report."""
        return figures(self.name, single(rows_of(data / "tram/single.jsonl"), _apart().passages(data)))


class Multi:
    """Sentences of whole reports with any number of techniques, most with none."""

    name, documents = "tram-multi", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The techniques of each sentence; those of a report come in its order, a row without one stands alone."""
        held = model()
        reports: dict[str, list[Row]] = {}
        for row in rows:
            reports.setdefault(text(row, "doc") or key_of(row), []).append(row)
        for sentences in reports.values():
            margins = margins_of(held, held.vocabulary.vectors(text(row, "text") for row in sentences))
            said = decided(probabilities(margins, held.judge), held.judge)
            yield from labelled(sentences, said, held.frequent)

    def figures(self, data: Path) -> list[Figure]:
        """Each report by weights and a judge that have not seen it."""
        return figures(self.name, multi(rows_of(data / "tram/multi.jsonl"), _apart().sentences(data)))


class Procedures:
    """What one actor or malware did, filed under one of all techniques; the newest year from those before."""

    name, documents = "procedures", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The ten likeliest techniques; the name of whose procedure it is, if that is told, is taken out."""
        held = model()
        for row in rows:
            vectors = held.vocabulary.vectors([unnamed(text(row, "text"), text(row, "source_name"))])
            shares = families(held).shares(held.network.likely(vectors), shares_of(held.one.of(vectors)))[0]
            yield {"id": key_of(row), "ranked": ranked(shares, held.network.names)[:_PLACES]}

    def figures(self, data: Path) -> list[Figure]:
        """The last year of the data, by models that have learnt from earlier years and from TRAM."""
        rows = [
            row
            for row in rows_of(data / "procedures/procedures.jsonl")
            if text(row, "created").startswith(str(_NEWEST))
        ]
        return figures(self.name, ranking(rows, _apart().procedures(data, _NEWEST)))


def ranked(scores: Floats, names: Sequence[str]) -> list[Json]:
    """The names, highest score first."""
    return [names[place] for place in np.argsort(-scores, kind="stable").tolist()]


def labelled(rows: Sequence[Row], said: Mask, names: Sequence[str]) -> Iterator[Row]:
    """What is decided of the sentences of one report."""
    for row, one in zip(rows, said, strict=True):
        labels: list[Json] = [names[place] for place in np.flatnonzero(one).tolist()]
        yield {"id": key_of(row), "labels": labels}


TASKS = (Single(), Multi(), Procedures())
