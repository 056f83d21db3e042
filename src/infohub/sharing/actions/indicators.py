"""Indicators of a shared piece: doubted by readers, retracted on every way out by who answers for the piece."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from infohub.assist.actions import await_reading
from infohub.audit.actions import record
from infohub.catalogue.actions import enter
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.intel.actions import place
from infohub.members.models import Membership
from infohub.policy.keepers import answering
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.publishing import card_of, clause_choice, outbox, seal_of
from infohub.sharing.confirmed import confirmed_of
from infohub.sharing.models import Doubt, Indicator, Item, ItemState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.sharing.stix import piece_objects, taken_back
from infohub.standards.stix21.confirmed import Confirmed
from infohub.support.clock import now


def decides_indicators(viewer: Viewer, item: Item) -> bool:
    """Whether the viewer retracts indicators of this piece: who answers for it, or a moderator who reads it."""
    return item.label.answered_for_by(viewer) or viewer.may(Power.MODERATE)


@transaction.atomic
def doubt(viewer: Viewer, *, item: Item, indicator: Indicator, reason: str) -> None:
    """Tell who answers for the piece that an indicator is a false positive; said twice is said once."""
    item = published(viewer, item)
    row = item.indicators.readable(viewer).get(pk=indicator.pk, retracted_at=None)
    if viewer.membership is None or viewer.token is not None:
        raise NotAllowedError
    _doubt, new = Doubt.objects.get_or_create(
        indicator=row, membership_id=viewer.membership, defaults={"reason": reason, "at": now()}
    )
    if not new:
        return
    announce(
        Entry.objects.as_system("the entry of the piece just read").get(ref=item.ref),
        event=Event.DOUBTED,
        people=told_writer(item),
        key=str(row.pk),
        reason={"because": "participant"},
        due_at=outbox(),
    )
    record(viewer, "doubt", item.ref, detail={"indicator": row.pk})


@transaction.atomic
def retract_indicator(viewer: Viewer, *, item: Item, indicator: Indicator, reason: str) -> None:
    """Take an indicator back everywhere: pages and lists show it as retracted, machines get a revoked version."""
    item = published(viewer, item)
    if not decides_indicators(viewer, item):
        raise NotAllowedError
    row = item.indicators.readable(viewer).get(pk=indicator.pk)
    if row.retracted_at is not None:
        return
    moment = now()
    row.retracted_at, row.retracted_reason = moment, reason
    row.save(update_fields=["retracted_at", "retracted_reason"])
    item.updated_at = moment
    item.save(update_fields=["updated_at"])
    renew(item, revoked=[row])
    record(viewer, "retract_indicator", item.ref, seal=seal_of(item) if _is_writer(viewer, item) else "")


@transaction.atomic
def dismiss_doubts(viewer: Viewer, *, item: Item, indicator: Indicator) -> None:
    """The indicator stands: its doubts are answered."""
    item = published(viewer, item)
    if not decides_indicators(viewer, item):
        raise NotAllowedError
    Doubt.objects.filter(indicator=item.indicators.readable(viewer).get(pk=indicator.pk)).delete()
    record(viewer, "dismiss_doubts", item.ref, seal=seal_of(item) if _is_writer(viewer, item) else "")


def renew(item: Item, *, revoked: Sequence[Indicator] = (), unsaid: Sequence[Confirmed] = ()) -> None:
    """Catalogue entry and STIX of a piece that changed, in words or in what it names; part of the actions that do it.

    Machines get it at once, if they have the piece already.
    """
    standing = relist(item)
    objects = piece_objects(item, indicators=standing, confirmed=confirmed_of(item))
    objects += taken_back(item, indicators=revoked, confirmed=unsaid)
    clauses, at = item.label.clauses, max(item.updated_at, outbox(item.published_at))
    place(item.ref, objects=objects, tlp=item.marking, label=item.label, clauses=clauses, due_at=at)


def relist(item: Item) -> list[Indicator]:
    """Renew the catalogue's entry of a shared piece; gives its standing indicators."""
    standing = list(item.indicators.as_system("renewed with their piece").filter(retracted_at=None))
    entry = enter(
        card_of(item, writer=item.author, indicators=standing),
        sectors=list(item.sectors.all()),
        groups=clause_choice(item).groups,
    )
    await_reading(entry)
    return standing


def writer_of(item: Item) -> Membership:
    """Who wrote the piece, under its seal too."""
    writer = item.seal.membership if item.seal else item.author
    if writer is None:
        raise NotReadyError("author", "The seal of this piece has been deleted: it cannot be changed any more.")
    return writer


def told_writer(item: Item) -> list[int]:
    """The person to tell of what happens to the piece: whoever answers for it, as long as anybody does."""
    answers = answering(item.label)
    return [answers.person_id] if answers else []


def published(viewer: Viewer, item: Item) -> Item:
    """The shared piece again, locked; part of the actions that change what hangs on it."""
    rows = Item.objects.readable(viewer).select_related(
        "label__author", "author__person", "author__organisation", "seal__membership__person", "seal__sector"
    )
    locked = rows.select_for_update(of=("self",)).get(pk=item.pk)
    if locked.state != ItemState.PUBLISHED:
        raise NotAllowedError
    return locked


def _is_writer(viewer: Viewer, item: Item) -> bool:
    return item.label.written_by(viewer)
