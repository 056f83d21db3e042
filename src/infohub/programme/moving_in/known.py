"""Which rows came in before, and how ids of the file become rows here."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db.models import Model

from infohub.members.models import Group, Membership, Organisation, Person, Sector
from infohub.programme.models import Imported
from infohub.programme.moving_in.reading import Row

M = TypeVar("M", bound=Model)


def before(kind: str, row: Row) -> Imported | None:
    """The earlier import of this row, if there was one."""
    return Imported.objects.filter(kind=kind, sender_id=row.id).first()


def remember(kind: str, row: Row, made: Model) -> None:
    """Note that this row stands for the sender's id from now on."""
    Imported.objects.update_or_create(kind=kind, sender_id=row.id, defaults={"row": made.pk, "digest": row.digest})


def row_for(row: Row, name: str, kind: str, model: type[M], sender_id: str) -> M:
    """The row the sender means by an id; refused when it is not in the file or was refused itself."""
    found = Imported.objects.filter(kind=kind, sender_id=sender_id).first()
    if found is None:
        raise row.refuse(f"{sender_id!r} is not known", name)
    return model._base_manager.get(pk=found.row)


def sectors(row: Row, name: str) -> list[Sector]:
    return [row_for(row, name, "sectors", Sector, one) for one in row.texts(name)]


def organisation(row: Row, name: str, sender_id: str) -> Organisation:
    return row_for(row, name, "organisations", Organisation, sender_id)


def person(row: Row, name: str, sender_id: str) -> Person:
    return row_for(row, name, "people", Person, sender_id)


def group(row: Row, name: str, sender_id: str) -> Group:
    return row_for(row, name, "groups", Group, sender_id)


def membership_at(row: Row, name: str, sender_id: str, at: datetime) -> Membership:
    """The membership a person had at that time; what was done without one is refused."""
    of = person(row, name, sender_id)
    rows = of.memberships.filter(started__lte=at).select_related("organisation", "person").order_by("-started")
    held = next((one for one in rows if one.ended is None or one.ended >= at), None)
    if held is None:
        raise row.refuse(f"{sender_id!r} represented no organisation at that time", name)
    return held
