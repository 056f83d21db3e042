"""The first steps of somebody new: what is done shows, the cases teach, and the list can be put away."""

from __future__ import annotations

import pytest
from django.test import Client

from infohub.catalogue.models import Entry
from infohub.delivery.actions import choose_pace
from infohub.delivery.models import Pace
from infohub.intel.actions import sight
from infohub.register.models import Welcome
from infohub.sharing.choice import Choice
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared

pytestmark = pytest.mark.django_db

RIGHT = {"customer": "1", "website": "1", "manager": "0"}


def page(client: Client, path: str = "/member/welcome/") -> str:
    return client.get(path).content.decode()


def test_each_step_is_done_when_it_is_taken(cast: Cast) -> None:
    client = sign_in(Client(), cast.cara)
    assert "0 of 5 are done" in page(client)
    choose_pace(cast.as_(cast.cara), pace=Pace.DIGEST, digest_hour=18, quiet=None, groups={})
    assert "1 of 5 are done" in page(client)
    make.group("Clinics", cast.cara)
    item = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]))
    assert f"/items/{item.ref}" in page(client)
    sight(cast.as_(cast.cara), entry=Entry.objects.as_system("a test looks").get(ref=item.ref), seen=True)
    client.post("/member/welcome/cases/", RIGHT)
    assert "4 of 5 are done" in page(client)


def test_the_newest_piece_of_others_is_never_one_that_is_not_ones_own_to_read(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]))
    assert item.ref not in page(sign_in(Client(), cast.eve))


@pytest.mark.parametrize("given", [{}, {"customer": "0"}, RIGHT | {"manager": "1"}, RIGHT | {"website": "9"}])
def test_a_wrong_answer_says_why_and_counts_for_nothing(given: dict[str, str], cast: Cast) -> None:
    answer = sign_in(Client(), cast.cara).post("/member/welcome/cases/", given)
    assert answer.status_code == 422
    assert not Welcome.objects.exists()
    words = answer.content.decode()
    assert "Not quite." in words or "Choose one of the two." in words


def test_home_leads_there_until_it_is_put_away(cast: Cast) -> None:
    client = sign_in(Client(), cast.cara)
    assert "/member/welcome/" in page(client, "/member/")
    client.post("/member/welcome/")
    assert "/member/welcome/" not in page(client, "/member/")
    assert "of 5 are done" in page(client)
    assert "/member/welcome/" in page(client, "/member/account/")


def test_an_officer_without_membership_is_not_led_there(cast: Cast) -> None:
    client = sign_in(Client(), cast.opal)
    assert "/member/welcome/" not in page(client, "/member/")
    assert client.get("/member/welcome/").status_code == 200
