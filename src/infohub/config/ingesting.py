"""`infohub ingest`: a file or an address into a collection, with a report of every loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.progress import track

from infohub.intel.actions import ingest
from infohub.intel.actions.reading import Given
from infohub.intel.models import Collection
from infohub.standards import jsontext
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line, Outcome
from infohub.standards.misp.reading import read_event
from infohub.standards.openioc.reading import is_openioc, read_openioc
from infohub.standards.problem import Problem
from infohub.support.outbound import MOST_BYTES, MOST_SECONDS, OutboundError, fetch
from infohub.support.tables import lines as table_lines

SHOWN = 20
UNREADABLE, SOME_REFUSED = 2, 1


class UnreadableError(Exception):
    """The file is nothing that can be taken in; the message says why."""


def ingest_file(where: str, name: str, *, losses: Path | None) -> int:
    """Take it in and say what became of it: 0 all in, 1 some refused, 2 unreadable."""
    console = Console(stderr=True)
    collection = next((row for row in Collection.objects.all() if row.is_called(name)), None)
    if collection is None or not collection.is_uniform:
        console.print(f"There is no collection “{name}” that objects can be added to.")
        return UNREADABLE
    try:
        objects, told = objects_in(_content(where))
    except (UnreadableError, OutboundError, OSError) as problem:
        console.print(f"{where}: {problem}")
        return UNREADABLE
    batches = ingest(collection, objects)
    for some in track(batches, "adding", total=-(-len(objects) // 1000), console=console, transient=True):
        told += some
    if losses is not None:
        losses.write_text("".join(table_lines(_rows(told))), encoding="utf-8")
    return _say(console, told)


def objects_in(raw: bytes) -> tuple[list[Given], list[Line]]:
    """The STIX objects of a bundle, an envelope, a list, MISP events or OpenIOC; and what the latter two lost."""
    if is_openioc(raw):
        found = read_openioc(raw)
        if isinstance(found, Problem):
            raise UnreadableError(str(found))
        return [cast(Given, one) for one in found.objects], _lost(found.lines)
    value = jsontext.read(raw)
    if isinstance(value, Problem):
        raise UnreadableError(str(value))
    events = _events(value)
    if events:
        read = [read_event(event) for event in events]
        given = [cast(Given, one) for event in read for one in event.objects]
        return given, _lost(line for event in read for line in event.lines)
    objects = value.get("objects") if isinstance(value, dict) else value
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise UnreadableError("this is no STIX bundle, no MISP event and no OpenIOC")
    return cast(list[Given], objects), []


def _lost(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.outcome is not Outcome.TAKEN]


def _events(value: Json) -> list[Given]:
    """The MISP events: one, or the answer of a MISP to a search."""
    answer = value.get("response") if isinstance(value, dict) else None
    candidates: Sequence[Json] = answer if isinstance(answer, list) else [value]
    return [one for one in candidates if isinstance(one, dict) and "Event" in one]


def _content(where: str) -> bytes:
    if where.startswith(("https://", "http://")):
        answer = fetch(where, limit=MOST_BYTES, seconds=MOST_SECONDS)
        if answer.status != 200:
            raise UnreadableError(f"the host answered {answer.status}")
        return answer.body
    return Path(where).read_bytes()


def _rows(told: Iterable[Line]) -> Iterable[tuple[str, str, str]]:
    yield ("object", "outcome", "reason")
    for line in told:
        yield (line.subject, line.outcome.value, "; ".join(map(str, line.problems)))


def _say(console: Console, told: Sequence[Line]) -> int:
    counts = Counter(line.outcome for line in told)
    lost = [line for line in told if line.outcome is not Outcome.TAKEN]
    for line in lost[:SHOWN]:
        console.print(f"{line.subject}: {'; '.join(map(str, line.problems))}", highlight=False, markup=False)
    if len(lost) > SHOWN:
        console.print(f"… and {len(lost) - SHOWN} more")
    console.print(", ".join(f"{counts[outcome]:,} {outcome.value}" for outcome in Outcome))
    return SOME_REFUSED if counts[Outcome.REFUSED] else 0
