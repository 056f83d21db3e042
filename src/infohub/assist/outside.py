"""The gate to a language model outside: which pieces may be shown to it is decided before a prompt exists.

Off unless the operator names an endpoint. Whatever goes wrong there, the caller gets nothing and falls back on its own
sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

import structlog
from django.conf import settings

from infohub.analysis.asking import LONGEST_ANSWER, Passage, Sentence, believed, question_to
from infohub.policy.exits import leaves_to_outside_ai
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.outbound import OutboundError, fetch

log = structlog.get_logger(__name__)

SECONDS = 20.0

AT_ONCE = 2
"""Questions that are out there at a time: each holds a thread of the server, and an endpoint may be slow."""

_asking = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage of a piece its reader may read, with the marking of the piece and when its words were written."""

    passage: Passage
    tlp: Tlp
    written: datetime


def is_set_up() -> bool:
    """Whether the operator named an endpoint."""
    return bool(settings.AI_URL and settings.AI_MODEL)


def permitted(passages: Iterable[Marked]) -> list[Passage]:
    """Those that may be shown to the endpoint: a machine, which gets nothing that can still be withdrawn unseen."""
    out = now() - timedelta(seconds=settings.OUTBOX_SECONDS)
    left = (one for one in passages if one.written <= out)
    return [one.passage for one in left if leaves_to_outside_ai(one.tlp, ceiling=settings.AI_CEILING)]


def may_ask(passages: Sequence[Marked]) -> bool:
    """Whether the endpoint may be asked about these: about all of them or not at all.

    Otherwise the question and what is missing could tell of the others.
    """
    return is_set_up() and bool(passages) and len(permitted(passages)) == len(passages)


def ask(question: str, passages: Sequence[Marked]) -> tuple[tuple[Sentence, ...], list[Passage]]:
    """What the endpoint answers from these passages, with those it was shown; nothing where it may not or does not.

    The question is the reader's own words. It is sent only along with passages.
    """
    shown = permitted(passages)
    if not may_ask(passages):
        return (), shown
    if not _asking.acquire(blocking=False):
        log.warning("outside_ai_busy")
        return (), shown
    try:
        return _answered(question, shown), shown
    finally:
        _asking.release()


def _answered(question: str, shown: Sequence[Passage]) -> tuple[Sentence, ...]:
    try:
        answer = fetch(
            f"{settings.AI_URL.rstrip('/')}/chat/completions",
            headers={"Content-Type": "application/json"}
            | ({"Authorization": f"Bearer {settings.AI_KEY}"} if settings.AI_KEY else {}),
            body=question_to(settings.AI_MODEL, question, shown),
            method="POST",
            limit=LONGEST_ANSWER,
            seconds=SECONDS,
        )
    except OutboundError as problem:
        log.warning("outside_ai_silent", reason=problem.reason.value)
        return ()
    if answer.status != 200:
        log.warning("outside_ai_refused", status=answer.status)
        return ()
    return believed(answer.body, shown)
