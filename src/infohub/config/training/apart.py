"""What models of techniques say of development data when they were trained apart from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from infohub.analysis.techniques.judge import about
from infohub.config.evals.rows import Row, key_of, rows_of, text
from infohub.config.evals.techniques import labelled, ranked
from infohub.config.training.corpus import PASSAGES, PROCEDURES, SENTENCES, Source
from infohub.config.training.techniques import decided_apart, judged_apart, newest_apart


def passages(data: Path) -> Iterator[Row]:
    """Five times trained on four fifths of the reports."""
    apart = judged_apart(data)
    margins = about(apart.margins([place for place, one in enumerate(apart.samples) if one.source is Source.PASSAGE]))
    for row, one in zip(rows_of(data / PASSAGES), margins, strict=True):
        yield {"id": key_of(row), "ranked": ranked(one, apart.names)}


def sentences(data: Path) -> Iterator[Row]:
    """Five times trained on four fifths of the reports, the judges of a fifth on the other four."""
    rows, apart = list(rows_of(data / SENTENCES)), judged_apart(data)
    first = next(place for place, one in enumerate(apart.samples) if one.source is Source.SENTENCE)
    for report, said in decided_apart(apart):
        yield from labelled([rows[place - first] for place in report.places], said, apart.names)


def procedures(data: Path, year: int) -> Iterator[Row]:
    """A year's, by models that have learnt from earlier years, and from the reports of TRAM."""
    names, shares = newest_apart(data, year)
    rows = (row for row in rows_of(data / PROCEDURES) if text(row, "created").startswith(str(year)))
    for row, one in zip(rows, shares, strict=True):
        yield {"id": key_of(row), "ranked": ranked(one, names)[:10]}
