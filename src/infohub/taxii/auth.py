"""Lets machines in: reads the token of a request, and says what is missing."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest

from infohub.intel.models import Collection
from infohub.policy.viewer import Viewer
from infohub.register.machines import TRIAL, Machine, machine_of
from infohub.standards.taxii21.media import accept_allows
from infohub.taxii.answers import RefusedError

SCOPE = "taxii"
CHALLENGE = 'Basic realm="TAXII", charset="UTF-8", Bearer realm="TAXII"'


@dataclass(slots=True)
class Told:
    """What is remembered of a call: the collection it was about, and how many objects went over."""

    collection: int | None = None
    objects: int = 0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks in one request, and the collections it may read or add to."""

    viewer: Viewer
    collections: Sequence[Collection]
    told: Told = field(default_factory=Told)


def caller_of(request: HttpRequest) -> Caller | None:
    """The machine that asks, as rights stand now, or for which the hub itself asks; nobody without a living token."""
    trial = request.META.get(TRIAL)
    machine = trial if isinstance(trial, Machine) else machine_of(secret_in(request))
    return Caller(machine.viewer, machine.collections) if machine else None


def let_in(request: HttpRequest, caller: Caller | None) -> Caller:
    """The machine, where it may speak TAXII and does; everybody else is refused."""
    if caller is None:
        raise RefusedError(
            401,
            "Not signed in",
            "Send a token, as the password of Basic (with any user name) or as Bearer.",
            WWW_Authenticate=CHALLENGE,
        )
    if SCOPE not in caller.viewer.scopes:
        raise RefusedError(403, "Not allowed", f"This token has not the scope `{SCOPE}`.")
    if not accept_allows(request.headers.get("Accept")):
        raise RefusedError(406, "Not acceptable", "This server speaks TAXII 2.1.")
    return caller


def secret_in(request: HttpRequest) -> str:
    """The token that a request brings."""
    return secret_of(request.headers.get("Authorization", ""))


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
