"""What machines exchange: collections, their objects as given, adding to them and taking away again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import cast
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from infohub.api.door import adder, collections_of, reader
from infohub.api.envelopes import (
    AskedObjects,
    AskedVersion,
    AskedVersions,
    CollectionId,
    CollectionRow,
    CollectionRows,
    Envelope,
    Line,
    ObjectId,
    Objects,
    Reason,
    Report,
)
from infohub.api.paging import following, position_of
from infohub.api.problems import Problem, ProblemError, Wrong, absent
from infohub.api.shapes import TlpWord
from infohub.intel.actions import remove, restore_object, retract_object, submit
from infohub.intel.models import Collection, Placement, Submission
from infohub.intel.pulling import TEXT, as_moment, pull
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.standards.jsontext import Json
from infohub.standards.losses import Outcome
from infohub.standards.stix21.timestamp import microseconds, moment_of
from infohub.standards.taxii21.filters import Query as Asked
from infohub.standards.tlp import Tlp
from infohub.support.tables import lines

router = Router(tags=["Collections"])

STIX_TYPE = "application/stix+json;version=2.1"
STIX = {"responses": {200: {"description": "The object.", "content": {STIX_TYPE: {}}}}}
TABLE = {"responses": {200: {"description": "The table.", "content": {"text/csv": {}}}}}
JSON = frozenset({"", "application/json", "application/stix+json", "application/taxii+json"})


@router.get("/collections", response=CollectionRows, operation_id="collections")
def collections(request: HttpRequest) -> CollectionRows:
    """The collections of STIX objects you may read or add to, here and over TAXII 2.1."""
    viewer = reader(request)
    return CollectionRows(items=[_row(viewer, one) for one in Collection.objects.open_to(viewer)])


@router.get("/collections/{name}", response=CollectionRow, operation_id="collection")
def collection(request: HttpRequest, name: CollectionId) -> CollectionRow:
    """One of them."""
    viewer, found = reader(request), _found(request, name)
    return _row(viewer, Collection.objects.open_to(viewer).get(pk=found.pk))


@router.get("/collections/{name}/objects", response=Objects, operation_id="objects")
def objects(request: HttpRequest, name: CollectionId, asked: Query[AskedObjects]) -> HttpResponse:
    """Its objects as they were given, in the order of their addition."""
    viewer, found = reader(request), readable(request, name)
    position = position_of(request, asked.cursor)
    moments = [moment for moment in (asked.since, moment_of(position) if position else None) if moment]
    types = (asked.type,) if asked.type else ()
    query = Asked(added_after=max(moments, default=None), types=types, versions=_versions(asked.version))
    page = pull(viewer, found, query, TEXT, most=asked.limit)
    last = as_moment(page.rows[-1][0]) if page.rows else None
    more = following(request, microseconds(last)) if last and page.is_cut else None
    told = orjson.dumps({"next": more, "last_added": last})
    texts = b",".join(text for _added, text in page.rows)
    return HttpResponse(b'{"items":[' + texts + b"]," + told[1:], "application/json")


@router.get("/collections/{name}/objects/{stix_id}", openapi_extra=STIX, operation_id="object")
def one_object(request: HttpRequest, name: CollectionId, stix_id: ObjectId, asked: Query[AskedVersion]) -> HttpResponse:
    """One object as it was given, in its newest version unless you ask for another."""
    viewer, found = reader(request), readable(request, name)
    query = Asked(ids=(stix_id.lower(),), versions=_versions(asked.version))
    rows = pull(viewer, found, query, TEXT, most=1).rows
    if not rows:
        raise absent()
    return HttpResponse(rows[0][1], STIX_TYPE)


@router.post("/collections/{name}/objects", response={201: Report, 415: Problem}, operation_id="add_objects")
def add(request: HttpRequest, name: CollectionId, envelope: Envelope) -> Status[Report]:
    """Add objects, each of which is checked and answered for; 422 where none of them is taken.

    One that is there already in the same version is taken. What is taken is in the collection at once.
    """
    viewer, found = adder(request), _writable(request, name)
    if (request.content_type or "").lower() not in JSON:
        raise ProblemError(415, "Send `application/json` or `application/stix+json`.")
    try:
        made = submit(viewer, collection=found, objects=_named(envelope))
    except NotAllowedError:
        raise ProblemError(403, "This token may no longer add to the collection.") from None
    report = _report(made)
    if not made.taken:
        wrong = [Wrong(where=f"objects[{at}]", what=one["message"]) for at, one in enumerate(made.refused)]
        raise ProblemError(422, f"None of it was taken. The report stays at {_address(made)}.", errors=wrong)
    return Status(201, report)


@router.api_operation(
    ["DELETE"], "/collections/{name}/objects/{stix_id}", response={204: None}, operation_id="remove_object"
)
def take_away(request: HttpRequest, name: CollectionId, stix_id: ObjectId, asked: Query[AskedVersions]) -> Status[None]:
    """Take away what your organisation added, in all its versions unless you name one."""
    viewer, found = _keeper(request, name)
    with _refusing():
        remove(viewer, collection=found, stix_id=stix_id.lower(), versions=_versions(asked.version))
    return Status(204, None)


@router.put("/collections/{name}/objects/{stix_id}/false-positive", response={204: None}, operation_id="retract_object")
def retract(request: HttpRequest, name: CollectionId, stix_id: ObjectId, why: Reason) -> Status[None]:
    """Say that what your organisation added is a false positive: it counts no more, and look-ups say so."""
    viewer, found = _keeper(request, name)
    with _refusing():
        retract_object(viewer, collection=found, stix_id=stix_id.lower(), reason=why.reason)
    return Status(204, None)


@router.api_operation(
    ["DELETE"],
    "/collections/{name}/objects/{stix_id}/false-positive",
    response={204: None},
    operation_id="restore_object",
)
def restore(request: HttpRequest, name: CollectionId, stix_id: ObjectId) -> Status[None]:
    """It was no false positive after all."""
    viewer, found = _keeper(request, name)
    with _refusing():
        restore_object(viewer, collection=found, stix_id=stix_id.lower())
    return Status(204, None)


def _keeper(request: HttpRequest, name: str) -> tuple[Viewer, Collection]:
    """Who keeps what it added: a machine that reads there and may add."""
    readable(request, name)
    return adder(request), _writable(request, name)


@contextmanager
def _refusing() -> Iterator[None]:
    """What is not there, and what others added."""
    try:
        yield
    except Placement.DoesNotExist:
        raise absent() from None
    except NotAllowedError:
        raise ProblemError(403, "Only the organisation that added an object may do this.") from None


@router.get("/submissions/{uuid}", response=Report, operation_id="submission")
def submission(request: HttpRequest, uuid: UUID) -> Report:
    """What became of an envelope, here or over TAXII; for the token that sent it."""
    return _report(_sent(request, uuid))


@router.get("/submissions/{uuid}/losses.csv", openapi_extra=TABLE, operation_id="losses")
def losses(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    report = _report(_sent(request, uuid))
    rows = [(line.id, line.version, line.outcome.value, line.message) for line in report.objects]
    response = HttpResponse("".join(lines([("id", "version", "outcome", "message"), *rows])), "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="losses-{uuid}.csv"'
    return response


def _sent(request: HttpRequest, uuid: UUID) -> Submission:
    made = Submission.objects.of(adder(request)).select_related("collection").filter(uuid=uuid).first()
    if made is None:
        raise absent()
    return made


def _found(request: HttpRequest, name: str) -> Collection:
    """The collection of this id or alias, if there is anything that who asks may do with it."""
    found = next((row for row in collections_of(request) if row.is_called(name)), None)
    if found is None:
        raise absent()
    return found


def readable(request: HttpRequest, name: str) -> Collection:
    """The collection of this id or alias, for who may read it."""
    reader(request)
    found = _found(request, name)
    if not found.can_read:
        raise ProblemError(403, "This token may add to the collection, not read it.")
    return found


def _writable(request: HttpRequest, name: str) -> Collection:
    found = _found(request, name)
    if not found.can_write:
        raise ProblemError(403, "This token may read the collection, not add to it.")
    return found


def _named(envelope: Envelope) -> Sequence[Mapping[str, Json]]:
    """The objects, each of which can be named in the answer."""
    wrong = [
        Wrong(where=f"objects[{at}].{name}", what="Every object needs `id` and `type`, both of them text.")
        for at, given in enumerate(envelope.objects)
        for name in ("id", "type")
        if not isinstance(given.get(name), str)
    ]
    if wrong:
        raise ProblemError(422, "Some objects cannot be named in the answer; nothing was added.", errors=wrong)
    return cast(Sequence[Mapping[str, Json]], envelope.objects)


def _versions(asked: str) -> tuple[str | datetime, ...]:
    return (moment_of(asked) or asked,)


def _row(viewer: Viewer, row: Collection) -> CollectionRow:
    return CollectionRow(
        id=row.uuid,
        alias=row.alias,
        title=row.title,
        about=row.about,
        ceiling=TlpWord(Tlp(row.ceiling).word),
        can_read=row.can_read,
        can_write=row.can_write,
        taxii_url=f"{settings.BASE_URL}/taxii2/api/collections/{row.uuid}/",
        last_added=row.last_added if row.can_read and row.shows_all_to(viewer) else None,
    )


def _report(made: Submission) -> Report:
    told = [(Outcome.TAKEN, one) for one in made.taken] + [(Outcome.REFUSED, one) for one in made.refused]
    return Report(
        id=made.uuid,
        collection=made.collection.uuid,
        at=made.at,
        taken=len(made.taken),
        refused=len(made.refused),
        losses_url=f"{_address(made)}/losses.csv",
        objects=[
            Line(id=one["id"], version=one["version"], outcome=outcome, message=one.get("message", ""))
            for outcome, one in told
        ],
    )


def _address(made: Submission) -> str:
    return f"{settings.BASE_URL}/api/v1/submissions/{made.uuid}"
