"""The measures say what a careful person would count by hand, and what a second program counts."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from infohub.config.evals import scores
from infohub.config.evals.counting import Scores
from infohub.config.evals.estimate import estimated, mean, percentile
from infohub.config.evals.rows import BadRowError, Row, by_key, rows_of
from infohub.standards.jsontext import Json


def values(measured: Scores) -> dict[str, float]:
    """The values alone."""
    return {name: one.value for name, one in measured.items()}


def test_one_label_per_sentence() -> None:
    gold: list[Row] = [{"id": f"{n}", "doc": "d", "label": label} for n, label in enumerate("aabc")]
    said: list[Row] = [
        {"id": "0", "ranked": ["a", "b"]},
        {"id": "1", "ranked": ["b", "b", "x", "a"]},
        {"id": "2", "label": "b"},
    ]
    measured = values(scores.single(gold, said))
    assert measured["micro_f1"] == 2 / 4
    assert measured["hit3"] == 3 / 4  # the same label twice takes one place
    assert measured["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_several_labels_per_sentence_and_per_report() -> None:
    gold: list[Row] = [
        {"id": "1", "doc": "d", "labels": ["a"]},
        {"id": "2", "doc": "d", "labels": ["b"]},
        {"id": "3", "doc": "e", "labels": []},
        {"id": "4", "doc": "f", "labels": ["a"]},
    ]
    said: list[Row] = [{"id": "1", "labels": ["b"]}, {"id": "2", "labels": ["a", "b"]}, {"id": "3", "labels": ["c"]}]
    measured = values(scores.multi(gold, said))
    assert (measured["micro_p"], measured["micro_r"]) == (1 / 4, 1 / 3)
    assert measured["exact"] == 0
    assert measured["doc_mean_f1"] == pytest.approx((1 + 0) / 2)  # a report without labels has no part in it
    assert measured["doc_micro_p"] == 2 / 3


def test_ranked_documents() -> None:
    gold: list[Row] = [{"qid": "q", "rel": ["x", "y"]}, {"qid": "r", "rel": ["z"]}]
    measured = values(scores.search(gold, [{"qid": "q", "ranked": ["a", "x", "x", "y"]}]))
    assert measured["mrr10"] == (1 / 2 + 0) / 2
    assert measured["r3"] == (2 / 2 + 0) / 2
    assert measured["ndcg10"] == pytest.approx((0.630930 + 0.5) / (1 + 0.630930) / 2, abs=1e-5)


def test_names_count_where_place_and_kind_are_exact() -> None:
    gold: list[Row] = [
        {"id": "1", "tokens": ["Ann", "saw", "Emotet"], "spans": [[2, 3, "MALWARE"], [0, 1, "PERSON"]]},
        {"id": "2", "tokens": ["seen"], "spans": [[0, 1, "MALWARE"]]},
    ]
    said: list[Row] = [{"id": "1", "spans": [[2, 3, "MALWARE"], [0, 1, "MALWARE"]]}]
    measured = values(scores.ner(gold, said, seen=frozenset({"seen"})))
    assert (measured["p"], measured["r"], measured["span_f1"]) == (0.5, 0.5, 1)
    assert measured["f1_MALWARE"] == pytest.approx(2 / 3)
    assert measured["f1_PERSON"] == 0


def test_a_host_inside_a_right_address_is_neither_right_nor_wrong() -> None:
    gold: list[Row] = [{"id": "1", "iocs": [["url", "hxxp://Bad[.]example/x/"], ["md5", "AB"]]}]
    said: list[Row] = [{"id": "1", "iocs": [["url", "http://bad.example/x"], ["domain", "bad.example"], ["md5", "cd"]]}]
    measured = values(scores.ioc(gold, said))
    assert (measured["p"], measured["r"]) == (1 / 2, 1 / 2)


def test_pairs_of_equal_score_are_called_together() -> None:
    gold: list[Row] = [{"id": f"{n}", "label": label} for n, label in enumerate([1, 1, 0, 0])]
    said: list[Row] = [{"id": "0", "score": 0.9, "dup": True}, {"id": "1", "score": 0.5}, {"id": "2", "score": 0.5}]
    measured = values(scores.pairs(gold, said))
    assert measured["best_f1"] == pytest.approx(2 * 2 / (3 + 2))
    assert measured["ap"] == pytest.approx(1 / 2 * 1 + 1 / 2 * 2 / 3)
    assert (measured["p"], measured["r"]) == (1, 0.5)


def test_clusters_by_each_item() -> None:
    gold: list[Row] = [{"id": f"{n}", "cluster": cluster} for n, cluster in enumerate("aabb")]
    said: list[Row] = [{"id": f"{n}", "cluster": cluster} for n, cluster in enumerate("xxx")]
    measured = values(scores.clusters(gold, said))
    assert measured["bcubed_p"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert measured["bcubed_r"] == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert measured["pair_f1"] == pytest.approx(2 * 1 / (3 + 2))


def test_an_interval_holds_its_value_and_is_the_same_every_time() -> None:
    ten = mean([0.0, 1.0] * 5)
    assert ten.low < ten.value == 0.5 < ten.high
    assert mean([0.0, 1.0] * 5) == ten
    thousand = mean([0.0, 1.0] * 500)
    assert thousand.high - thousand.low < ten.high - ten.low
    assert (percentile(range(1, 101), 0.95).value, percentile([7], 0.5).value) == (96, 7)
    assert estimated(lambda weights: float(weights.sum()), 0).number == 0


def test_a_row_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadRowError):
        by_key([{"id": "1"}, {"qid": "1"}])
    (tmp_path / "rows.jsonl").write_text('{"id": "1"}\n\n[1]\n', encoding="utf-8")
    with pytest.raises(BadRowError, match="line 3"):
        list(rows_of(tmp_path / "rows.jsonl"))


def some(dice: random.Random, names: str, most: int) -> list[Json]:
    """A few of the names, in any order."""
    return list[Json](dice.sample(names, dice.randint(0, most)))


def pair(kind: str, value: str) -> Json:
    """An indicator of a row."""
    return [kind, value]


def drawn(task: str, dice: random.Random) -> tuple[list[Row], list[Row]]:
    """Gold rows and predictions of a task, one in ten without an answer."""
    ids = [f"{n}" for n in range(300)]
    labels = "abcdefgh"
    rows: dict[str, Callable[[str], tuple[Row, Row]]] = {
        "single": lambda i: (
            {"id": i, "doc": i[-1], "label": dice.choice(labels)},
            {"id": i, "ranked": some(dice, labels, 6)},
        ),
        "multi": lambda i: (
            {"id": i, "doc": i[:-1], "labels": some(dice, labels, 3)},
            {"id": i, "labels": some(dice, labels, 3)},
        ),
        "ranking": lambda i: ({"id": i, "technique": dice.choice(labels)}, {"id": i, "ranked": some(dice, labels, 8)}),
        "search": lambda i: (
            {"qid": i, "rel": some(dice, labels, 6) or ["a"]},
            {"qid": i, "ranked": some(dice, labels, 8)},
        ),
        "ner": lambda i: (
            {"id": i, "tokens": [i], "spans": [[n, n + 1, dice.choice("XYZ")] for n in range(3)]},
            {"id": i, "spans": [[n, n + dice.randint(1, 2), dice.choice("XYZ")] for n in range(3)]},
        ),
        "ioc": lambda i: (
            {"id": i, "iocs": [["url", f"http://{a}.example/"] for a in some(dice, labels, 4)]},
            {
                "id": i,
                "iocs": list[Json](
                    [
                        *(pair(dice.choice(["url", "domain"]), f"{a}[.]example") for a in some(dice, labels, 4)),
                        *(pair("url", f"hxxp://{a}.example") for a in some(dice, labels, 4)),
                    ]
                ),
            },
        ),
        "pairs": lambda i: (
            {"id": i, "label": dice.randint(0, 1)},
            {"id": i, "score": round(dice.random(), 1), "dup": dice.random() > 0.5},
        ),
        "clusters": lambda i: ({"id": i, "cluster": dice.choice(labels)}, {"id": i, "cluster": dice.choice(labels)}),
    }
    both = [rows[task](i) for i in ids]
    return [gold for gold, _ in both], [said for _, said in both if dice.random() > 0.1]


SECOND: dict[str, dict[str, float]] = {
    "single": {"hit3": 0.27, "hit5": 0.3367, "macro_f1": 0.1261, "micro_f1": 0.1167},
    "multi": {
        "doc_mean_f1": 0.8345,
        "doc_micro_f1": 0.8431,
        "doc_micro_p": 0.8731,
        "doc_micro_r": 0.8152,
        "exact": 0.0733,
        "macro_f1": 0.1765,
        "micro_f1": 0.1772,
        "micro_p": 0.2011,
        "micro_r": 0.1583,
    },
    "ranking": {"mrr10": 0.1694, "ndcg10": 0.2253, "p1": 0.0633, "r10": 0.4, "r3": 0.2433, "r5": 0.3333},
    "search": {"mrr10": 0.4218, "ndcg10": 0.3699, "p1": 0.2933, "r10": 0.4613, "r3": 0.3422, "r5": 0.3836},
    "ner": {"f1": 0.1725, "f1_X": 0.1667, "f1_Y": 0.1806, "f1_Z": 0.1701, "p": 0.1828, "r": 0.1633, "span_f1": 0.4754},
    "ioc": {"f1": 0.1623, "f1_url": 0.1864, "p": 0.1281, "r": 0.2213},
    "pairs": {"ap": 0.5499, "best_f1": 0.6985, "f1": 0.513, "p": 0.5374, "r": 0.4907},
    "clusters": {"bcubed_f1": 0.1711, "bcubed_p": 0.2512, "bcubed_r": 0.1298, "pair_f1": 0.1153},
}
"""What a program written by somebody else says of the rows that `drawn` gives, to four digits."""


@pytest.mark.parametrize("task", SECOND)
def test_a_second_program_counts_the_same(task: str) -> None:
    gold, said = drawn(task, random.Random(task))
    ours = values(getattr(scores, task)(gold, said))
    assert {name: ours[name] for name in SECOND[task]} == pytest.approx(SECOND[task], abs=6e-5)
