"""An event whose author took it back: everything in it is deleted, so that who pulled it stops using it."""

from __future__ import annotations

from collections.abc import Mapping

from .entries import Entry
from .fields import rows
from .frame import made_uuid


def taken_back(event: Mapping[str, object]) -> Entry:
    """The inside of an event with all its parts deleted, and its words too, which a revoked report no longer has.

    MISP passes over a part whose time is not later than what it has, so that of the event is written on each.
    """
    stamp = event["timestamp"]
    gone = {"deleted": True, "timestamp": stamp}
    attributes = [{**row, **gone} for _, row in rows(event, "Attribute") if row]
    objects = [
        {**row, **gone, "Attribute": [{**one, **gone} for _, one in rows(row, "Attribute") if one]}
        for _, row in rows(event, "Object")
        if row
    ]
    words = [{**row, **gone} for _, row in rows(event, "EventReport") if row]
    own = made_uuid("misp report", str(event["uuid"]), "description")
    if own not in {row["uuid"] for row in words}:
        words.append({"uuid": own, "name": event["info"], "content": "", "distribution": "5", **gone})
    return {**event, "Attribute": attributes, "Object": objects, "EventReport": words}
