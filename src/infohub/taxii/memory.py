"""What is remembered of a call: who asked for what and how it ended, so that its holder can be told."""

from django.http import HttpRequest

from infohub.intel.actions import note_call
from infohub.intel.models import CallKind, Face
from infohub.register.machines import TRIAL, token_of
from infohub.taxii.auth import Caller, Told, secret_in

TOO_MANY = 429
KINDS = {
    ("GET", "discovery"): CallKind.DISCOVERY,
    ("GET", "api_root"): CallKind.API_ROOT,
    ("GET", "collections"): CallKind.COLLECTIONS,
    ("GET", "collection"): CallKind.COLLECTION,
    ("GET", "objects"): CallKind.OBJECTS,
    ("POST", "objects"): CallKind.ADDED,
    ("GET", "manifest"): CallKind.MANIFEST,
    ("GET", "one_object"): CallKind.OBJECT,
    ("DELETE", "one_object"): CallKind.REMOVED,
    ("GET", "versions"): CallKind.VERSIONS,
    ("GET", "status"): CallKind.STATUS,
}


def remember(request: HttpRequest, caller: Caller | None, view: str, status: int) -> None:
    """Note the call of a token, living or dead; what nobody's token asked is nobody's call, nor is a trial."""
    if TRIAL in request.META or (caller is None and status == TOO_MANY):
        return
    token = caller.viewer.token if caller else _dead(request)
    if token is None:
        return
    told = caller.told if caller else Told()
    method = "GET" if request.method == "HEAD" else request.method or ""
    what = KINDS.get((method, view), CallKind.OTHER)
    note_call(token, face=Face.TAXII, what=what, status=status, collection=told.collection, told=told.objects)


def _dead(request: HttpRequest) -> int | None:
    secret = secret_in(request)
    return token_of(secret) if secret else None
