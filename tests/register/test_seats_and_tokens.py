"""Seats in groups and tokens for machines: who gives them, how far they reach, when they end."""

import pytest

from infohub.members.models import Person, Seat, Token
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import NOBODY, SYSTEM, token_viewer
from infohub.register import actions
from infohub.register.refusals import RegisterError
from infohub.standards.tlp import Tlp
from infohub.support.ids import keyed_digest
from tests import make
from tests.cast import Cast, make_administrator

pytestmark = pytest.mark.django_db


def test_a_groups_moderator_seats_others_once_and_never_themselves(cast: Cast) -> None:
    cast.healthcare.moderators.add(cast.ann)
    ann = cast.as_(cast.ann)
    given = actions.seat(ann, group=cast.healthcare, membership=make.membership(cast.ben))
    assert actions.seat(ann, group=cast.healthcare, membership=make.membership(cast.ben)) == given
    assert cast.as_(cast.ben).groups == {cast.healthcare.pk}
    with pytest.raises(NotAllowedError):
        actions.seat(ann, group=cast.healthcare, membership=make.membership(cast.ann))
    with pytest.raises(NotAllowedError):
        actions.seat(ann, group=cast.healthcare, organisation=cast.bank)
    with pytest.raises(NotAllowedError):
        actions.seat(ann, group=cast.banking, membership=make.membership(cast.cara))
    with pytest.raises(NotAllowedError):
        actions.seat(cast.as_(cast.mori), group=cast.banking, membership=make.membership(cast.cara))


def test_the_programme_manager_seats_a_whole_organisation_but_not_their_own(cast: Cast) -> None:
    grace = cast.as_(cast.grace)
    actions.seat(grace, group=cast.banking, organisation=cast.clinic)
    assert cast.as_(cast.cara).groups == {cast.banking.pk}
    with pytest.raises(NotAllowedError):
        actions.seat(grace, group=cast.banking, organisation=cast.office)
    with pytest.raises(RegisterError):
        actions.seat(grace, group=cast.banking)


def test_a_seat_ends_by_its_holder_its_administrator_or_the_moderator(cast: Cast) -> None:
    def seat_of(person: Person) -> Seat:
        return Seat.objects.get(group=cast.banking, membership__person=person, ended=None)

    for stranger in (cast.cara, make_administrator(cast.cara), cast.mori):
        with pytest.raises(NotAllowedError):
            actions.unseat(cast.as_(stranger), seat=seat_of(cast.ben))
    actions.unseat(cast.as_(cast.ben), seat=seat_of(cast.ben))
    assert cast.as_(cast.ben).groups == frozenset()
    actions.unseat(cast.as_(make_administrator(cast.ben)), seat=seat_of(cast.ann))
    assert not Seat.objects.filter(group=cast.banking, ended=None).exists()


def test_groups_are_opened_by_the_programme_manager(cast: Cast) -> None:
    group = actions.open_group(
        cast.as_(cast.grace), names={"en": "Ports"}, default_tlp=Tlp.GREEN, moderators=[cast.ann]
    )
    assert (group.name, Tlp(group.default_tlp)) == ("Ports", Tlp.GREEN)
    assert cast.as_(cast.ann).moderates == {group.pk}
    with pytest.raises(NotAllowedError):
        actions.open_group(cast.as_(cast.mori), names={"en": "Ports"})


def test_a_personal_token_is_issued_by_its_person_and_by_no_office(cast: Cast) -> None:
    ann = make.membership(cast.ann)
    token, secret = actions.issue_token(
        cast.as_(cast.ann), kind="personal", name=" script ", membership=ann, scopes=["read"], ceiling=Tlp.AMBER
    )
    assert (token.name, token.digest) == ("script", keyed_digest(secret))
    assert secret not in str(Token.objects.filter(pk=token.pk).values())
    assert token_viewer(token).membership == ann.pk
    for viewer in (
        cast.as_(cast.ben),
        cast.as_(cast.opal),
        cast.as_(make_administrator(cast.ben)),
        token_viewer(token),
    ):
        with pytest.raises(NotAllowedError):
            actions.issue_token(viewer, kind="personal", name="x", membership=ann)


def test_an_organisations_token_is_issued_by_its_administrator(cast: Cast) -> None:
    ann = cast.as_(make_administrator(cast.ann))
    token, _secret = actions.issue_token(
        ann, kind="organisation", name="SIEM", organisation=cast.bank, scopes=["taxii"]
    )
    assert token_viewer(token).organisation == cast.bank.pk
    for viewer, organisation in (
        (ann, cast.clinic),
        (cast.as_(cast.ben), cast.bank),
        (cast.as_(cast.opal), cast.bank),
        (cast.as_(cast.grace), cast.bank),
    ):
        with pytest.raises(NotAllowedError):
            actions.issue_token(viewer, kind="organisation", name="x", organisation=organisation)


