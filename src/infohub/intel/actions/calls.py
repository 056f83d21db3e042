"""Keeps when machines called and what they asked for, without making a pulling machine a writing one.

Calls are gathered in the process and written together, at most once a second: what is gathered dies with a process
that is killed, and nobody waits for it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.util import Finalize
from threading import Event, Thread

import structlog
from django.db import Error, close_old_connections, transaction

from infohub.intel.models import MOST_OF_A_TOKEN, Call, CallKind, Face
from infohub.members.models import Token
from infohub.support.clock import now

log = structlog.get_logger(__name__)

USE_NOTED_EVERY = timedelta(minutes=1)
WRITTEN_EVERY = 1.0
MOST_GATHERED = 5000


@dataclass(slots=True)
class _Made:
    """A call that is not written yet."""

    token: int
    face: Face
    what: CallKind
    status: int
    collection: int | None
    told: int
    at: datetime


# The oldest gives way where more come in a second than are kept.
gathered: deque[_Made] = deque(maxlen=MOST_GATHERED)


def note_use(token: Token, *, at: datetime) -> None:
    """Remember that a token was used, at most once a minute: a pulling machine must not become a writing one."""
    if token.used_at is None or at - token.used_at >= USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=at)
        token.used_at = at


def note_call(
    token: int, *, face: Face, what: CallKind, status: int, collection: int | None = None, told: int = 0
) -> None:
    """Gather a call; it is written a moment later."""
    gathered.append(_Made(token, face, what, status, collection, told, now()))


def write_calls() -> int:
    """Write what was gathered, in one statement; a batch that cannot be written is lost, and only the log says so."""
    made = list(_taken())
    rows = list(_worth_keeping(made))
    if not rows:
        return 0
    try:
        with transaction.atomic():
            Call.objects.bulk_create(reversed(rows))
    except Error as problem:
        log.warning("calls_lost", calls=len(made), problem=type(problem).__name__)
        return 0
    return len(rows)


def keep_writing_calls() -> None:
    """Write every second as long as this process lives, and once more at its end."""
    Thread(target=_write_for_ever, name="calls", daemon=True).start()
    Finalize(None, write_calls, exitpriority=1)  # the server's workers are child processes, which `atexit` passes over


def forget_calls(at: datetime) -> int:
    """Delete what is too old, and all but the newest of each token; how many there were."""
    gone, _ = Call.objects.outdated(at).delete()
    for token in Call.objects.all().talkative():
        own = Call.objects.filter(token=token)
        oldest = own.order_by("-pk").values_list("pk", flat=True)[MOST_OF_A_TOKEN - 1]
        gone += own.filter(pk__lt=oldest).delete()[0]
    return gone


def _write_for_ever() -> None:
    never = Event()
    while not never.wait(WRITTEN_EVERY):
        if gathered:
            close_old_connections()
            write_calls()


def _taken() -> Iterator[_Made]:
    """Everything gathered until now, the newest first."""
    for _ in range(len(gathered)):
        try:
            yield gathered.pop()
        except IndexError:  # another thread was faster
            return


def _worth_keeping(made: list[_Made]) -> Iterator[Call]:
    """No more of one token than will be kept: whoever calls without pause fills no table."""
    seen: Counter[int] = Counter()
    for one in made:
        seen[one.token] += 1
        if seen[one.token] <= MOST_OF_A_TOKEN:
            yield Call(
                token_id=one.token,
                at=one.at,
                face=one.face,
                what=one.what,
                status=one.status,
                collection_id=one.collection,
                objects_told=one.told,
            )
