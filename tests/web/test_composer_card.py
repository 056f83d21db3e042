"""The composer offers a draft of a card, made of the author's own sentences; in the text it is on a button alone."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from infohub.analysis.card import card_of
from infohub.analysis.pipeline import Readers
from infohub.assist import live
from infohub.intel.models import CveFacts
from infohub.sharing.models import Item
from tests.cast import Cast, sign_in
from tests.web.test_share import fields

pytestmark = pytest.mark.django_db

BODY = (
    "The Lantern Gate appliance lets strangers in (CVE-2026-40111). Versions before 8.2 are affected.\n\n"
    "Update it to 8.2 today. Change every password that was typed there. The attacker must know its address."
)


@pytest.fixture
def ann(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(live, "loaded", lambda: Readers("v1"))
    return sign_in(Client(), cast.ann)


def form(cast: Cast, **more: object) -> dict[str, object]:
    own: dict[str, object] = {
        "title": "Gate",
        "kind": "advisory",
        "body": BODY,
        "tlp": "GREEN",
        "severity": "0",
        "do": "save",
    }
    return fields(**own | {"organisations": [str(cast.clinic.pk)]} | more)


def draft_of(cast: Cast) -> Item:
    return Item.objects.readable(cast.as_(cast.ann)).get()


def page(client: Client, cast: Cast) -> str:
    return client.get(f"/member/share/{draft_of(cast).ref}/").content.decode()


def offered(shown: str) -> dict[str, list[str]]:
    found = {name: re.findall(rf'type="hidden" name="{name}" value="([^"]+)"', shown) for name in ("opening", "step")}
    return {name: [unescape(one) for one in some] for name, some in found.items()}


def test_the_draft_is_shown_as_one_and_kept_nowhere(cast: Cast, ann: Client) -> None:
    CveFacts.objects.create(cve="CVE-2026-40111", exploited_since=date(2026, 1, 2))
    ann.post("/member/share/", form(cast))
    shown = page(ann, cast)
    assert "Draft of a card for small firms" in shown
    assert offered(shown) == {
        "opening": [
            "The Lantern Gate appliance lets strangers in (CVE-2026-40111).",
            "Versions before 8.2 are affected.",
        ],
        "step": ["Update it to 8.2 today.", "Change every password that was typed there."],
    }
    assert "Exploited: yes, says CISA." in shown
    ann.post(f"/member/share/{draft_of(cast).ref}/", form(cast, **offered(shown)))
    assert draft_of(cast).body.replace("\r\n", "\n") == BODY
    for stranger in (cast.ben, cast.cara, cast.opal):
        there = sign_in(Client(), stranger).get(f"/member/share/{draft_of(cast).ref}/")
        assert "Lantern" not in there.content.decode()


def test_its_button_puts_it_into_the_text_once_in_the_authors_own_words(cast: Cast, ann: Client) -> None:
    ann.post("/member/share/", form(cast))
    address = f"/member/share/{draft_of(cast).ref}/"
    told = offered(page(ann, cast))
    assert ann.post(address, form(cast, do="card", **told)).status_code == 302
    card = card_of(draft_of(cast).body)
    assert card.steps == ("Update it to 8.2 today.", "Change every password that was typed there.")
    assert card.small_firms.endswith("Versions before 8.2 are affected.")
    shown = page(ann, cast)
    assert "Your text says already what to do first." in shown
    assert offered(shown) == {"opening": [], "step": []}
    once = draft_of(cast).body
    ann.post(address, form(cast, body=once, do="card", **told))
    assert card_of(draft_of(cast).body).steps == card.steps
    assert draft_of(cast).body.count("Do this first") == 1


def test_only_sentences_of_the_text_get_into_it(cast: Cast, ann: Client) -> None:
    ann.post("/member/share/", form(cast))
    address = f"/member/share/{draft_of(cast).ref}/"
    ann.post(address, form(cast, do="card", opening=["Made up."], step=["Pay the ransom.", "Update it to 8.2 today."]))
    body = draft_of(cast).body
    assert "Made up." not in body
    assert "ransom" not in body
    assert card_of(body).steps == ("Update it to 8.2 today.",)


def test_where_the_text_says_nothing_of_what_to_do_the_page_says_that(cast: Cast, ann: Client) -> None:
    assert "appear here while you write" in ann.get("/member/share/").content.decode()
    ann.post("/member/share/", form(cast, body="The tide was low at nine."))
    shown = page(ann, cast)
    assert "No sentence of your text says what to do." in shown
    assert offered(shown) == {"opening": [], "step": []}


def test_a_chinese_text_gets_a_chinese_card(cast: Cast, ann: Client) -> None:
    ann.post("/member/share/", form(cast, language="zh-hant", body="某設備有漏洞，8.2 之前的版本受影響。請立即更新。"))
    told = offered(page(ann, cast))
    assert told["step"] == ["請立即更新。"]
    ann.post(
        f"/member/share/{draft_of(cast).ref}/",
        form(cast, language="zh-hant", body=draft_of(cast).body, do="card", **told),
    )
    assert "## 請先這樣做" in draft_of(cast).body
    assert card_of(draft_of(cast).body).steps == ("請立即更新。",)
