"""What belongs together: near-duplicates, stories, related reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from infohub.analysis.relate.imprint import imprint_of
from infohub.analysis.relate.twins import likeness
from infohub.config.evals.estimate import mean, percentile
from infohub.config.evals.figure import Figure, figures
from infohub.config.evals.rows import Row, key_of, number, rows_of, text
from infohub.config.evals.scores import pairs
from infohub.config.evals.shelf import lookup_times


class Duplicates:
    """Pairs of texts, one made from the other or not; nothing learns, the one threshold was chosen with these."""

    name, documents = "duplicates", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Score and decision for each pair."""
        for row in rows:
            found = likeness(imprint_of(text(row, "a")), imprint_of(text(row, "b")))
            yield {"id": key_of(row), "score": round(found.score, 6), "dup": found.same}

    def figures(self, data: Path) -> list[Figure]:
        """All pairs; and how long the search for a copy's original takes among a hundred thousand pieces."""
        rows = list(rows_of(data / "dup/pairs.jsonl"))
        copied = [row for row in rows if number(row, "label")]
        taken, found = lookup_times([text(row, "b") for row in copied], [text(row, "a") for row in copied])
        lookup = {"lookup_p95_ms": percentile(taken, 0.95), "lookup_found": mean(found)}
        return figures(self.name, pairs(rows, self.predict(rows)) | lookup)


TASKS = (Duplicates(),)