def test_a_peers_token_reads_green_at_most_and_writes_nothing(cast: Cast) -> None:
    grace = cast.as_(cast.grace)
    token, _secret = actions.issue_token(grace, kind="peer", name="another community", scopes=["taxii"])
    assert token_viewer(token).ceiling == Tlp.GREEN
    with pytest.raises(NotAllowedError):
        actions.issue_token(grace, kind="peer", name="x", ceiling=Tlp.AMBER)
    with pytest.raises(NotAllowedError):
        actions.issue_token(grace, kind="peer", name="x", scopes=["write"])
    with pytest.raises(NotAllowedError):
        actions.issue_token(cast.as_(cast.mori), kind="peer", name="x")


def test_no_token_reads_red_or_has_a_scope_nobody_knows(cast: Cast) -> None:
    ann = make.membership(cast.ann)
    with pytest.raises(NotAllowedError):
        actions.issue_token(SYSTEM, kind="personal", name="x", membership=ann, ceiling=Tlp.RED)
    with pytest.raises(NotAllowedError):
        actions.issue_token(SYSTEM, kind="personal", name="x", membership=ann, scopes=["admin"])
    assert actions.issue_token(SYSTEM, kind="personal", name="x", membership=ann, ceiling=Tlp.AMBER_STRICT)


@pytest.mark.parametrize("kind", ["setup", "personal", "organisation", "anything"])
def test_a_token_without_its_holder_is_refused(cast: Cast, kind: str) -> None:
    with pytest.raises(RegisterError):
        actions.issue_token(SYSTEM, kind=kind, name="x")
    assert not Token.objects.exists()


def test_a_token_is_revoked_by_holder_administrator_or_office(cast: Cast) -> None:
    def issued() -> Token:
        token, _secret = actions.issue_token(SYSTEM, kind="personal", name="x", membership=make.membership(cast.ann))
        return token

    for stranger in (cast.ben, make_administrator(cast.cara), cast.mori):
        with pytest.raises(NotAllowedError):
            actions.revoke_token(cast.as_(stranger), token=issued())
    for viewer in (cast.as_(cast.ann), cast.as_(make_administrator(cast.ben)), cast.as_(cast.grace)):
        assert actions.revoke_token(viewer, token=issued()).revoked is not None
    with pytest.raises(NotAllowedError):
        actions.revoke_token(NOBODY, token=issued())


def test_whoever_lost_the_membership_gets_no_token_for_it(cast: Cast) -> None:
    group = cast.banking
    gone = actions.leave(SYSTEM, membership=make.membership(cast.ann))
    with pytest.raises(RegisterError):
        actions.issue_token(SYSTEM, kind="personal", name="x", membership=gone)
    with pytest.raises(RegisterError):
        actions.seat(SYSTEM, group=group, membership=gone)
    assert not Token.objects.exists()


def test_an_organisation_keeps_all_its_programs_to_a_marking_from_their_next_request_on(cast: Cast) -> None:
    ann, ben = make_administrator(cast.ann), cast.as_(cast.ben)
    own, _secret = actions.issue_token(
        ben, kind="personal", name="script", membership=make.membership(cast.ben), ceiling=Tlp.AMBER_STRICT
    )
    shared, _secret = actions.issue_token(
        cast.as_(ann), kind="organisation", name="SIEM", organisation=cast.bank, ceiling=Tlp.AMBER
    )

    def ceilings() -> list[Tlp]:
        return [token_viewer(Token.objects.get(pk=token.pk)).ceiling for token in (own, shared)]

    assert ceilings() == [Tlp.AMBER_STRICT, Tlp.AMBER]
    actions.limit_programs(cast.as_(ann), organisation=cast.bank, ceiling=Tlp.GREEN)
    assert ceilings() == [Tlp.GREEN, Tlp.GREEN]
    assert cast.as_(cast.ben).ceiling is Tlp.RED  # people read on
    for stranger in (ben, cast.as_(make_administrator(cast.cara)), cast.as_(cast.mori)):
        with pytest.raises(NotAllowedError):
            actions.limit_programs(stranger, organisation=cast.bank, ceiling=Tlp.AMBER_STRICT)
    with pytest.raises(RegisterError):
        actions.limit_programs(cast.as_(ann), organisation=cast.bank, ceiling=Tlp.RED)
    actions.limit_programs(cast.as_(cast.opal), organisation=cast.bank, ceiling=Tlp.AMBER_STRICT)
    assert ceilings() == [Tlp.AMBER_STRICT, Tlp.AMBER]


def test_a_moderators_program_holds_no_office(cast: Cast) -> None:
    cast.banking.moderators.add(cast.ben)
    token, _secret = actions.issue_token(
        cast.as_(cast.ben), kind="personal", name="script", membership=make.membership(cast.ben)
    )
    program = token_viewer(token)
    assert cast.as_(cast.ben).moderates == {cast.banking.pk}
    assert (program.moderates, program.powers) == (frozenset(), frozenset())
