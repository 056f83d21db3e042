"""The office sees what decisions teach beside what is shipped, promotes it and goes back; readers see it in a word."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from infohub.analysis.assertions import Assertion as Says
from infohub.analysis.assertions import Subject
from infohub.analysis.pipeline import Readers
from infohub.assist import live, tasks
from infohub.assist.models import Tuning
from infohub.assist.readers import loaded
from infohub.config.learning import back_to_shipped, learn_now
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.assist.decisions import decided, members
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

QUALITY, LEARN, SHIPPED = "/office/quality/", "/office/quality/learn/", "/office/quality/shipped/"
BODY = "A caller asked our desk for a code. Then the loader Grimble came by mail."
SURE = Says(Subject.TECHNIQUE, "T1566", "Phishing", 0, 5, 0.9, "sentence")
PERHAPS = Says(Subject.TECHNIQUE, "T1204", "User Execution", 0, 5, 0.8, "sentence")


def in_force(step: float) -> Tuning:
    kinds = {
        "technique": {"steps": {"sentence": step}, "better": True, "labels": 50, "log": [1, 0.5], "square": [1, 0.5]}
    }
    told = {"asked_at": now(), "made_at": now(), "promoted_at": now(), "in_force": True}
    return Tuning.objects.create(version=loaded().version, kinds=kinds, **told)


def test_a_candidate_is_worked_out_looked_at_promoted_and_taken_back(client: Client, cast: Cast) -> None:
    decided(members(8), share=0.4)
    grace = sign_in(client, cast.grace)
    page = grace.get(QUALITY).text
    assert "Work out what they teach" in page
    assert "What is shipped counts, as it is." in page
    assert "being worked out" in grace.post(LEARN, follow=True).text
    assert "It is being worked out by the worker" in grace.get(QUALITY).text
    tasks.learn_due()
    page = grace.get(QUALITY).text
    assert "Better than what is shipped" in page
    assert "→" in page
    (address,) = re.findall(r'href="(/office/quality/promote/\d+/)"', page)
    assert "called as sure as members&#x27; decisions show: Technique" in grace.get(address).text
    assert not Tuning.objects.get().in_force, "looking promotes nothing"
    assert "It counts from now on." in grace.post(address, follow=True).text
    page = grace.get(QUALITY).text
    assert "What was learnt counts since:" in page
    assert address not in page
    assert "What is shipped counts again." in grace.post(SHIPPED, follow=True).text
    assert "What is shipped counts, as it is." in grace.get(QUALITY).text


def test_too_few_labels_are_said_and_nothing_is_offered(client: Client, cast: Cast) -> None:
    grace = sign_in(client, cast.grace)
    page = grace.get(QUALITY).text
    assert page.count("not enough labels: 0 of 200") == 9
    assert "Work out what they teach" not in page
    decided(members(6), share=0.5, each=2)
    assert "not enough labels: 12 of 200" in grace.get(QUALITY).text
    decided(members(3), share=0.5, each=5, subject="malware")
    page = grace.get(QUALITY).text
    assert page.count("not enough labels: 0 of 200") == 7, "three organisations are too few to tell of"
    assert "15 of 200" not in page


def test_strangers_find_no_page_of_it(client: Client, cast: Cast) -> None:
    decided(members(8), share=0.4)
    sign_in(client, cast.grace).post(LEARN)
    tasks.learn_due()
    made = Tuning.objects.get()
    promote = f"/office/quality/promote/{made.pk}/"
    for stranger in (cast.ann, cast.mori, cast.audra, cast.vera):
        other = sign_in(Client(), stranger)
        assert other.get(promote).status_code == 404
        for address in (LEARN, SHIPPED, promote):
            assert other.post(address).status_code == 404
    assert Tuning.objects.count() == 1
    assert not Tuning.objects.get().in_force
    assert sign_in(client, cast.grace).post("/office/quality/promote/999999/").status_code == 404


def test_what_failed_and_what_is_of_earlier_models_is_said(client: Client, cast: Cast) -> None:
    grace = sign_in(client, cast.grace)
    failed = Tuning.objects.create(asked_at=now(), problem="given up")
    assert "It could not be worked out" in grace.get(QUALITY).text
    failed.delete()
    tuning = in_force(-1.0)
    Tuning.objects.update(version="earlier")
    assert "about earlier models" in grace.get(QUALITY).text
    Tuning.objects.update(in_force=False)
    answer = grace.post(f"/office/quality/promote/{tuning.pk}/", follow=True)
    assert "There is nothing to promote" in answer.text


def test_readers_see_it_in_a_word_and_nobody_sees_more_than_before(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    piece = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]), text("Calls", body=BODY))
    monkeypatch.setattr(tasks, "loaded", lambda: Readers("v1", (lambda _document: (SURE,),)))
    tasks.read_due()
    cara, eve = sign_in(Client(), cast.cara), sign_in(Client(), cast.eve)
    assert "very likely" in cara.get(f"/items/{piece.ref}").text
    in_force(-2.0)
    shown = cara.get(f"/items/{piece.ref}").text
    assert "T1566 Phishing" in shown
    assert "very likely" not in shown
    assert "perhaps" in shown
    assert eve.get(f"/items/{piece.ref}").status_code == 404


def test_learning_takes_a_tick_away_and_never_sets_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "loaded", lambda: Readers("v1", (lambda _document: (SURE, PERHAPS),)))
    ann = sign_in(Client(), cast.ann)
    form = {"title": "Calls", "kind": "alert", "body": BODY, "language": "en", "tlp": "GREEN", "severity": "0"}
    ann.post("/member/share/", form | {"organisations": [str(cast.clinic.pk)], "do": "check"})
    draft = Item.objects.readable(cast.as_(cast.ann)).get()

    def ticked() -> set[str]:
        page = ann.get(f"/member/share/{draft.ref}/?check=1").text
        return set(re.findall(r'name="said" value="([^"]+)" checked', page))

    assert ticked() == {"technique:T1566"}
    tuning = in_force(2.0)
    assert ticked() == {"technique:T1566"}, "what is not sure by itself is not ticked for its past"
    tuning.delete()
    in_force(-2.0)
    assert ticked() == set()


def test_a_restricted_name_that_all_reject_changes_nothing_for_anybody(client: Client, cast: Cast) -> None:
    rows = decided(members(8), share=0.0, subject="malware", method="names", tlp=Tlp.AMBER)
    for row in rows:
        row.value = "Canaryname"
        row.save(update_fields=["value"])
    grace = sign_in(client, cast.grace)
    grace.post(LEARN)
    tasks.learn_due()
    assert Tuning.objects.get().kinds == {}
    assert "Canaryname" not in grace.get(QUALITY).text


def test_the_command_line_does_the_same(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert learn_now(promoting=True) == 1
    assert "Not enough labels" in capsys.readouterr().out
    decided(members(8), share=0.4)
    assert learn_now(promoting=False) == 0
    assert "better" in capsys.readouterr().out
    assert not Tuning.objects.filter(in_force=True).exists()
    assert learn_now(promoting=True) == 0
    assert Tuning.objects.filter(in_force=True).exists()
    assert back_to_shipped() == 0
    assert not Tuning.objects.filter(in_force=True).exists()
