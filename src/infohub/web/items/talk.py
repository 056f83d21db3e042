"""The discussion on a piece's page: who says what to whom, and what the viewer may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infohub.members.models import Group, Membership, Organisation
from infohub.policy.clause import Clause
from infohub.policy.keepers import experts_among
from infohub.policy.models import Label
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.discussion import SECOND_THOUGHTS, gives_away, is_own
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
    circle: str
    gives_away: bool
    body: str
    nonce: UUID


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed and could not be taken, and why: `answering` is what it replies to, `circle` whom it is for."""

    body: str = ""
    error: str = ""
    circle: str = ""
    answering: Comment | None = None


def talk_of(viewer: Viewer, piece: Item) -> list[Contribution]:
    """Every contribution followed by its replies; what was deleted stays only where it was answered."""
    rows = list(piece.comments.readable(viewer).select_related("author__person", "author__organisation", "label"))
    narrower = circle_words(piece, rows)
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
        _contribution(
            viewer,
            piece,
            row,
            is_expert=row.author_id in experts,
            reports=reports.get(row.pk, ()),
            circle=narrower.get(row.label_id, ""),
        )
        for row in ordered
    ]


def circle_words(piece: Item, rows: Iterable[Comment]) -> dict[int, str]:
    """Of each label that lets fewer read than the piece does: who reads it. No query where there is none."""
    labels = {row.label_id for row in rows} - {piece.label_id}
    if not labels:
        return {}
    of_piece = set(piece.label.clauses)
    found = Label.objects.filter(pk__in=labels).prefetch_related("audiences__grants", "audiences__exclusions")
    clauses = {label.pk: [audience.clause for audience in label.audiences.all()] for label in found}
    names = _names(clause for every in clauses.values() for clause in every)
    return {pk: _circle([one for one in every if one not in of_piece], every, names) for pk, every in clauses.items()}


def _names(clauses: Iterable[Clause]) -> dict[tuple[str, int], str]:
    """What the groups, organisations and single people of circles are called; three queries."""
    wanted = list(clauses)
    groups = {pk for clause in wanted for pk in clause.groups}
    organisations = {pk for clause in wanted for pk in clause.organisations}
    people = {pk for clause in wanted for pk in clause.memberships if len(clause.memberships) == 1}
    names = {("group", row.pk): row.name for row in Group.objects.filter(pk__in=groups)}
    names |= {("organisation", row.pk): row.name for row in Organisation.objects.filter(pk__in=organisations)}
    members = Membership.objects.filter(pk__in=people).values_list("pk", "person__name")
    return names | {("membership", pk): name for pk, name in members}


def _circle(own: list[Clause], every: list[Clause], names: Mapping[tuple[str, int], str]) -> str:
    """By the clause that the piece has not; by its own, where the piece is for that circle and its author."""
    for clause in own or every:
        if len(clause.memberships) == 1:
            return _("Only the author and %(name)s") % {"name": names["membership", next(iter(clause.memberships))]}
        if clause.memberships:
            number = len(frozenset.intersection(*(one.memberships for one in every if one.frozen)))
            return ngettext("Only %(n)d person", "Only %(n)d people", number) % {"n": number}
        kind, ids = ("group", clause.groups) if clause.groups else ("organisation", clause.organisations)
        return _("Only %(name)s") % {"name": ", ".join(names[kind, pk] for pk in sorted(ids))}
    return _("Only some of the readers")


def reports_of(rows: list[Comment]) -> dict[int, tuple[str, ...]]:
    """What readers say against each contribution, for who keeps the discussion in order."""
    told: dict[int, tuple[str, ...]] = {}
    for pk, reason in Report.objects.filter(comment__in=rows).values_list("comment", "reason"):
        told[pk] = (*told.get(pk, ()), reason)
    return told


def _contribution(
    viewer: Viewer, piece: Item, row: Comment, *, is_expert: bool, reports: tuple[str, ...], circle: str
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
        circle=circle,
        gives_away=gives_away(viewer, piece, row),
        nonce=uuid4(),
        body=mark_safe(rendered(row.body)),  # noqa: S308  (nh3 has cleaned it)
    )
