"""Keeps what became of what was sent to a peer: the ledger's rows and the cursor in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from infohub.intel.actions.pulling import LEASE, put_off
from infohub.intel.models import Delivery, DeliveryState, Push, PushState, Recall
from infohub.intel.models.pushes import MOST_OBJECTS
from infohub.intel.pulls import PullError
from infohub.intel.pushes import Candidate, Stays
from infohub.intel.pushes.peers import Asked, Refusal
from infohub.standards.taxii21.status import Fate, Status
from infohub.support import queue
from infohub.support.clock import now
from infohub.support.outbound import OutboundError

MOST_ASKED = 5
"""How often a peer is asked to delete one object where its server fails."""

PATIENCE = timedelta(days=2)
"""How long a peer may leave an envelope undecided."""

_SAID = ("sent_at", "state", "status", "message", "answered_at", "recall", "recalled_at", "asked", "is_final")


@transaction.atomic
def keep_sent(push: Push, considered: Sequence[Candidate], answer: Status | Refusal | None) -> bool:
    """Write down what became of everything up to the last that was considered; false where no more is to be sent.

    What was sent stands in the ledger even if the push was paused or removed meanwhile: the peer has it.
    """
    at = now()
    rows = [row for one in considered if (row := _row(push, one, answer, at))]
    Delivery.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["push", "stix_id", "version", "digest"], update_fields=_SAID
    )
    _pass_on(push, rows, at)
    ours = Push.objects.filter(pk=push.pk, leased_until=push.leased_until, state=PushState.ON)
    push.cursor, push.at_once = considered[-1].placement.date_added, min(MOST_OBJECTS, push.at_once * 2)
    if not ours.update(cursor=push.cursor, at_once=push.at_once):
        return False
    queue.renew([push], seconds=LEASE)
    return True


def send_fewer(push: Push, refused: int) -> None:
    """After so many objects were refused as a whole, half of them are sent at once: one of them may be to blame."""
    push.at_once = max(1, refused // 2)
    Push.objects.filter(pk=push.pk).update(at_once=push.at_once)


@transaction.atomic
def keep_status(push: Push, identifier: str, status: Status | None) -> None:
    """Write down what the peer says meanwhile of an envelope; None where it knows of none."""
    at = now()
    rows = list(Delivery.objects.unspoken(push).filter(status=identifier).select_for_update())
    for row in rows:
        fate, row.message = status.fate(row.stix_id) if status else (Fate.PENDING, "")
        is_open = fate is Fate.PENDING
        given_up = is_open and (status is None or row.sent_at < at - PATIENCE)
        row.state = DeliveryState.UNSAID.value if given_up else fate.value
        row.answered_at = None if is_open and not given_up else at
    Delivery.objects.bulk_update(rows, ["state", "message", "answered_at"])
    _pass_on(push, rows, at)


@transaction.atomic
def keep_asked(push: Push, rows: Sequence[Delivery], answer: Asked) -> None:
    """Write down that the peer was asked to delete an object, and what it said."""
    found = Delivery.objects.filter(push=push, pk__in=[row.pk for row in rows])
    told = Recall.CONFIRMED if answer.confirmed else Recall.ASKED
    found.filter(recalled_at=None).update(recalled_at=now())
    found.update(recall=told, message=answer.message, asked=F("asked") + 1, is_final=answer.is_final)
    if not answer.is_final:
        found.filter(asked__gte=MOST_ASKED).update(is_final=True)


@transaction.atomic
def settle_push(push: Push, *, is_done: bool) -> None:
    """The turn is over: the next is after the push's minutes, or at once where there is more to send."""
    at = now()
    due = at + timedelta(minutes=push.minutes) if is_done else at
    if queue.settle(push, due_at=due, last_success=at):
        Push.objects.filter(pk=push.pk).update(attempts=0, failing_since=None)


@transaction.atomic
def fail_push(push: Push, problem: PullError | OutboundError) -> None:
    """Note why the turn ended, and try again later."""
    if put_off(push, problem):
        Push.objects.filter(pk=push.pk, failing_since=None).update(failing_since=now())


def _row(push: Push, one: Candidate, answer: Status | Refusal | None, at: datetime) -> Delivery | None:
    """A line of the ledger, for what was sent and for what is too large to be."""
    if one.stays is not None and one.stays is not Stays.LARGE:
        return None
    state, message = _fate(one, answer)
    return Delivery(
        push=push,
        stix_id=one.placement.stix_id,
        type=one.placement.type,
        version=one.placement.version,
        digest=one.placement.object.digest,
        tlp=one.placement.tlp,
        revoked=one.placement.object.revoked,
        sent_at=at,
        state=state.value,
        status=answer.id if isinstance(answer, Status) and state is DeliveryState.PENDING else "",
        message=message,
        answered_at=None if state is DeliveryState.PENDING else at,
    )


def _fate(one: Candidate, answer: Status | Refusal | None) -> tuple[DeliveryState, str]:
    if one.stays is Stays.LARGE or answer is None:
        return DeliveryState.KEPT, ""
    if isinstance(answer, Refusal):
        return DeliveryState.REFUSED, answer.message
    fate, message = answer.fate(one.placement.stix_id)
    state = DeliveryState(fate.value)
    return (DeliveryState.UNSAID if state is DeliveryState.PENDING and not answer.id else state), message


def _pass_on(push: Push, rows: Iterable[Delivery], at: datetime) -> None:
    """A revoked version is the recall of the earlier ones; where the peer refuses it, it is asked to delete them."""
    revoked = [row for row in rows if row.revoked and row.state != DeliveryState.KEPT]
    refused = {row.stix_id for row in revoked if row.state == DeliveryState.REFUSED}
    sent = {row.stix_id for row in revoked} - refused
    earlier = Delivery.objects.filter(push=push, revoked=False).exclude(recall=Recall.CONFIRMED)
    there = earlier.exclude(state__in=[DeliveryState.REFUSED, DeliveryState.KEPT])
    there.filter(stix_id__in=sent).update(recall=Recall.REVOKED, recalled_at=at, is_final=True)
    there.filter(stix_id__in=refused).update(recall=Recall.ASKED, recalled_at=at, is_final=False)
