"""The discussion on a piece's page: who says what to whom, and what the viewer may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from infohub.policy.keepers import experts_among
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.discussion import SECOND_THOUGHTS, is_own
from infohub.sharing.actions.order import keeps
from infohub.sharing.models import Comment, Item, Report
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
    hidden: bool
    is_expert: bool
    is_answer: bool
    reports: tuple[str, ...]
    body: str
    nonce: UUID


def talk_of(viewer: Viewer, piece: Item) -> list[Contribution]:
    """Every contribution followed by its replies; what was deleted stays only where it was answered."""
    rows = list(piece.comments.readable(viewer).select_related("author__person", "author__organisation"))
    experts = experts_among([row.author_id for row in rows if row.author_id is not None])
    reports = reports_of(rows) if keeps(viewer, piece) else {}
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
    return [
        _contribution(viewer, piece, row, is_expert=row.author_id in experts, reports=reports.get(row.pk, ()))
        for row in ordered
    ]


def reports_of(rows: list[Comment]) -> dict[int, tuple[str, ...]]:
    """What readers say against each contribution, for who keeps the discussion in order."""
    told: dict[int, tuple[str, ...]] = {}
    for pk, reason in Report.objects.filter(comment__in=rows).values_list("comment", "reason"):
        told[pk] = (*told.get(pk, ()), reason)
    return told


def _contribution(
    viewer: Viewer, piece: Item, row: Comment, *, is_expert: bool, reports: tuple[str, ...]
) -> Contribution:
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
        hidden=row.hidden_at is not None,
        is_expert=is_expert,
        is_answer=row.pk == piece.answer_id,
        reports=reports,
        editable=own and row.hidden_at is None and now() - row.at <= SECOND_THOUGHTS,
        nonce=uuid4(),
        body=mark_safe(rendered(row.body)),  # noqa: S308  (nh3 has cleaned it)
    )
