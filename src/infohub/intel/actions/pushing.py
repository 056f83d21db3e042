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

_SAID = ("tlp", "sent_at", "state", "status", "message", "answered_at", "recall", "recalled_at", "asked", "is_final")


@transaction.atomic
def begin_sending(push: Push, leaving: Sequence[Candidate]) -> bool:
    """Write down what is about to leave, so that nothing ever leaves without a line; false where nothing may.

    A worker that is killed now sends it again. If it is withdrawn before that, the line says that it is to be recalled.
    """
    ours = Push.objects.filter(pk=push.pk, leased_until=push.leased_until, state=PushState.ON)
    if not list(ours.select_for_update(no_key=True).values_list("pk")):
        return False
    _write([_delivery(push, one, DeliveryState.SENDING, at=now()) for one in leaving])
    return True


@transaction.atomic
def keep_sent(push: Push, considered: Sequence[Candidate], answer: Status | Refusal | None) -> bool:
    """Write down what became of everything up to the last that was considered; false where no more is to be sent.

    What was sent stands in the ledger even if the push was paused or removed meanwhile: the peer has it.
    """
    at = now()
    rows = [row for one in considered if (row := _row(push, one, answer, at))]
    _write(rows)
    _pass_on(push, rows, at)
    ours = Push.objects.filter(pk=push.pk, leased_until=push.leased_until, state=PushState.ON)
    push.cursor = considered[-1].placement.date_added
    push.at_once = min(MOST_OBJECTS, push.at_once + push.at_once // 4 + 1)
    if not ours.update(cursor=push.cursor, at_once=push.at_once):
        return False
    queue.renew([push], seconds=LEASE)
    return True


def send_fewer(push: Push, refused: int) -> None:
    """After so many objects failed as a whole, half of them are sent at once: their size or one of them is to blame."""
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
    made = _delivery(push, one, state, at=at)
    made.message = message
    if state is DeliveryState.PENDING and isinstance(answer, Status):
        made.status = answer.id
    else:
        made.answered_at = at
    return made


def _delivery(push: Push, one: Candidate, state: DeliveryState, *, at: datetime) -> Delivery:
    row = one.placement
    return Delivery(
        push=push,
        stix_id=row.stix_id,
        type=row.type,
        version=row.version,
        digest=row.object.digest,
        tlp=row.tlp,
        revoked=row.object.revoked,
        sent_at=at,
        state=state.value,
    )


def _write(rows: Sequence[Delivery]) -> None:
    """New lines; what is there already of the same version says from now on what these say."""
    Delivery.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["push", "stix_id", "version", "digest"], update_fields=_SAID
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
