"""What analysis says of a text while it is written: within half a second, or when it is asked again."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from threading import Lock

import structlog

from infohub.analysis.document import Document
from infohub.analysis.pipeline import NOTHING_STOPPED, Analysis, Readers, Sectors, Stopped, analyse
from infohub.assist.models import Stop
from infohub.assist.readers import FAILURES, loaded
from infohub.assist.sectors import sectors_here

log = structlog.get_logger(__name__)

BUDGET = 0.5
"""Seconds a person waits for suggestions; the rules for indicators have answered long before."""

_KEPT = 8
"""Texts whose reading is kept, so that one that came too late is there when it is asked for again."""

_READERS = ThreadPoolExecutor(
    max_workers=1, thread_name_prefix="reading"
)  # one text at a time: there is one interpreter

_begun: dict[tuple[Readers, str, Stopped, str], Future[Analysis]] = {}
_lock = Lock()


def looked_at(text: str, *, organisation: int | None) -> Analysis | None:
    """What is said of an organisation's text, nothing where no reader can read it; None where that takes too long."""
    asked = _asked(text, Stop.objects.for_pieces_of(organisation), sectors_here())
    try:
        return asked.result(timeout=BUDGET)
    except (TooLateError, CancelledError):
        asked.cancel()
        log.info("reading_too_late", characters=len(text))
        return None
    except FAILURES as problem:
        log.warning("reading_failed", characters=len(text), problem=type(problem).__name__)
        return Analysis()


def made_ready() -> None:
    """Load the models while somebody begins to write."""
    _asked("Somebody begins to write.", NOTHING_STOPPED, {})


def _asked(text: str, stopped: Stopped, sectors: Sectors) -> Future[Analysis]:
    """The reading of a text, begun now or before."""
    readers, told = loaded(), repr(sectors)
    with _lock:
        asked = _begun.pop((readers, text, stopped, told), None)
        if asked is None or asked.cancelled():
            asked = _READERS.submit(analyse, Document(text), readers, stopped=stopped, sectors=sectors)
        _begun[readers, text, stopped, told] = asked
        while len(_begun) > _KEPT:
            _begun.pop(next(iter(_begun)))
        return asked
