"""Objects that machines send to a collection by agreement."""

from __future__ import annotations

from datetime import timedelta

from infohub.intel.actions import submit
from infohub.intel.models import Collection, Placement
from infohub.members.models import Organisation
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.policy.viewer import token_viewer
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.tlp import Tlp
from tests.intel import pieces
from tests.intel.pieces import Stix

WRITING = ("taxii", "taxii-write")


def agreed(alias: str, *organisations: Organisation, ceiling: Tlp = Tlp.AMBER) -> Collection:
    """A collection that these organisations read and add to."""
    audience = Audience.objects.intern(Clause(organisations=frozenset(one.pk for one in organisations)))
    return Collection.objects.create(
        alias=alias,
        kind="named",
        titles={"en": alias.capitalize()},
        audience=audience,
        writers=audience,
        ceiling=ceiling.value,
    )


def sent(to: Collection, *objects: Stix, by: Organisation) -> None:
    """Everything of it is taken."""
    row, _secret = pieces.token(by, scopes=WRITING, ceiling=Tlp.AMBER_STRICT)
    made = submit(token_viewer(row), collection=to, objects=objects)  # type: ignore[arg-type]  # our own JSON
    assert made.refused == []


def speaking(pattern: str, *, tlp: Tlp | None = None, **about: object) -> Stix:
    """An indicator of this pattern."""
    marked = {"object_marking_refs": [TLP_2[tlp]]} if tlp is not None else {}
    return pieces.indicator() | {"pattern": pattern} | marked | about


def aged(days: int) -> None:
    """What was added until now was added so many days before."""
    for row in Placement.objects.order_by("date_added"):
        Placement.objects.filter(pk=row.pk).update(date_added=row.date_added - timedelta(days=days))
