"""What is remembered of a call to the REST API: whose token asked for what and how it ended."""

from __future__ import annotations

import re

from django.http import HttpRequest

from infohub.intel.actions import note_call
from infohub.intel.models import CallKind, Face
from infohub.policy.viewer import Viewer
from infohub.register.machines import Machine, token_of
from infohub.standards.authorization import secret_of

KINDS = {
    "items": CallKind.PIECE,
    "search": CallKind.SEARCH,
    "suggest": CallKind.SEARCH,
    "lookup": CallKind.LOOKUP,
    "collections": CallKind.COLLECTIONS,
}
PIECES = "/api/v1/items"
VALUES = re.compile("/api/v1/collections/([^/]+)/values")


def remember(request: HttpRequest, status: int) -> None:
    """Note the call of a token, living or dead; a person's own page is no machine."""
    token = _token(request, status)
    if token is not None:
        note_call(token, face=Face.REST, what=_kind(request), status=status, collection=_collection(request))


def _token(request: HttpRequest, status: int) -> int | None:
    secret = secret_of(request.headers.get("Authorization", ""))
    viewer = getattr(request, "viewer", None)
    if isinstance(viewer, Viewer) and viewer.token is not None:
        return viewer.token
    return token_of(secret) if status == 401 and secret else None


def _collection(request: HttpRequest) -> int | None:
    """The collection whose values were asked for, where the token may read it."""
    asked, machine = VALUES.fullmatch(request.path), getattr(request, "machine", None)
    known = machine.collections if asked and isinstance(machine, Machine) else []
    return next((row.pk for row in known if asked and row.can_read and row.is_called(asked[1])), None)


def _kind(request: HttpRequest) -> CallKind:
    if VALUES.fullmatch(request.path):
        return CallKind.VALUES
    if request.path == PIECES:
        return CallKind.SHARED if request.method == "POST" else CallKind.PIECES
    name = request.path.removeprefix("/api/v1/").partition("/")[0]
    return KINDS.get(name, CallKind.OTHER)
