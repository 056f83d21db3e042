"""The discussion on a piece's page: who says what to whom, and what the viewer may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from infohub.policy.viewer import Viewer
from infohub.sharing.actions.discussion import SECOND_THOUGHTS, is_own
from infohub.sharing.models import Comment, Item
from infohub.support.clock import now
from infohub.support.markdown import render as rendered


@dataclass(frozen=True, slots=True)
class Contribution:
    """A comment with what may be said of its author, and what the viewer may do with it."""

    row: Comment
    name: str
    organisation: str
    initials: str
    is_author: bool
    is_reply: bool
    own: bool
    editable: bool
    body: str
    nonce: UUID


def talk_of(viewer: Viewer, piece: Item) -> list[Contribution]:
    """Every contribution followed by its replies; what was deleted stays only where it was answered."""
    rows = list(piece.comments.readable(viewer).select_related("author__person", "author__organisation"))
    replies: dict[int, list[Comment]] = {}
    for row in rows:
        if row.parent_id is not None and row.deleted_at is None:
            replies.setdefault(row.parent_id, []).append(row)
    ordered = [
        one
        for row in rows
        if row.parent_id is None and (row.deleted_at is None or row.pk in replies)
        for one in (row, *replies.get(row.pk, ()))
    ]
    return [_contribution(viewer, piece, row) for row in ordered]


def _contribution(viewer: Viewer, piece: Item, row: Comment) -> Contribution:
    name = row.author.person.name if row.author else _("The author")
    own = is_own(viewer, row)
    return Contribution(
        row=row,
        name=name,
        organisation=row.author.organisation.name if row.author else _("under the seal"),
        initials="".join(part[0] for part in name.replace(".", " ").split()[:2]).upper(),
        is_author=row.author_id == piece.author_id if row.author_id else True,
        is_reply=row.parent_id is not None,
        own=own,
        editable=own and now() - row.at <= SECOND_THOUGHTS,
        nonce=uuid4(),
        body=mark_safe(rendered(row.body)),  # noqa: S308  (nh3 has cleaned it)
    )
