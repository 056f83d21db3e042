"""Asking for a seat in a group: asked by a member, decided by who keeps the group, taken back by whoever asked."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import Group, Membership
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.actions.groups import seat
from infohub.register.models import Joining, JoiningState
from infohub.register.refusals import RegisterError
from infohub.support.clock import now


@transaction.atomic
def ask_to_join(viewer: Viewer, *, group: Group, reason: str, organisation: bool = False) -> Joining:
    """Ask for a seat, one's own or, as its administrator, the whole organisation's; asking twice is asking once."""
    offices.demand_person(viewer)
    membership = Membership.objects.select_related("organisation").filter(pk=viewer.membership or 0).first()
    if membership is None or not offices.knows_group(viewer, group):
        raise offices.NotAllowedError
    if organisation and not offices.administers(viewer, membership.organisation):
        raise offices.NotAllowedError
    if group.pk in viewer.groups and not organisation:
        raise RegisterError(_("You have a seat in this group already."))
    asked, new = Joining.objects.get_or_create(
        membership=membership,
        group=group,
        state=JoiningState.ASKED,
        defaults={"reason": reason, "organisation": organisation, "at": now()},
    )
    if new:
        record(viewer, "asked_to_join", group.ref, detail={"organisation": organisation})
    return asked


@transaction.atomic
def grant_joining(viewer: Viewer, *, joining: Joining) -> None:
    """Give the seat that was asked for."""
    row = _open(viewer, joining)
    whole = row.membership.organisation if row.organisation else None
    seat(viewer, group=row.group, membership=None if whole else row.membership, organisation=whole)
    _decide(viewer, row, JoiningState.GRANTED)


@transaction.atomic
def decline_joining(viewer: Viewer, *, joining: Joining, words: str) -> None:
    """Give no seat, and say why."""
    row = _open(viewer, joining)
    row.words = words
    _decide(viewer, row, JoiningState.DECLINED)


@transaction.atomic
def withdraw_joining(viewer: Viewer, *, group: Group) -> None:
    """Take one's own request back; nothing happens where there is none."""
    own = Joining.objects.filter(membership=viewer.membership or 0, group=group, state=JoiningState.ASKED)
    if own.update(state=JoiningState.WITHDRAWN, at=now()):
        record(viewer, "withdrew_joining", group.ref)


def _open(viewer: Viewer, joining: Joining) -> Joining:
    """The request, locked, if it still waits and the viewer keeps its group."""
    if not offices.keeps_group(viewer, joining.group_id):
        raise offices.NotAllowedError(_("Only a moderator of the group, or the programme manager, may seat somebody."))
    row = Joining.objects.waiting().select_for_update(of=("self",)).filter(pk=joining.pk).first()
    if row is None:
        raise RegisterError(_("This request has ended."))
    return row


def _decide(viewer: Viewer, row: Joining, state: JoiningState) -> None:
    row.state, row.at, row.decided_by_id = state, now(), viewer.person
    row.save(update_fields=["state", "at", "decided_by", "words"])
    record(viewer, f"{state.value}_joining", row.group.ref, detail={"membership": row.membership_id})
