"""What a piece has in common with others is found among what its reader may read, and nowhere else."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest
from django.db import transaction
from django.test import Client

from infohub.analysis.relate.related import related_in
from infohub.assist import relations, tasks
from infohub.catalogue.models import Entry
from infohub.sharing.actions import withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

P = ParamSpec("P")
R = TypeVar("R")

pytestmark = pytest.mark.django_db

LOADER = """The loader Emotet reached three clinics through a fake invoice on Monday. It installs TrickBot and asks
203.0.113.9 for commands every hour. Block the address, look for the scheduled task InvoiceSync and reset the passwords
of whoever opened the attachment, because the mail accounts are used to send the next wave."""
NEXT_DAY = """Emotet again: the same fake invoice went to two hotels on Tuesday, TrickBot followed within an hour, used
203.0.113.9 as before. The hotels cut the mail gateway off."""
ELSE = "A power cut stopped the lifts of the exchange tower for an hour; nobody was hurt and nothing was stolen."


def piece(cast: Cast, title: str, body: str, *, to: int | None = None) -> Item:
    choice = Choice(organisations=[to or cast.clinic.pk], colleagues=to is None)
    return shared(cast.as_(cast.ann), choice, text(title, body=body))


def entry_of(cast: Cast, item: Item) -> Entry:
    return Entry.objects.readable(cast.as_(cast.ann)).get(ref=item.ref)


def test_related_pieces_come_with_what_they_share_and_unrelated_ones_do_not(cast: Cast) -> None:
    first, second = piece(cast, "Invoice wave", LOADER), piece(cast, "Invoice wave again", NEXT_DAY)
    piece(cast, "Power cut", ELSE)
    assert relations.close_to(cast.as_(cast.cara), entry_of(cast, first), most=6) == []
    tasks.read_due()
    (found,) = relations.close_to(cast.as_(cast.cara), entry_of(cast, first), most=6)
    assert found.entry.ref == second.ref
    assert {"Emotet", "TrickBot"} & set(found.shares)
    page = sign_in(Client(), cast.cara).get(f"/items/{first.ref}").content.decode()
    assert "Invoice wave again" in page
    assert "Power cut" not in page


def test_what_the_reader_may_not_read_is_related_to_nothing_and_counts_nowhere(cast: Cast) -> None:
    shown = piece(cast, "Invoice wave", LOADER)
    before = relations.close_to(cast.as_(cast.cara), entry_of(cast, shown), most=6)
    piece(cast, "Secret wave", NEXT_DAY, to=cast.eve.memberships.get().organisation_id)
    tasks.read_due()
    assert relations.close_to(cast.as_(cast.cara), entry_of(cast, shown), most=6) == before == []
    assert relations.twins_of(cast.as_(cast.cara), NEXT_DAY) == []
    assert [one.title for one in relations.twins_of(cast.as_(cast.ann), NEXT_DAY)] == ["Secret wave"]
    assert relations.twins_of(cast.public, LOADER) == []


def test_the_composer_says_that_a_text_is_here_already_to_who_may_read_it(cast: Cast) -> None:
    there = piece(cast, "Invoice wave", LOADER)
    tasks.read_due()
    copy = {
        "title": "FW: wave",
        "kind": "alert",
        "body": f"Dear all,\n\n{LOADER}\n\nRegards",
        "language": "en",
        "tlp": "GREEN",
        "colleagues": "on",
        "do": "save",
    }
    told = {}
    for person in (cast.cara, cast.eve):
        client = sign_in(Client(), person)
        address = client.post("/member/share/", copy)["Location"]
        told[person] = there.ref in client.get(address).content.decode()
    assert told == {cast.cara: True, cast.eve: False}


def test_a_withdrawn_piece_is_a_twin_of_nothing(cast: Cast) -> None:
    there = piece(cast, "Invoice wave", LOADER)
    tasks.read_due()
    assert relations.twins_of(cast.as_(cast.cara), LOADER)
    withdraw(cast.as_(cast.ann), item=there, reason="")
    assert relations.twins_of(cast.as_(cast.cara), LOADER) == []


def test_what_is_gone_between_two_questions_is_no_error(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = piece(cast, "Invoice wave", LOADER), piece(cast, "Invoice wave again", NEXT_DAY)
    tasks.read_due()
    viewer, entry = cast.as_(cast.cara), entry_of(cast, first)

    def then_gone(ask: Callable[P, R]) -> Callable[P, R]:
        def asked(*args: P.args, **named: P.kwargs) -> R:
            answer = ask(*args, **named)
            Entry.objects.as_system("withdrawn meanwhile").filter(ref=second.ref).delete()
            return answer

        return asked

    with transaction.atomic():
        monkeypatch.setattr(relations, "related_in", then_gone(related_in))
        assert relations.close_to(viewer, entry, most=6) == []
        transaction.set_rollback(True)
    monkeypatch.setattr(relations._Shelf, "sharing", then_gone(relations._Shelf.sharing))
    assert relations.twins_of(viewer, NEXT_DAY) == []
