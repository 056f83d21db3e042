"""The measures say what a careful person would count by hand, and what a second program counts."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from infohub.config.evals import scores
from infohub.config.evals.counting import Scores
from infohub.config.evals.estimate import estimated, mean, percentile
from infohub.config.evals.rows import BadRowError, Row, by_key, rows_of
from infohub.standards.jsontext import Json

ROOT = Path(__file__).parents[2]
SECOND = Path(os.environ.get("SECOND_SCORER") or ROOT.parent / "shared/tools/score.py")
"""Another program that counts the same, where there is one: its answers are compared with ours."""


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


def named_as_there(task: str, theirs: dict[str, Json]) -> dict[str, float]:
    """The numbers of the second program under our names."""
    found = theirs["all"] if task == "ner" else theirs
    assert isinstance(found, dict)
    measured = {name: float(value) for name, value in found.items() if isinstance(value, float)}
    match found:
        case {"decided_prf": list(decided)}:
            measured |= {name: float(str(value)) for name, value in zip(("p", "r", "f1"), decided, strict=True)}
        case {"per_type": dict(kinds)}:
            measured |= {f"f1_{kind}": float(str(value)) for kind, value in kinds.items()}
        case {"per_type_prf": {"url": [_, _, f1]}}:
            measured["f1_url"] = float(str(f1))
    return measured


def written(rows: Iterable[Row], path: Path) -> Path:
    """The rows as a file."""
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.skipif(not SECOND.exists(), reason="no second program to compare with")
@pytest.mark.parametrize("task", ["single", "multi", "ranking", "search", "ner", "ioc", "pairs", "clusters"])
def test_a_second_program_counts_the_same(task: str, tmp_path: Path) -> None:
    gold, said = drawn(task, random.Random(task))
    files = [str(written(rows, tmp_path / name)) for name, rows in (("gold", gold), ("said", said))]
    command = [sys.executable, str(SECOND), task, *files, "--json"]
    theirs = named_as_there(task, json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    ours = values(getattr(scores, task)(gold, said))
    shared = ours.keys() & theirs.keys()
    assert len(shared) >= 4
    assert {name: ours[name] for name in shared} == pytest.approx({name: theirs[name] for name in shared}, abs=6e-5)
