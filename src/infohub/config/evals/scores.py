"""The measures of all tasks, from gold rows and predictions; a prediction that lacks counts as an empty one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from infohub.config.evals.counting import (
    Scores,
    answers,
    by_kind,
    counted,
    documents,
    indicators,
    labels_of,
    macro,
    micro,
    once,
    prf,
    ranked,
    share,
    units_of,
)
from infohub.config.evals.estimate import Estimate, Numbers, Units, estimated
from infohub.config.evals.rows import Row, by_key, key_of, number, text, texts, tuples


def single(gold: Iterable[Row], predicted: Iterable[Row], *, unit: str = "doc") -> Scores:
    """One right label per row, predictions `ranked`: `micro_f1`, `macro_f1`, `hit3`, `hit5`; drawn again by report."""
    rows = list(gold)
    said = [_ranked_labels(row) for row in answers(rows, by_key(predicted))]
    labels, units = [text(row, "label") for row in rows], units_of(rows, unit)
    hits = {
        most: share(units, [(label in names[:most], 1) for label, names in zip(labels, said, strict=True)])
        for most in (1, 3, 5)
    }
    mean = macro([{label} for label in labels], [set(names[:1]) for names in said], units)
    return {"micro_f1": hits[1], "macro_f1": mean, "hit3": hits[3], "hit5": hits[5]}


def multi(gold: Iterable[Row], predicted: Iterable[Row], *, unit: str = "doc") -> Scores:
    """Any number of `labels` per row; where rows name their report, also what they say of it together."""
    rows = list(gold)
    true, units = [labels_of(row) for row in rows], units_of(rows, unit)
    found = [set(texts(row, "labels")) for row in answers(rows, by_key(predicted))]
    scores = {f"micro_{name}": one for name, one in micro(true, found, units).items()}
    scores["macro_f1"] = macro(true, found, units)
    scores["exact"] = share(units, [(one == other, 1) for one, other in zip(true, found, strict=True)])
    if all("doc" in row for row in rows):
        scores |= documents([text(row, "doc") for row in rows], true, found)
    return scores


def ranking(gold: Iterable[Row], predicted: Iterable[Row]) -> Scores:
    """Right labels (`labels`, `technique` or `label`), predictions `ranked`; rows without any are left out."""
    rows = [row for row in gold if labels_of(row)]
    return ranked([labels_of(row) for row in rows], [texts(row, "ranked") for row in answers(rows, by_key(predicted))])


def search(gold: Iterable[Row], predicted: Iterable[Row]) -> Scores:
    """Queries with the documents that are right (`rel`), predictions `ranked`: `ndcg10`, `r10`, `mrr10`, `p1`."""
    rows = list(gold)
    lists = [texts(row, "ranked") for row in answers(rows, by_key(predicted))]
    return ranked([set(texts(row, "rel")) for row in rows], lists)


def ner(gold: Iterable[Row], predicted: Iterable[Row], *, seen: frozenset[str] = frozenset()) -> Scores:
    """Token spans with their kinds, exact: `p`, `r`, `f1`, `span_f1` (whatever the kind), `f1_KIND`.

    Sentences that are among `seen` (their tokens with blanks between) are left out: the clean subset.
    """
    rows = [row for row in gold if " ".join(texts(row, "tokens")) not in seen]
    said = answers(rows, by_key(predicted))
    true, found = ([{(span[2], *span[:2]) for span in tuples(row, "spans")} for row in side] for side in (rows, said))
    units = units_of(rows, "doc")
    bare = micro([{span[1:] for span in one} for one in true], [{span[1:] for span in one} for one in found], units)
    return micro(true, found, units) | {"span_f1": bare["f1"]} | by_kind(true, found, units)


def ioc(gold: Iterable[Row], predicted: Iterable[Row]) -> Scores:
    """Indicators of documents as sets of kinds and values: `p`, `r`, `f1`, `f1_KIND`; drawn again by document."""
    rows = list(gold)
    true, units = [indicators(row) for row in rows], units_of(rows, "id")
    said = answers(rows, by_key(predicted))
    found = [counted(indicators(row), right) for row, right in zip(said, true, strict=True)]
    return micro(true, found, units) | by_kind(true, found, units)


def pairs(gold: Iterable[Row], predicted: Iterable[Row]) -> Scores:
    """Near-duplicates: `best_f1` over all thresholds of `score` and `ap`; `p`, `r`, `f1` of what `dup` decided."""
    rows = list(gold)
    said = answers(rows, by_key(predicted))
    scores = np.array([number(row, "score") for row in said])
    order = np.argsort(-scores, kind="stable")
    labels = np.array([number(row, "label") for row in rows])[order]
    last = np.append(np.diff(scores[order]) != 0, True)  # thresholds lie between different scores: ties flatter nobody

    def curve(weights: Numbers) -> tuple[Numbers, Numbers, float]:
        called, right = np.cumsum(weights[order])[last], np.cumsum(weights[order] * labels)[last]
        return called, right, max(float(right[-1]), 1e-9)

    def best(weights: Numbers) -> float:
        called, right, positive = curve(weights)
        return float(np.max(2 * right / (called + positive)))

    def average(weights: Numbers) -> float:
        called, right, positive = curve(weights)
        return float(np.sum(np.diff(right, prepend=0) * right / np.maximum(called, 1e-9)) / positive)

    true = [{"dup"} if number(row, "label") else set[str]() for row in rows]
    decided = [{"dup"} if row.get("dup") else set[str]() for row in said]
    over_all = {"best_f1": estimated(best, len(rows)), "ap": estimated(average, len(rows))}
    return over_all | micro(true, decided, units_of(rows, "id"))


def clusters(gold: Iterable[Row], predicted: Iterable[Row]) -> Scores:
    """Items and their clusters: `bcubed_p`, `bcubed_r`, `bcubed_f1`, `pair_f1`; drawn again by true cluster.

    An item without an answer stands alone.
    """
    rows = list(gold)
    true = [text(row, "cluster") for row in rows]
    said = zip(answers(rows, by_key(predicted)), rows, strict=True)
    found = [text(row, "cluster") if "cluster" in row else f"_{key_of(of)}" for row, of in said]
    sizes, called, both = Counter(true), Counter(found), Counter(zip(true, found, strict=True))
    units = Units(true)
    sums = units.sums([(both[a, b] / called[b], both[a, b] / sizes[a], 1) for a, b in zip(true, found, strict=True)])

    def bcubed(weights: Numbers) -> tuple[float, float, float]:
        precision, recall, items = weights @ sums
        return precision / items, recall / items, 2 * precision * recall / (precision + recall) / items

    right, said_together, together = (sum(n * (n - 1) / 2 for n in counts.values()) for counts in (both, called, sizes))
    pair_f1 = prf(right, said_together - right, together - right)[2]
    return {
        "bcubed_p": estimated(lambda weights: bcubed(weights)[0], len(units)),
        "bcubed_r": estimated(lambda weights: bcubed(weights)[1], len(units)),
        "bcubed_f1": estimated(lambda weights: bcubed(weights)[2], len(units)),
        "pair_f1": Estimate(pair_f1, pair_f1, pair_f1, len(units)),
    }


def _ranked_labels(row: Row) -> list[str]:
    """The labels of a prediction, best first; one that only names a label has just that."""
    return once(texts(row, "ranked")) or ([text(row, "label")] if "label" in row else [])
