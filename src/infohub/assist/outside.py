"""The gate to a language model outside: which pieces may be shown to it is decided before a prompt exists.

Off unless the operator names an endpoint. Whatever goes wrong there, the caller gets nothing and falls back on its own
sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings

from infohub.analysis.asking import LONGEST_ANSWER, Passage, Sentence, believed, question_to
from infohub.policy.exits import leaves_to_outside_ai
from infohub.standards.tlp import Tlp
from infohub.support.outbound import OutboundError, fetch

log = structlog.get_logger(__name__)

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage of a piece its reader may read, with the marking of the piece."""

    passage: Passage
    tlp: Tlp


def is_set_up() -> bool:
    """Whether the operator named an endpoint."""
    return bool(settings.AI_URL and settings.AI_MODEL)


def permitted(passages: Iterable[Marked]) -> list[Passage]:
    """Those that may be shown to the endpoint."""
    return [one.passage for one in passages if leaves_to_outside_ai(one.tlp, ceiling=settings.AI_CEILING)]


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
        return (), shown
    if answer.status != 200:
        log.warning("outside_ai_refused", status=answer.status)
        return (), shown
    return believed(answer.body, shown), shown
