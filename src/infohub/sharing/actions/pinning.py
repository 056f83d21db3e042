"""Pinned pieces: what the moderators of a group keep on top of its page."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import Group
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Item, ItemState, Pin
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.support.clock import now


@transaction.atomic
def pin(viewer: Viewer, *, item: Item, group: Group) -> None:
    """Keep a piece of the group on top of its page; who may not read it sees nothing of it there."""
    held = _kept(viewer, item, group)
    Group.objects.select_for_update().get(pk=group.pk)
    if (
        not held.pins.filter(group=group).exists()
        and group.pins.filter(item__state=ItemState.PUBLISHED).count() >= Pin.MOST
    ):
        raise NotReadyError("group", _("As many as fit are pinned there already. Take one down first."))
    _pin, new = Pin.objects.get_or_create(group=group, item=held, defaults={"at": now()})
    if new:
        record(viewer, "pin", held.ref, detail={"group": group.pk})


@transaction.atomic
def unpin(viewer: Viewer, *, item: Item, group: Group) -> None:
    """Let it stand among the others again."""
    gone, _rows = Pin.objects.filter(group=group, item=_kept(viewer, item, group)).delete()
    if gone:
        record(viewer, "unpin", item.ref, detail={"group": group.pk})


def _kept(viewer: Viewer, item: Item, group: Group) -> Item:
    """The piece, readable to whoever keeps the group and shared in it."""
    held = Item.objects.readable(viewer).filter(pk=item.pk, groups=group, state=ItemState.PUBLISHED).first()
    if held is None or not offices.keeps_group(viewer, group.pk):
        raise NotAllowedError
    return held
