"""Adding to a collection and taking away: reads the body within its limits, and lets the actions decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from django.http import HttpRequest

from infohub.intel.actions import remove, submit
from infohub.intel.models import Collection, Placement, Submission
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.standards import jsontext
from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem
from infohub.standards.taxii21.filters import ALL
from infohub.standards.taxii21.media import content_type_allows
from infohub.taxii.answers import RefusedError, absent
from infohub.taxii.auth import Caller
from infohub.taxii.body import MAX_CONTENT_LENGTH, announced
from infohub.taxii.pages import asked

MOST_OBJECTS = 10_000

Objects = Sequence[Mapping[str, Json]]


def submitted(request: HttpRequest, caller: Caller, collection: Collection) -> Submission:
    """What became of the envelope in the body."""
    if not content_type_allows(request.headers.get("Content-Type") or None):
        raise RefusedError(415, "Unsupported media type", "Send application/taxii+json;version=2.1.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise RefusedError(415, "Unsupported media type", "Send the body as it is, without a content encoding.")
    objects = _objects(_body(request, caller.body))
    try:
        return submit(caller.viewer, collection=collection, objects=objects)
    except NotAllowedError as refused:
        raise RefusedError(403, "Not allowed", "This token may no longer add to the collection.") from refused


def removed(request: HttpRequest, viewer: Viewer, collection: Collection, stix_id: str) -> None:
    """Take an object away, all of it unless the address names versions."""
    query = asked(request)
    versions = query.versions if "match[version]" in request.GET else (ALL,)
    try:
        remove(viewer, collection=collection, stix_id=stix_id, versions=versions, spec_versions=query.spec_versions)
    except Placement.DoesNotExist as nothing:
        raise absent() from nothing
    except NotAllowedError as refused:
        said = "Only the organisation that added an object may take it away."
        raise RefusedError(403, "Not allowed", said) from refused


def _body(request: HttpRequest, parts: Iterator[bytes]) -> bytes:
    """The body within its limit."""
    body = bytearray()
    if announced(request) > MAX_CONTENT_LENGTH:
        raise _too_large()
    for part in parts:
        body += part
        if len(body) > MAX_CONTENT_LENGTH:  # it comes in chunks
            raise _too_large()
    if len(body) < announced(request):
        raise RefusedError(400, "Not complete", "The body ended before its announced length; nothing was added.")
    return bytes(body)


def _too_large() -> RefusedError:
    said = f"An envelope may have {MAX_CONTENT_LENGTH} bytes; send the objects in several."
    return RefusedError(413, "Too large", said)


def _objects(raw: bytes) -> Objects:
    """The objects of the envelope, each of which can be named in the answer."""
    value = jsontext.read(raw, deepest=None)  # each object is measured when it is checked
    if isinstance(value, Problem):
        raise RefusedError(400, "Not the JSON needed here", str(value))
    objects = value.get("objects") if isinstance(value, dict) else None
    if not isinstance(objects, list) or not objects:
        raise RefusedError(422, "Nothing to add", 'Send an envelope: {"objects": [ … ]}.')
    if len(objects) > MOST_OBJECTS:
        said = f"An envelope may hold {MOST_OBJECTS} objects; send them in several."
        raise RefusedError(422, "Too many objects", said)
    nameless = {f"objects[{at}]": _NAMELESS for at, given in enumerate(objects) if not _named(given)}
    if nameless:
        said = "Some objects have no id and type to answer for them by; nothing was added."
        raise RefusedError(422, "Not STIX objects", said, details=nameless)
    return [given for given in objects if _named(given)]


_NAMELESS = "An object needs `id` and `type`, both of them text."


def _named(given: Json) -> TypeGuard[Mapping[str, Json]]:
    return isinstance(given, dict) and isinstance(given.get("id"), str) and isinstance(given.get("type"), str)
