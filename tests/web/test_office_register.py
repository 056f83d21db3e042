"""The office at work on the register: admitting, inviting, suspending, leaving, offices, groups."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from infohub.audit.models import Record
from infohub.intel.models import Collection
from infohub.members.models import Group, Membership, Organisation, Person, Role, Token
from infohub.register import actions
from infohub.standards.tlp import Tlp
from infohub.web.accounts import letters
from tests import make
from tests.authenticator import Clock
from tests.cast import Cast, make_administrator, sign_in
from tests.intel import pieces
from tests.taxii.machine import Machine
from tests.web import entering

pytestmark = pytest.mark.django_db

INSIDE = "/member/integrations/"


def path(name: str, *arguments: str | int) -> str:
    """The address of a page of the office."""
    return reverse(f"office:{name}", args=arguments)


def test_an_organisation_is_admitted_and_its_first_person_invited(client: Client, cast: Cast, clock: Clock) -> None:
    finance = make.sector("finance")
    sign_in(client, cast.opal)
    typed = {
        "name": "Tram Lane",
        "organisation_class": "vendor",
        "sectors": [finance.pk],
        "domains": "Tram.example, lane.example",
    }
    answer = client.post(path("organisation_new"), typed)
    tram = Organisation.objects.get(name="Tram Lane")
    assert answer["Location"] == path("organisation", tram.ref)
    assert (tram.status, tram.organisation_class, tram.domains) == (
        "active",
        "vendor",
        ["tram.example", "lane.example"],
    )
    assert "Nobody represents this organisation" in client.get(answer["Location"]).text
    newcomer = {"name": "Tess", "email": "tess@tram.example", "organisation": tram.ref, "language": "en"}
    page = client.post(path("person_new"), {**newcomer, "administrator": "on"})
    link = shown_link(page.text)
    tess = Person.objects.get(email="tess@tram.example")
    assert Membership.objects.get(person=tess).administrator
    letters.wait()
    assert link in mail.outbox[0].body
    assert mail.outbox[0].to == ["tess@tram.example"]
    assert link not in client.get(path("person", tess.pk)).text
    again = shown_link(client.post(path("person_invite", tess.pk)).text)
    assert Client().get(link).status_code == 404
    visitor = Client()
    visitor.post(again, {"password1": entering.PASSWORD, "password2": entering.PASSWORD})
    secret = entering.shown_secret(visitor.get(entering.ENROL))
    visitor.post(entering.ENROL, {"code": clock.code(secret)})
    assert Person.objects.get(pk=tess.pk).status == "active"
    assert "Send a new invitation" not in client.get(path("person", tess.pk)).text


def test_what_was_typed_stays_when_something_is_wrong(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    wrong = client.post(
        path("organisation_new"), {"name": "bank", "organisation_class": "member", "domains": "no domain"}
    )
    assert wrong.status_code == 422
    assert len(entering.errors(wrong)) == 2
    assert 'value="no domain"' in wrong.text
    typed = {"name": "Another Ann", "email": "ANN@bank.example", "organisation": "Bank", "language": "en"}
    taken = client.post(path("person_new"), typed)
    assert (taken.status_code, len(entering.errors(taken))) == (422, 1)
    assert 'value="Another Ann"' in taken.text
    make.organisation("Bankers")
    unclear = client.post(path("person_new"), {**typed, "email": "x@bank.example", "organisation": "ban"})
    assert "Bank; Bankers" in entering.errors(unclear)[0]
    nobody = client.post(path("person_new"), {**typed, "email": "x@bank.example", "organisation": "Zebra"})
    assert "Nothing active is called" in entering.errors(nobody)[0]
    assert not Person.objects.filter(email="x@bank.example").exists()


def test_a_suspended_organisation_is_out_at_the_next_request_and_back_when_restored(cast: Cast) -> None:
    office, ann = sign_in(Client(), cast.opal), sign_in(Client(), cast.ann)
    machine = Machine(pieces.token(cast.bank)[1])
    suspend = path("organisation_suspend", cast.bank.ref)
    shown = office.get(suspend).text
    assert "the access of 2 people: Ann, Ben" in shown
    assert "1 token: organisation" in shown
    assert ann.get(INSIDE).status_code == 200
    assert machine.ask("collections/").status == 200
    assert office.post(suspend, {"reason": " "}).status_code == 422
    assert ann.get(INSIDE).status_code == 200
    assert office.post(suspend, {"reason": "Fees unpaid"})["Location"] == path("organisation", cast.bank.ref)
    assert ann.get(INSIDE)["Location"].startswith("/accounts/login/")
    assert machine.ask("collections/").status == 401
    assert Record.objects.get(verb="suspended_organisation").detail == {"reason": "Fees unpaid"}
    assert "asleep" in office.get("/office/tokens/").text
    office.post(path("organisation_restore", cast.bank.ref), {"reason": "Paid"})
    assert sign_in(Client(), cast.ann).get(INSIDE).status_code == 200
    assert machine.ask("collections/").status == 200


def test_nobody_suspends_the_own_organisation(client: Client, cast: Cast) -> None:
    sign_in(client, cast.vera)
    assert "Suspend" not in client.get(path("organisation", cast.office.ref)).text
    assert client.post(path("organisation_suspend", cast.office.ref), {"reason": "x"}).status_code == 404
    assert Organisation.objects.get(pk=cast.office.pk).status == "active"


def test_a_suspended_person_is_out_at_the_next_request(cast: Cast) -> None:
    office, ann = sign_in(Client(), cast.opal), sign_in(Client(), cast.ann)
    machine = Machine(pieces.token(cast.ann)[1])
    assert machine.ask("collections/").status == 200
    suspend = path("person_suspend", cast.ann.pk)
    assert "1 token: personal" in office.get(suspend).text
    office.post(suspend, {"reason": "Lost laptop"})
    assert ann.get(INSIDE)["Location"].startswith("/accounts/login/")
    assert machine.ask("collections/").status == 401
    office.post(path("person_restore", cast.ann.pk), {"reason": "Found"})
    assert Person.objects.get(pk=cast.ann.pk).status == "active"
    assert machine.ask("collections/").status == 200


def test_a_leaver_is_shown_what_ends_and_then_all_of_it_ends(cast: Cast) -> None:
    administrator = sign_in(Client(), make_administrator(cast.ann))
    ben = sign_in(Client(), cast.ben)
    cast.banking.moderators.add(cast.ben)
    machine = Machine(pieces.token(cast.ben)[1])
    leave = path("person_leave", cast.ben.pk)
    listed = administrator.get(path("organisation", cast.bank.ref)).text
    assert leave in listed
    assert path("person_leave", cast.ann.pk) not in listed
    shown = administrator.get(leave).text
    for ends in ("1 seat: Banking", "1 token: personal", "moderating: Banking", "Coming back starts anew"):
        assert ends in shown
    assert cast.as_(cast.ben).is_member
    assert administrator.post(leave)["Location"] == path("organisation", cast.bank.ref)
    assert ben.get(INSIDE)["Location"].startswith("/accounts/login/")
    assert machine.ask("collections/").status == 401
    assert Person.objects.get(pk=cast.ben.pk).status == "left"
    assert not Token.objects.filter(membership__person=cast.ben, revoked=None).exists()
    assert administrator.get(path("person", cast.ben.pk)).status_code == 404
    assert "Left" in sign_in(Client(), cast.opal).get(path("person", cast.ben.pk)).text


def test_an_administrator_touches_neither_another_organisation_nor_an_officer(client: Client, cast: Cast) -> None:
    sign_in(client, make_administrator(cast.ann))
    Role.objects.create(person=cast.ben, name="moderator")
    assert path("person_leave", cast.ben.pk) not in client.get(path("organisation", cast.bank.ref)).text
    mine = [path(name, cast.ben.pk) for name in ("person_suspend", "person_leave", "person_invite")]
    others = [path(name, cast.cara.pk) for name in ("person_suspend", "person_leave", "person_invite")]
    others += [path(f"organisation_{act}", cast.clinic.ref) for act in ("steward", "ceiling")]
    others += [path("organisation_suspend", cast.bank.ref)]
    for target in (*mine, *others, path("person_role", cast.ben.pk), path("person_leave", cast.ann.pk)):
        assert client.post(target, {"reason": "x", "role": "site_administrator"}).status_code == 404
    assert set(Person.objects.values_list("status", flat=True)) == {"active"}
    assert list(Role.objects.filter(person=cast.ben).values_list("name", flat=True)) == ["moderator"]
    newcomer = {"name": "Dora", "email": "dora@bank.example", "organisation": cast.clinic.ref, "language": "en"}
    client.post(path("person_new"), newcomer)
    assert make.membership(Person.objects.get(email="dora@bank.example")).organisation == cast.bank


def test_offices_are_given_and_taken_by_those_above_them(cast: Cast) -> None:
    manager, operator = sign_in(Client(), cast.grace), sign_in(Client(), cast.opal)
    target = path("person_role", cast.ann.pk)
    manager.post(target, {"role": "moderator"})
    assert Role.objects.filter(person=cast.ann, name="moderator").exists()
    assert 'value="site_administrator"' not in manager.get(path("person", cast.ann.pk)).text
    assert manager.post(target, {"role": "site_administrator"}).status_code == 404
    assert 'value="site_administrator"' in operator.get(path("person", cast.ann.pk)).text
    assert manager.post(path("person_role", cast.grace.pk), {"role": "moderator"}).status_code == 404
    assert manager.post(path("person_suspend", cast.opal.pk), {"reason": "x"}).status_code == 404
    assert "Choose an office" in manager.post(target, {"role": "emperor"}, follow=True).text
    manager.post(target, {"role": "moderator", "do": "withdraw"})
    assert not Role.objects.filter(person=cast.ann).exists()


def test_an_organisation_is_put_into_somebodys_care_and_gets_a_steward(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    client.post(path("person_administrator", cast.ben.pk), {"do": "give"})
    assert cast.as_(cast.ben).administrator
    client.post(path("person_administrator", cast.ben.pk), {"do": "take"})
    assert not cast.as_(cast.ben).administrator
    steward = path("organisation_steward", cast.bank.ref)
    client.post(steward, {"membership": make.membership(cast.cara).pk})
    assert Organisation.objects.get(pk=cast.bank.pk).steward is None
    client.post(steward, {"membership": make.membership(cast.ben).pk})
    assert Organisation.objects.get(pk=cast.bank.pk).steward == make.membership(cast.ben)


def test_an_administrator_keeps_the_organisations_programs_to_a_marking(client: Client, cast: Cast) -> None:
    sign_in(client, make_administrator(cast.ann))
    there = path("organisation_ceiling", cast.bank.ref)
    assert "Programs read up to TLP:GREEN from now on." in client.post(there, {"ceiling": "GREEN"}, follow=True).text
    assert 'value="GREEN" selected' in client.get(path("organisation", cast.bank.ref)).text
    offered = client.get(reverse("member:integrations")).text
    assert "Bank lets its programs read up to TLP:GREEN." in offered
    assert "TLP:AMBER" not in offered
    assert "No token reads RED." in client.post(there, {"ceiling": "RED"}, follow=True).text
    assert client.post(there, {"ceiling": "PURPLE"}).status_code == 404
    assert Organisation.objects.get(pk=cast.bank.pk).ceiling == Tlp.GREEN
    assert Organisation.objects.get(pk=cast.clinic.pk).ceiling == Tlp.AMBER_STRICT


def test_a_group_is_opened_changed_and_seated(client: Client, cast: Cast) -> None:
    sign_in(client, cast.grace)
    typed = {"name_en": "Ports", "name_zh_hant": "港口", "default_tlp": "2", "listed": "on", "review": "on"}
    assert client.post(path("group_new"), {**typed, "name_en": ""}).status_code == 422
    answer = client.post(path("group_new"), typed)
    ports = Group.objects.get(ref=answer["Location"].split("/")[-2])
    assert (ports.names, ports.review, ports.listed) == ({"en": "Ports", "zh-hant": "港口"}, True, True)
    assert Collection.objects.get(group=ports).titles == ports.names
    page = path("group", ports.ref)
    client.post(page, {"whom": "ann@bank.example"})
    client.post(page, {"whom": "Clinic"})
    assert cast.as_(cast.ann).groups == cast.as_(cast.cara).groups == {ports.pk}
    assert cast.as_(cast.ben).groups == frozenset()
    refused = client.post(page, {"whom": "Zebra"})
    assert (refused.status_code, 'value="Zebra"' in refused.text) == (422, True)
    moderators = path("group_moderators", ports.ref)
    client.post(moderators, {"moderator-whom": "Ben"})
    assert list(ports.moderators.all()) == [cast.ben]
    assert client.post(moderators, {"moderator-whom": "Bank"}).status_code == 422
    client.post(moderators, {"dismiss": cast.ben.pk})
    assert not ports.moderators.exists()
    client.post(path("group_change", ports.ref), {**typed, "name_en": "Harbours", "listed": ""})
    ports.refresh_from_db()
    assert (ports.name, ports.listed) == ("Harbours", False)
    assert Collection.objects.get(group=ports).titles["en"] == "Harbours"


def test_a_manager_who_moderates_appoints_others_but_neither_adds_nor_removes_oneself(cast: Cast) -> None:
    cast.banking.moderators.add(cast.grace)
    grace = cast.as_(cast.grace)
    actions.appoint(grace, group=cast.banking, moderators=[cast.grace, cast.ann])
    assert set(cast.banking.moderators.all()) == {cast.grace, cast.ann}
    client = sign_in(Client(), cast.grace)
    client.post(path("group_moderators", cast.banking.ref), {"dismiss": cast.grace.pk})
    client.post(path("group_moderators", cast.healthcare.ref), {"moderator-whom": "Grace"})
    assert cast.grace in cast.banking.moderators.all()
    assert not cast.healthcare.moderators.exists()


def shown_link(page: str) -> str:
    """The path of the set-up link on the page that shows it once."""
    found = re.search(r'id="invitation"[^>]*>https?://[^/<]+(/accounts/set-up/[^<]+)<', page)
    assert found, page
    return found[1]
