"""The composer shows what a text seems to be about; what its author ticks is confirmed, what is unticked rejected."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.test import Client

from infohub.analysis.assertions import Assertion as Says
from infohub.analysis.assertions import Subject
from infohub.analysis.document import Document
from infohub.analysis.pipeline import Readers
from infohub.assist import live, tasks
from infohub.assist.models import Assertion, State, Verdict
from infohub.sharing.models import Item
from tests.cast import Cast, sign_in
from tests.web.test_share import fields

pytestmark = pytest.mark.django_db

BODY = "Our colleagues got a phishing mail this morning that installs Grimble."
SURE = Says(Subject.TECHNIQUE, "T1566", "Phishing", 25, 38, 0.95, "linear")
PERHAPS = Says(Subject.TECHNIQUE, "T1204", "User Execution", 0, 5, 0.4, "linear")
WRONG = Says(Subject.MALWARE, "grimble", "Grimble", 70, 77, 0.9, "names")
KIND = Says(Subject.KIND, "incident", "incident", 6, 20, 0.8, "rules")


@pytest.fixture
def ann(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    readers = Readers("v1", (lambda _text: (SURE, PERHAPS, WRONG, KIND),))
    for module in (live, tasks):
        monkeypatch.setattr(module, "loaded", lambda: readers)
    return sign_in(Client(), cast.ann)


def form(cast: Cast, **more: object) -> dict[str, object]:
    own: dict[str, object] = {
        "title": "Mail",
        "kind": "alert",
        "body": BODY,
        "tlp": "GREEN",
        "severity": "0",
        "do": "check",
    }
    return fields(**own | {"organisations": [str(cast.clinic.pk)]} | more)


def shown(client: Client, ref: str) -> str:
    return client.get(f"/member/share/{ref}/?check=1").content.decode()


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="said" value="([^"]+)" checked', page))


def test_what_is_ticked_is_confirmed_and_what_is_unticked_rejected(cast: Cast, ann: Client) -> None:
    ann.post("/member/share/", form(cast))
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    page = shown(ann, draft.ref)
    assert ticked(page) == {"technique:T1566", "malware:grimble"}
    assert "Kind of piece: <b>Incident</b>?" in page
    offered = {"said_shown": ["technique:T1566", "malware:grimble"], "said": ["technique:T1566"]}
    ann.post(f"/member/share/{draft.ref}/", form(cast, **offered))
    page = shown(ann, draft.ref)
    assert ticked(page) == {"technique:T1566"}
    nonce = re.search(r'name="nonce" value="([^"]+)"', page)
    assert nonce is not None
    shared = form(cast, said_shown=["technique:T1566"], said=["technique:T1566"], do="share", nonce=nonce[1])
    assert ann.post(f"/member/share/{draft.ref}/", shared)["Location"] == f"/items/{draft.ref}"
    states = dict(Assertion.objects.values_list("value", "state"))
    assert states == {"T1566": State.CONFIRMED, "grimble": State.REJECTED}
    tasks.read_due()
    rows = {row.value: row for row in Assertion.objects.all()}
    assert (rows["T1566"].state, rows["T1566"].name, rows["T1566"].confidence) == (State.CONFIRMED, "Phishing", 0.95)
    assert rows["grimble"].state == State.REJECTED
    assert rows["T1204"].state == State.SUGGESTED
    assert {(row.value, row.accepted) for row in Verdict.objects.all()} == {("T1566", True), ("grimble", False)}


def test_a_better_kind_is_taken_over_by_one_button_and_never_by_itself(cast: Cast, ann: Client) -> None:
    ann.post("/member/share/", form(cast))
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    assert draft.kind == "alert"
    ann.post(f"/member/share/{draft.ref}/", form(cast, do="", use="kind:incident"))
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    assert draft.kind == "incident"
    assert "Kind of piece:" not in shown(ann, draft.ref)
    ann.post(f"/member/share/{draft.ref}/", form(cast, kind="incident", do="", use="kind:nonsense"))
    ann.post(f"/member/share/{draft.ref}/", form(cast, kind="incident", do="", use="tlp:CLEAR"))
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    assert (draft.kind, draft.marking.word) == ("incident", "GREEN")


def test_a_reading_that_takes_too_long_is_not_waited_for(
    cast: Cast, ann: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, over = ThreadPoolExecutor(max_workers=1), Event()
    monkeypatch.setattr(live, "_READERS", gate)
    monkeypatch.setattr(live, "BUDGET", 0.01)
    gate.submit(over.wait)
    ann.post("/member/share/", form(cast, body=f"{BODY} 198.51.100.7"))
    page = shown(ann, Item.objects.readable(cast.as_(cast.ann)).get().ref)
    assert "This takes longer today" in page
    assert "198.51.100[.]7" in page
    over.set()
    gate.shutdown()


def test_a_text_that_no_reader_can_read_is_kept_and_shown(
    cast: Cast, ann: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(_document: Document) -> tuple[Says, ...]:
        raise RecursionError

    monkeypatch.setattr(live, "loaded", lambda: Readers("v1", (stumbles,)))
    ann.post("/member/share/", form(cast, body=f"{BODY} 198.51.100.7"))
    page = shown(ann, Item.objects.readable(cast.as_(cast.ann)).get().ref)
    assert "198.51.100[.]7" in page
    assert BODY[:20] in page


def test_a_stricter_marking_in_the_text_is_proposed_and_a_weaker_one_never(cast: Cast, ann: Client) -> None:
    ann.post("/member/share/", form(cast, body="Marked TLP:RED by its sender, once TLP:CLEAR.", do="save"))
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    assert 'value="tlp:RED"' in shown(ann, draft.ref)
    for asked in ("tlp:CLEAR", "tlp:AMBER", "tlp:nonsense", "tlp:"):
        ann.post(f"/member/share/{draft.ref}/", form(cast, body=draft.body, do="", use=asked))
        assert Item.objects.readable(cast.as_(cast.ann)).get().marking.word == "GREEN"
    ann.post(f"/member/share/{draft.ref}/", form(cast, body=draft.body, do="", use="tlp:RED"))
    assert Item.objects.readable(cast.as_(cast.ann)).get().marking.word == "RED"
    assert 'name="use" value="tlp:' not in shown(ann, draft.ref)


def test_a_draft_keeps_no_more_decisions_than_a_text_can_ask_for(cast: Cast, ann: Client) -> None:
    ann.post("/member/share/", form(cast))
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    for turn in range(2):
        said = [f"technique:T{turn}{number:04}" for number in range(600)]
        ann.post(f"/member/share/{draft.ref}/", form(cast, said_shown=said, said=said[:300]))
    draft = Item.objects.readable(cast.as_(cast.ann)).get()
    assert {name: len(draft.choice[name]) for name in ("said", "unsaid")} == {"said": 200, "unsaid": 200}
    assert "technique:T10599" in draft.choice["unsaid"]
