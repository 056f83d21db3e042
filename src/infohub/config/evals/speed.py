"""How long an advisory of 1,000 words takes from text to everything found in it, and what a process needs for that."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import django

from infohub.analysis.document import Document
from infohub.analysis.pipeline import analyse as analyse_text
from infohub.analysis.redact import Known, remarks
from infohub.analysis.relate.imprint import imprint_of
from infohub.analysis.relate.subjects import subject_of
from infohub.assist.readers import loaded
from infohub.config.evals.estimate import Estimate, percentile
from infohub.config.evals.figure import Figure, figures
from infohub.config.evals.rows import Row, key_of, rows_of, text

WORDS = 1000
REPORTS = "tram/docs.jsonl"


def analyse(advisory: str) -> object:
    """Everything that is done with a text when it is shared."""
    document = Document(advisory)
    said = analyse_text(document, loaded())
    subject = subject_of(advisory, document.findings, document.names)
    return document.findings, said, remarks(advisory, Known()), imprint_of(advisory), subject


def timed(advisories: Iterable[str]) -> list[float]:
    """Milliseconds for each."""
    taken = []
    for advisory in advisories:
        begun = time.perf_counter()
        analyse(advisory)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


class Speed:
    """Real reports, cut to their first thousand words, one after the other in a process of its own."""

    name, documents = "speed", ""

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The milliseconds each text takes."""
        for row in rows:
            yield {"id": key_of(row), "ms": timed([text(row, "text")])[0]}

    def figures(self, data: Path) -> list[Figure]:
        """Median and 95th percentile over reports, the first text with all loading, memory with everything loaded."""
        said = subprocess.run(  # noqa: S603  (this very program)
            [sys.executable, "-m", __name__, str(data / REPORTS)], check=True, capture_output=True, text=True
        ).stdout
        measured = json.loads(said)
        memory, first = (Estimate(value, value, value, 1) for value in (measured["memory"], measured["first"]))
        taken = measured["taken"]
        return figures(
            self.name,
            {
                "p50_ms": percentile(taken, 0.5),
                "p95_ms": percentile(taken, 0.95),
                "first_ms": first,
                "memory_mb": memory,
            },
        )


def _measured(path: Path) -> dict[str, float | list[float]]:
    advisories = [" ".join(text(row, "text").split(" ")[:WORDS]) for row in rows_of(path)]
    django.setup()  # a worker has all of the product in memory
    first = timed(advisories[:1])[0]
    taken = timed(advisories)
    return {"taken": taken, "first": first, "memory": _most_memory()}


def _most_memory() -> float:
    """Megabytes this process had at its largest; Linux says it without what its parent had before."""
    status = Path("/proc/self/status")
    if status.exists():
        most = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(most.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


TASKS = (Speed(),)

if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measured(Path(sys.argv[1]))))
