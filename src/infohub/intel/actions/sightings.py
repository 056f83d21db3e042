"""Keeps what members have seen."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.intel.models import Sighting
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.support import clock


@transaction.atomic
def sight(viewer: Viewer, *, entry: Entry, seen: bool) -> None:
    """Say that the viewer's organisation has seen what a readable piece tells of, or looked and not; changeable."""
    entry = Entry.objects.readable(viewer).select_related("label__author", "label__seal__membership").get(pk=entry.pk)
    if viewer.membership is None or viewer.token is not None or entry.label.written_by(viewer):
        raise NotAllowedError
    first = seen and not Sighting.objects.filter(entry=entry, seen=True).exists()
    Sighting.objects.update_or_create(
        entry=entry, membership_id=viewer.membership, defaults={"seen": seen, "at": clock.now()}
    )
    record(viewer, "sight", entry.ref, detail={"seen": seen})
    writer = entry.label.seal.membership if entry.label.seal else entry.label.author
    if first and writer is not None:
        announce(
            entry,
            event=Event.SEEN,
            people=[writer.person_id],
            key="1",
            reason={"because": "participant"},
            due_at=clock.now() + timedelta(seconds=settings.OUTBOX_SECONDS),
        )
