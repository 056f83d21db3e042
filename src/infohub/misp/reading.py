"""What a pulling MISP and its Python library ask of a server: over everything that the token reads, each event once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from infohub.intel.gathering import Gathered
from infohub.misp.answers import RefusedError, absent, answer, etag_of, unchanged
from infohub.misp.door import READING, Caller, demand, door
from infohub.misp.events import Known, events, known, programme, version
from infohub.standards import jsontext
from infohub.standards.jsontext import Json
from infohub.standards.misp.asking import MOST, Question, Scope, question_of
from infohub.standards.misp.describing import VERSION, described_types, server_version
from infohub.standards.misp.fields import part, text
from infohub.standards.misp.finding import (
    asks_inside,
    event_meets,
    found_in,
    may_have,
    shown,
    tags_of,
    whole_event_meets,
)
from infohub.standards.problem import Problem
from infohub.standards.stix21.render import Author
from infohub.support.clock import now

LONGEST_BODY = 1024 * 1024
_PATH = {"excludeGalaxy", "excludeLocalTags", "includeEventCorrelations", "includeFeedCorrelations"}
_PATH |= {"includeWarninglistHits", "includeAnalystData", "includeAttachments", "includeServerCorrelations"}
_PATH |= {"noShadowAttributes", "includeGranularCorrelations"}
_WITHOUT = {"noSightings": "Sighting", "noEventReports": "EventReport"}

Rows = list[object]


@dataclass(frozen=True, slots=True)
class Line:
    """An event that the question may be about, with what lists say of it."""

    part: Gathered
    known: Known
    told: Mapping[str, object]


@door
def server(request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Say which MISP answers like this, and that it takes nothing in."""
    demand(request)
    return answer(server_version())


