"""What becomes of a shared piece: whether it goes on or is resolved, and whether its discussion is open."""

from __future__ import annotations

from django.db import transaction

from infohub.audit.actions import record
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.publishing import seal_of
from infohub.sharing.models import Course, Item, ItemState
from infohub.sharing.refusals import NotAllowedError
from infohub.support.clock import now


@transaction.atomic
def set_course(viewer: Viewer, *, item: Item, course: Course) -> Item:
    """Say that what the piece tells of goes on, or is resolved."""
    row = _answered_for(viewer, item)
    row.course = course
    row.save(update_fields=["course"])
    record(viewer, "set_course", row.ref, seal=seal_of(row), detail={"course": course.value})
    return row


@transaction.atomic
def close_discussion(viewer: Viewer, *, item: Item) -> Item:
    """Take no more contributions; what was said stays."""
    return _with_discussion(viewer, item, closed=True)


@transaction.atomic
def open_discussion(viewer: Viewer, *, item: Item) -> Item:
    """Take contributions again."""
    return _with_discussion(viewer, item, closed=False)


def _with_discussion(viewer: Viewer, item: Item, *, closed: bool) -> Item:
    row = _answered_for(viewer, item)
    row.closed_at = now() if closed else None
    row.save(update_fields=["closed_at"])
    record(viewer, "close_discussion" if closed else "open_discussion", row.ref, seal=seal_of(row))
    return row


def _answered_for(viewer: Viewer, item: Item) -> Item:
    rows = Item.objects.readable(viewer).select_related("label__author", "seal")
    row = rows.select_for_update(of=("self",)).get(pk=item.pk)
    if row.state != ItemState.PUBLISHED or not row.label.answered_for_by(viewer):
        raise NotAllowedError
    return row
