"""The worker's leg of analysis: reads the entries that are due, one by one."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction

from infohub.analysis.document import Document
from infohub.analysis.pipeline import analyse
from infohub.assist.actions import read_anew, text_of, write_reading
from infohub.assist.learning import kinds_learnt
from infohub.assist.models import Reading, Stop, Tuning
from infohub.assist.readers import FAILURES, loaded
from infohub.assist.relations import keep_marks, marks_of
from infohub.assist.sectors import sectors_here, sectors_version
from infohub.catalogue.models import Entry
from infohub.support import queue
from infohub.support.clock import now

log = structlog.get_logger(__name__)

BATCH = 20
LEASE = 120  # seconds; a text of two megabytes takes some
ENOUGH = timedelta(seconds=60)
RETRY = queue.Retry(most=5)


def read_due(limit: int = BATCH) -> int:
    """Read the entries that are due, at most `limit`; how many were dealt with.

    A worker that dies lets its lease run out; an entry that no worker survives is given up after some attempts.
    """
    if not Reading.objects.unread().exclude(due_at=None).exists():
        return 0  # no models are loaded for nothing
    readers, sectors, version = loaded(), sectors_here(), version_here()
    leased = queue.lease(Reading.objects.unread(), limit=limit, seconds=LEASE, retry=RETRY)
    entries = Entry.objects.as_system("analysis on this machine carries every marking").select_related("label")
    texts = entries.in_bulk([row.entry_id for row in leased])
    for done, row in enumerate(leased):
        if queue.time_left(row) < ENOUGH:
            queue.renew(leased[done:], seconds=LEASE)
        entry = texts.get(row.entry_id)
        if entry is None:  # withdrawn since, and the row gone with it
            continue
        stopped = Stop.objects.for_pieces_of(entry.owner_id)
        try:
            document = Document(text_of(entry))
            analysis = analyse(document, readers, stopped=stopped, sectors=sectors, title=len(entry.title) + 1)
            marks = marks_of(document)
        except FAILURES as problem:
            queue.put_off(row, problem=type(problem).__name__, retry=RETRY)  # never its words: they may be the text's
            log.warning("reading_put_off", entry=entry.pk, problem=type(problem).__name__)
            continue
        with transaction.atomic():
            if write_reading(row, entry=entry, analysis=analysis, version=version):
                keep_marks(row, marks)
    return len(leased)


def read_outdated() -> int:
    """Let everything be read again that other readers read: after an upgrade, or with other sectors."""
    return read_anew(version_here())


def learn_due() -> int:
    """Work out what decisions teach, where somebody asked for it; how many tunings were made."""
    leased = queue.lease(Tuning.objects.unmade(), limit=1, seconds=LEASE, retry=RETRY)
    for row in leased:
        kinds = kinds_learnt()
        with transaction.atomic():
            if queue.settle(row, made_at=now()):
                Tuning.objects.filter(pk=row.pk).update(kinds=kinds, version=loaded().version)
    return len(leased)


def version_here() -> str:
    """What reads here: models, rules and the programme's sectors."""
    return f"{loaded().version} {sectors_version()}"
