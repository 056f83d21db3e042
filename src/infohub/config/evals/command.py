"""What `infohub evals` does: measure every task, write predictions, make models again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import orjson
from rich.console import Console

import infohub
from infohub.config.evals import report
from infohub.config.evals.figure import Figure
from infohub.config.evals.rows import BadRowError, Row, rows_of
from infohub.config.evals.tasks import PARTS, Task, tasks, training

MODELS = Path(infohub.__path__[0]) / "analysis" / "models"
REFERENCE = MODELS.parents[3] / "docs" / "analysis" / "figures.json"
_WIDTH = 120


def measure(data: Path, *, only: str, out: Path | None) -> int:
    """Measure all tasks or one, print and write the figures; 1 where one got worse than the committed one."""
    console = _console()
    chosen = _chosen(only)
    if chosen is None or not _there(data):
        return 2
    figures: list[Figure] = []
    with console.status("") as status:
        for task in chosen:
            status.update(task.name)
            begun = time.monotonic()
            try:
                figures += task.figures(data)
            except FileNotFoundError as missing:
                console.print(f"{task.name}: {missing.filename} is not there")
            else:
                console.print(f"{task.name}: {time.monotonic() - begun:.0f} s", highlight=False)
    console.print(report.table(figures))
    steps_back = report.worse(figures, report.read(REFERENCE))
    for sentence in steps_back:
        console.print(f"worse: {sentence}")
    if out is not None:
        report.write(figures, out)
    return 1 if steps_back else 0


def predict(name: str, file: Path, data: Path | None) -> int:
    """Write a line of JSON for each row of a file of this task; documents come from the folder around the file."""
    task = tasks().get(name)
    if task is None:
        return _refused(f"no task {name!r}; there are {', '.join(tasks())}")
    folder = data or file.resolve().parent.parent
    try:
        for row in task.predict(chain(_documents(task, folder), rows_of(file))):
            sys.stdout.buffer.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY))
            sys.stdout.buffer.flush()
    except FileNotFoundError as missing:
        return _refused(f"{missing.filename} is not there; --data says where documents lie")
    except (BadRowError, orjson.JSONDecodeError) as problem:
        return _refused(f"{file}: {problem}")
    return 0


def train(part: str, data: Path) -> int:
    """Make the shipped models of a part again."""
    if not _there(data):
        return 2
    try:
        maker = training(part)
    except ModuleNotFoundError as missing:
        return _refused(f"training needs {missing.name}: script/setup train")
    if maker is None:
        return _refused(f"nothing trains {part!r}; of {', '.join(PARTS)} not every part learns")
    with _console().status(f"training {part}"):
        maker.train(data, MODELS)
    return 0


def _documents(task: Task, folder: Path) -> Iterator[Row]:
    if task.documents:
        yield from rows_of(folder / task.documents)


def _chosen(only: str) -> list[Task] | None:
    there = tasks()
    if only and only not in there:
        _refused(f"no task {only!r}; there are {', '.join(there)}")
        return None
    return [there[only]] if only else list(there.values())


def _there(data: Path) -> bool:
    if data.is_dir():
        return True
    _refused(f"no evaluation data at {data}: --data names the folder (docs/analysis/README.md says what is in it)")
    return False


def _refused(sentence: str) -> int:
    Console(stderr=True).print(sentence, highlight=False, soft_wrap=True)
    return 2


def _console() -> Console:
    """A screen, or as much width as the table takes where nobody looks on."""
    there = Console()
    return there if there.is_terminal else Console(width=_WIDTH)
