"""The worker's leg that sends to peers: asks after earlier envelopes, recalls what is lost, sends the rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from infohub.intel.actions.pulling import FAILED, LEASE
from infohub.intel.actions.pushing import (
    begin_sending,
    fail_push,
    keep_asked,
    keep_sent,
    keep_status,
    send_fewer,
    settle_push,
)
from infohub.intel.models import Delivery, Push, PushState
from infohub.intel.pulls import PullError, Trouble
from infohub.intel.pushes import Candidate, Peer, candidates, envelope_of
from infohub.intel.pushes.choosing import written
from infohub.intel.pushes.peers import Refusal
from infohub.standards.taxii21.status import Status
from infohub.support import queue
from infohub.support.outbound import OutboundError

MOST_POLLED, MOST_RECALLED = 10, 100
"""Envelopes asked after, and objects recalled, in one turn."""


def push_due() -> int:
    """One turn of the one push that is due first; how many there were."""
    rows = Push.objects.working().select_related("collection")
    leased = queue.lease(rows, limit=1, seconds=LEASE, retry=FAILED)
    for push in leased:
        try:
            settle_push(push, is_done=_push(push))
        except (PullError, OutboundError) as problem:
            fail_push(push, problem)
    return len(leased)


def _push(push: Push) -> bool:
    """Hear what became of earlier envelopes, recall what is lost, then send; whether everything is done."""
    peer = Peer.of(push)
    _ask_after(push, peer)
    is_done = _recall(push, peer)
    return _send(push, peer) and is_done if push.state == PushState.ON else is_done


def _ask_after(push: Push, peer: Peer) -> None:
    for identifier in Delivery.objects.undecided(push, most=MOST_POLLED):
        if peer.has_time:
            keep_status(push, identifier, peer.status(identifier))


def _recall(push: Push, peer: Peer) -> bool:
    """Ask to delete what the peer should not have any more; whether all were asked for."""
    lost = Delivery.objects.lost(push) | Delivery.objects.unasked(push)
    rows = list(lost.order_by("stix_id", "version")[:MOST_RECALLED])
    for stix_id, versions in groupby(rows, key=attrgetter("stix_id")):
        if not peer.has_time:
            return False
        some = list(versions)
        answer = peer.delete(stix_id, [row.version for row in some])
        keep_asked(push, some, answer)
    return len(rows) < MOST_RECALLED


def _send(push: Push, peer: Peer) -> bool:
    """Send envelope after envelope until there is no more or the turn is over; whether there is no more.

    What is chosen is asked of the database again for each envelope: what was withdrawn meanwhile is not sent.
    """
    limits = peer.limits()
    if not limits.can_write:
        raise PullError(Trouble.CLOSED)
    while True:
        leaving, considered = envelope_of(candidates(push, limits), limits, most=push.at_once)
        if not considered:
            return True
        if leaving and not begin_sending(push, leaving):
            return True
        answer = _answer(push, peer, leaving)
        if isinstance(answer, Refusal) and len(leaving) > 1:
            send_fewer(push, len(leaving))
        elif not keep_sent(push, considered, answer):
            return True
        if not peer.has_time:
            return False


def _answer(push: Push, peer: Peer, leaving: Sequence[Candidate]) -> Status | Refusal | None:
    """The peer's answer to these objects. A server that breaks down at an envelope may stand a smaller one."""
    try:
        return peer.send(written(leaving)) if leaving else None
    except (PullError, OutboundError) as problem:
        if isinstance(problem, OutboundError) or problem.trouble is Trouble.FAILING:
            send_fewer(push, len(leaving))
        raise
