"""What changes around an entry's reading: asking for one, writing it down, and people deciding what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from infohub.analysis.assertions import OF_THE_LANGUAGE, Subject
from infohub.analysis.assertions import Assertion as Says
from infohub.analysis.pipeline import Analysis
from infohub.assist.models import ENOUGH, Assertion, Reading, Said, State, Stop, Verdict
from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.members.models import Membership, Sector
from infohub.policy import offices
from infohub.policy.keepers import keeps_order
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.support import queue
from infohub.support.clock import now

AUTHOR = "author"
"""The method of what an author decided while writing, until the piece is read."""

VALUE_CHARACTERS = 200

_AT_ONCE = 2000
_SUGGESTS = ("name", "start", "end", "confidence", "method", "version")


def text_of(entry: Entry) -> str:
    """What is read of an entry, and what spans count in."""
    return f"{entry.title}\n{entry.text}"


def digest_of(entry: Entry) -> str:
    """What tells whether spans still fit the text."""
    return hashlib.sha256(text_of(entry).encode()).hexdigest()


def await_reading(entry: Entry) -> None:
    """Let the entry be read, again if it was read before; part of the action that wrote its words."""
    digest = digest_of(entry)
    there = Reading.objects.filter(entry=entry)
    if there.filter(digest=digest).exclude(read_at=None).exists():
        return
    waits = {"due_at": now(), "leased_until": None, "attempts": 0, "problem": "", "read_at": None}
    Reading.objects.update_or_create(entry=entry, defaults=waits)


def read_anew(version: str) -> int:
    """Let all entries be read that other readers read, or none; how many."""
    entries = Entry.objects.as_system("analysis on this machine carries every marking").filter(reading=None)
    at, new = now(), 0
    for some in batched(entries.order_by("-pk").values_list("pk", flat=True).iterator()):
        rows = [Reading(entry_id=pk, due_at=at) for pk in some]
        new += len(Reading.objects.bulk_create(rows, ignore_conflicts=True))
    outdated = Reading.objects.outdated(version)
    return new + outdated.update(due_at=at, leased_until=None, attempts=0, problem="", read_at=None)


@transaction.atomic
def read_all_anew(viewer: Viewer) -> int:
    """Let every entry be read again, those too that were given up; how many. What people decided stays."""
    offices.demand_steering(viewer)
    number = queue.revive(Reading.objects.unread()) + read_anew("")
    record(viewer, "read_anew", "readings", detail={"number": number})
    return number


@transaction.atomic
def write_reading(reading: Reading, *, entry: Entry, analysis: Analysis, version: str) -> bool:
    """Write down what a leased entry's text says; not where the words changed meanwhile and it is to be read again.

    What people decided stays, what was only suggested is suggested anew.
    """
    if not queue.settle(reading, read_at=now()):
        return False
    kept = {(row.subject, row.value): row for row in entry.assertions.exclude(state=State.SUGGESTED)}
    entry.assertions.filter(state=State.SUGGESTED).delete()
    new = [one for one in analysis.assertions if (one.subject, one.value) not in kept]
    for one in analysis.assertions:
        if (one.subject, one.value) in kept:
            _bear_out(entry, kept[one.subject, one.value], one, version)
    Assertion.objects.bulk_create([_row(entry, one, version) for one in new], ignore_conflicts=True)
    spans = [list(span) for span in analysis.summary]
    Reading.objects.filter(pk=reading.pk).update(version=version, digest=digest_of(entry), summary=spans)
    return True


def accept(entry: Entry, *, said: Iterable[str], unsaid: Iterable[str], by: Membership | None) -> None:
    """Take over what the author ticked and unticked while writing; part of the action that shares the piece.

    Each is `subject:value`. Where it stands and how sure it is the reading adds. Under a seal nobody is named. A sector
    that the programme has not is not taken over.
    """
    at, sectors = now(), frozenset(Sector.objects.values_list("key", flat=True))
    for state, ones in ((State.CONFIRMED, said), (State.REJECTED, unsaid)):
        for subject, colon, value in (one.partition(":") for one in ones):
            if colon and subject in Said.values and 0 < len(value) <= VALUE_CHARACTERS:
                if subject == Said.SECTOR and value not in sectors:
                    continue
                decided = {"state": state, "decided_at": at, "decided_by": by}
                Assertion.objects.update_or_create(
                    entry=entry,
                    subject=subject,
                    value=value,
                    defaults=decided,
                    create_defaults=decided | {"name": value, "start": 0, "end": 0, "confidence": 1, "method": AUTHOR},
                )


@transaction.atomic
def decide(viewer: Viewer, *, entry: Entry, assertion: Assertion, accepted: bool) -> Assertion:
    """Confirm or reject what is said of an entry: who answers for the piece does, or a moderator who reads it.

    A rejected name that no list knows is not suggested any more: in the organisation's pieces, with a second
    organisation in nobody's. What a moderator rejects counts for this piece alone.
    """
    entry = Entry.objects.readable(viewer).select_related("label__seal", "label__author").get(pk=entry.pk)
    groups = entry.groups.values_list("pk", flat=True)
    if viewer.membership is None or viewer.token is not None or not keeps_order(viewer, entry.label, groups):
        raise NotAllowedError
    row = Assertion.objects.select_for_update().get(pk=assertion.pk, entry=entry)
    state = State.CONFIRMED if accepted else State.REJECTED
    if row.state == state:
        return row
    at = now()
    row.state, row.decided_at, row.decided_by_id = state, at, _named(viewer, entry)
    row.save(update_fields=["state", "decided_at", "decided_by"])
    _learn(entry, row, at, speaks_for_owner=entry.label.answered_for_by(viewer))
    seal = entry.label.seal
    sealed = str(seal.uuid) if seal and entry.label.written_by(viewer) else ""
    record(viewer, "decide_finding", entry.ref, seal=sealed, detail={"finding": row.pk, "accepted": accepted})
    return row


@transaction.atomic
def unstop(viewer: Viewer, *, stop: Stop) -> None:
    """Take a name off the list, whoever rejected it: it may be suggested again from the next reading on."""
    offices.demand_steering(viewer)
    record(viewer, "unstop_name", f"stop {stop.pk}", detail={"subject": stop.subject})
    Stop.objects.of_name(stop.subject, stop.name).delete()


def batched(keys: Iterable[int]) -> Iterator[list[int]]:
    """The keys in parts that fit into one statement."""
    waiting = iter(keys)
    while some := list(islice(waiting, _AT_ONCE)):
        yield some


def _bear_out(entry: Entry, row: Assertion, one: Says, version: str) -> None:
    """Add to what was decided where the text says it; what its author decided while writing is learnt from now."""
    is_new = row.method == AUTHOR
    told = _row(entry, one, version)
    for name in _SUGGESTS:
        setattr(row, name, getattr(told, name))
    row.save(update_fields=_SUGGESTS)
    if is_new:
        _learn(entry, row, row.decided_at or now(), speaks_for_owner=True)


def _named(viewer: Viewer, entry: Entry) -> int | None:
    """Who decides, as readers may know it: under a seal nobody is named."""
    return None if entry.label.seal_id else viewer.membership


def _learn(entry: Entry, row: Assertion, at: datetime, *, speaks_for_owner: bool) -> None:
    """Keep the decision as a label, and a name that its organisation rejected as one that is no name."""
    Verdict.objects.create(
        entry=entry,
        subject=row.subject,
        value=row.value,
        method=row.method,
        confidence=row.confidence,
        tlp=entry.label.tlp,
        accepted=row.state == State.CONFIRMED,
        at=at,
    )
    of_the_language = row.state == State.REJECTED and row.method == OF_THE_LANGUAGE
    if speaks_for_owner and of_the_language and entry.owner_id:
        _stop(entry, row, entry.owner_id, at)


def _stop(entry: Entry, row: Assertion, organisation: int, at: datetime) -> None:
    """Keep a rejected name as one that is none, and take back what is suggested under it as far as that counts.

    An unattributed piece stops nothing elsewhere: whose word it was must stand nowhere beside it.
    """
    name = row.name.casefold()
    Stop.objects.get_or_create(
        subject=row.subject, name=name, organisation_id=organisation, defaults={"entry": entry, "at": at}
    )
    suggested = Assertion.objects.filter(subject=row.subject, name__iexact=row.name, state=State.SUGGESTED)
    if Stop.objects.of_name(row.subject, name).count() < ENOUGH:
        suggested = suggested.filter(entry__owner=organisation)
    suggested.delete()


def _row(entry: Entry, one: Says, version: str) -> Assertion:
    return Assertion(
        entry=entry,
        subject=Subject(one.subject).value,
        value=one.value[:200],
        name=one.name[:200],
        start=one.start,
        end=one.end,
        confidence=min(1.0, max(0.0, one.confidence)),
        method=one.method,
        version=version,
    )
