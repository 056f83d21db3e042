"""`infohub evals` tells every figure beside its target, and fails where one falls behind."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from infohub.config.cli import app
from infohub.config.evals import command, report, scores
from infohub.config.evals.estimate import Estimate
from infohub.config.evals.figure import TARGETS, Figure, figure, figures
from infohub.config.evals.rows import Row, rows_of, text
from infohub.config.evals.tasks import Task, tasks

RUN = CliRunner()


class Parrot:
    """A task that finds the document that has the query's word."""

    name, documents = "related", "shelf/books.jsonl"

    def predict(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Documents first, then queries."""
        there: list[tuple[str, str]] = []
        for row in rows:
            if "qid" in row:
                yield {"qid": row["qid"], "ranked": [name for name, words in there if text(row, "query") in words]}
            else:
                there.append((text(row, "id"), text(row, "text")))

    def figures(self, data: Path) -> list[Figure]:
        """All queries at once."""
        queries = list(rows_of(data / "asked/queries.jsonl"))
        rows = [*rows_of(data / self.documents), *queries]
        return figures(self.name, scores.search(queries, self.predict(rows)))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a tiny set, and only its task; nothing is committed yet."""
    sets: dict[str, list[Row]] = {
        "shelf/books.jsonl": [{"id": "b1", "text": "wolf moon"}, {"id": "b2", "text": "狼 owl"}],
        "asked/queries.jsonl": [
            {"qid": "q1", "query": "owl", "rel": ["b2"]},
            {"qid": "q2", "query": "狼", "rel": ["b1"]},
        ],
    }
    for name, rows in sets.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"\n".join(orjson.dumps(row) for row in rows))

    def only() -> dict[str, Task]:
        return {"related": Parrot()}

    monkeypatch.setattr(command, "tasks", only)
    monkeypatch.setattr(command, "REFERENCE", tmp_path / "committed/figures.json")
    return tmp_path


def test_every_target_is_in_the_table_measured_or_not(data: Path) -> None:
    done = RUN.invoke(app, ["evals", "--data", str(data)])
    assert done.exit_code == 0, done.output
    assert done.output.count("not measured") == len(TARGETS) - 1
    assert "0.732" in done.output
    assert "NOT met" in done.output  # one query of two was answered: 0.5, and the target is 0.78


def test_figures_are_written_and_a_later_step_back_fails(data: Path) -> None:
    committed = data / "committed"
    assert RUN.invoke(app, ["evals", "--data", str(data), "--out", str(committed)]).exit_code == 0
    assert "| related | ndcg10 | 0.5000 |" in (committed / "figures.md").read_text(encoding="utf-8")
    assert RUN.invoke(app, ["evals", "--data", str(data)]).exit_code == 0
    (data / "shelf/books.jsonl").write_bytes(orjson.dumps({"id": "b3", "text": "nothing"}))
    done = RUN.invoke(app, ["evals", "--data", str(data)])
    assert done.exit_code == 1
    assert "related ndcg10: 0.0000 after 0.5000" in done.output


def test_what_was_not_measured_this_time_stays_written(tmp_path: Path) -> None:
    once = figure("stories", "bcubed_f1", Estimate(0.9, 0.8, 0.95, 40))
    report.write([once], tmp_path)
    report.write([figure("related", "ndcg10", Estimate(0.7, 0.6, 0.8, 48))], tmp_path)
    assert once in report.read(tmp_path / "figures.json")


@pytest.mark.parametrize(("value", "steps_back"), [(0.80, False), (0.791, False), (0.78, True), (0.9, False)])
def test_quality_may_lose_a_hundredth(value: float, steps_back: bool) -> None:
    before = figure("names", "f1", Estimate(0.80, 0.7, 0.9, 100))
    assert figure("names", "f1", Estimate(value, 0.1, 1, 100)).worse_than(before) is steps_back


def test_time_may_not_miss_a_target_it_met_and_less_is_never_a_step_back() -> None:
    before = figure("speed", "p95_ms", Estimate(490, 480, 495, 100))
    assert before.met
    for value, steps_back in ((100, False), (499, False), (501, True)):
        assert figure("speed", "p95_ms", Estimate(value, value, value, 100)).worse_than(before) is steps_back
    assert not figure("speed", "p50_ms", Estimate(1, 1, 1, 9)).worse_than(
        figure("speed", "p50_ms", Estimate(9, 9, 9, 9))
    )


def test_without_data_it_says_so(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["evals", "--data", str(tmp_path / "nowhere")])
    assert done.exit_code == 2
    assert "no evaluation data" in done.stderr


def test_a_task_whose_file_is_not_there_is_left_out_and_named(data: Path) -> None:
    (data / "asked/queries.jsonl").unlink()
    done = RUN.invoke(app, ["evals", "--data", str(data)])
    assert done.exit_code == 0
    assert "queries.jsonl is not there" in done.output.replace("\n", "")


def test_predictions_come_one_line_per_row(data: Path) -> None:
    done = RUN.invoke(app, ["evals", "predict", "related", str(data / "asked/queries.jsonl")])
    assert done.exit_code == 0, done.output
    assert [orjson.loads(line) for line in done.stdout.splitlines()] == [
        {"qid": "q1", "ranked": ["b2"]},
        {"qid": "q2", "ranked": ["b2"]},
    ]


def test_an_unknown_task_or_part_is_refused_by_name(data: Path) -> None:
    assert "there are related" in RUN.invoke(app, ["evals", "predict", "x", str(data / "asked/queries.jsonl")]).stderr
    assert RUN.invoke(app, ["evals", "--data", str(data), "--only", "x"]).exit_code == 2
    assert RUN.invoke(app, ["evals", "train", "x", str(data)]).exit_code == 2


def test_names_of_tasks_are_those_of_the_targets_or_say_which_they_look_at_closer() -> None:
    """A task that is in no row of the table is a slip of the pen, not a target."""
    known = {row.task for row in TARGETS}
    assert [name for name in tasks() if not any(name == one or name.startswith(f"{one}-") for one in known)] == []
