"""Who asks, and what a member may know of groups, people and notices."""

from __future__ import annotations

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router

from infohub.api.door import member, reader
from infohub.api.problems import absent
from infohub.api.rows import item_url
from infohub.api.shapes import (
    GroupRow,
    GroupRows,
    Me,
    NoticeRow,
    NoticeRows,
    PersonRow,
    PersonRows,
    TlpWord,
    Words,
)
from infohub.delivery.models import Notice
from infohub.members.models import Group, Membership, Organisation, Person, Token
from infohub.policy.viewer import Viewer
from infohub.standards.tlp import Tlp

router = Router(tags=["Members"])

PEOPLE, NOTICES = 50, 100


@router.get("/me", response=Me, operation_id="me")
def me(request: HttpRequest) -> Me:
    """Who this token or this browser is, and how far it reaches."""
    viewer = reader(request)
    person = Person.objects.filter(pk=viewer.person or 0).first()
    organisation = Organisation.objects.filter(pk=viewer.organisation or 0).first()
    token = Token.objects.filter(pk=viewer.token or 0).first()
    named = person or organisation or token
    return Me(
        kind=viewer.kind.value,
        name=named.name if named else "",
        organisation=organisation.name if organisation else None,
        groups=[group.ref for group in Group.objects.filter(pk__in=viewer.groups)],
        scopes=sorted(viewer.scopes),
        ceiling=TlpWord(viewer.ceiling.word),
    )


@router.get("/groups", response=GroupRows, operation_id="groups")
def groups(request: HttpRequest) -> GroupRows:
    """The groups you may know of: the listed ones and your own."""
    viewer = member(request)
    known = Group.objects.listed_or_in(viewer.groups | viewer.moderates).with_crowd()
    return GroupRows(items=[_group(viewer, group) for group in known])


@router.get("/groups/{ref}", response=GroupRow, operation_id="group")
def group(request: HttpRequest, ref: str) -> GroupRow:
    """One group you may know of. Its pieces are `items?group=`."""
    viewer = member(request)
    known = Group.objects.listed_or_in(viewer.groups | viewer.moderates).with_crowd()
    row = known.filter(ref=ref).first()
    if row is None:
        raise absent()
    return _group(viewer, row)


def _group(viewer: Viewer, row: Group) -> GroupRow:
    return GroupRow(
        ref=row.ref,
        url=f"{settings.BASE_URL}/member/groups/{row.ref}/",
        name=row.name,
        about=row.about,
        kind=row.kind,
        listed=row.listed,
        seated=row.pk in viewer.groups,
        default_tlp=TlpWord(Tlp(row.default_tlp).word),
        reviewed=row.review,
        people=row.people,
        organisations=row.organisations,
    )


@router.get("/people", response=PersonRows, operation_id="people")
def people(request: HttpRequest, q: Annotated[Words, Query(min_length=2, max_length=200)]) -> PersonRows:
    """Members of that name who let themselves be found; your colleagues always."""
    viewer = member(request)
    found = Membership.objects.found_by(q.strip(), organisation=viewer.organisation)
    rows = found.select_related("person", "organisation")[:PEOPLE]
    return PersonRows(items=[PersonRow(name=row.person.name, organisation=row.organisation.name) for row in rows])


@router.get("/notices", response=NoticeRows, operation_id="notices")
def notices(request: HttpRequest) -> NoticeRows:
    """What you were told lately, as far as you may still read it; an organisation is told nothing, its people are."""
    told = Notice.objects.readable(member(request))[:NOTICES]
    return NoticeRows(
        items=[
            NoticeRow(
                event=notice.event,
                ref=notice.entry.ref,
                url=item_url(notice.entry.ref),
                title=notice.entry.title,
                at=notice.created_at,
                read=notice.read_at is not None,
            )
            for notice in told
        ]
    )
