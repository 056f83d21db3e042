"""What the owner of a piece says to a public copy: offer it, consent to its words, or decline."""

from __future__ import annotations

from django.db import transaction

from infohub.audit.actions import record
from infohub.policy.viewer import Viewer
from infohub.releases.actions.proposing import offer
from infohub.releases.actions.rows import demand_wording, locked, owned, seal_of
from infohub.releases.models import Proposal, ProposalState
from infohub.releases.refusals import NotAllowedError
from infohub.support.clock import now


@transaction.atomic
def agree(viewer: Viewer, *, proposal: Proposal) -> Proposal:
    """The author offers the piece after being asked: now the desk may see it."""
    proposal = owned(viewer, proposal, ProposalState.ASKED)
    return offer(proposal, item=proposal.item, viewer=viewer)


@transaction.atomic
def consent(viewer: Viewer, *, proposal: Proposal, wording: int) -> Proposal:
    """The owner agrees to the words as they stand, and to no others."""
    proposal = owned(viewer, proposal, ProposalState.CONSENT)
    demand_wording(proposal, wording)
    proposal.state, proposal.consented_at, proposal.consented_wording = ProposalState.READY, now(), wording
    proposal.save()
    record(viewer, "consent", proposal.item.ref, seal=seal_of(viewer, proposal.label), detail={"wording": wording})
    return proposal


@transaction.atomic
def decline(viewer: Viewer, *, proposal: Proposal, reason: str) -> Proposal:
    """The owner says no, at any time before the release: nothing becomes public."""
    proposal = locked(viewer, proposal)
    closed = proposal.state in {ProposalState.RELEASED, ProposalState.DECLINED}
    if closed or not proposal.label.answered_for_by(viewer):
        raise NotAllowedError
    proposal.state, proposal.reason = ProposalState.DECLINED, reason
    proposal.save()
    record(viewer, "decline", proposal.item.ref, seal=seal_of(viewer, proposal.label))
    return proposal
