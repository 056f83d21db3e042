"""Walks a programme file from top to bottom, in transactions whose secrets are on disk before they commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Model

from infohub.audit.actions import together
from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection
from infohub.members.models import Group, Organisation, Person, Sector, Token
from infohub.policy.offices import NotAllowedError
from infohub.policy.rules import RefusedError
from infohub.programme.moving_in import circles, machines, people, pieces
from infohub.programme.moving_in.reading import Row, RowRefusedError
from infohub.programme.moving_in.result import IGNORED, KEPT, Result
from infohub.programme.moving_in.run import Credentials, Run, Unmarked, shown_id
from infohub.programme.moving_in.stream import LISTS, File, UnreadableError, opened
from infohub.register.refusals import RegisterError
from infohub.sharing.models import Item
from infohub.standards.jsontext import Json

BATCH = 50
HEAD_NAMES = frozenset({"format", "programme", "unmarked", *LISTS})
RESULT = "programme-result.json"

M = TypeVar("M", bound=Model)
Taking = Callable[[Row, Run, M | None], M]
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended: 0 all in, 1 some refused, 2 unreadable."""

    status: int
    result: Result
    problem: str = ""


def move_in(
    path: Path, *, out: Path | None = None, demo_credentials: bool = False, progress: Progress | None = None
) -> Outcome:
    """Import a programme file; running it again adds and changes what is new, and makes nothing twice."""
    result = Result(base_url=settings.BASE_URL, path=out or settings.DATA / RESULT)
    if demo_credentials and not settings.DEMO:
        return Outcome(2, result, "--demo-credentials only works where INFOHUB_DEMO=1")
    try:
        with opened(path) as file:
            result.begin()
            _walk(file, Run(result, Credentials.made() if demo_credentials else None), progress or _silent)
            result.keep()
    except (UnreadableError, OSError) as problem:
        return Outcome(2, result, str(problem))
    return Outcome(1 if result.refused else 0, result)


def _silent(kind: str, number: int) -> None:
    """Nobody watches."""


def _walk(file: File, run: Run, progress: Progress) -> None:
    _head(Row("", file.head), run)
    _take("sectors", file, run, Sector, circles.sector, progress)
    _take("organisations", file, run, Organisation, circles.organisation, progress)
    _take("people", file, run, Person, people.person, progress)
    _take("groups", file, run, Group, circles.group, progress)
    ensure_collections()
    _count_rows()
    _take("tokens", file, run, Token, machines.token, progress)
    _take("collections", file, run, Collection, machines.collection, progress)
    _take("items", file, run, Item, pieces.item, progress)
    _count_rows()


def _count_rows() -> None:
    """Let PostgreSQL look at the tables: taken for empty ones, it would ask who reads a piece in the slowest way."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _head(head: Row, run: Run) -> None:
    """What stands in the file once."""
    for strange in head.strange(HEAD_NAMES):
        run.result.problem(strange[:80], "", "this field is not part of the format", IGNORED)
    for name in LISTS:
        if head.content.get(name) is not None:
            run.result.problem(name, "", "a list is needed here")
    try:
        if head.content.get("programme") is not None:
            whole = head.row("programme")
            run.look_over(whole, circles.PROGRAMME_NAMES)
            circles.programme(whole)
    except RowRefusedError as refusal:
        run.result.problem(refusal.where, "", str(refusal))
    try:
        said = head.tlp_or_none("unmarked")
        run.unmarked = Unmarked() if said is None else Unmarked(said, narrow=False)
    except RowRefusedError as refusal:
        run.result.problem(refusal.where, "", str(refusal))


def _take(kind: str, file: File, run: Run, model: type[M], taking: Taking[M], progress: Progress) -> None:
    """One list, batch after batch; the secrets of a batch are on disk before it commits."""
    run.known.begin()
    seen: set[str] = set()
    rows = _rows(kind, file, run)
    taken = 0
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic(), together():
            for row in batch:
                _one(kind, row, run, model, taking, seen)
            run.known.settle()
            run.result.keep_secrets()
        taken += len(batch)
        progress(kind, taken)


def _one(kind: str, row: Row, run: Run, model: type[M], taking: Taking[M], seen: set[str]) -> None:
    """One row: all of it, or nothing and why."""
    try:
        if row.id in seen:
            raise row.refuse("this id stands twice in the list", "id")
        seen.add(row.id)
        with transaction.atomic(), together():
            made = _made(kind, row, run, model, taking)
    except RowRefusedError as refusal:
        run.refuse(row, refusal)
    except (RegisterError, NotAllowedError, RefusedError) as refusal:
        run.refuse(row, row.refuse(str(refusal)))
    except (IntegrityError, DataError) as refusal:
        run.refuse(row, row.refuse(f"the database refuses it: {type(refusal).__name__}"))
    else:
        _answer(kind, row, run, made)
    run.known.forget()


def _answer(kind: str, row: Row, run: Run, made: Model | None) -> None:
    """What the answer says of a row that is in."""
    run.known.confirm()
    if made is None:
        run.remark(row, row.where, "it came in before and was thrown away here", KEPT)
        return
    run.result.found(row.id, made)
    if kind == "people":
        run.result.people[row.id] = run.facts
    elif run.facts:
        run.result.tokens[row.id] = run.facts


def _made(kind: str, row: Row, run: Run, model: type[M], taking: Taking[M]) -> M | None:
    """The row as it is now; what came in before and has not changed is left alone."""
    run.facts = {}
    earlier = run.known.before(kind, row.id)
    had = model._base_manager.filter(pk=earlier.row).first() if earlier else None
    if earlier is not None and (had is None or earlier.digest == row.digest):
        return had
    refused = run.result.refused
    made = taking(row, run, had)
    whole = run.result.refused == refused
    run.known.remember(kind, row, made, digest=row.digest if whole else "")
    return made


def _rows(kind: str, file: File, run: Run) -> Iterator[Row]:
    contents: Iterator[Json] = file.lists[kind].rows() if kind in file.lists else iter(())
    for number, content in enumerate(contents):
        where = f"{kind}[{number}]"
        if isinstance(content, dict) and where not in file.refused:
            yield Row(where, content)
        else:
            rule = file.refused.get(where, "an object is needed here")
            run.result.problem(where, shown_id(Row(where, content)) if isinstance(content, dict) else "", rule)
