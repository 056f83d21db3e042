"""The stop list: an officer sees the names of pieces the officer may read, of the others only that there is one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.assist.models import Stop
from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.members.models import Organisation
from infohub.policy.clause import Clause
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, sign_in

pytestmark = pytest.mark.django_db

NAMES = "/office/quality/names/"


def stopped(name: str, entry: Entry, by: Organisation) -> Stop:
    return Stop.objects.create(subject="malware", name=name, entry=entry, organisation=by, at=now())


def test_a_name_is_shown_with_its_piece_or_not_at_all(client: Client, cast: Cast) -> None:
    grace = sign_in(client, cast.grace)
    assert "No name is rejected" in grace.get(NAMES).text
    open_one = make.entry(make.label(Tlp.GREEN), title="Open title")
    secret = make.entry(
        make.label(Tlp.RED, Clause(memberships=frozenset({make.membership(cast.ann).pk}))), title="Secret title"
    )
    stopped("grimble", open_one, cast.bank)
    hidden = stopped("canaryname", secret, cast.bank)
    stopped("canaryname", secret, cast.clinic)
    page = grace.get(NAMES).text
    assert "grimble" in page
    assert open_one.ref in page
    assert "pieces of one organisation" in page
    assert page.count("a name of a piece you may not read") == 1
    assert "all pieces" in page
    for word in ("canaryname", secret.ref, "Secret title"):
        assert word not in page
    answer = grace.post(f"{NAMES}{hidden.pk}/", follow=True)
    assert "It is off the list" in answer.text
    assert "canaryname" not in answer.text
    assert [row.name for row in Stop.objects.all()] == ["grimble"]
    assert "canaryname" not in str(Record.objects.get(verb="unstop_name").detail)
    assert grace.post(f"{NAMES}{hidden.pk}/").status_code == 404


def test_the_list_is_there_for_who_steers_alone(client: Client, cast: Cast) -> None:
    one = stopped("grimble", make.entry(make.label(Tlp.GREEN)), cast.bank)
    for stranger in (cast.ann, cast.mori, cast.audra, cast.vera):
        sign_in(client, stranger)
        assert client.get(NAMES).status_code == 404
        assert client.post(f"{NAMES}{one.pk}/").status_code == 404
    assert Stop.objects.exists()
    sign_in(client, cast.opal)
    assert client.get(NAMES).status_code == 200


def test_many_names_take_as_many_queries_as_few(client: Client, cast: Cast) -> None:
    sign_in(client, cast.grace)
    entry = make.entry(make.label(Tlp.GREEN))
    asked = []
    for number in (1, 40):
        for each in range(number):
            stopped(f"name {number} {each}", entry, cast.bank)
        client.get(NAMES)
        with CaptureQueriesContext(connection) as queries:
            client.get(NAMES)
        asked.append(len(queries))
    assert asked[0] == asked[1]
