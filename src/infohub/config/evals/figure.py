"""A figure of the evaluation beside its baseline and its target, and the table of all targets."""

from __future__ import annotations

from dataclasses import dataclass

from infohub.config.evals.estimate import Estimate

MOST_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Target:
    """One row of the table of targets: what a measure of a task was at first and what it is to become."""

    task: str
    measure: str
    says: str
    baseline: float | None
    target: float
    below: bool = False
    """Whether less is better: milliseconds and megabytes."""


TARGETS = (
    Target("tram-single", "micro_f1", "techniques, one per sentence: micro F1", 0.842, 0.86),
    Target("tram-single", "macro_f1", "techniques, one per sentence: macro F1", 0.776, 0.80),
    Target("tram-single", "hit3", "techniques, one per sentence: among the first 3", 0.965, 0.975),
    Target("tram-multi", "doc_mean_f1", "techniques of a report: mean F1", 0.695, 0.74),
    Target("tram-multi", "micro_f1", "techniques of any sentence: micro F1", 0.539, 0.60),
    Target("procedures", "p1", "newest year's procedures: first is right", 0.447, 0.55),
    Target("procedures", "r5", "newest year's procedures: among the first 5", 0.723, 0.82),
    Target("names", "f1", "names in reports: F1, unseen sentences", 0.685, 0.72),
    Target("names", "f1_MALWARE", "malware names: F1, unseen sentences", 0.799, 0.88),
    Target("indicators", "f1", "indicators of advisories: F1", 0.969, 0.97),
    Target("indicators", "p", "indicators of advisories: precision", 0.966, 0.98),
    Target("own-details", "r", "own details flagged: recall", 0.747, 0.98),
    Target("duplicates", "f1", "near-duplicates: F1 as decided", 0.999, 0.99),
    Target("duplicates", "lookup_p95_ms", "twins among 100,000 pieces: p95, ms", None, 50, below=True),
    Target("stories", "bcubed_f1", "stories: B-cubed F1, hard texts", 0.800, 0.85),
    Target("search", "ndcg10_behaviour", "search by behaviour: nDCG@10", 0.502, 0.60),
    Target("search", "ndcg10_technique", "search by technique name: nDCG@10", 0.533, 0.62),
    Target("search", "ndcg10_entity", "search by name of an actor or malware: nDCG@10", 0.871, 0.90),
    Target("related", "ndcg10", "related reports: nDCG@10", 0.732, 0.78),
    Target("search-chinese", "r10", "Chinese search, both scripts: recall@10", 0.962, 0.96),
    Target("speed", "p95_ms", "advisory of 1,000 words: p95, ms", None, 500, below=True),
    Target("speed", "memory_mb", "worker that analyses: memory, MB", None, 400, below=True),
)
_BY_NAME = {(row.task, row.measure): row for row in TARGETS}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one task: value, 95 % interval, number of natural units, and what it is held against."""

    task: str
    measure: str
    value: float
    low: float
    high: float
    number: int
    baseline: float | None = None
    target: float | None = None
    below: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.target is None:
            return None
        return self.value < self.target if self.below else self.value >= self.target

    def worse_than(self, reference: Figure) -> bool:
        """Whether this is a step back from a figure measured earlier on the same data.

        Quality may lose a hundredth, or less where the interval is narrower. Times depend on the machine and on who
        else uses it: they may not miss a target that was met.
        """
        if self.below:
            return self.met is False and reference.met is True
        return self.value < reference.value - min(MOST_SLACK, reference.value - reference.low) - 1e-9


def figure(task: str, measure: str, estimate: Estimate) -> Figure:
    """The figure of an estimate, with the row of the target table of its name if there is one."""
    row = _BY_NAME.get((task, measure))
    return Figure(
        task,
        measure,
        *(estimate.value, estimate.low, estimate.high, estimate.number),
        baseline=row.baseline if row else None,
        target=row.target if row else None,
        below=row.below if row else measure.endswith(("_ms", "_mb")),
    )


def figures(task: str, scores: dict[str, Estimate]) -> list[Figure]:
    """A figure of every score of a task."""
    return [figure(task, measure, estimate) for measure, estimate in scores.items()]
