"""Lets machines in: reads the token of a request, and says what is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest

from infohub.intel.models import Collection
from infohub.policy.viewer import Viewer
from infohub.register.machines import TRIAL, Machine, machine_of
from infohub.standards.authorization import secret_of
from infohub.standards.taxii21.media import accept_allows
from infohub.taxii.answers import RefusedError
from infohub.taxii.body import parts

SCOPE = "taxii"
CHALLENGE = 'Basic realm="TAXII", charset="UTF-8", Bearer realm="TAXII"'


@dataclass(slots=True)
class Told:
    """What is remembered of a call: the collection it was about, and how many objects went over."""

    collection: int | None = None
    objects: int = 0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks in one request, the collections it may read or add to, and what is not yet read of what it sends."""

    viewer: Viewer
    collections: Sequence[Collection]
    body: Iterator[bytes]
    told: Told = field(default_factory=Told)


def caller_of(request: HttpRequest) -> Caller | None:
    """The machine that asks, as rights stand now, or for which the hub itself asks; nobody without a living token."""
    trial = request.META.get(TRIAL)
    machine = trial if isinstance(trial, Machine) else machine_of(secret_in(request))
    return Caller(machine.viewer, machine.collections, parts(request)) if machine else None


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
