"""The door of the REST API: who asks, how often, and how bodies are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Collection as Collected
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest
from ninja.operation import Operation
from ninja.params.models import QueryModel
from ninja.parser import Parser
from ninja.security.base import AuthBase

from infohub.api.problems import ProblemError, Wrong
from infohub.intel.models import WRITING, Collection
from infohub.policy.viewer import NOBODY, Viewer, ViewerKind
from infohub.register.machines import Machine, machine_of
from infohub.standards import jsontext
from infohub.standards.authorization import secret_of
from infohub.standards.problem import Problem
from infohub.support.clock import now
from infohub.support.pace import Pace, counted, failed

CHALLENGE = 'Bearer realm="Infohub"'
CHALLENGE_OF_LISTS = f'Basic realm="Infohub", charset="UTF-8", {CHALLENGE}'
OWN_PAGES = ("same-origin", "none")

P = ParamSpec("P")
R = TypeVar("R")


class KnownRequest(HttpRequest):
    """A request of which the door knows who asks and how many more may follow."""

    viewer: Viewer
    machine: Machine | None
    limit: dict[str, str]


class Door(AuthBase):
    """Lets in whoever has a token, and a signed-in person whose own page asks; nobody else."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    schemes: Collected[str] = frozenset({"bearer"})
    challenge = CHALLENGE

    def __call__(self, request: HttpRequest) -> Viewer:
        known = cast(KnownRequest, request)
        found = self._who(request)
        if found is None:
            if secret_of(request.headers.get("Authorization", "")):
                _keep(failed(request.META, at=now()))
            raise ProblemError(
                401,
                "Send a living token: `Authorization: Bearer …`. Members issue them on the page Integrations.",
                headers={"WWW-Authenticate": self.challenge},
            )
        known.viewer, known.machine = found
        known.limit = _counted(known.viewer)
        return known.viewer

    def _who(self, request: HttpRequest) -> tuple[Viewer, Machine | None] | None:
        """As rights stand now. What a page of another site makes a browser ask is nobody's question."""
        header = request.headers.get("Authorization", "")
        if header:
            scheme = header.strip().partition(" ")[0].lower()
            machine = machine_of(secret_of(header)) if scheme in self.schemes else None
            return (machine.viewer, machine) if machine else None
        own = request.headers.get("Sec-Fetch-Site", "none") in OWN_PAGES and request.method in {"GET", "HEAD"}
        viewer = cast(KnownRequest, request).viewer
        return (viewer, None) if own and viewer is not NOBODY else None


class DoorOfLists(Door):
    """Takes the token as the password of Basic, too: firewalls have a user name and a password to give, if anything."""

    openapi_scheme = "basic"
    schemes = frozenset({"bearer", "basic"})
    challenge = CHALLENGE_OF_LISTS


def reader(request: HttpRequest) -> Viewer:
    """Who reads; a token needs the scope for it."""
    viewer = cast(KnownRequest, request).viewer
    if viewer.token is not None and "read" not in viewer.scopes:
        raise ProblemError(403, "This token has not the scope “read”.")
    return viewer


def member(request: HttpRequest) -> Viewer:
    """Who reads as a member: a person or an organisation, not a peer programme."""
    viewer = reader(request)
    if viewer.kind is ViewerKind.PEER:
        raise ProblemError(403, "The token of a peer programme reads pieces and collections, nothing about members.")
    return viewer


def collections_of(request: HttpRequest) -> Sequence[Collection]:
    """Those that who asks may read or add to, each of which says so; what is kept of a machine costs no query."""
    known = cast(KnownRequest, request)
    return known.machine.collections if known.machine else list(Collection.objects.open_to(known.viewer))


def adder(request: HttpRequest) -> Viewer:
    """Who adds objects: a machine whose token has the scope for it."""
    viewer = cast(KnownRequest, request).viewer
    if WRITING not in viewer.scopes:
        raise ProblemError(403, f"This token has not the scope “{WRITING}”.")
    return viewer


def author(request: HttpRequest) -> Viewer:
    """Who shares: a person's program, with the scope for it. The pages of the hub share by their own forms."""
    viewer = cast(KnownRequest, request).viewer
    if viewer.token is None or viewer.membership is None or "write" not in viewer.scopes:
        raise ProblemError(403, "Only a personal token with the scope “write” shares here.")
    return viewer


def whole_address(view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
    """An operation that answers nothing to a parameter it does not know, or that stands twice.

    Ninja passes them over, and a misspelt filter would narrow nothing.
    """
    operation = cast(Operation, getattr(view, "_ninja_operation"))  # noqa: B009  (ninja's own mark on its operations)
    asked = (model for model in operation.models if issubclass(model, QueryModel))
    known = {str(name) for model in asked for name in getattr(model, "__ninja_flatten_map__", ())}

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        wrong = [_unknown(name, known) for name in request.GET if name not in known]
        wrong += [
            Wrong(where=f"query.{name}", what="Say it once.")
            for name, values in request.GET.lists()
            if name in known and len(values) > 1
        ]
        if wrong:
            raise ProblemError(422, "Part of the address is not what is needed there.", errors=wrong)
        return view(request, *args, **kwargs)

    return answer


class StrictParser(Parser):
    """Takes a body only where every key stands once and nothing is nested too deeply."""

    def parse_body(self, request: HttpRequest) -> dict[str, object]:
        value = jsontext.read(request.body)
        if isinstance(value, Problem):
            raise ProblemError(400, f"The body is not the JSON needed here: {value}.")
        return cast(dict[str, object], value)


def _unknown(name: str, known: set[str]) -> Wrong:
    what = f"Nothing is called so here; there is {', '.join(sorted(known))}." if known else "Nothing can be asked here."
    return Wrong(where=f"query.{name}", what=what)


def _counted(viewer: Viewer) -> dict[str, str]:
    """Count the request in this minute; one too many is refused with the time to wait."""
    who = f"token-{viewer.token}" if viewer.token else f"person-{viewer.person}"
    return _keep(counted(who, at=now(), most=settings.API_PER_MINUTE)).headers


def _keep(pace: Pace) -> Pace:
    if pace.is_exceeded:
        raise ProblemError(429, pace.refusal, headers=pace.headers)
    return pace
