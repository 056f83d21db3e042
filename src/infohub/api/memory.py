"""What is remembered of a call to the REST API: whose token asked for what and how it ended."""

from __future__ import annotations

from django.http import HttpRequest

from infohub.intel.actions import note_call
from infohub.intel.models import CallKind, Face
from infohub.policy.viewer import Viewer
from infohub.register.machines import token_of

KINDS = {
    "items": CallKind.PIECE,
    "search": CallKind.SEARCH,
    "suggest": CallKind.SEARCH,
    "lookup": CallKind.LOOKUP,
    "collections": CallKind.COLLECTIONS,
}
PIECES = "/api/v1/items"


def remember(request: HttpRequest, status: int) -> None:
    """Note the call of a token, living or dead; a person's own page is no machine."""
    token = _token(request, status)
    if token is not None:
        note_call(token, face=Face.REST, what=_kind(request), status=status)


def _token(request: HttpRequest, status: int) -> int | None:
    scheme, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer":
        return None
    viewer = getattr(request, "viewer", None)
    if isinstance(viewer, Viewer) and viewer.token is not None:
        return viewer.token
    return token_of(secret.strip()) if status == 401 and secret.strip() else None


def _kind(request: HttpRequest) -> CallKind:
    if request.path == PIECES:
        return CallKind.SHARED if request.method == "POST" else CallKind.PIECES
    name = request.path.removeprefix("/api/v1/").partition("/")[0]
    return KINDS.get(name, CallKind.OTHER)
