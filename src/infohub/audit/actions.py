"""Writes records and seals them into the chain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from infohub.audit.anchor import anchor_head
from infohub.audit.models import Link, Record
from infohub.policy.viewer import Viewer
from infohub.support.clock import now

Detail = dict[str, str | int | bool | list[str] | list[int] | None]

_SEALER = 0x1AFE_5EA1  # the advisory lock that makes one PostgreSQL session the sealer
_gathered: ContextVar[list[Record] | None] = ContextVar("records made inside `together`", default=None)


def record(viewer: Viewer, verb: str, subject: str, *, seal: str = "", detail: Detail | None = None) -> None:
    """Record what the viewer did; under a seal neither the person nor the organisation is named."""
    row = Record(
        at=now(),
        verb=verb,
        subject=subject,
        person=None if seal else viewer.person,
        organisation=None if seal else viewer.organisation,
        token=None if seal else viewer.token,
        seal=seal,
        detail=detail or {},
    )
    waiting = _gathered.get()
    if waiting is None:
        row.save(force_insert=True)
    else:
        waiting.append(row)


@contextmanager
def together() -> Iterator[None]:
    """Write the records made inside in one statement at its end, in their order; an error drops them.

    It belongs inside the transaction of the acts: for many acts in a row, such as an import. It may be nested.
    """
    around: list[Record] | None = _gathered.get()
    mine: list[Record] = []
    kept = _gathered.set(mine)
    try:
        yield
    finally:
        _gathered.reset(kept)
    if around is None:
        Record.objects.bulk_create(mine)
    else:
        around.extend(mine)


def seal_records(limit: int = 1000) -> int:
    """Chain the records that are not in the chain yet, in order, and write the chain's head outside the database."""
    sealed = _seal(limit) if Record.objects.filter(link=None).exists() else 0
    anchor_head()
    return sealed


@transaction.atomic
def _seal(limit: int) -> int:
    if not _alone():
        return 0
    last = Link.objects.order_by("position").last()
    position, digest = (last.position, last.digest) if last else (0, "")
    links = []
    for row in Record.objects.filter(link=None).order_by("pk")[:limit]:
        position, digest = position + 1, row.digest_after(digest)
        links.append(Link(position=position, record=row, digest=digest))
    Link.objects.bulk_create(links)
    return len(links)


def _alone() -> bool:
    """Whether this transaction is the only sealer; on SQLite every writing transaction is the only one."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER])
        return bool(cursor.fetchone()[0])
