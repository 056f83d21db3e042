"""What is done with groups: open one, appoint its moderators, seat people and organisations, end seats."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import Detail, record
from infohub.intel.actions import ensure_collection_of
from infohub.members.models import Group, Membership, Organisation, Person, Seat
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.refusals import RegisterError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.ids import fresh_ref


@transaction.atomic
def open_group(
    viewer: Viewer,
    *,
    names: dict[str, str],
    about: str = "",
    kind: str = "sector",
    listed: bool = True,
    default_tlp: Tlp = Tlp.AMBER,
    review: bool = False,
    moderators: Iterable[Person] = (),
) -> Group:
    """Open a circle in which people or organisations share with each other."""
    offices.demand_steering(viewer)
    group = Group.objects.create(
        ref=fresh_ref(Group, "GR"),
        names=names,
        about=about,
        kind=kind,
        listed=listed,
        default_tlp=default_tlp.value,
        review=review,
    )
    appoint(viewer, group=group, moderators=moderators)
    ensure_collection_of(group)
    record(viewer, "opened_group", group.ref)
    return group


@transaction.atomic
def change_group(
    viewer: Viewer,
    *,
    group: Group,
    names: dict[str, str],
    about: str,
    listed: bool,
    default_tlp: Tlp,
    review: bool,
    kind: str = "",
) -> Group:
    """Change what a group is called and how it works; what was shared there keeps its readers.

    Its moderators say what it is for, its usual TLP and whether they look first; the rest is the programme's.
    """
    offices.demand_keeping(viewer, group.pk)
    group = Group.objects.select_for_update().get(pk=group.pk)
    if offices.steers(viewer):
        group.names, group.listed, group.kind = names, listed, kind or group.kind
    group.about, group.default_tlp, group.review = about, default_tlp.value, review
    group.save(update_fields=["names", "about", "listed", "default_tlp", "review", "kind"])
    ensure_collection_of(group)
    record(viewer, "changed_group", group.ref, detail={"listed": group.listed, "review": review})
    return group


@transaction.atomic
def appoint(viewer: Viewer, *, group: Group, moderators: Iterable[Person]) -> None:
    """Say who moderates a group from now on; nobody appoints or dismisses themselves."""
    offices.demand_steering(viewer)
    chosen = list(moderators)
    before = set(group.moderators.values_list("pk", flat=True))
    for person in before.symmetric_difference(one.pk for one in chosen):
        offices.demand_another(viewer, person)
    group.moderators.set(chosen)
    record(viewer, "appointed", group.ref, detail={"moderators": [person.pk for person in chosen]})


@transaction.atomic
def seat(
    viewer: Viewer,
    *,
    group: Group,
    membership: Membership | None = None,
    organisation: Organisation | None = None,
    started: datetime | None = None,
    ended: datetime | None = None,
) -> Seat:
    """Give one representative, or a whole organisation, a place in the group; the same place is given once."""
    offices.demand_seating(viewer, group.pk, membership=membership, organisation=organisation)
    if (membership is None) == (organisation is None):
        raise RegisterError(_("A seat is one representative’s or one organisation’s."))
    if ended is None:
        if membership is not None and membership.ended is not None:
            raise RegisterError(_("This membership has ended."))
        held = Seat.objects.filter(group=group, membership=membership, organisation=organisation, ended__isnull=True)
        if present := held.first():
            return present
    made = Seat.objects.create(
        group=group, membership=membership, organisation=organisation, started=started or now(), ended=ended
    )
    record(viewer, "seated", group.ref, detail=_whose(made))
    return made


@transaction.atomic
def unseat(viewer: Viewer, *, seat: Seat, ended: datetime | None = None) -> Seat:
    """End a seat: what the group shares from now on is closed to whoever held it. `ended` is a time past (import)."""
    offices.demand_unseating(viewer, seat.group_id, membership=seat.membership, organisation=seat.organisation)
    if seat.ended is None:
        seat.ended = ended or now()
        seat.save(update_fields=["ended"])
        record(viewer, "unseated", seat.group.ref, detail=_whose(seat))
    return seat


def _whose(held: Seat) -> Detail:
    return {"membership": held.membership_id, "organisation": held.organisation_id}
