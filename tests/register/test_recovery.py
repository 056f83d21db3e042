"""A lost second step comes back with two yeses of two others, and with everything of the old sign-in ended."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from infohub.audit.models import Record
from infohub.members.models import Person, Token
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import NOBODY, SYSTEM
from infohub.register import actions, links, second_step
from infohub.register.models import Recovery, RecoveryStatus, TrustedBrowser, Visit
from infohub.register.recovery import recovery_of, standing, stop_secret, stopped_by
from infohub.register.refusals import NotInvitableError, RegisterError
from infohub.support.clock import now
from tests.cast import Cast, give_second_step, make_administrator

pytestmark = pytest.mark.django_db


def ask(person: Person) -> Recovery:
    """Somebody who was inside asks."""
    give_second_step(person)
    return actions.ask_recovery(NOBODY, person=person)[0]


def status(recovery: Recovery) -> str:
    return Recovery.objects.get(pk=recovery.pk).status


def refused(cast: Cast, person: Person, recovery: Recovery) -> bool:
    """Whether this person's yes is refused."""
    try:
        actions.allow_recovery(cast.as_(person), recovery=recovery)
    except NotAllowedError:
        return True
    return False


@pytest.mark.parametrize("first", ["administrator", "office"])
def test_an_administrator_and_the_office_together_and_in_either_order(cast: Cast, first: str) -> None:
    make_administrator(cast.ann)
    asked = ask(cast.ben)
    order = [cast.ann, cast.vera] if first == "administrator" else [cast.vera, cast.ann]
    assert actions.allow_recovery(cast.as_(order[0]), recovery=asked) == ""
    assert second_step.is_set_up(cast.ben)
    secret = actions.allow_recovery(cast.as_(order[1]), recovery=asked)
    link = links.open_link(secret)
    assert link is not None
    assert link.person == cast.ben
    assert status(asked) == RecoveryStatus.GRANTED
    verbs = list(Record.objects.filter(subject=f"person:{cast.ben.pk}").values_list("verb", flat=True))
    assert verbs[-4:] == ["asked_recovery", "allowed_recovery", "allowed_recovery", "granted_recovery"]


def test_nobody_else_says_yes_and_nobody_says_it_twice(cast: Cast) -> None:
    make_administrator(cast.ann)
    make_administrator(cast.cara)
    asked = ask(cast.ben)
    for person in (cast.ben, cast.cara, cast.mori, cast.audra, cast.eve):
        assert refused(cast, person, asked), person
    with pytest.raises(NotAllowedError):
        actions.allow_recovery(SYSTEM, recovery=asked)
    for person in (cast.ann, cast.vera):
        actions.allow_recovery(cast.as_(person), recovery=asked)
        break
    assert refused(cast, cast.ann, asked)
    assert second_step.is_set_up(cast.ben)


def test_one_person_with_both_hats_is_one_yes(cast: Cast) -> None:
    make_administrator(cast.vera)
    make_administrator(cast.grace)
    person = cast.mori
    asked = ask(person)
    actions.allow_recovery(cast.as_(cast.grace), recovery=asked)
    assert refused(cast, cast.grace, asked)
    held = Recovery.objects.get(pk=asked.pk)
    assert (held.administrator, held.officer) == (cast.grace, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=asked.pk).update(officer=cast.grace)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=asked.pk).update(officer=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=asked.pk).update(status=RecoveryStatus.GRANTED)


def test_an_officer_is_let_back_by_whom_the_office_ranks_no_lower(cast: Cast) -> None:
    asked = ask(cast.grace)
    Recovery.objects.update(asked_at=now() - timedelta(hours=25))
    assert refused(cast, cast.vera, asked)
    assert actions.allow_recovery(cast.as_(cast.opal), recovery=asked) != ""


@pytest.mark.parametrize("who", ["opal", "ann", "cara"])
def test_where_no_other_administrator_is_the_office_alone_waits_a_day(cast: Cast, who: str) -> None:
    person: Person = getattr(cast, who)
    if who == "ann":
        make_administrator(person)
    officer = cast.opal if who != "opal" else make_operator(cast)
    asked = ask(person)
    for hours in (0, 23.9):
        Recovery.objects.update(asked_at=now() - timedelta(hours=hours))
        assert not standing(Recovery.objects.get()).waits_for(cast.as_(officer))
        with pytest.raises(RegisterError, match="24 hours"):
            actions.allow_recovery(cast.as_(officer), recovery=asked)
    Recovery.objects.update(asked_at=now() - timedelta(hours=24, seconds=1))
    assert actions.allow_recovery(cast.as_(officer), recovery=asked) != ""
    assert status(asked) == RecoveryStatus.GRANTED


def make_operator(cast: Cast) -> Person:
    """A second site administrator."""
    actions.grant_role(SYSTEM, person=cast.grace, role="site_administrator")
    return cast.grace


