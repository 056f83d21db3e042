"""How the actions find a proposal under lock, and whom they tell."""

from __future__ import annotations

from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.policy.keepers import answering
from infohub.policy.models import Label
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.releases.models import Proposal, ProposalState
from infohub.releases.refusals import ChangedError, NotAllowedError, SecondPersonError
from infohub.sharing.models import ItemState
from infohub.support.clock import now


def locked(viewer: Viewer, proposal: Proposal) -> Proposal:
    """The proposal as it stands now, with its piece: both wait until this act is over."""
    rows = Proposal.objects.readable(viewer).select_for_update(of=("self", "item"))
    return rows.select_related("item__label__author", "item__label__seal", "label__author").get(pk=proposal.pk)


def owned(viewer: Viewer, proposal: Proposal, state: ProposalState) -> Proposal:
    """A proposal in this state, of a standing piece that the viewer answers for."""
    row = locked(viewer, proposal)
    if row.state != state or row.item.state != ItemState.PUBLISHED or not row.label.answered_for_by(viewer):
        raise NotAllowedError
    return row


def on_desk(viewer: Viewer, proposal: Proposal) -> Proposal:
    """A proposal the viewer works on at the desk: of a standing piece, and not the viewer's own."""
    row = locked(viewer, proposal)
    if not viewer.may(Power.RELEASE) or not row.is_on_desk or row.item.state != ItemState.PUBLISHED:
        raise NotAllowedError
    if row.label.answered_for_by(viewer):
        raise SecondPersonError
    return row


def demand_wording(proposal: Proposal, wording: int) -> None:
    """Refuse to act on words that the viewer has not seen."""
    if proposal.wording != wording:
        raise ChangedError


def seal_of(viewer: Viewer, label: Label) -> str:
    """The seal under which this viewer acts, empty for everybody but a sealed author."""
    return str(label.seal.uuid) if label.seal and label.written_by(viewer) else ""


def tell_owner(proposal: Proposal, event: Event) -> None:
    """Whoever answers for the piece hears what became of it, as far as they may still read it."""
    label = proposal.item.label
    owner = answering(label)
    people = label.audience().filter(memberships=owner).values_list("pk", flat=True) if owner else []
    entry = Entry.objects.as_system("the entry of the piece on the desk").get(ref=proposal.item.ref)
    key = f"{proposal.pk}.{proposal.state}.{proposal.wording}"
    announce(entry, event=event, people=list(people), key=key, reason={"because": "participant"}, due_at=now())
