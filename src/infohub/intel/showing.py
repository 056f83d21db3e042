"""One object of a collection as its reader is shown it: what it speaks of, and whether it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import orjson

from infohub.intel.actions.adding import PIECE
from infohub.intel.actions.retracting import may_retract
from infohub.intel.lasting import usual_end
from infohub.intel.models import Collection, Retraction
from infohub.intel.pulling import (
    APART,
    ORIGIN,
    REVOKED,
    SOURCE,
    TEXT,
    TLP,
    TYPE,
    VALID_UNTIL,
    as_moment,
    as_truth,
    pull,
)
from infohub.policy.viewer import Viewer
from infohub.standards.jsontext import Json
from infohub.standards.stix21.sought import sought
from infohub.standards.stix21.spelling import Sought
from infohub.standards.taxii21.filters import Query
from infohub.standards.tlp import Tlp

_COLUMNS = (TYPE, TLP, REVOKED, VALID_UNTIL, ORIGIN, SOURCE, APART, TEXT)


@dataclass(frozen=True, slots=True)
class Shown:
    """The newest version that the reader is shown of an object.

    `valid_until` is what it says, else the end of what its kind of value lasts. `pieces` are the references of those
    that brought it; `may_retract` is whether the reader says that it is a false positive, or that it is none.
    """

    stix_id: str
    type: str
    name: str
    tlp: Tlp
    since: datetime
    valid_until: datetime | None
    revoked: bool
    retraction: Retraction | None
    values: tuple[Sought, ...]
    pieces: tuple[str, ...]
    may_retract: bool

    def is_past(self, at: datetime) -> bool:
        """Whether its time is over."""
        return self.valid_until is not None and self.valid_until <= at


def shown_object(viewer: Viewer, collection: Collection, stix_id: str) -> Shown | None:
    """The object, of a collection its reader may read; nothing where the reader is shown nothing of it."""
    rows = pull(viewer, collection, Query(ids=(stix_id,)), *_COLUMNS, most=1).rows
    if not rows:
        return None
    added, kind, tlp, revoked, until, origin, source, apart, text = rows[0]
    given = cast(Mapping[str, Json], orjson.loads(text))
    values, since = sought(given), as_moment(added)
    placed = collection.shown_to(viewer).filter(stix_id=stix_id).order_by("source")
    sources = list(placed.values_list("source", flat=True).distinct())
    where = int(origin) if origin else collection.pk
    said_of = (source.decode(),) if as_truth(apart) else ("", *sources)  # as `intel.lookup` asks it
    return Shown(
        stix_id=stix_id,
        type=kind.decode(),
        name=str(given.get("name") or ""),
        tlp=Tlp(int(tlp)),
        since=since,
        valid_until=as_moment(until) if until else usual_end((one.kind for one in values), since),
        revoked=as_truth(revoked),
        retraction=Retraction.objects.filter(collection=where, stix_id=stix_id, source__in=said_of).first(),
        values=values,
        pieces=tuple(source for source in sources if source.startswith(PIECE)),
        may_retract=may_retract(viewer, collection, sources),
    )
