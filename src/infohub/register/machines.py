"""Who stands behind a token that a machine presents: no slow hash, and rights as they stand now.

What was found out about a token is kept until anybody's rights change, which the database says in one number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache

from infohub.intel.actions import note_use
from infohub.intel.models import WATCHED as COLLECTIONS
from infohub.intel.models import Collection
from infohub.members.models import Token
from infohub.policy import rights
from infohub.policy.viewer import Viewer, ViewerKind, token_viewer
from infohub.support.clock import now
from infohub.support.ids import keyed_digest

TRIAL = "infohub.machine"
"""Where a request of the hub's own carries the machine it stands for: no header of a client gets a key like that."""

WATCHED = (*rights.WATCHED, *COLLECTIONS)
MOST_KEPT = 5000


@dataclass(frozen=True)
class Machine:
    """A token with what it may, as rights stood at this number."""

    token: Token
    holder: Viewer
    number: int | None

    @property
    def viewer(self) -> Viewer:
        """A value of its own for each request: which labels are readable changes without anybody's rights."""
        return replace(self.holder, labels=[])

    @cached_property
    def collections(self) -> list[Collection]:
        """Those it may read or add to, always in the same order."""
        return list(Collection.objects.open_to(self.holder))

    def is_live(self, at: datetime) -> bool:
        """Whether it has not expired: time passes without a change of any right."""
        return self.token.expires is None or self.token.expires > at


_kept: dict[str, Machine] = {}


def machine_viewer(secret: str) -> Viewer | None:
    """The viewer behind a live token; nothing for any other secret, and where its holder has lost the right."""
    machine = machine_of(secret)
    return machine.viewer if machine else None


def machine_of(secret: str) -> Machine | None:
    """The same, with what the token opens."""
    if not secret:
        return None
    at, digest, number = now(), keyed_digest(secret), rights.number()
    machine = _kept.get(digest)
    if machine is None or number is None or machine.number != number or not machine.is_live(at):
        machine = _found(digest, number, at)
        if machine is None:
            return None
        _keep(digest, machine)
    note_use(machine.token, at=at)
    return machine


def machine_behind(token: Token) -> Machine | None:
    """What this token may now, without its secret and without a use of it; nothing where it opens nothing."""
    return _found(token.digest, rights.number(), now())


def token_of(secret: str) -> int | None:
    """The token of this secret, whether it still opens anything or not."""
    return Token.objects.of_machines().filter(digest=keyed_digest(secret)).values_list("pk", flat=True).first()


def _found(digest: str, number: int | None, at: datetime) -> Machine | None:
    token = Token.objects.of_machines().live(at).order_by().filter(digest=digest).first()
    viewer = token_viewer(token) if token else None
    if token is None or viewer is None or viewer.kind is ViewerKind.NOBODY:
        return None
    return Machine(token, viewer, number)


def _keep(digest: str, machine: Machine) -> None:
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    if machine.number is not None and _is_counted():
        _kept[digest] = machine


@lru_cache
def _is_counted() -> bool:
    """Where the database does not count changes, nothing is kept."""
    return rights.watches(WATCHED)
