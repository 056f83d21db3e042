"""A trial: the hub asks its own TAXII door with the rights of a token, and says what its machine would see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infohub.intel.holdings import MOST_COUNTED, Holding, holding
from infohub.members.models import Token
from infohub.policy.viewer import token_ceiling
from infohub.register.machines import TRIAL, Machine, machine_behind
from infohub.standards.taxii21.media import TAXII
from infohub.standards.tlp import Tlp

ROOT = "/taxii2/api/"
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Seen:
    """A collection as the machine sees it; `holding` is there where it may read."""

    title: str
    may_add: bool
    holding: Holding | None

    @property
    def is_more(self) -> bool:
        return self.holding is not None and self.holding.objects > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: the collections, and in words what stands in the way."""

    seen: list[Seen] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    is_open: bool = False


def tried(token: Token, at: datetime) -> Trial:
    """Ask for the collections, then for an object of each that may be read."""
    machine = machine_behind(token)
    if machine is None:
        return Trial(obstacles=[_dead(token, at)])
    answer = _ask(machine, "collections/")
    if answer.status_code != 200:
        return Trial(obstacles=[_closed(token)])
    seen = [_seen(machine, told) for told in _listed(answer)]
    return Trial(seen=seen, obstacles=list(_obstacles(machine, seen, at)), is_open=True)


def _ask(machine: Machine, path: str, query: str = "") -> HttpResponse:
    """The answer of the door itself; the request carries the machine instead of a secret, which nobody has."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = f"{ROOT}{path}"
    request.META = {"REQUEST_METHOD": "GET", "HTTP_ACCEPT": TAXII, TRIAL: machine}
    request.GET = QueryDict(query)
    match = resolve(request.path)
    return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))


def _listed(answer: HttpResponse) -> list[Mapping[str, object]]:
    return cast(list[Mapping[str, object]], orjson.loads(answer.content).get("collections", []))


def _seen(machine: Machine, told: Mapping[str, object]) -> Seen:
    row = next(row for row in machine.collections if str(row.uuid) == told["id"])
    opens = bool(told["can_read"]) and _ask(machine, f"collections/{row.uuid}/objects/", "limit=1").status_code == 200
    return Seen(row.title, bool(told["can_write"]), holding(row, machine.viewer) if opens else None)


def _dead(token: Token, at: datetime) -> str:
    if token.revoked is not None:
        return _("The token has been revoked: issue a new one.")
    if token.expires is not None and token.expires <= at:
        return _("The token has expired: issue a new one.")
    return _("Its organisation or its person is not active: the token sleeps until that changes.")


def _closed(token: Token) -> str:
    if "taxii" not in token.scopes:
        return _("The token has not the scope taxii: it cannot pull collections. Issue one that has it.")
    return _("The TAXII door does not open to it.")


def _obstacles(machine: Machine, seen: list[Seen], at: datetime) -> Iterator[str]:
    token = machine.token
    if not seen:
        yield _("No collection is open to it: they follow the organisation, its sectors and its groups.")
    if any(one.holding and one.holding.stricter for one in seen):
        yield _("It reads up to %(tlp)s; what is stricter is left out.") % {"tlp": Tlp(token_ceiling(token)).mark}
    if token.expires is not None and token.expires - at < SOON:
        days = max((token.expires - at).days, 0)
        words = ngettext(
            "It expires in %(n)d day: issue its successor in time.",
            "It expires in %(n)d days: issue its successor in time.",
            days,
        )
        yield words % {"n": days}
