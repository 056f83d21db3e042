"""A piece's page shows what was read in it to its readers, and lets who answers for it decide."""

import re

import pytest
from django.test import Client

from infohub.analysis.assertions import Assertion as Says
from infohub.analysis.assertions import Subject
from infohub.analysis.pipeline import Readers
from infohub.assist import tasks
from infohub.assist.models import Assertion, State
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db
BODY = "A caller asked our desk for a code. The caller used Grimble to read the answer. Nobody else was called."


@pytest.fixture
def piece(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Item:
    made = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text("Calls", body=BODY))
    start = BODY.index("Grimble") + len("Calls\n")
    said = (
        Says(Subject.MALWARE, "grimble", "Grimble", start, start + 7, 0.9, "names"),
        Says(Subject.TECHNIQUE, "T1566", "Phishing", start - 16, start + 7, 0.65, "linear"),
    )
    monkeypatch.setattr(
        tasks, "loaded", lambda: Readers("v1", (lambda _t: said,), lambda _t, title: [(title, title + 35)])
    )
    return made


def page(cast_client: Client, piece: Item) -> str:
    return cast_client.get(f"/items/{piece.ref}").content.decode()


def test_readers_see_what_was_read_and_only_its_author_decides(cast: Cast, piece: Item) -> None:
    ann, cara = sign_in(Client(), cast.ann), sign_in(Client(), cast.cara)
    assert "It is being read" in page(cara, piece)
    tasks.read_due()
    shown = page(cara, piece)
    assert re.search(r'<li><a [^>]*href="#sentence-1">A caller asked our desk for a code.</a></li>', shown)
    assert re.search(r'<a href="#finding-\d+"[^>]*><mark title="Malware: Grimble">Grimble</mark></a>', shown)
    assert "T1566 Phishing</b>" in shown
    assert "very likely" in shown
    assert "/findings/" not in shown
    row = Assertion.objects.get(subject="malware")
    address = f"/items/{piece.ref}/findings/{row.pk}"
    assert cara.post(address, {"do": "reject"}).status_code == 404
    assert Client().post(address, {"do": "reject"}).status_code == 302
    assert Assertion.objects.filter(state=State.SUGGESTED).count() == 2
    assert ann.post(address, {"do": "confirm"}).status_code == 302
    assert "confirmed by Ann" in page(cara, piece)
    ann.post(address, {"do": "reject"})
    assert "Grimble</b>" not in page(cara, piece)
    assert "<del>Grimble</del>" in page(ann, piece)


def test_who_may_not_read_the_piece_finds_nothing_to_decide(cast: Cast, piece: Item) -> None:
    tasks.read_due()
    row = Assertion.objects.first()
    assert row is not None
    for stranger in (cast.ben, cast.opal, cast.eve):
        client = sign_in(Client(), stranger)
        there = client.post(f"/items/{piece.ref}/findings/{row.pk}", {"do": "confirm"})
        nowhere = client.post(f"/items/IH-NOTHIN/findings/{row.pk}", {"do": "confirm"})
        assert (there.status_code, there.content) == (404, nowhere.content)
    other = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text("Other", body=BODY))
    ann = sign_in(Client(), cast.ann)
    assert ann.post(f"/items/{other.ref}/findings/{row.pk}", {"do": "confirm"}).status_code == 404


def test_a_sealed_author_confirms_without_a_name(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    said = (Says(Subject.TECHNIQUE, "T1566", "Phishing", 0, 5, 0.65, "linear"),)
    monkeypatch.setattr(tasks, "loaded", lambda: Readers("v1", (lambda _t: said,)))
    made = shared(
        cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text("Calls", body=BODY, unattributed=True)
    )
    tasks.read_due()
    row = Assertion.objects.get()
    sign_in(Client(), cast.ann).post(f"/items/{made.ref}/findings/{row.pk}", {"do": "confirm"})
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (State.CONFIRMED, None)
    shown = page(sign_in(Client(), cast.cara), made)
    assert "confirmed" in shown
    assert not re.search(r"\bAnn\b", shown)
