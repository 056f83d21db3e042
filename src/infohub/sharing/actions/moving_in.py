"""Pieces and comments of a programme that moves in: the same rules, but their own times and no messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.actions import count_comments, seclude
from infohub.intel.actions import retract
from infohub.members.models import Membership, Sector
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer, person_viewer, viewer_then
from infohub.sharing.actions.attachments import keep
from infohub.sharing.actions.discussion import seclude_talk
from infohub.sharing.actions.drafts import Text, private_label, typed
from infohub.sharing.actions.publishing import label_of, list_and_place, seal_of, stamp, submit
from infohub.sharing.choice import Choice, clause_of
from infohub.sharing.confirmed import confirmed_of
from infohub.sharing.models import Comment, Item, ItemState
from infohub.sharing.refusals import NotAllowedError
from infohub.sharing.stix import piece_objects
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What somebody said below a piece; the nonce names it, so that it comes in once."""

    author: Membership
    body: str
    at: datetime
    nonce: UUID


@transaction.atomic
def bring_in(viewer: Viewer, *, arrival: Arrival, item: Item | None = None) -> Item:
    """Make the piece in its state of that time, or bring one that is not shared yet into it; sends nothing.

    A piece that was withdrawn comes in as it was shared: `take_back` follows when its discussion is in.
    Raises what the pages would raise.
    """
    _demand_system(viewer)
    fresh = item is None
    row = item or Item(ref=fresh_ref(Item, "IH"), created_at=arrival.at)
    row.author, row.seal, row.state, row.state_at = arrival.author, None, ItemState.DRAFT, arrival.at
    typed(row, text=arrival.text, choice=arrival.choice, at=arrival.at)
    if arrival.state == ItemState.DRAFT:
        row.label = private_label(arrival.author, arrival.text.tlp)
        _save(row, arrival, fresh=fresh)
        record(viewer, "import", row.ref)
        return row
    own = None if arrival.text.unattributed else arrival.author.organisation_id
    clause = clause_of(arrival.choice, tlp=row.marking, own=own, at=arrival.at)
    if not clause.grants_anything:
        raise RefusedError(_("No one would receive this: nobody was in the audience at that time."))
    if arrival.state == ItemState.SUBMITTED:
        row.label = private_label(arrival.author, arrival.text.tlp)
        _save(row, arrival, fresh=fresh)
        return submit(viewer, item=row, clause=clause)
    writer = stamp(row, clauses=[clause], at=arrival.at)
    _save(row, arrival, fresh=fresh)
    list_and_place(
        row,
        writer=writer,
        clauses=[clause],
        sectors=arrival.sectors,
        groups=arrival.choice.groups,
        due_at=arrival.at,
        named=arrival.extra_indicators,
    )
    record(viewer, "import", row.ref, seal=seal_of(row), detail={"label": row.label.pk})
    return row


@transaction.atomic
def take_back(viewer: Viewer, *, item: Item, at: datetime) -> Item:
    """Withdraw a piece that was withdrawn where it comes from: only its author finds it."""
    _demand_system(viewer)
    writer = item.seal.membership if item.seal else item.author
    if writer is None or item.state != ItemState.PUBLISHED:
        raise NotAllowedError
    was, item.label = item.label, label_of(item, writer=writer, clauses=[], private=True)
    item.state, item.state_at, item.updated_at = ItemState.WITHDRAWN, at, at
    item.save()
    for children in (item.attachments, item.indicators):
        children.as_system("children follow their piece").update(label=item.label)
    seclude_talk(item, was)
    seclude(item.ref, item.label)
    indicators = list(item.indicators.as_system("revoked with their piece"))
    objects = piece_objects(item, indicators=indicators, confirmed=confirmed_of(item), revoked=True)
    retract(item.ref, objects=objects)
    record(viewer, "withdraw", item.ref, seal=seal_of(item))
    return item


def could_read(item: Item, *, author: Membership, at: datetime) -> bool:
    """Whether somebody may have taken part in the discussion: reads the piece now, or read it then."""
    if author.pk in {item.author_id, item.seal.membership_id if item.seal else None}:
        return True
    if item.label.readable_by(viewer_then(author, at)):
        return True
    viewer = person_viewer(author.person)
    return viewer.membership == author.pk and item.label.readable_by(viewer)


@transaction.atomic
def bring_in_talk(viewer: Viewer, *, item: Item, said: Sequence[Contribution]) -> int:
    """Bring in contributions of their time; what is there already is corrected. How many are new.

    Who wrote an unattributed piece answers below it under the seal, as on the pages.
    """
    _demand_system(viewer)
    there = Comment.objects.as_system("moving in").in_bulk([one.nonce for one in said], field_name="nonce")
    sealed = item.seal.membership_id if item.seal else None
    rows = [
        Comment(
            item=item,
            label=item.label,
            author=None if one.author.pk == sealed else one.author,
            seal=item.seal if one.author.pk == sealed else None,
            body=one.body,
            at=one.at,
            nonce=one.nonce,
        )
        for one in said
        if one.nonce not in there
    ]
    Comment.objects.bulk_create(rows)
    if rows:
        count_comments(item.ref, len(rows))
        record(viewer, "import_comments", item.ref, detail={"comments": [row.pk for row in rows]})
    _correct(viewer, item, there, said)
    return len(rows)


def _correct(viewer: Viewer, item: Item, there: dict[UUID, Comment], said: Iterable[Contribution]) -> None:
    changed = [row for one in said if (row := there.get(one.nonce)) and row.body != one.body]
    bodies = {one.nonce: one.body for one in said}
    for row in changed:
        row.body = bodies[row.nonce]
    Comment.objects.as_system("moving in").bulk_update(changed, ["body"])
    if changed:
        record(viewer, "correct_comments", item.ref, detail={"comments": [row.pk for row in changed]})


def _save(item: Item, arrival: Arrival, *, fresh: bool) -> None:
    """The row with all that belongs to it; a fresh one has nothing to compare with."""
    item.save()
    if fresh:
        item.sectors.add(*arrival.sectors)
        item.groups.add(*arrival.choice.groups)
    else:
        item.sectors.set(arrival.sectors)
        item.groups.set(arrival.choice.groups)
        item.attachments.as_system("they come anew").delete()
    for name, content in arrival.files:
        keep(item, name=name, content=content, at=arrival.at)


def _demand_system(viewer: Viewer) -> None:
    """Only the import takes times of its own."""
    if not viewer.is_system:
        raise NotAllowedError
