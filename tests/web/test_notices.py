"""The notices page says of each notice why it came."""

from __future__ import annotations

import pytest
from django.test import Client

from infohub.members.models import Person
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db


def page(person: Person) -> str:
    return sign_in(Client(), person).get("/member/notices/").content.decode()


def test_each_notice_says_through_what_it_came(cast: Cast) -> None:
    secret = make.group("Fusion", cast.ann, cast.ben, listed=False)
    author, green = cast.as_(cast.ann), text(tlp=Tlp.GREEN)
    shared(author, Choice(groups=[secret.pk], organisations=[cast.clinic.pk]), green)
    assert "through your group Fusion" in page(cast.ben)
    assert "through your organisation or sector" in page(cast.cara)
    assert "Fusion" not in page(cast.cara)
    shared(author, Choice(memberships=[make.membership(cast.cara).pk]), green)
    assert "to you by name" in page(cast.cara)
    eve = cast.eve
    shared(author, Choice(everyone=True), green)
    assert "to all members" in page(eve)
