"""Lets machines in: reads the token of a request and finds the viewer behind it, with one look-up and no slow hash."""

import base64
import binascii

from django.db.models import Q
from django.http import HttpRequest

from infohub.intel.actions import note_use
from infohub.members.models import Token, TokenKind
from infohub.policy.viewer import Viewer, ViewerKind, token_viewer
from infohub.standards.taxii21.media import accept_allows
from infohub.support.clock import now
from infohub.support.ids import keyed_digest
from infohub.taxii.answers import RefusedError

SCOPE = "taxii"
CHALLENGE = 'Basic realm="TAXII", charset="UTF-8", Bearer realm="TAXII"'


def let_in(request: HttpRequest) -> Viewer:
    """The viewer behind the request, as rights stand now; everybody else is refused."""
    viewer = _viewer(secret_of(request.headers.get("Authorization", "")))
    if viewer is None:
        raise RefusedError(
            401,
            "Not signed in",
            "Send a token, as the password of Basic (with any user name) or as Bearer.",
            WWW_Authenticate=CHALLENGE,
        )
    if SCOPE not in viewer.scopes:
        raise RefusedError(403, "Not allowed", f"This token has not the scope `{SCOPE}`.")
    if not accept_allows(request.headers.get("Accept")):
        raise RefusedError(406, "Not acceptable", "This server speaks TAXII 2.1.")
    return viewer


def secret_of(header: str) -> str:
    """The token in an Authorization header (`Basic`, `Bearer` or `Token`); nothing where there is none."""
    scheme, _, credentials = header.strip().partition(" ")
    match scheme.lower():
        case "bearer" | "token":
            return credentials.strip()
        case "basic":
            return _password(credentials.strip())
        case _:
            return ""


def _password(credentials: str) -> str:
    try:
        pair = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2]


def _viewer(secret: str) -> Viewer | None:
    if not secret:
        return None
    at = now()
    token = (
        Token.objects.filter(Q(expires__isnull=True) | Q(expires__gt=at), revoked__isnull=True)
        .exclude(kind=TokenKind.SETUP)
        .select_related("organisation", "membership__person")
        .filter(digest=keyed_digest(secret))
        .first()
    )
    viewer = token_viewer(token) if token else None
    if token is None or viewer is None or viewer.kind is ViewerKind.NOBODY:
        return None
    note_use(token, at=at)
    return viewer
