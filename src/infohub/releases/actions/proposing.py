"""Offering a piece to the release desk, or asking its author to offer it."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from infohub.audit.actions import record
from infohub.delivery.models import Event
from infohub.policy.clause import Clause
from infohub.policy.keepers import answering
from infohub.policy.models import Label
from infohub.policy.rules import releasable
from infohub.policy.viewer import Viewer
from infohub.releases.actions.rows import seal_of, tell_owner
from infohub.releases.models import Proposal, ProposalState, ProposalText
from infohub.releases.refusals import AlreadyReleasedError, NobodyAnswersError, NotAllowedError
from infohub.releases.words import words_of
from infohub.sharing.models import Item, ItemState
from infohub.standards.tlp import Tlp
from infohub.support.clock import now


@transaction.atomic
def propose(viewer: Viewer, *, item: Item) -> Proposal:
    """Offer an own piece to the release desk, or as a reader ask its author to offer it.

    Until the author agrees, nobody learns of a piece who could not read it: the asked proposal is the author's.
    """
    pieces = Item.objects.readable(viewer).select_for_update(of=("self",))
    item = pieces.select_related("label__author", "label__owner__steward", "label__seal__membership").get(pk=item.pk)
    if item.state != ItemState.PUBLISHED or viewer.token is not None:
        raise NotAllowedError
    earlier = Proposal.objects.as_system("one open proposal and one public copy per piece").filter(item=item)
    if earlier.standing().exists():
        raise AlreadyReleasedError
    running = earlier.open().first()
    own = item.label.answered_for_by(viewer)
    if running is not None:
        return offer(running, item=item, viewer=viewer) if own and running.state == ProposalState.ASKED else running
    proposal = _begun(item)
    record(viewer, "propose", item.ref, seal=seal_of(viewer, item.label))
    if own:
        return offer(proposal, item=item, viewer=viewer)
    tell_owner(proposal, Event.CONSENT)
    return proposal


def offer(proposal: Proposal, *, item: Item, viewer: Viewer) -> Proposal:
    """Put the piece on the desk in its own words. Offering what is CLEAR is consent to these words."""
    proposal.label, proposal.state = _desk_label(item.label), ProposalState.PROPOSED
    if releasable(item.label.marking):
        proposal.consented_at, proposal.consented_wording = now(), proposal.wording
    proposal.save()
    ProposalText.objects.create(proposal=proposal, **asdict(words_of(item)))
    record(viewer, "offer", item.ref, seal=seal_of(viewer, item.label))
    return proposal


def _begun(item: Item) -> Proposal:
    pairs = [
        [row.kind, row.value]
        for row in item.indicators.as_system("they go where their piece goes").filter(retracted_at=None)
    ]
    return Proposal.objects.create(
        item=item,
        label=_asked_label(item.label),
        state=ProposalState.ASKED,
        at=now(),
        original_title=item.title,
        original_body=item.body,
        severity=item.severity,
        offered=pairs,
        indicators=pairs,
    )


def _desk_label(label: Label) -> Label:
    """What is offered is read by the desk and by whoever answers for the piece."""
    return _as(label, Clause(programme_review=True))


def _asked_label(label: Label) -> Label:
    """What a reader asks for is read by whoever answers for the piece, and by nobody else."""
    owner = answering(label)
    if owner is None:
        raise NobodyAnswersError
    if label.author is None or label.author == owner:
        return _as(label)
    return _as(label, Clause(memberships=frozenset({owner.pk})))


def _as(label: Label, *clauses: Clause) -> Label:
    return Label.objects.intern(
        tlp=Tlp(label.tlp),
        clauses=clauses,
        owner=label.owner,
        author=label.author,
        seal=label.seal,
        private=not clauses,
    )