@door
def library(request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Say which version of the Python library fits."""
    demand(request)
    return answer({"version": VERSION})


@door
def me(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Say who the token is, and that it reads alone."""
    demand(request)
    token = caller.machine.token
    role = {"name": "Read Only", "perm_auth": True, "perm_add": False, "perm_modify": False, "perm_sync": False}
    user = {"id": str(token.pk), "email": token.name, "Role": role, "Organisation": {"name": settings.SITE_NAME}}
    return answer({"User": user, "Role": role, "UserSetting": {}, "Organisation": user["Organisation"]})


@door
def types(request: HttpRequest, _caller: Caller) -> HttpResponse:
    """Say which types may stand in which category."""
    demand(request)
    return answer(described_types())


@door
def index(request: HttpRequest, caller: Caller) -> HttpResponse:
    """List events without what is in them."""
    demand(request, *READING, "POST")
    question, author = _question(request, Scope.INDEX), programme()
    lines = [line for line in _lines(caller, question, author) if question.tags.allows(tags_of(line.told))]
    etag = etag_of("index", repr(question), version(author), *(line.part.digest for line in lines))
    if same := unchanged(request, etag):
        return same
    rows = [_minimal(line) if question.minimal else _row(line) for line in _page(question, lines)]
    return answer(rows, ETag=etag, X_Result_Count=str(len(lines)))


@door
def search_events(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Give whole events that a question is about."""
    demand(request, "POST")
    question = _question(request, Scope.EVENTS)
    without = ("Attribute", "Object", "EventReport") if question.metadata else ()
    inside = asks_inside(question)
    told = _told(caller, question, paged=not inside)
    if inside:
        told = (one for one in told if whole_event_meets(question, one))
    else:
        question = replace(question, page=1)
    rows = ({"Event": shown(one, deleted=question.deleted, without=without)} for one in told)
    return answer({"response": _bounded(question, rows)})


@door
def search_attributes(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Give the attributes that a question is about, each with its event."""
    demand(request, "POST")
    question = _question(request, Scope.ATTRIBUTES)
    rows = (_attribute(one, told) for told in _told(caller, question) for one in found_in(question, told))
    return answer({"response": {"Attribute": _bounded(question, rows)}})


@door
def event(request: HttpRequest, caller: Caller, uuid: str, more: str) -> HttpResponse:
    """Give one event, or say whether it is there."""
    demand(request, *READING, "POST")
    deleted, without = _wish(request, more)
    found = caller.gathered().parts.get(UUID(uuid))
    told = next(events([found], programme()), None) if found else None
    if told is None:
        raise absent()
    inside = part(told, "Event")
    return answer({"Event": shown(inside, deleted=deleted, without=without)})


@door
def tags(request: HttpRequest, caller: Caller) -> HttpResponse:
    """List the tags that stand on events."""
    demand(request)
    lines = known(caller.gathered(), programme()).values()
    names = sorted({name for line in lines for name in tags_of(line.told)})
    return answer({"Tag": [{"name": name, "exportable": True, "hide_tag": False} for name in names]})


def _question(request: HttpRequest, scope: Scope) -> Question:
    question = question_of(_body(request), scope, now=now())
    if isinstance(question, Problem):
        raise RefusedError(400, f"This question is not understood: {question}.")
    return question


def _body(request: HttpRequest) -> Json:
    """What was sent as JSON; nothing is no filter."""
    if request.META.get("QUERY_STRING"):
        raise RefusedError(400, "Send filters as JSON in the body; none is read from the address.")
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise RefusedError(411, "Send the length of the body in the header `Content-Length`.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RefusedError(415, "Send the body as it is, without a content encoding.")
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > LONGEST_BODY:
        raise RefusedError(413, f"A question has at most {LONGEST_BODY} bytes.")
    if not request.body:
        return {}
    value = jsontext.read(request.body)
    if isinstance(value, Problem):
        raise RefusedError(400, f"This is not the JSON needed here: {value}.")
    return value


def _wish(request: HttpRequest, more: str) -> tuple[frozenset[bool], list[str]]:
    """Whether deleted parts are wanted, and which are not at all: in the address as `name:value`, or in a body."""
    pairs = [tuple(one.partition(":")[::2]) for one in more.split("/") if one]
    body = _body(request) if request.method == "POST" else {}
    if not isinstance(body, dict):
        raise RefusedError(400, "A JSON object is needed.")
    for name, value in body.items():
        pairs += [(name, str(int(one) if isinstance(one, bool) else one)) for one in _each(value)]
    deleted: set[bool] = set()
    without: list[str] = []
    for name, value in pairs:
        if name in {"deleted", "deleted[]"} and value in {"0", "1", "only"}:
            deleted |= {"0": {False}, "1": {True, False} if name == "deleted" else {True}, "only": {True}}[value]
        elif name in _WITHOUT:
            without += [_WITHOUT[name]] if value == "1" else []
        elif name not in _PATH and not (name == "extended" and value == "0"):
            raise RefusedError(400, f"Nothing is called `{name[:100]}` here, or it cannot be `{value[:100]}`.")
    return frozenset(deleted or {False}), without


def _each(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _lines(caller: Caller, question: Question, author: Author) -> Iterator[Line]:
    """The events that a question may be about, as far as lists tell."""
    gathering = caller.gathered()
    for uuid, line in known(gathering, author).items():
        told = line.told
        if event_meets(question, told, str(uuid)):
            yield Line(gathering.parts[uuid], line, told)


def _told(caller: Caller, question: Question, *, paged: bool = False) -> Iterator[Mapping[str, object]]:
    """The insides of the events that may be meant, a portion at a time; where lists decide, a page of them alone."""
    author = programme()
    lines = [
        line for line in _lines(caller, question, author) if may_have(question, line.known.hashes, line.known.words)
    ]
    for told in events([line.part for line in (_page(question, lines) if paged else lines)], author):
        yield part(told, "Event")


def _bounded(question: Question, rows: Iterator[object]) -> Rows:
    """A page of the rows; without a limit all of them, unless there are too many for one answer."""
    if question.limit is not None:
        first = (question.page - 1) * question.limit
        return list(islice(rows, first, first + question.limit))
    found = list(islice(rows, MOST + 1))
    if len(found) > MOST:
        raise RefusedError(400, f"There are more than {MOST}. Send `limit` and `page`, or ask for less.")
    return found


def _page(question: Question, lines: list[Line]) -> list[Line]:
    """A page of a list that is short for each event; all of it where no limit is set, as a pulling MISP needs it."""
    if question.limit is None:
        return lines
    first = (question.page - 1) * question.limit
    return lines[first : first + question.limit]


def _minimal(line: Line) -> dict[str, object]:
    told = line.told
    return {
        "uuid": str(line.part.uuid),
        "timestamp": told["timestamp"],
        "sighting_timestamp": "0",
        "publish_timestamp": told["publish_timestamp"],
        "published": told["published"],
        "orgc_uuid": text(part(told, "Orgc"), "uuid"),
    }


def _row(line: Line) -> dict[str, object]:
    named = {name: value for name, value in line.told.items() if name != "integrity:sha256"}
    return {"uuid": str(line.part.uuid), **named, "sighting_timestamp": "0", "distribution": "0"}


def _attribute(one: Mapping[str, object], told: Mapping[str, object]) -> dict[str, object]:
    above = {name: told[name] for name in ("uuid", "info", "date", "Orgc", "Tag")}
    return {**one, "event_uuid": told["uuid"], "Event": above}
