"""Makes the models of techniques and the catalogue of ATT&CK; and models to be judged, apart from what judges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

from infohub.analysis.techniques.catalogue import Catalogue, catalogue_of
from infohub.analysis.techniques.families import Families, families_of
from infohub.analysis.techniques.features import masked, plain_words
from infohub.analysis.techniques.judge import Margins, logarithms, probabilities, shares_of
from infohub.analysis.techniques.reports import decided
from infohub.analysis.techniques.vectors import Floats
from infohub.config.training.attack import Attack, folder_of
from infohub.config.training.corpus import FOLDS, Counts, Mask, Sample, Source, Space, folds_of, samples
from infohub.config.training.linear import judge_of, one_of, report_judge_of, some_of
from infohub.config.training.network import Learner

Numbers = npt.NDArray[np.int8] | npt.NDArray[np.uint8] | npt.NDArray[np.float16] | Floats

_LEVELS, _FEWER_LEVELS = 127, 31  # the network needs no more, and takes a quarter less room


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """The sentences of one report with their margins, made by weights that have not seen it."""

    fold: int
    places: Sequence[int]
    margins: Margins
    labels: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """What five sets of weights say of the fifth of the reports that each has not seen; the network sees no report."""

    samples: Sequence[Sample]
    names: tuple[str, ...]
    one: Floats
    some: Floats
    space: Space
    techniques: Sequence[str]
    network: Learner
    likely: Floats
    families: Families

    def margins(self, places: Sequence[int]) -> Margins:
        """Margins of some samples, in this order."""
        words = [len(plain_words(masked(self.samples[place].text))) for place in places]
        at = np.array(places)
        known = logarithms(self.families.together(self.likely[at]))
        some = self.some[at]
        return Margins(self.one[at], some[:, :-1], some[:, -1], known, np.array(words, dtype=np.float32))


def train(data: Path, models: Path) -> None:
    """Write `techniques.npz` and `attack.json`."""
    (models / "attack.json").write_bytes(orjson.dumps(Attack(folder_of(data)).catalogue()))
    apart = judged_apart(data)
    learnt = np.ones(len(apart.samples), dtype=bool)
    space = apart.space
    judge = judge_of([(report.margins, report.labels) for report in _reports(apart)])
    judge |= report_judge_of([(chances, report.labels) for report, chances in judged(apart)])
    held: dict[str, Numbers] = {
        "words": _bytes(space.words),
        "letters": _bytes(space.letters),
        "rarity": space.rarity.astype(np.float16),
        "frequent": _bytes(apart.names),
        "techniques": _bytes(apart.techniques),
        **_columns("one", *one_of(space.rows, apart.samples, learnt, apart.names)),
        **_columns("some", *some_of(space.rows, apart.samples, learnt, apart.names)),
        **_rows(apart.network),
        **{f"judge_{key}": value for key, value in judge.items()},
    }
    np.savez_compressed(models / "techniques.npz", allow_pickle=False, **held)


@lru_cache(maxsize=1)
def judged_apart(data: Path) -> Apart:
    """Train on four fifths of the reports, look at the other; five times."""
    every = samples(data)
    names = tuple(sorted({label for one in every for label in one.labels}))
    counts = Counts([one.text for one in every])
    space = counts.space(np.ones(len(every), dtype=bool))
    techniques, network = _network(space, every, _procedures(every))
    folds = _folds(every)
    margins = np.zeros((len(every), len(names))), np.zeros((len(every), len(names) + 1))
    for number in range(FOLDS):
        learnt = folds != number
        seen = counts.space(learnt)
        for found, fit in zip(margins, (one_of, some_of), strict=True):
            matrix, offset = fit(seen.rows, every, learnt, names)
            found[~learnt] = seen.rows[~learnt] @ matrix + offset
    one, some = (found.astype(np.float32) for found in margins)
    families = families_of(techniques, names, _catalogue(data))
    return Apart(every, names, one, some, space, techniques, network, network.likely(space.rows), families)


def _folds(every: Sequence[Sample]) -> npt.NDArray[np.int64]:
    """The fold of each sample's report, -1 where it is from none."""
    fold = folds_of(one.report for one in every if one.report)
    return np.array([fold.get(one.report, -1) for one in every])


