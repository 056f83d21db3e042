"""How a pull asks its source: with its credential, within the time of one turn; and what went wrong, in words."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from cryptography.fernet import InvalidToken
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from infohub.intel.models import Source
from infohub.intel.models.sources import SHRUNK, Cursor
from infohub.standards.feeds.facts import Facts
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line
from infohub.standards.problem import Problem
from infohub.standards.targets import Target, target_of
from infohub.support import outbound
from infohub.support.clock import now
from infohub.support.outbound import Answer, Reason

ENOUGH, MOST_SECONDS = 10.0, 20.0
"""After the first a turn takes up nothing new; nothing it waits for lasts beyond the second."""

BYTES = 20_000_000
AT_ONCE = 1000
LONGEST_WAIT = 24 * 3600

_BETWEEN = "\t"
"""Stands between the sentence of a problem, its place and what was there."""

NOTHING = Problem("", "there is nothing at this address")
TOO_LARGE = Problem("", "this is larger than is read")
SENTENCES = (NOTHING.message, TOO_LARGE.message)
"""Of one file among many, which stops no others."""

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Trouble(models.TextChoices):
    """Why a pull failed although there was an answer; `Reason` has the words for where there was none."""

    LOCKED = "locked", _("The source refuses the user name, password or token.")
    GONE = "gone", _("There is nothing at this address.")
    BUSY = "busy", _("The source asks to come back later.")
    FAILING = "failing", _("The source answers with an error.")
    MEDIA = "media", _("The answer is of another kind than expected.")
    UNREADABLE = "unreadable", _("The answer cannot be read.")
    LOOP = "loop", _("The source sends round in a circle.")
    LONG = "long", _("This pull has taken more than an hour; it goes on after a pause.")
    CHOICE = "choice", _("Say which collection; there are:")
    CLOSED = "closed", _("The peer does not let us add to its collection.")
    SHRUNK = SHRUNK, _("It has nothing now, or less than half of what it had, so nothing was changed. It had:")
    SEALED = "sealed", _("The stored password cannot be opened with the keys of today: type it again.")


class PullError(Exception):
    """A pull that failed; `wait` are the seconds the source wants to be left alone."""

    def __init__(self, trouble: Trouble, detail: str = "", *, wait: int = 0) -> None:
        super().__init__(trouble.value)
        self.trouble, self.detail, self.wait = trouble, detail, wait

    @property
    def problem(self) -> str:
        """As a source and its runs keep it."""
        return f"{self.trouble.value} {self.detail}".strip()[:300]


def in_words(problem: str) -> str:
    """A kept problem as the office reads it; the sentences of codecs in its language."""
    code, _space, detail = problem.partition(" ")
    known = {**dict(Trouble.choices), **dict(Reason.choices)}
    sentence, *places = detail.split(_BETWEEN)
    told = [str(known.get(code, code)), gettext(sentence) if sentence and code == Trouble.UNREADABLE else sentence]
    where = ", ".join(filter(None, places))
    return " ".join(filter(None, [*told, f"({where})" if where else ""]))


@dataclass(frozen=True, slots=True)
class Batch:
    """Objects that belong together with the cursor that covers them: both are kept, or neither is.

    `ours` are objects made here of what a source tells, which may get versions here; others are kept as they came.
    `least` is the level below which no unmarked object of the batch falls. `facts` are for everybody who signs in.
    """

    objects: Sequence[Mapping[str, Json]]
    cursor: Cursor
    lines: Sequence[Line] = ()
    ours: bool = False
    least: int = 0
    facts: Facts | None = None


@dataclass(slots=True)
class Asker:
    """Asks on behalf of one source during one turn; the credential goes to the source's own host and nowhere else."""

    own: Target | None
    authorization: str
    begun: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, source: Source) -> Asker:
        """For this source, beginning now."""
        try:
            return cls(target_of(source.url), source.authorization())
        except InvalidToken:
            raise PullError(Trouble.SEALED) from None

    @property
    def has_time(self) -> bool:
        """Whether this turn may take up more."""
        return time.monotonic() - self.begun < ENOUGH

    def ask(self, url: str, *, accept: str, headers: Mapping[str, str] = NO_HEADERS, limit: int = BYTES) -> Answer:
        """The answer, which is a good one or 304; PullError or OutboundError otherwise."""
        told = {"Accept": accept, **headers}
        if self.authorization and self._is_own(url):
            told["Authorization"] = self.authorization
        left = max(0.1, self.begun + MOST_SECONDS - time.monotonic())
        answer = outbound.fetch(url, headers=told, limit=limit, seconds=left, accepts_304="If-None-Match" in told)
        if answer.status == 304 or 200 <= answer.status < 300:
            return answer
        raise refusal_of(answer)

    def _is_own(self, url: str) -> bool:
        target = target_of(url)
        return target is not None and self.own is not None and target.origin == self.own.origin


def in_thousands(
    objects: Sequence[Mapping[str, Json]], *, cursor: Cursor, before: Cursor, lines: Sequence[Line] = ()
) -> Iterator[Batch]:
    """Batches of what came at once; only the last one moves the cursor."""
    for start in range(0, max(1, len(objects)), AT_ONCE):
        is_last = start + AT_ONCE >= len(objects)
        yield Batch(objects[start : start + AT_ONCE], cursor if is_last else before, lines if start == 0 else ())


def unreadable(problem: Problem) -> PullError:
    """What a codec refused as a whole."""
    return PullError(Trouble.UNREADABLE, _BETWEEN.join((problem.message, problem.path, problem.found))[:200])


def refusal_of(answer: Answer) -> PullError:
    """What an answer says that is not a good one."""
    if answer.status in {401, 403}:
        return PullError(Trouble.LOCKED)
    if answer.status in {404, 410}:
        return PullError(Trouble.GONE)
    if answer.status in {429, 503}:
        return PullError(Trouble.BUSY, wait=_wait(answer.headers.get("retry-after", "")))
    return PullError(Trouble.FAILING, f"({answer.status})")


def _wait(written: str) -> int:
    """The seconds of a `Retry-After`, which says a number or a date; nothing where it says neither."""
    if re.fullmatch("[0-9]{1,9}", written, re.ASCII):
        return min(int(written), LONGEST_WAIT)
    try:
        seconds = (parsedate_to_datetime(written) - now()).total_seconds()
    except (ValueError, TypeError, OverflowError):  # no date, or one without a zone
        return 0
    return max(0, min(int(seconds), LONGEST_WAIT))
