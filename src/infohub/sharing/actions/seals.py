"""Seals of unattributed pieces: two officers open one together, its author is told; in time they are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce, forget_author
from infohub.delivery.models import Event
from infohub.policy import offices
from infohub.policy.models import Seal
from infohub.policy.viewer import SYSTEM, Viewer, person_viewer
from infohub.sharing.models import Item, ItemState, Opening, OpeningState, Sending
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.support.clock import now

FORGOTTEN_AT_ONCE = 500


@transaction.atomic
def ask_to_open(viewer: Viewer, *, ref: str, reason: str) -> Opening:
    """One officer asks, by reference and with a reason; nothing of the piece is shown by it."""
    officer = _officer(viewer)
    pieces = Item.objects.as_system("named by an officer who is shown nothing of it")
    shared = pieces.filter(state__in=[ItemState.PUBLISHED, ItemState.WITHDRAWN], seal__membership__isnull=False)
    item = shared.filter(ref=ref.strip().upper()).first()
    if item is None:
        raise NotReadyError("ref", _("No unattributed piece has this reference, or its seal was forgotten."))
    try:
        with transaction.atomic():
            opening = Opening.objects.create(item=item, reason=reason, asked_by_id=officer, asked_at=now())
    except IntegrityError as there:
        raise NotReadyError("ref", _("An officer has asked for this seal already.")) from there
    record(viewer, "ask_to_open_seal", item.ref, detail={"reason": reason})
    return opening


@transaction.atomic
def open_seal(viewer: Viewer, *, opening: Opening) -> Opening:
    """The second officer agrees: the two see who wrote it, and the author is told at once."""
    held = _waiting(viewer, opening)
    writer = held.item.seal.membership if held.item.seal else None
    if writer is None:
        raise NotReadyError("ref", _("No unattributed piece has this reference, or its seal was forgotten."))
    _decide(viewer, held, OpeningState.OPENED)
    announce(
        Entry.objects.as_system("its author is told of the opening").get(ref=held.item.ref),
        event=Event.UNSEALED,
        people=[writer.person_id],
        key=str(held.pk),
        reason={"because": "participant"},
        due_at=now(),
    )
    record(viewer, "open_seal", held.item.ref, detail={"asked_by": held.asked_by_id, "reason": held.reason})
    return held


@transaction.atomic
def keep_sealed(viewer: Viewer, *, opening: Opening) -> Opening:
    """The second officer says no: the seal stays closed."""
    held = _waiting(viewer, opening)
    _decide(viewer, held, OpeningState.DECLINED)
    record(viewer, "keep_sealed", held.item.ref, detail={"asked_by": held.asked_by_id})
    return held


def forget_seals(at: datetime | None = None) -> int:
    """Delete who wrote unattributed pieces whose time is over (`INFOHUB_SEAL_DAYS`); how many there were."""
    before = (at or now()) - timedelta(days=settings.SEAL_DAYS)
    due = Seal.objects.filter(membership__isnull=False, items__published_at__lt=before).order_by("pk")
    seals = list(due.distinct().values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    for pk in seals:
        _forget(pk)
    return len(seals)


@transaction.atomic
def _forget(pk: int) -> None:
    seal = Seal.objects.select_for_update(of=("self",)).select_related("membership").get(pk=pk)
    writer = seal.membership
    if writer is None:  # another worker was first
        return
    items = Item.objects.as_system("a seal is forgotten").filter(seal=seal)
    refs = list(items.values_list("ref", flat=True))
    entries = Entry.objects.as_system("a seal is forgotten").called(refs).values_list("pk", flat=True)
    forget_author(list(entries), person=writer.person_id, membership=writer.pk)
    Sending.objects.filter(item__in=list(items.values_list("pk", flat=True))).delete()
    seal.membership = None
    seal.save(update_fields=["membership"])
    record(SYSTEM, "forget_seal", str(seal.uuid))


def _officer(viewer: Viewer) -> int:
    if viewer.person is None or not offices.opens_seals(viewer):
        raise NotAllowedError
    return viewer.person


def _waiting(viewer: Viewer, opening: Opening) -> Opening:
    """The request again, locked, for another officer than who asked."""
    officer = _officer(viewer)
    rows = Opening.objects.select_for_update(of=("self",)).select_related(
        "item__seal__membership", "item__label", "asked_by"
    )
    held = rows.filter(pk=opening.pk, state=OpeningState.ASKED).first()
    if held is None or held.asked_by_id == officer or held.item.label.written_by(viewer):
        raise NotAllowedError
    if not offices.opens_seals(person_viewer(held.asked_by)):  # who asked holds no such office any more
        raise NotAllowedError
    return held


def _decide(viewer: Viewer, held: Opening, state: OpeningState) -> None:
    held.state, held.decided_by_id, held.decided_at = state, viewer.person, now()
    held.save(update_fields=["state", "decided_by", "decided_at"])
