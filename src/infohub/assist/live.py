"""What analysis says of a text while it is written: within half a second, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError

import structlog

from infohub.analysis.document import Document
from infohub.analysis.pipeline import Analysis, Sectors, Stopped, analyse
from infohub.assist.models import Stop
from infohub.assist.readers import loaded
from infohub.assist.sectors import sectors_here

log = structlog.get_logger(__name__)

BUDGET = 0.5
"""Seconds a person waits for suggestions; the rules for indicators have answered long before."""

_READERS = ThreadPoolExecutor(
    max_workers=1, thread_name_prefix="reading"
)  # one text at a time: there is one interpreter


def looked_at(text: str, *, organisation: int | None) -> Analysis | None:
    """What is said of an organisation's text; nothing where that takes too long, as the first time it may."""
    asked = _READERS.submit(_analysed, text, Stop.objects.for_pieces_of(organisation), sectors_here())
    try:
        return asked.result(timeout=BUDGET)
    except TooLateError:
        asked.cancel()
        log.info("reading_too_late", characters=len(text))
        return None


def _analysed(text: str, stopped: Stopped, sectors: Sectors) -> Analysis:
    return analyse(Document(text), loaded(), stopped=stopped, sectors=sectors)
