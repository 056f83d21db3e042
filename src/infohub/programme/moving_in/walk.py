"""Walks a programme file from top to bottom, in transactions whose answers are on disk before they commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model

from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection
from infohub.members.models import Group, Organisation, Person, Sector, Token
from infohub.policy.offices import NotAllowedError
from infohub.programme.moving_in import known, pieces, register
from infohub.programme.moving_in.pieces import Unmarked
from infohub.programme.moving_in.reading import Row, RowRefusedError, UnreadableError, read
from infohub.programme.moving_in.result import Result
from infohub.register.refusals import RegisterError
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp

BATCH = 50
M = TypeVar("M", bound=Model)
Taking = Callable[[Row, M | None], M]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended: 0 all in, 1 some refused, 2 unreadable."""

    status: int
    result: Result
    problem: str = ""


def move_in(path: Path, *, out: Path | None = None, demo_credentials: bool = False) -> Outcome:
    """Import a programme file; running it again adds and changes what is new, and makes nothing twice."""
    result = Result(base_url=settings.BASE_URL, path=out)
    if demo_credentials and not settings.DEMO:
        return Outcome(2, result, "--demo-credentials only works where INFOHUB_DEMO=1")
    try:
        file = read(path)
    except UnreadableError as problem:
        return Outcome(2, result, str(problem))
    _walk(file, result, register.Credentials.made() if demo_credentials else None)
    result.keep()
    refused = any(problem["outcome"] == "refused" for problem in result.problems)
    return Outcome(1 if refused else 0, result)


def _walk(file: Row, result: Result, credentials: register.Credentials | None) -> None:
    if "programme" in file.content:
        _whole(file.row("programme"), result)
    unmarked = _unmarked(file, result)
    _take("sectors", file, result, Sector, register.sector)
    _take("organisations", file, result, Organisation, register.organisation)
    _take("people", file, result, Person, lambda row, had: register.person(row, result, had, credentials))
    _take("groups", file, result, Group, register.group)
    ensure_collections()
    _take("tokens", file, result, Token, lambda row, had: register.token(row, result, had))
    _take("collections", file, result, Collection, register.collection)
    _take("items", file, result, Item, lambda row, had: pieces.item(row, result, had, unmarked))


def _whole(row: Row, result: Result) -> None:
    try:
        register.programme(row)
    except RowRefusedError as refusal:
        result.problem(refusal.where, "", str(refusal))


def _unmarked(file: Row, result: Result) -> Unmarked:
    try:
        said = file.tlp("unmarked")
    except RowRefusedError as refusal:
        result.problem(refusal.where, "", str(refusal))
        said = None
    return Unmarked(Tlp.AMBER_STRICT, narrow=True) if said is None else Unmarked(said, narrow=False)


def _take(kind: str, file: Row, result: Result, model: type[M], taking: Taking[M]) -> None:
    rows = _rows(kind, file, result)
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic():
            for row in batch:
                _one(kind, row, result, model, taking)
            result.keep()


def _one(kind: str, row: Row, result: Result, model: type[M], taking: Taking[M]) -> None:
    sender_id = str(row.content.get("id", ""))
    try:
        with transaction.atomic():
            earlier = known.before(kind, row)
            had = model._base_manager.get(pk=earlier.row) if earlier else None
            same = had is not None and earlier is not None and earlier.digest == row.digest
            made = had if same and had is not None else taking(row, had)
            known.remember(kind, row, made)
        result.found(sender_id, made)
    except RowRefusedError as refusal:
        result.problem(refusal.where, sender_id, str(refusal))
    except (RegisterError, NotAllowedError) as refusal:
        result.problem(row.where, sender_id, str(refusal))
    except (IntegrityError, DataError) as refusal:
        result.problem(row.where, sender_id, f"the database refuses it: {type(refusal).__name__}")


def _rows(kind: str, file: Row, result: Result) -> Iterator[Row]:
    listed = file.content.get(kind, [])
    for number, content in enumerate(listed if isinstance(listed, list) else []):
        where = f"{kind}[{number}]"
        if isinstance(content, dict):
            yield Row(where, content)
        else:
            result.problem(where, "", "an object is needed here")
