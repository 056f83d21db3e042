"""Pinned pieces stand on top of their group's page, for those who may read them, and moderators alone pin."""

from __future__ import annotations

import pytest
from django.test import Client

from infohub.members.models import Group, Person
from infohub.sharing.actions import pin, unpin, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, Pin
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(cast: Cast) -> Group:
    """Ann and Ben sit there; Ben moderates."""
    cast.banking.moderators.add(cast.ben)
    return cast.banking


def piece(cast: Cast, group: Group, title: str = "Weekly summary") -> Item:
    return shared(cast.as_(cast.ann), Choice(groups=[group.pk]), text(title, tlp=Tlp.GREEN))


def page(person: Person, group: Group) -> str:
    return sign_in(Client(), person).get(f"/member/groups/{group.ref}/").content.decode()


def test_a_moderator_pins_and_unpins_and_a_reader_does_not(cast: Cast, group: Group) -> None:
    item = piece(cast, group)
    assert "Pinned" not in page(cast.ann, group)
    for person in (cast.ann, cast.cara, cast.grace):
        with pytest.raises(NotAllowedError):
            pin(cast.as_(person), item=item, group=group)
    pin(cast.as_(cast.ben), item=item, group=group)
    pin(cast.as_(cast.ben), item=item, group=group)
    assert Pin.objects.count() == 1
    assert "Pinned" in page(cast.ann, group)
    unpin(cast.as_(cast.ben), item=item, group=group)
    assert "Pinned" not in page(cast.ann, group)


def test_who_may_not_read_the_piece_sees_nothing_pinned(cast: Cast, group: Group) -> None:
    pin(cast.as_(cast.ben), item=piece(cast, group), group=group)
    assert "Weekly summary" in page(cast.ann, group)
    outside = page(cast.cara, group)
    assert "Weekly summary" not in outside
    assert "Pinned" not in outside


def test_a_withdrawn_piece_is_not_pinned_any_more(cast: Cast, group: Group) -> None:
    item = piece(cast, group)
    pin(cast.as_(cast.ben), item=item, group=group)
    withdraw(cast.as_(cast.ann), item=item, reason="")
    assert "Weekly summary" not in page(cast.ben, group)
    assert not Pin.objects.exists()


def test_a_piece_is_pinned_only_where_it_was_shared_and_five_are_enough(cast: Cast, group: Group) -> None:
    other = make.group("Cards", cast.ann, cast.ben)
    other.moderators.add(cast.ben)
    with pytest.raises(NotAllowedError):
        pin(cast.as_(cast.ben), item=piece(cast, group), group=other)
    for number in range(5):
        pin(cast.as_(cast.ben), item=piece(cast, group, f"Piece {number}"), group=group)
    with pytest.raises(NotReadyError):
        pin(cast.as_(cast.ben), item=piece(cast, group, "One more"), group=group)


def test_the_pages_pin_and_unpin(cast: Cast, group: Group) -> None:
    item = piece(cast, group)
    client = sign_in(Client(), cast.ben)
    assert "Pin in Banking" in client.get(f"/items/{item.ref}").content.decode()
    client.post(f"/items/{item.ref}/pin", {"group": group.pk})
    assert "Unpin in Banking" in client.get(f"/items/{item.ref}").content.decode()
    reader = sign_in(Client(), cast.ann)
    assert "Unpin" not in reader.get(f"/items/{item.ref}").content.decode()
    assert reader.post(f"/items/{item.ref}/pin", {"group": group.pk}).status_code == 404
    client.post(f"/items/{item.ref}/pin", {"group": group.pk, "do": "unpin"})
    assert Pin.objects.count() == 0


def test_moderators_change_how_their_group_works_but_not_its_name(cast: Cast, group: Group) -> None:
    client = sign_in(Client(), cast.ben)
    there = f"/office/groups/{group.ref}/change/"
    assert client.get(there).status_code == 200
    sent = {"name_en": "Mine now", "about": "Fraud against banks", "default_tlp": Tlp.GREEN.value, "review": "on"}
    assert client.post(there, sent).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.listed) == ("Banking", True)
    assert (group.about, group.default_tlp, group.review) == ("Fraud against banks", Tlp.GREEN.value, True)
    assert sign_in(Client(), cast.ann).get(there).status_code == 404
    manager = sign_in(Client(), cast.grace)
    assert manager.post(there, sent).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.listed) == ("Mine now", False)
