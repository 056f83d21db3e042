"""Review before publication: reviewers read what is submitted to them, and only that."""

from __future__ import annotations

from django.db import transaction

from infohub.audit.actions import record
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.publishing import clause_choice, issue, label_of, seal
from infohub.sharing.choice import clause_of, demand_readers
from infohub.sharing.models import Item, ItemState
from infohub.sharing.refusals import NotAllowedError
from infohub.support.clock import now


@transaction.atomic
def approve(viewer: Viewer, *, item: Item) -> Item:
    """Let a submitted piece go to its audience, as that audience stands now."""
    item = _submitted(viewer, item)
    writer = seal(item, clauses=[])
    own = None if item.unattributed else writer.organisation_id
    clause = clause_of(clause_choice(item), tlp=item.marking, own=own)
    demand_readers(clause, besides=writer.person_id)
    issue(viewer, item=item, clauses=[clause])
    record(viewer, "approve", item.ref)
    return item


@transaction.atomic
def send_back(viewer: Viewer, *, item: Item, reason: str) -> Item:
    """Return a submitted piece to its author as a draft, with the reason."""
    item = _submitted(viewer, item)
    writer = seal(item, clauses=[])
    item.author, item.seal = writer, None
    item.label = label_of(item, writer=writer, clauses=[], private=True)
    item.state, item.state_at, item.withdrawn_reason = ItemState.DRAFT, now(), reason
    item.save()
    item.attachments.as_system("children follow their piece").update(label=item.label)
    record(viewer, "send_back", item.ref)
    return item


def may_review(viewer: Viewer, item: Item) -> bool:
    """Whether the viewer decides on this piece: a reviewer who is not its author."""
    reviews = viewer.may(Power.MODERATE) or (viewer.token is None and bool(viewer.moderates))
    return reviews and item.state == ItemState.SUBMITTED and not item.label.written_by(viewer)


def _submitted(viewer: Viewer, item: Item) -> Item:
    locked = Item.objects.readable(viewer).select_for_update(of=("self",)).select_related("label").get(pk=item.pk)
    if not may_review(viewer, locked):
        raise NotAllowedError
    return locked
