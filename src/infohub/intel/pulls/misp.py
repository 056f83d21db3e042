"""Pulls a MISP feed: the events that its manifest calls new or changed, each one as a report with all that is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from infohub.intel import bulk
from infohub.intel.models import Source
from infohub.intel.models.sources import Cursor
from infohub.intel.pulls.asking import (
    NO_HEADERS,
    NOTHING,
    TOO_LARGE,
    Asker,
    Batch,
    PullError,
    Trouble,
    in_thousands,
    unreadable,
)
from infohub.intel.pulls.files import conditions, end
from infohub.standards import jsontext
from infohub.standards.feeds.fields import refused
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line, Outcome
from infohub.standards.misp.feed import Listed, Manifest, read_feed_manifest
from infohub.standards.misp.fields import part, uuid
from infohub.standards.misp.frame import FIRST, stix_uuid
from infohub.standards.misp.reading import read_event
from infohub.standards.misp.remarks import Remark
from infohub.standards.problem import Problem
from infohub.support.outbound import OutboundError, Reason

MANIFEST = "manifest.json"
_JSON = "application/json, */*;q=0.5"
_NEVER = datetime.min.replace(tzinfo=UTC)
_NO_MANIFEST = Problem("", "this is no list of events")
SENTENCES = (_NO_MANIFEST.message,)


def pull(asker: Asker, source: Source) -> Iterator[Batch]:
    """Each event whose time in the manifest is later than that of its report here, the oldest change first.

    The report is the last that is kept of an event, so an event that was cut off is asked for again. Of one that left
    no report (refused, waiting) the cursor holds that it was asked for at that time.
    """
    folder, cursor = source.url.removesuffix(MANIFEST).rstrip("/"), source.cursor
    goes_on = "walk" in cursor
    answer = asker.ask(f"{folder}/{MANIFEST}", accept=_JSON, headers=NO_HEADERS if goes_on else conditions(cursor))
    if answer.status == 304:
        yield Batch((), cursor)
        return
    digest = hashlib.sha256(answer.body).hexdigest()
    asked: Sequence[Json] = _words(cursor)
    if not goes_on and cursor.get("sha256") == digest:
        yield Batch((), {**end(answer, digest), "asked": [*asked]})
        return
    manifest = _manifest(answer.body)
    missing, before = _missing(source, manifest.events), frozenset(map(str, asked))
    asked = [short for one in missing if (short := _short(one)) in before]
    lines: Sequence[Line] = manifest.lines
    for one in missing:
        if (short := _short(one)) not in before:
            then: Cursor = {"walk": True, "asked": [*asked, short]}
            yield from _batches(asker, folder, one, cursor=then, before={"walk": True, "asked": [*asked]}, lines=lines)
            asked, lines = [*asked, short], ()
    yield Batch((), {**end(answer, digest), "asked": [*asked]}, lines)


def _batches(
    asker: Asker, folder: str, listed: Listed, *, cursor: Cursor, before: Cursor, lines: Sequence[Line]
) -> Iterator[Batch]:
    """One event; where it cannot be had or read, a line says so."""
    event = _event(asker, folder, listed)
    if isinstance(event, Problem):
        yield Batch((), cursor, [*lines, refused(str(listed.uuid), [event])])
        return
    read = read_event(event, waits=True)
    told = [_of_event(line, listed) for line in read.lines if line.outcome is not Outcome.TAKEN]
    objects = cast(Sequence[dict[str, Json]], read.objects)
    yield from in_thousands(objects, cursor=cursor, before=before, lines=[*lines, *told])


def _event(asker: Asker, folder: str, listed: Listed) -> dict[str, Json] | Problem:
    """The event of a file that is the one the manifest means, or why it is none."""
    try:
        raw = asker.ask(f"{folder}/{listed.uuid}.json", accept=_JSON).body
    except PullError as problem:
        if problem.trouble is not Trouble.GONE:
            raise
        return NOTHING
    except OutboundError as problem:
        if problem.reason is not Reason.LARGE:
            raise
        return TOO_LARGE
    if listed.sha256 and hashlib.sha256(raw).hexdigest() != listed.sha256:
        return Problem("", Remark.DIGEST)
    found = jsontext.read(raw)
    if isinstance(found, Problem):
        return found
    if not isinstance(found, dict) or uuid(part(found, "Event")) != str(listed.uuid):
        return Problem("Event.uuid", Remark.NO_EVENT)
    return found


def _manifest(raw: bytes) -> Manifest:
    found = jsontext.read(raw)
    if isinstance(found, Problem):
        raise unreadable(found)
    if not isinstance(found, dict):
        raise unreadable(_NO_MANIFEST)
    return read_feed_manifest(found)


def _missing(source: Source, events: Sequence[Listed]) -> list[Listed]:
    """Those that the source has placed no report of, or only earlier ones; the oldest change first."""
    rows = bulk.select(
        f"SELECT stix_id, version FROM intel_placement WHERE collection_id = {source.collection_id:d} "  # noqa: S608
        f"AND source = '{source.placing}' AND stix_id",
        [_report(one) for one in events],
        order="version",
    )
    newest = {str(stix_id): bulk.read(version) for stix_id, version in rows}
    missing = [one for one in events if newest.get(_report(one), _NEVER) < (one.changed or FIRST)]
    return sorted(missing, key=lambda one: one.changed or FIRST)


def _report(listed: Listed) -> str:
    return f"report--{stix_uuid(str(listed.uuid))}"


def _of_event(line: Line, listed: Listed) -> Line:
    """The same, named by its event as well."""
    event = str(listed.uuid)
    return line if line.subject == event else replace(line, subject=f"{event} / {line.subject}")


def _short(listed: Listed) -> str:
    written = f"{listed.uuid} {listed.changed}"
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _words(cursor: Cursor) -> Sequence[Json]:
    words = cursor.get("asked")
    return words if isinstance(words, list) else []
