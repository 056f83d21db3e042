"""Lets machines in: reads the token of a request, and says what is missing."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from infohub.intel.models import Collection
from infohub.policy.viewer import Viewer
from infohub.register.machines import machine_of
from infohub.standards.taxii21.media import accept_allows
from infohub.taxii.answers import RefusedError

SCOPE = "taxii"
CHALLENGE = 'Basic realm="TAXII", charset="UTF-8", Bearer realm="TAXII"'


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks in one request, and the collections it may read or add to."""

    viewer: Viewer
    collections: Sequence[Collection]


def let_in(request: HttpRequest) -> Caller:
    """The machine that asks, as rights stand now; everybody else is refused."""
    machine = machine_of(secret_of(request.headers.get("Authorization", "")))
    if machine is None:
        raise RefusedError(
            401,
            "Not signed in",
            "Send a token, as the password of Basic (with any user name) or as Bearer.",
            WWW_Authenticate=CHALLENGE,
        )
    if SCOPE not in machine.holder.scopes:
        raise RefusedError(403, "Not allowed", f"This token has not the scope `{SCOPE}`.")
    if not accept_allows(request.headers.get("Accept")):
        raise RefusedError(406, "Not acceptable", "This server speaks TAXII 2.1.")
    return Caller(machine.viewer, machine.collections)


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
