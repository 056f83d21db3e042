"""Pieces as STIX, tokens, and a short way to place them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from secrets import token_urlsafe
from uuid import UUID

import orjson

from infohub.intel import actions
from infohub.intel.models import Collection
from infohub.intel.tasks import place_due
from infohub.members.models import Organisation, Person, Token
from infohub.policy.clause import Clause
from infohub.policy.models import Label
from infohub.policy.viewer import Viewer, token_viewer
from infohub.standards.stix21.timestamp import milliseconds
from infohub.standards.tlp import Tlp
from infohub.support import ids
from tests import make

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Stix = dict[str, object]

_numbers = count(1)


def uuid() -> UUID:
    return UUID(int=next(_numbers), version=4)


def indicator(name: str = "an address", *, of: UUID | None = None, day: int = 1, revoked: bool = False) -> Stix:
    """An indicator; the same `of` on a later day is a newer version of it."""
    made: Stix = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{of or uuid()}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": milliseconds(datetime(2026, 1, day, tzinfo=UTC)),
        "name": name,
        "pattern": "[ipv4-addr:value = '198.51.100.3']",
        "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00.000Z",
    }
    return made | ({"revoked": True} if revoked else {})


def address(marking: str = "a") -> Stix:
    """An observable: it has no version, and every piece that speaks of it gives it the same id."""
    return {
        "type": "ipv4-addr",
        "spec_version": "2.1",
        "id": "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
        "value": "198.51.100.3",
        "x_from": marking,
    }


def place(
    source: str, *objects: Stix, tlp: Tlp = Tlp.GREEN, clauses: Sequence[Clause] = (), due: datetime = NOW
) -> Label:
    """Place objects under a label of these clauses, all members if there are none."""
    asked = list(clauses) or [Clause(everyone=True)]
    label = make.label(tlp, *asked)
    actions.place(source, objects=objects, tlp=tlp, label=label, clauses=asked, due_at=due)
    return label


def placed(source: str, *objects: Stix, tlp: Tlp = Tlp.GREEN, clauses: Sequence[Clause] = ()) -> None:
    """Place objects and let the worker date them."""
    place(source, *objects, tlp=tlp, clauses=clauses)
    place_due(NOW + timedelta(hours=1))


def collection(alias: str) -> Collection:
    return Collection.objects.get(alias=alias)


def shown(alias: str, viewer: Viewer) -> list[str]:
    """The names, else the ids, of what the viewer is shown in a collection, in the order of addition."""
    return [row.stix_id for row in collection(alias).shown_to(viewer).order_by("date_added")]


def token(
    holder: Person | Organisation | None,
    *,
    scopes: Sequence[str] = ("taxii",),
    ceiling: Tlp = Tlp.GREEN,
    expires: datetime | None = None,
) -> tuple[Token, str]:
    """A token of a person, an organisation or, with no holder, a peer; and its secret."""
    secret = token_urlsafe(32)
    kind = "peer" if holder is None else "personal" if isinstance(holder, Person) else "organisation"
    row = Token.objects.create(
        kind=kind,
        name=kind,
        digest=ids.keyed_digest(secret),
        membership=make.membership(holder) if isinstance(holder, Person) else None,
        organisation=holder if isinstance(holder, Organisation) else None,
        scopes=list(scopes),
        ceiling=ceiling.value,
        created=make.START,
        expires=expires,
    )
    return row, secret


def reader(holder: Person | Organisation | None, *, ceiling: Tlp = Tlp.AMBER_STRICT) -> Viewer:
    """The viewer behind a fresh token of this holder; a peer's ceiling is GREEN."""
    row, _ = token(holder, ceiling=ceiling if holder else Tlp.GREEN)
    return token_viewer(row)


def text(made: Stix) -> str:
    """The JSON of an object as it is stored."""
    return orjson.dumps(made).decode()
