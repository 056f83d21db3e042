"""People and organisations: who may bring them in, shut them out and give them offices; what ends with them."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from infohub.audit.models import Record
from infohub.members.models import Membership, Organisation, Person, Seat, Token
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import NOBODY, SYSTEM, Viewer, token_viewer
from infohub.register import actions, second_step
from infohub.register.refusals import (
    AddressTakenError,
    MembershipOverlapsError,
    NotInvitableError,
    RegisterError,
)
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, give_second_step, make_administrator

pytestmark = pytest.mark.django_db


def test_the_office_admits_organisations_and_nobody_else_does(cast: Cast) -> None:
    finance = make.sector("finance")
    made = actions.admit(cast.as_(cast.grace), name=" Tram Lane ", sectors=[finance], domains=["Tram.Example"])
    assert (made.name, made.status, made.domains) == ("Tram Lane", "active", ["tram.example"])
    assert list(made.sectors.all()) == [finance]
    for viewer in (NOBODY, cast.as_(make_administrator(cast.ann)), cast.as_(cast.mori)):
        with pytest.raises(NotAllowedError):
            actions.admit(viewer, name="Another")
    assert Record.objects.filter(verb="admitted", person=cast.grace.pk).count() == 1


def test_an_administrator_brings_people_into_the_own_organisation_only(cast: Cast) -> None:
    ann = cast.as_(make_administrator(cast.ann))
    dora = actions.enrol(ann, name="Dora", email=" DORA@bank.example", organisation=cast.bank)
    assert (dora.email, dora.status, make.membership(dora).organisation) == ("dora@bank.example", "invited", cast.bank)
    assert not dora.has_usable_password()
    assert actions.invite(ann, person=dora)
    for viewer, organisation in ((ann, cast.clinic), (ann, None), (cast.as_(cast.ben), cast.bank)):
        with pytest.raises(NotAllowedError):
            actions.enrol(viewer, name="Eli", email="eli@bank.example", organisation=organisation)
    with pytest.raises(NotAllowedError):
        actions.invite(ann, person=cast.cara)
    with pytest.raises(AddressTakenError):
        actions.enrol(ann, name="Dora again", email="Dora@Bank.example", organisation=cast.bank)


def test_only_the_command_line_says_that_somebody_is_active_already(cast: Cast) -> None:
    opal = cast.as_(cast.opal)
    assert actions.enrol(opal, name="Dora", email="d@x.example", status="active").status == "invited"
    assert actions.enrol(SYSTEM, name="Eli", email="e@x.example", status="active").status == "active"


def test_a_person_represents_one_organisation_at_a_time(cast: Cast) -> None:
    at = now()
    with pytest.raises(MembershipOverlapsError):
        actions.join(SYSTEM, person=cast.ann, organisation=cast.clinic)
    with pytest.raises(MembershipOverlapsError):
        actions.join(SYSTEM, person=cast.ann, organisation=cast.clinic, started=make.START, ended=at)
    past = make.START - timedelta(days=1)
    earlier = actions.join(
        SYSTEM, person=cast.ann, organisation=cast.clinic, started=past - timedelta(days=9), ended=past
    )
    assert earlier.ended == past
    assert Person.objects.get(pk=cast.ann.pk).status == "active"


def test_leaving_ends_seats_tokens_and_stewardship_and_coming_back_restores_none(cast: Cast) -> None:
    give_second_step(cast.ann)
    ann, ben = make.membership(cast.ann), make.membership(cast.ben)
    cast.banking.moderators.add(cast.ann)
    actions.name_steward(SYSTEM, organisation=cast.bank, membership=ann)
    token, _secret = actions.issue_token(cast.as_(cast.ann), kind="personal", name="script", membership=ann)
    actions.leave(cast.as_(make_administrator(cast.ben)), membership=ann)
    assert Person.objects.get(pk=cast.ann.pk).status == "left"
    assert list(Seat.objects.filter(ended=None).values_list("membership", flat=True)) == [ben.pk]
    assert Organisation.objects.get(pk=cast.bank.pk).steward is None
    assert not cast.banking.moderators.exists()
    assert token_viewer(Token.objects.get(pk=token.pk)) == NOBODY
    again = actions.join(SYSTEM, person=Person.objects.get(pk=cast.ann.pk), organisation=cast.bank)
    viewer = cast.as_(cast.ann)
    assert (viewer.membership, viewer.groups, viewer.moderates) == (again.pk, frozenset(), frozenset())
    assert Token.objects.get(pk=token.pk).revoked is not None


def test_one_leaves_oneself_and_is_removed_by_administrator_or_office_only(cast: Cast) -> None:
    for viewer in (cast.as_(cast.ann), cast.as_(make_administrator(cast.cara)), NOBODY, cast.as_(cast.mori)):
        with pytest.raises(NotAllowedError):
            actions.leave(viewer, membership=make.membership(cast.ben))
    actions.leave(cast.as_(cast.ben), membership=make.membership(cast.ben))
    actions.leave(cast.as_(cast.grace), membership=make.membership(cast.cara))
    assert Membership.objects.filter(ended=None, person__in=[cast.ben, cast.cara]).count() == 0


def test_an_officer_who_leaves_the_organisation_stays_an_officer(cast: Cast) -> None:
    actions.leave(cast.as_(cast.opal), membership=make.membership(cast.mori))
    assert Person.objects.get(pk=cast.mori.pk).status == "active"
    assert cast.as_(cast.mori).has_standing
    assert not cast.as_(cast.mori).is_member


def test_suspension_takes_everything_and_only_the_office_gives_it_back(cast: Cast) -> None:
    give_second_step(cast.ben)
    administrator = cast.as_(make_administrator(cast.ann))
    actions.suspend_person(administrator, person=cast.ben, reason="lost laptop")
    assert cast.as_(cast.ben) == NOBODY
    with pytest.raises(NotAllowedError):
        actions.restore_person(administrator, person=cast.ben)
    actions.restore_person(cast.as_(cast.grace), person=cast.ben)
    assert cast.as_(cast.ben).is_member
    with pytest.raises(RegisterError):
        actions.restore_person(cast.as_(cast.grace), person=cast.ben)


def test_who_never_set_up_sign_in_is_restored_as_invited(cast: Cast) -> None:
    actions.suspend_person(SYSTEM, person=cast.ben, reason="test")
    assert actions.restore_person(SYSTEM, person=cast.ben).status == "invited"


def test_an_organisation_is_suspended_and_restored_by_the_office(cast: Cast) -> None:
    with pytest.raises(NotAllowedError):
        actions.suspend_organisation(cast.as_(make_administrator(cast.ann)), organisation=cast.bank, reason="test")
    actions.suspend_organisation(cast.as_(cast.grace), organisation=cast.bank, reason="test")
    assert not cast.as_(cast.ann).has_standing
    actions.restore_organisation(cast.as_(cast.grace), organisation=cast.bank)
    assert cast.as_(cast.ann).has_standing


def test_nobody_widens_their_own_standing(cast: Cast) -> None:
    opal, grace = cast.as_(cast.opal), cast.as_(cast.grace)
    with pytest.raises(NotAllowedError):
        actions.grant_role(grace, person=cast.grace, role="auditor")
    with pytest.raises(NotAllowedError):
        actions.join(opal, person=cast.opal, organisation=cast.bank)
    with pytest.raises(NotAllowedError):
        actions.make_administrator(grace, membership=make.membership(cast.grace), administrator=True)
    with pytest.raises(NotAllowedError):
        actions.name_steward(
            cast.as_(make_administrator(cast.ann)), organisation=cast.bank, membership=make.membership(cast.ann)
        )
    assert cast.as_(cast.grace) == grace


def test_nobody_touches_a_higher_office(cast: Cast) -> None:
    grace, ann = cast.as_(cast.grace), cast.as_(make_administrator(cast.ann))
    actions.grant_role(grace, person=cast.ben, role="moderator")
    for viewer, person in ((grace, cast.opal), (ann, cast.ben)):
        with pytest.raises(NotAllowedError):
            actions.suspend_person(viewer, person=person, reason="test")
        with pytest.raises(NotAllowedError):
            actions.invite(viewer, person=person)
    with pytest.raises(NotAllowedError):
        actions.grant_role(grace, person=cast.ben, role="site_administrator")
    with pytest.raises(NotAllowedError):
        actions.grant_role(cast.as_(cast.mori), person=cast.ben, role="expert")
    actions.grant_role(cast.as_(cast.opal), person=cast.ben, role="site_administrator")
    actions.withdraw_role(cast.as_(cast.opal), person=cast.ben, role="site_administrator")
    assert set(cast.ben.roles.values_list("name", flat=True)) == {"moderator"}


def test_a_steward_is_a_present_representative(cast: Cast) -> None:
    ann = cast.as_(make_administrator(cast.ann))
    ben = make.membership(cast.ben)
    actions.name_steward(ann, organisation=cast.bank, membership=ben)
    assert cast.as_(cast.ben).stewards == {cast.bank.pk}
    with pytest.raises(RegisterError):
        actions.name_steward(ann, organisation=cast.bank, membership=make.membership(cast.cara))
    with pytest.raises(NotAllowedError):
        actions.name_steward(ann, organisation=cast.clinic, membership=None)
    actions.name_steward(ann, organisation=cast.bank, membership=None)
    assert cast.as_(cast.ben).stewards == frozenset()


def test_whoever_has_a_second_step_or_is_out_gets_no_link(cast: Cast) -> None:
    give_second_step(cast.ann)
    actions.suspend_person(SYSTEM, person=cast.ben, reason="test")
    for person in (cast.ann, cast.ben):
        with pytest.raises(NotInvitableError):
            actions.invite(SYSTEM, person=person)
    assert actions.invite(SYSTEM, person=cast.cara)


def test_demonstration_credentials_exist_on_a_demonstration_only(cast: Cast, settings: LazySettings) -> None:
    secret = second_step.fresh_secret()
    with pytest.raises(NotAllowedError):
        actions.give_demonstration_credentials(SYSTEM, person=cast.ann, hashed="!", secret=secret)
    settings.DEMO = True
    with pytest.raises(NotAllowedError):
        actions.give_demonstration_credentials(cast.as_(cast.opal), person=cast.ann, hashed="!", secret=secret)
    actions.give_demonstration_credentials(SYSTEM, person=cast.ann, hashed="!", secret=secret)
    assert second_step.is_set_up(cast.ann)
    assert second_step.are_stored(second_step.codes_of(cast.ann))


@pytest.mark.parametrize("viewer", [NOBODY, Viewer(token=1, powers=SYSTEM.powers)])
def test_nobody_and_no_token_changes_the_register(cast: Cast, viewer: Viewer) -> None:
    seat = Seat.objects.filter(group=cast.banking)[0]
    membership = make.membership(cast.ben)
    for attempt in (
        lambda: actions.admit(viewer, name="x"),
        lambda: actions.enrol(viewer, name="x", email="x@x.example"),
        lambda: actions.join(viewer, person=cast.opal, organisation=cast.bank),
        lambda: actions.leave(viewer, membership=membership),
        lambda: actions.suspend_person(viewer, person=cast.ben, reason="x"),
        lambda: actions.restore_person(viewer, person=cast.ben),
        lambda: actions.suspend_organisation(viewer, organisation=cast.bank, reason="x"),
        lambda: actions.restore_organisation(viewer, organisation=cast.bank),
        lambda: actions.grant_role(viewer, person=cast.ben, role="auditor"),
        lambda: actions.withdraw_role(viewer, person=cast.mori, role="moderator"),
        lambda: actions.invite(viewer, person=cast.ben),
        lambda: actions.name_steward(viewer, organisation=cast.bank, membership=None),
        lambda: actions.open_group(viewer, names={"en": "x"}),
        lambda: actions.appoint(viewer, group=cast.banking, moderators=[]),
        lambda: actions.seat(viewer, group=cast.healthcare, membership=membership),
        lambda: actions.unseat(viewer, seat=seat),
        lambda: actions.make_administrator(viewer, membership=membership, administrator=True),
        lambda: actions.issue_token(viewer, kind="organisation", name="x", organisation=cast.bank),
        lambda: actions.reseal(viewer),
    ):
        with pytest.raises(NotAllowedError):
            attempt()
