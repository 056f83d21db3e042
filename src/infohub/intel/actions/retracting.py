"""Says that an object somebody added is a false positive, and takes that back."""

from __future__ import annotations

from collections.abc import Collection as Collected

from django.db import transaction

from infohub.audit.actions import record
from infohub.intel.actions.adding import PIECE
from infohub.intel.actions.submitting import source_of
from infohub.intel.models import WRITING, Collection, Placement, Retraction
from infohub.policy.offices import NotAllowedError
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.support import clock


@transaction.atomic
def retract_object(viewer: Viewer, *, collection: Collection, stix_id: str, reason: str) -> None:
    """The object counts no more in this collection, whatever later versions say; said twice is said once.

    Raises Placement.DoesNotExist where the viewer is shown nothing of it.
    """
    source = _demand(viewer, collection, stix_id)
    _row, new = Retraction.objects.get_or_create(
        collection=collection, stix_id=stix_id, source=source, defaults={"at": clock.now(), "reason": reason}
    )
    if new:
        record(viewer, "retract_object", collection.alias, detail={"object": stix_id})


@transaction.atomic
def restore_object(viewer: Viewer, *, collection: Collection, stix_id: str) -> None:
    """It was no false positive after all."""
    source = _demand(viewer, collection, stix_id)
    gone, _each = Retraction.objects.filter(collection=collection, stix_id=stix_id, source=source).delete()
    if gone:
        record(viewer, "restore_object", collection.alias, detail={"object": stix_id})


def may_retract(viewer: Viewer, collection: Collection, sources: Collected[str]) -> bool:
    """Who added the object, by a machine that may add or in person, or a moderator who reads it; `sources` brought it.

    What belongs to a piece is retracted there, and what was spread where it came from.
    """
    if not collection.is_uniform or all(source.startswith(PIECE) for source in sources):
        return False
    own = viewer.organisation is not None and source_of(viewer) in sources
    speaks = viewer.is_member if viewer.token is None else WRITING in viewer.scopes
    return (own and speaks) or viewer.may(Power.MODERATE)


def _demand(viewer: Viewer, collection: Collection, stix_id: str) -> str:
    """Who added the object, by a machine that may add or in person, or a moderator who reads it.

    What belongs to a piece is retracted there. Of what is apart, the source: others have that id for something else.
    """
    shown = collection.shown_to(viewer).filter(stix_id=stix_id).values_list("source", "is_apart")
    rows = list(shown) if collection.readable_by(viewer) else []
    sources = {source for source, _ in rows}
    if not rows:
        raise Placement.DoesNotExist
    if not may_retract(viewer, collection, sources):
        raise NotAllowedError
    return rows[0][0] if all(is_apart for _, is_apart in rows) else ""
