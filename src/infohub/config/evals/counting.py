"""What the measures count with: precision, recall and F1 over sets, means over labels and reports, ranked lists."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from infohub.config.evals.estimate import Estimate, Numbers, Units, estimated, mean
from infohub.config.evals.rows import Row, key_of, text, texts, tuples

Scores = dict[str, Estimate]
"""Estimates by the name of the measure."""

Sets = Sequence[AbstractSet[Hashable]]
Kinds = Sequence[AbstractSet[tuple[str, ...]]]

_DOTS = re.compile(r"\[\.\]|\(\.\)|\{\.\}")
_SCHEME = re.compile(r"(?i)^h[x*t]{2}p")
_AS_WRITTEN = {"filepath", "registry"}
_PARTS = {"domain", "ipv4", "email"}


def answers(gold: Iterable[Row], predicted: Mapping[str, Row]) -> list[Row]:
    """The prediction for each row, an empty one where there is none."""
    return [predicted.get(key_of(row), {}) for row in gold]


def once(names: Iterable[str]) -> list[str]:
    """The names without those that stood there before."""
    return list(dict.fromkeys(names))


def labels_of(row: Row) -> set[str]:
    """What is right for a row, whatever its set calls it."""
    if "labels" in row:
        return set(texts(row, "labels"))
    return {text(row, "technique") or text(row, "label")}


def units_of(rows: Iterable[Row], unit: str) -> Units:
    """The natural unit of each row; a row that names none is its own."""
    return Units(text(row, unit) or key_of(row) for row in rows)


def prf(right: float, wrong: float, missed: float) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def share(units: Units, parts: Sequence[Sequence[float]]) -> Estimate:
    """The sum of the first number of each item through that of the second."""
    sums = units.sums(parts)

    def statistic(weights: Numbers) -> float:
        part, whole = weights @ sums
        return float(part / whole) if whole else 0.0

    return estimated(statistic, len(units))


def micro(true: Sets, found: Sets, units: Units) -> Scores:
    """`p`, `r` and `f1` over everything together."""
    sums = units.sums([(len(a & b), len(b - a), len(a - b)) for a, b in zip(true, found, strict=True)])

    def of(place: int) -> Estimate:
        return estimated(lambda weights: prf(*(weights @ sums))[place], len(units))

    return {"p": of(0), "r": of(1), "f1": of(2)}


def by_kind(true: Kinds, found: Kinds, units: Units) -> Scores:
    """`f1_KIND` of things that begin with their kind."""

    def only(kind: str, sides: Kinds) -> Sets:
        return [{one for one in things if one[0] == kind} for things in sides]

    kinds = sorted({one[0] for things in true for one in things})
    return {f"f1_{kind}": micro(only(kind, true), only(kind, found), units)["f1"] for kind in kinds}


def macro(true: Sets, found: Sets, units: Units) -> Estimate:
    """The mean of the F1 of all labels that are right somewhere."""
    labels = {label: place for place, label in enumerate(dict.fromkeys(label for one in true for label in one))}

    def counted(sets: Iterable[AbstractSet[Hashable]]) -> Numbers:
        counts = np.zeros((len(units), len(labels)))
        for unit, one in zip(units.of, sets, strict=True):
            for label in one:
                if label in labels:
                    counts[unit, labels[label]] += 1
        return counts

    right = counted(a & b for a, b in zip(true, found, strict=True))
    there, said = counted(true), counted(found)

    def statistic(weights: Numbers) -> float:
        gold = weights @ there
        each = 2 * (weights @ right) / np.maximum(gold + weights @ said, 1e-9)
        return float(each[gold > 0].sum() / max(1, np.count_nonzero(gold)))

    return estimated(statistic, len(units))


def documents(names: Sequence[str], true: Sets, found: Sets) -> Scores:
    """What the rows of each report say together: the mean F1 of reports that have labels, and all of them together."""
    gold: dict[str, set[Hashable]] = {name: set() for name in names}
    said: dict[str, set[Hashable]] = {name: set() for name in names}
    for name, one, other in zip(names, true, found, strict=True):
        gold[name] |= one
        said[name] |= other
    f1 = [prf(len(a & said[name]), len(said[name] - a), len(a - said[name]))[2] for name, a in gold.items() if a]
    together = micro(list(gold.values()), list(said.values()), Units(gold))
    return {"doc_mean_f1": mean(f1)} | {f"doc_micro_{name}": one for name, one in together.items()}


def ranked(relevant: Sequence[AbstractSet[str]], lists: Iterable[Iterable[str]]) -> Scores:
    """Means over queries of what the first ten places hold."""
    each = [_places(right, once(names)) for right, names in zip(relevant, lists, strict=True)]
    return {name: mean([one[name] for one in each]) for name in (each[0] if each else ())}


def _places(right: AbstractSet[str], names: Sequence[str]) -> dict[str, float]:
    hits = [name in right for name in names[:10]]
    best = sum(1 / math.log2(place + 2) for place in range(min(10, len(right))))
    gained = sum(hit / math.log2(place + 2) for place, hit in enumerate(hits))
    return {
        "p1": float(any(hits[:1])),
        **{f"r{most}": sum(hits[:most]) / min(most, len(right)) for most in (3, 5, 10)},
        "mrr10": next((1 / place for place, hit in enumerate(hits, 1) if hit), 0.0),
        "ndcg10": gained / best,
    }


def indicators(row: Row) -> set[tuple[str, str]]:
    """Kinds and values as they are compared: live, in small letters, without a slash at the end."""
    return {_indicator(kind, value) for kind, value in tuples(row, "iocs")}


def _indicator(kind: str, value: str) -> tuple[str, str]:
    kind, live = kind.lower(), _SCHEME.sub("http", _DOTS.sub(".", value.strip()))
    live = live.replace("[:]", ":").replace("[at]", "@").replace("[@]", "@")
    return kind, live if kind in _AS_WRITTEN else live.rstrip("/").lower()


def counted(found: AbstractSet[tuple[str, str]], right: AbstractSet[tuple[str, str]]) -> set[tuple[str, str]]:
    """What was found, without hosts that are only part of a right URL or address: these are neither right nor wrong."""
    wholes = [value for kind, value in right if kind in {"url", "email"}]
    return {
        (kind, value)
        for kind, value in found
        if (kind, value) in right or not (kind in _PARTS and any(value in whole for whole in wholes))
    }
