"""What every template knows: the site, the person, the counts in the masthead and the groups in the rail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from infohub.catalogue.models import Entry
from infohub.delivery.models import MANY, Notice
from infohub.members.models import Group, Membership, Person
from infohub.members.programme import this_programme
from infohub.policy import offices
from infohub.policy.powers import Power
from infohub.policy.viewer import NOBODY, Viewer
from infohub.register.recovery import recovery_of
from infohub.support.clock import now


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages call the programme; `mark` is the address of a picture, empty for ours."""

    name: str
    tagline: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class RailGroup:
    name: str
    ref: str
    new: int


@dataclass(frozen=True, slots=True)
class ViewerPerson:
    name: str
    organisation_name: str
    shortcuts: bool = True


@dataclass(frozen=True, slots=True)
class Can:
    """Which parts of the office the person's roles open; `administer` is the ref of the organisation in their care."""

    moderate: bool
    release: bool
    office: bool
    register: bool
    groups: bool
    operate: bool
    records: bool
    seals: bool
    steer: bool
    administer: str = ""


def this_site() -> Site:
    """What the programme calls itself in the language now active."""
    programme = this_programme()
    return Site(
        name=(programme.name if programme else "") or settings.SITE_NAME,
        tagline=(programme.tagline if programme else "") or settings.SITE_TAGLINE,
        mark=reverse("mark", args=[programme.mark]) if programme and programme.mark else "",
    )


def surroundings(request: HttpRequest) -> dict[str, object]:
    """The shared context of all pages; the member's part only where the viewer is known."""
    viewer = getattr(request, "viewer", NOBODY)
    return {"site": this_site()} | (_member(cast(Person, request.user), viewer) if viewer.person is not None else {})


def _member(person: Person, viewer: Viewer) -> dict[str, object]:
    membership = _membership(person)
    return {
        "viewer_person": _told(person, membership),
        "unread_notices": _at_most(Notice.objects.number_unread(viewer)),
        "my_groups": _groups(viewer),
        "own_recovery": recovery_of(person),
        "can": Can(
            moderate=offices.reviews(viewer),
            release=viewer.may(Power.RELEASE),
            office=offices.works_in_office(viewer),
            register=offices.keeps_register(viewer),
            groups=offices.keeps_groups(viewer),
            operate=offices.operates(viewer),
            records=offices.sees_records(viewer),
            seals=offices.opens_seals(viewer),
            steer=offices.steers(viewer),
            administer=membership.organisation.ref if membership and viewer.administrator else "",
        ),
    }


def viewer_person(person: Person) -> ViewerPerson:
    """Who is asking, as pages and paper name them."""
    return _told(person, _membership(person))


def _membership(person: Person) -> Membership | None:
    return person.memberships.filter(ended__isnull=True).select_related("organisation").first()


def _told(person: Person, membership: Membership | None) -> ViewerPerson:
    return ViewerPerson(person.name, membership.organisation.name if membership else "", person.shortcuts)


def _at_most(number: int) -> str:
    return str(number) if number < MANY else f"{MANY - 1}+"


def _groups(viewer: Viewer) -> list[RailGroup]:
    """The viewer's groups with the number of pieces of the last seven days."""
    lately = Entry.objects.readable(viewer).filter(
        published_at__gte=now() - timedelta(days=7), groups__in=viewer.groups
    )
    numbers: dict[int, int] = {}
    for pk in lately.values_list("groups", flat=True):
        numbers[pk] = numbers.get(pk, 0) + 1
    groups = Group.objects.filter(pk__in=viewer.groups)
    return [RailGroup(group.name, group.ref, numbers.get(group.pk, 0)) for group in groups]
