"""The door of every MISP address: signs the machine in, and turns refusals into answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from infohub.intel.gathering import Gathering, gathered
from infohub.intel.models import Collection
from infohub.misp.answers import RefusedError, absent
from infohub.policy.viewer import Viewer
from infohub.register.machines import Machine, machine_of
from infohub.standards.authorization import secret_of
from infohub.support.clock import now
from infohub.support.pace import Pace, counted, failed

SCOPE = "misp"
CHALLENGE = 'Basic realm="MISP", charset="UTF-8", Bearer realm="MISP"'
READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks in one request."""

    machine: Machine
    viewer: Viewer
    pace: Pace

    def gathered(self, name: str | None = None) -> Gathering:
        """What it is shown: of the collection of this id or alias, or of all that it reads."""
        readable: list[Collection] = [row for row in self.machine.collections if row.can_read]
        if name is not None:
            readable = [row for row in readable if row.is_called(name)]
            if not readable:
                raise absent()
        return gathered(self.viewer, readable)


Inside = Callable[..., HttpResponse]


def door(inside: Inside) -> Callable[..., HttpResponse]:
    """A view for machines: it is called with who asks, and needs neither session nor form token."""

    @wraps(inside)
    def outside(request: HttpRequest, **names: str) -> HttpResponse:
        try:
            caller = _let_in(request)
            response = inside(request, caller, **names)
            for name, number in caller.pace.headers.items():
                response[name] = number
        except RefusedError as refused:
            response = refused.answer(request)
        if request.method == "HEAD":
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return outside


def demand(request: HttpRequest, *methods: str) -> None:
    """Refuse every method but these; reading alone where none are named."""
    allowed = methods or READING
    if request.method not in allowed:
        raise RefusedError(405, f"This address knows {', '.join(allowed)} alone.", Allow=", ".join(allowed))


def _let_in(request: HttpRequest) -> Caller:
    """The machine that asks, as rights stand now; everybody else is refused."""
    secret = secret_of(request.headers.get("Authorization", ""), bare=True)
    machine = machine_of(secret)
    if machine is None:
        if secret:
            _keep(failed(request.META, at=now()))
        message = (
            "Authentication failed. Send a token: alone in the header `Authorization`, or as the password of Basic."
        )
        raise RefusedError(401, message, WWW_Authenticate=CHALLENGE)
    pace = _keep(counted(f"exchange-{machine.token.pk}", at=now(), most=settings.EXCHANGE_PER_MINUTE))
    if SCOPE not in machine.holder.scopes:
        raise RefusedError(403, f"This token has not the scope `{SCOPE}`.")
    return Caller(machine, machine.viewer, pace)


def _keep(pace: Pace) -> Pace:
    if pace.is_exceeded:
        raise RefusedError(429, pace.refusal, **pace.headers)
    return pace
