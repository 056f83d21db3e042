"""Names are judged on marked tokens."""

from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from infohub.config.evals.annotated import drawn, texts_of
from infohub.config.evals.names import TASKS
from infohub.config.evals.rows import Row

RUN = CliRunner()
TITLE = ["O", "A", "letter", "about", "Emotet"]
DATE = ["July", "9", ",", "O", "2020"]
BODY = ["The", "O", "Emotet", "malware", "reached", "a", "bank", "in", "Norway", "on", "Tuesday", "."]


def row(number: int, tokens: Sequence[str], *spans: tuple[int, int, str]) -> Row:
    """A marked sentence."""
    return {"id": f"s{number}", "tokens": list(tokens), "spans": [list(span) for span in spans]}


def report(number: int) -> list[Row]:
    """A title, a date and ten sentences."""
    first = 100 * number
    return [
        row(first, TITLE, (4, 5, "MALWARE")),
        row(first + 1, DATE, (0, 5, "DATE")),
        *(row(first + 2 + place, BODY, (2, 3, "MALWARE"), (7, 8, "LOC")) for place in range(12)),
    ]


def test_names_are_told_in_the_tokens_of_the_set_and_blanks_do_not_count() -> None:
    (names,) = (task for task in TASKS if task.name == "names")
    said = {one["id"]: one["spans"] for one in names.predict(report(0))}
    assert said["s0"] == [[4, 5, "MALWARE"]]
    assert said["s1"] == [[0, 5, "DATE"]]
    assert [2, 3, "MALWARE"] in list(said["s2"] or ())  # type: ignore[arg-type]
    assert [8, 9, "LOC"] in list(said["s2"] or ())  # type: ignore[arg-type]


def test_a_date_that_stands_alone_begins_another_report() -> None:
    lines = list(texts_of([*report(0), *report(1)]))
    assert [len(one) for one in lines] == [14, 14]
    assert lines[1][0].id == "s100"


def test_a_share_is_always_the_same_names() -> None:
    names = [f"name {number}" for number in range(1000)]
    assert 400 < sum(drawn(name, 0.5) for name in names) < 600
    assert [drawn(name, 0.5) for name in names] == [drawn(name, 0.5) for name in names]


def test_the_unread_quarter_is_judged(tmp_path: Path) -> None:
    (tmp_path / "ner").mkdir()
    rows = [{**one, "tokens": [*one["tokens"], str(place)]} for place, one in enumerate(report(0) * 4)]  # type: ignore[misc]
    lines = [orjson.dumps({**one, "id": str(place)}) for place, one in enumerate(rows)]
    (tmp_path / "ner/annoctr.jsonl").write_bytes(b"\n".join(lines))
    (names,) = (task for task in TASKS if task.name == "names")
    scores = {figure.measure: figure for figure in names.figures(tmp_path)}
    assert scores["f1"].target == 0.72
    assert scores["f1_MALWARE"].value == 1
    with pytest.raises(FileNotFoundError):
        names.figures(tmp_path / "elsewhere")
