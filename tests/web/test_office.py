"""The office's pages: each is there for whom the policy names, and for nobody else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from infohub.members.models import Group, Organisation, Person, Role
from infohub.register import actions
from tests import make
from tests.cast import Cast, make_administrator, sign_in
from tests.intel import pieces

pytestmark = pytest.mark.django_db

REGISTER, STEERING = {"opal", "grace", "vera"}, {"opal", "grace"}
EVERYBODY = ("opal", "grace", "vera", "mori", "audra", "ann")
PAGES = {
    "": {*REGISTER, "mori", "audra"},
    "moderation/": {"mori"},
    "organisations/": REGISTER,
    "organisations/{bank.ref}/": REGISTER,
    "organisations/new/": REGISTER,
    "organisations/{bank.ref}/suspend/": REGISTER,
    "people/": REGISTER,
    "people/{ben.pk}/": REGISTER,
    "people/new/": REGISTER,
    "people/{ben.pk}/suspend/": REGISTER,
    "people/{ben.pk}/leave/": REGISTER,
    "groups/": STEERING,
    "groups/{banking.ref}/": STEERING,
    "groups/{banking.ref}/change/": STEERING,
    "groups/new/": STEERING,
    "tokens/": REGISTER,
    "tokens/new/": STEERING,
    "jobs/": {"opal"},
    "records/": {"opal", "audra"},
}
ACTS = (
    "organisations/{bank.ref}/restore/",
    "organisations/{bank.ref}/steward/",
    "organisations/{bank.ref}/ceiling/",
    "people/{ben.pk}/invite/",
    "people/{ben.pk}/restore/",
    "people/{ben.pk}/role/",
    "people/{ben.pk}/administrator/",
    "groups/{banking.ref}/unseat/",
    "groups/{banking.ref}/moderators/",
    "tokens/1/revoke/",
    "jobs/retry/",
)


def address(cast: Cast, page: str) -> str:
    """The address of a page about the bank, Ben of the bank, or the group Banking."""
    return "/office/" + page.format(bank=cast.bank, ben=cast.ben, banking=cast.banking)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_office_is_there_for_its_officers_and_for_nobody_else(cast: Cast, page: str) -> None:
    path = address(cast, page)
    got = {name: sign_in(Client(), getattr(cast, name)).get(path).status_code for name in EVERYBODY}
    assert got == {name: 200 if name in PAGES[page] else 404 for name in EVERYBODY}
    assert Client().get(path)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", ACTS)
def test_an_act_of_the_office_does_not_exist_for_others(cast: Cast, page: str) -> None:
    path = address(cast, page)
    for name in ("mori", "audra", "ann"):
        assert sign_in(Client(), getattr(cast, name)).post(path, {"role": "auditor"}).status_code == 404
    assert Client().post(path)["Location"].startswith("/accounts/login/")
    assert not Role.objects.filter(person=cast.ben).exists()


@pytest.mark.parametrize(
    "path",
    [
        "organisations/OR-NONE/",
        "people/999999/",
        "people/99999999999999999999/",
        "groups/GR-NONE/",
        "groups/GR-NONE/change/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, cast: Cast, path: str) -> None:
    assert sign_in(client, cast.opal).get(f"/office/{path}").status_code == 404


def test_an_administrator_sees_the_own_organisation_and_no_other(client: Client, cast: Cast) -> None:
    sign_in(client, make_administrator(cast.ann))
    own, other = (reverse("office:organisation", args=[one.ref]) for one in (cast.bank, cast.clinic))
    page = client.get(own).text
    assert "Ben" in page
    assert "Suspend" not in page
    assert client.get(other).status_code == 404
    assert client.get(reverse("office:person", args=[cast.ben.pk])).status_code == 200
    for stranger in (cast.cara, cast.opal):
        assert client.get(reverse("office:person", args=[stranger.pk])).status_code == 404
    for path in ("organisations/", "people/", "tokens/", "groups/", "jobs/", "records/", ""):
        assert client.get(f"/office/{path}").status_code == 404
    assert f'href="{own}"' in client.get("/member/").text
    assert f'href="{own}"' not in sign_in(Client(), cast.ben).get("/member/").text


def test_a_groups_moderator_keeps_the_seats_of_that_group_only(client: Client, cast: Cast) -> None:
    cast.banking.moderators.add(cast.cara)
    sign_in(client, cast.cara)
    page = reverse("office:group", args=[cast.banking.ref])
    assert "Banking" in client.get("/office/groups/").text
    assert client.get(page).status_code == 200
    assert client.get("/office/moderation/").status_code == 200
    assert client.get(reverse("office:group", args=[cast.healthcare.ref])).status_code == 404
    assert client.get(reverse("office:group_change", args=[cast.banking.ref])).status_code == 200
    assert client.get(reverse("office:group_change", args=[cast.healthcare.ref])).status_code == 404
    moderators = reverse("office:group_moderators", args=[cast.banking.ref])
    assert client.post(moderators, {"moderator-whom": "Ben"}).status_code == 404
    assert client.post(page, {"whom": "Clinic"}).status_code == 422
    dora = make.person("Dora", cast.clinic)
    assert client.post(page, {"whom": "Dora"})["Location"] == page
    assert cast.as_(dora).groups == {cast.banking.pk}
    seat = cast.banking.seats.get(membership__person=dora, ended=None)
    client.post(reverse("office:group_unseat", args=[cast.banking.ref]), {"seat": seat.pk})
    assert cast.as_(dora).groups == frozenset()


def test_an_unlisted_group_is_not_named_to_an_administrator_outside_it(client: Client, cast: Cast) -> None:
    make.group("Quiet room", cast.ben, listed=False)
    sign_in(client, make_administrator(cast.ann))
    for path in (
        reverse("office:organisation", args=[cast.bank.ref]),
        reverse("office:person", args=[cast.ben.pk]),
        reverse("office:person_leave", args=[cast.ben.pk]),
    ):
        page = client.get(path).text
        assert "Quiet room" not in page
        assert "an unlisted group" in page
    assert "Quiet room" in sign_in(Client(), cast.opal).get("/office/groups/").text


def test_every_list_says_why_it_is_empty(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    assert "No organisation matches" in client.get("/office/organisations/?q=zebra").text
    assert "Nobody matches" in client.get("/office/people/?q=zebra").text
    assert "There are no groups yet" in client.get("/office/groups/").text
    assert "No machine pulls anything yet" in client.get("/office/tokens/").text
    assert "No record matches" in client.get("/office/records/?verb=zebra").text
    assert "No letter was given up" in client.get("/office/jobs/").text
    assert "Nothing waits for your review" in sign_in(Client(), cast.mori).get("/office/moderation/").text


def test_lists_are_narrowed_by_their_address(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    assert {cast.vendor.name, cast.eve.name} == {"Vendor", "Eve"}
    vendors = client.get("/office/organisations/?class=vendor").text
    assert "Vendor" in rows(vendors)
    assert "Bank" not in rows(vendors)
    found = rows(client.get("/office/people/?q=bank").text)
    assert "Ann" in found
    assert "Cara" not in found
    operators = rows(client.get("/office/people/?role=site_administrator").text)
    assert "Opal" in operators
    assert "Ann" not in operators


def test_the_overview_shows_what_waits_and_who_holds_which_office(client: Client, cast: Cast) -> None:
    actions.admit(cast.as_(cast.opal), name="Tram Lane", status="pending")
    actions.enrol(cast.as_(cast.opal), name="Dora", email="dora@bank.example", organisation=cast.bank)
    page = sign_in(client, cast.opal).get("/office/").text
    assert "1 organisation not in yet" in page
    assert "1 person was invited and never came" in page
    assert "No worker is running" in page
    assert "Site administrator" in page
    auditor = sign_in(Client(), cast.audra).get("/office/").text
    assert "Site administrator" in auditor
    assert "1 organisation not in yet" not in auditor
    assert "fewer than five" in auditor


def rows(page: str) -> str:
    """The body of the table on a page."""
    return page.split("<tbody>")[1].partition("</tbody>")[0]


@pytest.mark.parametrize("path", ["organisations/", "people/", "groups/", "tokens/", "records/"])
def test_a_list_asks_the_same_number_of_questions_however_long_it_is(client: Client, cast: Cast, path: str) -> None:
    sign_in(client, cast.opal)
    client.get("/office/")
    fill(cast, 3)
    short = questions(client, f"/office/{path}")
    fill(cast, 60)
    assert questions(client, f"/office/{path}") == short


def test_the_pages_of_one_ask_the_same_number_of_questions_however_much_there_is(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    paths = [
        "/office/",
        reverse("office:organisation", args=[cast.bank.ref]),
        reverse("office:organisation_suspend", args=[cast.bank.ref]),
        reverse("office:person", args=[cast.ben.pk]),
        reverse("office:group", args=[cast.banking.ref]),
    ]
    client.get("/office/")
    fill(cast, 3)
    short = [questions(client, path) for path in paths]
    fill(cast, 60)
    assert [questions(client, path) for path in paths] == short


def questions(client: Client, path: str) -> int:
    """How many questions a page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def fill(cast: Cast, number: int) -> None:
    """So many organisations, people, seats, groups, tokens, offices and records."""
    for _ in range(number):
        mark = f"{Person.objects.count()}"
        organisation = make.organisation(f"Firm {mark}", sectors=[])
        person = make.person(f"Rep{mark}", cast.bank if int(mark) % 2 else organisation)
        Role.objects.create(person=person, name="expert")
        Role.objects.create(person=person, name="moderator")
        own = make.group(f"Circle {mark}", cast.ben)
        own.moderators.add(person)
        actions.seat(cast.as_(cast.opal), group=cast.banking, membership=make.membership(person))
        pieces.token(organisation)
        pieces.token(cast.bank)
        pieces.token(person)
    assert Organisation.objects.count() >= number
    assert Group.objects.count() >= number
