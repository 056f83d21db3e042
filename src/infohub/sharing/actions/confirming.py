"""Confirming or rejecting what analysis says of a shared piece: what a person stands behind leaves with it."""

from __future__ import annotations

from django.db import transaction

from infohub.assist.actions import decide
from infohub.assist.models import Assertion, Said
from infohub.catalogue.models import Entry
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.indicators import published, renew
from infohub.sharing.confirmed import confirmed_of
from infohub.sharing.models import Indicator, Item
from infohub.support.clock import now


@transaction.atomic
def decide_finding(viewer: Viewer, *, item: Item, assertion: Assertion, accepted: bool) -> Assertion:
    """Who answers for the piece decides; where that changes what leaves, every exit gets a new version of the piece.

    The number of a rejected technique is no indicator of the piece any more. Raises what `assist.actions.decide` does.
    """
    item = published(viewer, item)
    before = confirmed_of(item)
    entry = Entry.objects.readable(viewer).get(ref=item.ref)
    row = decide(viewer, entry=entry, assertion=assertion, accepted=accepted)
    now_said = confirmed_of(item)
    gone = [] if accepted else _numbers_of(item, row)
    if before == now_said and not gone:
        return row
    item.updated_at = now()
    item.save(update_fields=["updated_at"])
    renew(item, revoked=gone, unsaid=[one for one in before if one not in now_said])
    return row


def _numbers_of(item: Item, row: Assertion) -> list[Indicator]:
    """Retract the number of a technique that stands in the text itself; gives it."""
    if row.subject != Said.TECHNIQUE:
        return []
    indicators = item.indicators.as_system("it follows what its author said of the technique")
    rows = list(indicators.filter(kind="attack", value=row.value, retracted_at=None))
    for one in rows:
        one.retracted_at = now()
        one.save(update_fields=["retracted_at"])
    return rows
