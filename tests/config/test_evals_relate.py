"""The tasks about what belongs together answer any rows of their form, and their labels are whole."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import orjson
import pytest

from infohub.config.evals.relate import Duplicates, Related, Stories
from infohub.config.evals.rows import Row
from infohub.config.evals.stories import LABELS, labelled
from infohub.config.evals.tasks import training

WORM = "A worm in cranes\nThe worm Reedwarbler stops cranes of three harbours."


def test_pairs_get_a_score_and_a_decision() -> None:
    rows: list[Row] = [{"id": "1", "a": WORM, "b": WORM.upper()}, {"id": "2", "a": WORM, "b": "Nothing of the kind."}]
    same, other = Duplicates().predict(rows)
    assert (same["score"], same["dup"]) == (1.0, True)
    assert (other["id"], other["dup"]) == ("2", False)


def test_stories_are_told_in_the_order_of_dates_and_only_from_what_came_before() -> None:
    rows: list[Row] = [
        {"id": "late", "text": f"{WORM} Cranes work again.", "date": "2031-05-09"},
        {"id": "early", "text": WORM, "date": "2031-05-01"},
        {"id": "other", "text": "Accountants lose passwords to a form.", "date": "2031-05-02"},
    ]
    found = {str(row["id"]): row["cluster"] for row in Stories().predict(rows)}
    assert list(found) == ["early", "other", "late"]
    assert found["late"] == found["early"] != found["other"]


def test_a_query_is_one_of_the_documents_or_a_text() -> None:
    documents: list[Row] = [
        {"id": "a", "text": WORM},
        {"id": "b", "text": "The worm Reedwarbler again, in cranes."},
        {"id": "c", "text": "Forms for accountants."},
    ]
    one, other = Related().predict([*documents, {"qid": "a"}, {"qid": "new", "query": "accountants"}])
    assert one["ranked"] == ["b"]
    assert other["ranked"] == ["c"]


def test_labels_of_stories_are_whole_and_hold_no_text() -> None:
    rows = orjson.loads(LABELS.read_bytes())
    assert len({row["id"] for row in rows}) == len(rows) > 150
    assert all(date.fromisoformat(row["date"]) for row in rows)
    assert [row for row in rows if not re.fullmatch(r"[0-9a-f]{16}|CVE-\d{4}-\d+", row["id"])] == []
    stories = Counter(row["story"] for row in rows if row["story"])
    assert len(stories) > 50
    assert min(stories.values()) >= 2
    assert [row for row in rows if bool(row["story"]) != bool(row.get("why"))] == []


def test_labels_without_their_texts_say_which_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        labelled(tmp_path)


def test_the_background_is_made_again_from_its_data(tmp_path: Path) -> None:
    data, models = tmp_path / "data", tmp_path / "models"
    for folder in (data / "tram", data / "procedures", models):
        folder.mkdir(parents=True)
    (data / "tram/docs.jsonl").write_bytes(b"\n".join([orjson.dumps({"doc": "d", "text": WORM})] * 3))
    (data / "procedures/procedures.jsonl").write_bytes(orjson.dumps({"source": "G1", "text": WORM}))
    maker = training("relate")
    assert maker
    maker.train(data, models)
    first, *lines = (models / "words.txt").read_text(encoding="utf-8").splitlines()
    assert first == "3"
    assert "cranes 3" in lines