def _reports(apart: Apart) -> list[Report]:
    places: dict[str, list[int]] = {}
    for place, sample in enumerate(apart.samples):
        if sample.source is Source.SENTENCE:
            places.setdefault(sample.report, []).append(place)
    folds = _folds(apart.samples)
    found = []
    for chosen in places.values():
        labels = np.array([[name in apart.samples[place].labels for name in apart.names] for place in chosen])
        found.append(Report(int(folds[chosen[0]]), chosen, apart.margins(chosen), labels))
    return found


def judged(apart: Apart) -> Iterator[tuple[Report, Floats]]:
    """Each report with the probabilities that a judge gives who has learnt from the other folds."""
    reports = _reports(apart)
    for number in range(FOLDS):
        judge = judge_of([(report.margins, report.labels) for report in reports if report.fold != number])
        for report in reports:
            if report.fold == number:
                yield report, probabilities(report.margins, judge)


def decided_apart(apart: Apart) -> Iterator[tuple[Report, Mask]]:
    """Each report with what is decided of its sentences by judges who have learnt from the other folds."""
    every = list(judged(apart))
    for number in range(FOLDS):
        judge = report_judge_of([(chances, report.labels) for report, chances in every if report.fold != number])
        for report, chances in every:
            if report.fold == number:
                yield report, decided(chances, judge)


def newest_apart(data: Path, year: int) -> tuple[Sequence[str], Floats]:
    """The names of techniques, and how probable each is for a year's procedures by models that know older ones."""
    every = samples(data)
    years = np.array([one.year for one in every])
    older = _procedures(every) & (years < year)
    passages = np.array([one.source is Source.PASSAGE for one in every])
    asked = ~older & (years == year)
    frequent = tuple(sorted({label for one in every for label in one.labels}))
    space = Counts([one.text for one in every]).space(older)
    rows = space.rows[asked]
    techniques, network = _network(space, every, older)
    matrix, offset = one_of(space.rows, every, older | passages, frequent)
    heard = shares_of((rows @ matrix + offset).astype(np.float32))
    return techniques, families_of(techniques, frequent, _catalogue(data)).shares(network.likely(rows), heard)


def _catalogue(data: Path) -> Catalogue:
    return catalogue_of(orjson.dumps(Attack(folder_of(data)).catalogue()))


def _procedures(every: Sequence[Sample]) -> Mask:
    return np.array([one.source in (Source.PROCEDURE, Source.TOLD) for one in every])


def _network(space: Space, every: Sequence[Sample], learnt: Mask) -> tuple[list[str], Learner]:
    filed = [one.filed[0] for one, there in zip(every, learnt.tolist(), strict=True) if there]
    names = sorted(set(filed))
    place = {name: number for number, name in enumerate(names)}
    labels = np.array([place[name] for name in filed])
    return names, Learner(space.rows.shape[1], len(names)).learn(space.rows[learnt], labels)


def _bytes(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _columns(name: str, matrix: Floats, offset: Floats) -> Mapping[str, Numbers]:
    """Weights in bytes, each column with its own scale."""
    scale = np.abs(matrix).max(axis=0) / _LEVELS
    return {name: _rounded(matrix / scale), f"{name}_scale": scale.astype(np.float32), f"{name}_offset": offset}


def _rows(learner: Learner) -> Mapping[str, Numbers]:
    scale = np.maximum(np.abs(learner.rows.value).max(axis=1), 1e-6) / _FEWER_LEVELS
    return {
        "network": _rounded(learner.rows.value / scale[:, None]),
        "network_scale": scale.astype(np.float16),
        "network_offset": learner.offset.value,
        "network_head": learner.head.value.astype(np.float16),
        "network_head_offset": learner.head_offset.value,
    }


def _rounded(matrix: Floats) -> npt.NDArray[np.int8]:
    return np.rint(matrix).astype(np.int8)
