"""The dry run of a push: exactly what would leave, what would not and why, by the walk that the sending takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from infohub.intel.actions.pushes import confirmation_of
from infohub.intel.models import Push
from infohub.intel.pulls import PullError
from infohub.intel.pushes import Candidate, Limits, Peer, Stays, candidates
from infohub.intel.pushes.choosing import above, shown
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.standards.stix21.parse import UNVERSIONED
from infohub.standards.stix21.timestamp import microseconds
from infohub.standards.tlp import Tlp
from infohub.support.outbound import OutboundError

MOST = 50_000
"""Objects that a dry run looks at."""

_FIRST = 50

Told = tuple[str, str, str, str]
"""Id, type, version and level of one object."""


@dataclass(slots=True)
class Part:
    """Some of what was looked at: how many, and which."""

    number: int = 0
    rows: list[Told] = field(default_factory=list)

    @property
    def first(self) -> list[Told]:
        """As many as a page shows."""
        return self.rows[:_FIRST]


@dataclass(slots=True)
class Rehearsal:
    """What would happen now. Without a `problem` there is a `confirmation`, which switches exactly this on.

    What is stricter than the peer may have is counted by type and not named: an office gives no content.
    """

    limits: Limits | None = None
    leaves: Part = field(default_factory=Part)
    stays: dict[Stays, Part] = field(default_factory=dict)
    above: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    unmarked: int = 0
    problem: str = ""
    confirmation: str = ""
    is_cut: bool = False

    @property
    def table(self) -> Iterator[tuple[str, ...]]:
        """Everything as rows: id, type, version, level, whether it leaves, why not, how many."""
        yield from ((*told, "yes", "", "1") for told in self.leaves.rows)
        for why, part in self.stays.items():
            yield from ((*told, "no", why.value, "1") for told in part.rows)
            if part.number > len(part.rows):
                yield ("", "", "", "", "no", why.value, str(part.number - len(part.rows)))
        yield from (("", kind, "", "", "no", Stays.ABOVE.value, str(n)) for kind, n in sorted(self.above.items()))

    def see(self, one: Candidate) -> None:
        """One object more."""
        part = self.leaves if one.stays is None else self.stays.setdefault(one.stays, Part())
        part.number += 1
        part.rows.append(_told(one))
        if one.stays is None:
            self.bytes += one.size
            self.unmarked += not one.is_marked


def rehearse(viewer: Viewer, *, push: Push) -> Rehearsal:
    """Ask the peer what it takes, and say what would be sent to it now; nothing is sent and nothing changes."""
    offices.demand_steering(viewer)
    made = Rehearsal()
    try:
        made.limits = Peer.of(push).limits()
    except PullError as problem:
        made.problem = problem.problem
    except OutboundError as problem:
        made.problem = problem.reason.value
    if made.limits is None:
        return made
    walk = candidates(push, made.limits)
    for one in islice(walk, MOST):
        made.see(one)
    made.is_cut = next(walk, None) is not None
    made.above = Counter(above(push).values_list("type", flat=True))
    seen = made.leaves.number + sum(part.number for part in made.stays.values())
    older = 0 if made.is_cut else shown(push) - seen
    if older > 0:
        made.stays[Stays.OLDER] = Part(older)
    if made.limits.can_write:
        made.confirmation = confirmation_of(push)
    return made


def _told(one: Candidate) -> Told:
    row = one.placement
    version = "" if row.version == UNVERSIONED else microseconds(row.version)
    return row.stix_id, row.type, version, Tlp(row.tlp).word
