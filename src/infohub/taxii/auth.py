"""Lets machines in: reads the token of a request, and says what is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest

from infohub.intel.models import Collection
from infohub.policy.viewer import Viewer
from infohub.register.machines import TRIAL, Machine, machine_of
from infohub.standards.authorization import secret_of
from infohub.standards.taxii21.media import accept_allows
from infohub.support.clock import now
from infohub.support.pace import Pace, counted, failed
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
    """Who asks in one request, what is not yet read of what it sends, and how many requests may follow."""

    viewer: Viewer
    collections: Sequence[Collection]
    body: Iterator[bytes]
    pace: Pace | None
    told: Told = field(default_factory=Told)


def caller_of(request: HttpRequest) -> Caller | None:
    """The machine that asks, as rights stand now, or for which the hub itself asks; nobody without a living token."""
    trial = request.META.get(TRIAL)
    if isinstance(trial, Machine):
        return Caller(trial.viewer, trial.collections, parts(request), None)
    machine = machine_of(secret_in(request))
    if machine is None:
        return None
    pace = counted(f"exchange-{machine.token.pk}", at=now(), most=settings.EXCHANGE_PER_MINUTE)
    return Caller(machine.viewer, machine.collections, parts(request), pace)


def let_in(request: HttpRequest, caller: Caller | None) -> Caller:
    """The machine, where it may speak TAXII and does; everybody else is refused."""
    if caller is None:
        if secret_in(request):
            _keep_pace(failed(request.META, at=now()))
        raise RefusedError(
            401,
            "Not signed in",
            "Send a token, as the password of Basic (with any user name) or as Bearer.",
            WWW_Authenticate=CHALLENGE,
        )
    _keep_pace(caller.pace)
    if SCOPE not in caller.viewer.scopes:
        raise RefusedError(403, "Not allowed", f"This token has not the scope `{SCOPE}`.")
    if not accept_allows(request.headers.get("Accept")):
        raise RefusedError(406, "Not acceptable", "This server speaks TAXII 2.1.")
    return caller


def _keep_pace(pace: Pace | None) -> None:
    if pace is not None and pace.is_exceeded:
        refused = RefusedError(429, "Too many requests", pace.refusal)
        for name, number in pace.headers.items():
            refused.answer[name] = number
        raise refused


def secret_in(request: HttpRequest) -> str:
    """The token that a request brings."""
    return secret_of(request.headers.get("Authorization", ""))