def test_with_the_last_yes_everything_of_the_old_sign_in_ends(cast: Cast) -> None:
    make_administrator(cast.ann)
    asked = ask(cast.ben)
    Authenticator.objects.create(user=cast.ben, type=second_step.PASSKEY, data={"name": "x", "credential": {}})
    actions.open_visit(cast.as_(cast.ben), browser="", system="")
    actions.trust_browser(cast.as_(cast.ben), browser="", system="")
    actions.open_visit(cast.as_(cast.cara), browser="", system="")
    actions.allow_recovery(cast.as_(cast.ann), recovery=asked)
    actions.allow_recovery(cast.as_(cast.vera), recovery=asked)
    assert not Authenticator.objects.filter(user=cast.ben).exists()
    assert not TrustedBrowser.objects.running().exists()
    assert [visit.person for visit in Visit.objects.running()] == [cast.cara]
    assert not Person.objects.get(pk=cast.ben.pk).has_usable_password()


def test_asking_again_changes_nothing_and_a_week_later_it_begins_anew(cast: Cast) -> None:
    make_administrator(cast.ann)
    asked = ask(cast.ben)
    actions.allow_recovery(cast.as_(cast.ann), recovery=asked)
    assert actions.ask_recovery(NOBODY, person=cast.ben) == (asked, False)
    Recovery.objects.update(asked_at=now() - timedelta(days=7, seconds=1))
    assert recovery_of(cast.ben) is None
    with pytest.raises(RegisterError, match="ended"):
        actions.allow_recovery(cast.as_(cast.vera), recovery=asked)
    anew, is_new = actions.ask_recovery(NOBODY, person=cast.ben)
    assert is_new
    assert (anew.administrator, status(asked)) == (None, RecoveryStatus.STOPPED)


def test_the_person_stops_it_and_nobody_else(cast: Cast) -> None:
    make_administrator(cast.ann)
    asked, other = ask(cast.ben), ask(cast.cara)
    for viewer in (cast.as_(cast.ann), cast.as_(cast.opal), NOBODY, SYSTEM):
        with pytest.raises(NotAllowedError):
            actions.stop_recovery(viewer, recovery=asked)
    for secret in ("nothing", stop_secret(other), f"{stop_secret(asked)}x"):
        with pytest.raises(NotAllowedError):
            actions.stop_recovery(NOBODY, recovery=asked, secret=secret)
    actions.stop_recovery(cast.as_(cast.ben), recovery=asked)
    assert status(asked) == RecoveryStatus.STOPPED
    with pytest.raises(RegisterError):
        actions.allow_recovery(cast.as_(cast.vera), recovery=asked)
    actions.stop_recovery(NOBODY, recovery=other, secret=stop_secret(other))
    assert (status(other), stopped_by(stop_secret(other))) == (RecoveryStatus.STOPPED, None)


def test_stopping_after_the_last_yes_still_closes_the_link(cast: Cast) -> None:
    make_administrator(cast.ann)
    asked = ask(cast.ben)
    actions.allow_recovery(cast.as_(cast.ann), recovery=asked)
    secret = actions.allow_recovery(cast.as_(cast.vera), recovery=asked)
    actions.stop_recovery(NOBODY, recovery=asked, secret=stop_secret(asked))
    assert links.open_link(secret) is None


def test_whoever_was_suspended_meanwhile_gets_no_link(cast: Cast) -> None:
    make_administrator(cast.ann)
    asked = ask(cast.ben)
    actions.allow_recovery(cast.as_(cast.ann), recovery=asked)
    actions.suspend_person(SYSTEM, person=cast.ben, reason="test")
    with pytest.raises(RegisterError, match="ended"):
        actions.allow_recovery(cast.as_(cast.vera), recovery=asked)
    assert not Token.objects.filter(person=cast.ben).exists()


def test_an_administrator_alone_gets_no_link_of_somebody_who_was_inside(cast: Cast) -> None:
    make_administrator(cast.ann)
    with pytest.raises(NotInvitableError):
        actions.invite(cast.as_(cast.vera), person=_with_step(cast.cara))
    asked = ask(cast.ben)
    actions.allow_recovery(cast.as_(cast.ann), recovery=asked)
    first = actions.allow_recovery(cast.as_(cast.vera), recovery=asked)
    with pytest.raises(NotAllowedError):
        actions.invite(cast.as_(cast.ann), person=Person.objects.get(pk=cast.ben.pk))
    assert links.open_link(first) is not None
    again = actions.invite(cast.as_(cast.vera), person=cast.ben)
    assert links.open_link(first) is None
    assert links.open_link(again) is not None


def _with_step(person: Person) -> Person:
    give_second_step(person)
    return person
