"""Pieces and comments of a programme that moves in: the same rules, but their own times and no messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from infohub.audit.actions import record
from infohub.catalogue.actions import count_comment, seclude
from infohub.intel.actions import retract
from infohub.members.models import Membership, Sector
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.attachments import keep
from infohub.sharing.actions.drafts import Text, private_label, write
from infohub.sharing.actions.publishing import issue, label_of, submit
from infohub.sharing.choice import Choice, clause_of
from infohub.sharing.models import Comment, Item, ItemState
from infohub.sharing.refusals import NotAllowedError
from infohub.sharing.stix import piece_objects
from infohub.standards.tlp import Tlp
from infohub.support.ids import fresh_ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A piece as it stood where it comes from."""

    author: Membership
    text: Text
    choice: Choice
    state: str
    at: datetime
    sectors: tuple[Sector, ...] = ()
    extra_indicators: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()


@transaction.atomic
def bring_in(viewer: Viewer, *, arrival: Arrival) -> Item:
    """Make the piece in its state of that time. Raises what the pages would raise; sends nothing."""
    if not viewer.is_system:
        raise NotAllowedError
    item = Item(
        ref=fresh_ref(Item, "IH"),
        author=arrival.author,
        label=private_label(arrival.author, arrival.text.tlp),
        state=ItemState.DRAFT,
        state_at=arrival.at,
        created_at=arrival.at,
    )
    write(item, text=arrival.text, choice=arrival.choice, at=arrival.at)
    item.sectors.set(arrival.sectors)
    for name, content in arrival.files:
        keep(item, name=name, content=content, at=arrival.at)
    _to_its_state(viewer, item, arrival)
    return item


def _to_its_state(viewer: Viewer, item: Item, arrival: Arrival) -> None:
    if arrival.state == ItemState.DRAFT:
        return
    own = None if arrival.text.unattributed else arrival.author.organisation_id
    tlp = Tlp(arrival.text.tlp or Tlp.CLEAR)
    clause = clause_of(arrival.choice, tlp=tlp, own=own, at=arrival.at)
    if arrival.state == ItemState.SUBMITTED:
        submit(viewer, item=item, clause=clause)
        return
    issue(viewer, item=item, clauses=[clause], at=arrival.at, quiet=True, named=arrival.extra_indicators)
    if arrival.state == ItemState.WITHDRAWN:
        _seclude(item, arrival.author)


def _seclude(item: Item, author: Membership) -> None:
    item.label = label_of(item, writer=author, clauses=[], private=True)
    item.state = ItemState.WITHDRAWN
    item.save()
    for children in (item.attachments, item.indicators):
        children.as_system("children follow their piece").update(label=item.label)
    seclude(item.ref, item.label)
    indicators = list(item.indicators.as_system("revoked with their piece"))
    retract(item.ref, objects=piece_objects(item, indicators=indicators, revoked=True))


@transaction.atomic
def bring_in_comment(
    viewer: Viewer, *, item: Item, author: Membership, body: str, at: datetime, nonce: UUID
) -> Comment:
    """A contribution of that time; importing it again changes nothing."""
    if not viewer.is_system:
        raise NotAllowedError
    row, new = Comment.objects.as_system("moving in").get_or_create(
        nonce=nonce, defaults={"item": item, "label": item.label, "author": author, "body": body, "at": at}
    )
    if new:
        count_comment(item.ref)
        record(viewer, "import_comment", item.ref, detail={"comment": row.pk})
    return row
