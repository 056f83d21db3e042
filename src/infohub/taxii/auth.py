"""Lets machines in: reads the token of a request, and says what is missing."""

import base64
import binascii

from django.http import HttpRequest

from infohub.policy.viewer import Viewer
from infohub.register.machines import machine_viewer
from infohub.standards.taxii21.media import accept_allows
from infohub.taxii.answers import RefusedError

SCOPE = "taxii"
CHALLENGE = 'Basic realm="TAXII", charset="UTF-8", Bearer realm="TAXII"'


def let_in(request: HttpRequest) -> Viewer:
    """The viewer behind the request, as rights stand now; everybody else is refused."""
    viewer = machine_viewer(secret_of(request.headers.get("Authorization", "")))
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
