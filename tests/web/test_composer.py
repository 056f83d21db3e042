"""Promises of the composer beside sharing itself: own details, two windows, outlines, what is kept while typing."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from infohub.members.models import Membership, Organisation, Person
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemState
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text
from tests.web.test_share import browser, checked, fields, nonce_in

pytestmark = pytest.mark.django_db

OWN = "Bank’s server LTB-FS02 (10.20.4.18) and Bank again: mail ann@bank.example, ring 2345 6789."
INVISIBLE = "evil\u202egnp.exe and a\u200bb"


def drafts() -> list[Item]:
    return list(Item.objects.as_system("a test looks").filter(state=ItemState.DRAFT))


def live(client: Client, path: str = "/member/share/live/", **changes: object) -> str:
    return client.post(path, fields(do="", **changes), HTTP_HX_REQUEST="true").content.decode()


def test_details_of_ones_own_are_flagged_replaced_everywhere_or_kept(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.bank.pk).update(domains=["bank.example"])
    client = browser(cast.ann)
    address, page = checked(client, body=OWN)
    flagged = re.findall(r'name="replace" value="([^"]+)"', page)
    assert flagged == ["Bank", "LTB-FS02", "10.20.4.18", "ann@bank.example", "2345 6789"]
    version = re.search(r'name="version" value="([^"]+)"', page)
    assert version
    client.post(address, fields(body=OWN, do="", replace="Bank", version=version[1]))
    (item,) = drafts()
    assert item.body.startswith("our organisation’s server")
    assert "and our organisation again" in item.body
    page = client.post(address, fields(body=item.body, do="", kept="2345 6789"), follow=True).content.decode()
    assert re.findall(r'name="replace" value="([^"]+)"', page) == ["LTB-FS02", "10.20.4.18", "ann@bank.example"]
    client.post(address, fields(body=item.body, do="", replace="not in the list"))
    assert drafts()[0].body == item.body


def test_a_hidden_name_that_the_text_says_is_a_warning_of_its_own(cast: Cast) -> None:
    client = browser(cast.ann)
    for ticked, words in (("", "point at your own organisation"), ("on", "the text says who you are")):
        _address, page = checked(client, body=OWN, unattributed=ticked)
        assert words in page


def test_what_others_shared_is_named_only_to_who_may_read_it(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text())
    url = "hxxp://198.51.100[.]7/pay"
    assert f"also in {item.ref}" in live(browser(cast.ben), body=url).replace("\n", " ")
    page = live(browser(cast.cara), body=url)
    assert item.ref not in page
    assert ", new" in page.replace("\n", " ")


def test_typing_keeps_one_draft_and_shows_who_would_read(cast: Cast) -> None:
    make.group("Banking", cast.ann, cast.ben)
    client = browser(cast.ann)
    first = client.post("/member/share/live/", fields(title="", do="", window="w1"), HTTP_HX_REQUEST="true")
    assert "Give it a title" in first.content.decode()
    second = live(client, window="w1", title="Calls to accounts")
    assert "Share with 1 person" in second
    (item,) = drafts()
    assert first["HX-Replace-Url"] == f"/member/share/{item.ref}/"
    answer = client.post("/member/share/", fields(do="share", window="w1", nonce=nonce_in(second)))
    assert answer["Location"] == f"/items/{item.ref}"
    again = client.post("/member/share/", fields(do="share", window="w1", nonce=nonce_in(second)))
    assert again["Location"] == f"/items/{item.ref}"
    assert Item.objects.as_system("a test counts").count() == 1


def test_nothing_is_kept_of_an_empty_form_and_nobody_writes_into_anothers_draft(cast: Cast) -> None:
    client, other = browser(cast.ann), browser(cast.ben)
    assert live(client, title="", body="") == ""
    assert drafts() == []
    live(client, window="w1", body="mine")
    (item,) = drafts()
    live(other, window="w1", body="other")
    assert {draft.body: draft.author_id for draft in drafts()} == {
        "mine": make.membership(cast.ann).pk,
        "other": make.membership(cast.ben).pk,
    }
    answer = other.post(f"/member/share/{item.ref}/live/", fields(body="other"), HTTP_HX_REQUEST="true")
    assert answer.status_code == 404


def test_two_windows_never_overwrite_each_other_unseen(cast: Cast) -> None:
    client = browser(cast.ann)
    live(client, window="w1", body="from the first window")
    (item,) = drafts()
    address, stale = f"/member/share/{item.ref}/", item.updated_at.isoformat()
    live(client, f"{address}live/", window="w2", body="from the second window", version=stale)
    answer = client.post(address, fields(window="w1", body="typed in the first again", version=stale))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "typed in the first again" in page
    assert "from the second window" in page
    assert drafts()[0].body == "from the second window"
    version = re.search(r'name="version" value="([^"]+)"', page)
    assert version
    client.post(address, fields(window="w1", body="both together", version=version[1]))
    assert drafts()[0].body == "both together"


def test_a_save_that_is_overtaken_by_a_later_one_of_its_window_changes_nothing(cast: Cast) -> None:
    client = browser(cast.ann)
    live(client, window="w1", turn="1", body="first")
    (item,) = drafts()
    live(client, window="w1", turn="3", body="third")
    assert live(client, window="w1", turn="2", body="second") == ""
    assert drafts()[0].body == "third"
    client.post(f"/member/share/{item.ref}/", fields(window="w1", body="without scripts"))
    assert drafts()[0].body == "without scripts"


def test_what_was_checked_can_be_shared_however_often_a_value_stands_in_it(cast: Cast) -> None:
    make.group("Banking", cast.ann, cast.ben)
    client, twice = browser(cast.ann), "10.0.0.1 and 10.0.0.2, evil.example, then 10.0.0.1 again"
    address, page = checked(client, body=twice)
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert shown == ["10.0.0.1", "10.0.0.2", "evil.example"]
    posted = fields(body=twice, do="share", nonce=nonce_in(page), shown=shown[::-1], indicator=["evil.example"])
    assert client.post(address, posted)["Location"].startswith("/items/")


def test_an_outline_fills_an_empty_text_and_never_a_written_one(cast: Cast) -> None:
    client = browser(cast.ann)
    client.post("/member/share/", fields(kind="incident", body="", do="outline"))
    assert "## What we did" in drafts()[0].body
    client.post("/member/share/", fields(kind="incident", body="mine", do="outline"))
    assert {draft.body for draft in drafts()} >= {"mine"}


def test_invisible_characters_are_counted_and_taken_out_on_request(cast: Cast) -> None:
    client = browser(cast.ann)
    address, page = checked(client, body=INVISIBLE)
    assert "2 invisible characters" in page
    client.post(address, fields(body=INVISIBLE, do="clean"))
    assert drafts()[0].body == "evilgnp.exe and ab"


def test_a_preview_shows_what_readers_see(cast: Cast) -> None:
    client = browser(cast.ann)
    page = client.post(
        "/member/share/", fields(body="**Block** it <script>", do="preview"), follow=True
    ).content.decode()
    assert "<strong>Block</strong> it" in page
    assert "<script>" not in page.split('id="preview"')[1].split("</section>")[0]


def test_an_organisation_can_be_left_out_by_name(cast: Cast) -> None:
    client = browser(cast.cara)
    address, page = checked(client, colleagues="", everyone="on", tlp="GREEN", leave_out="bank")
    assert "Bank" in page
    (item,) = drafts()
    assert item.choice["except_organisations"] == [cast.bank.pk]
    page = client.post(address, fields(everyone="on", tlp="GREEN", leave_out="nobody")).content.decode()
    assert "No active organisation is called" in page


def test_names_are_suggested_from_active_organisations_and_members(cast: Cast) -> None:
    client = browser(cast.cara)
    assert client.get("/member/share/names/?add=b").content.decode().strip() == ""
    assert 'value="Bank"' in client.get("/member/share/names/?add=ban").content.decode()
    page = client.get("/member/share/names/?add=ann").content.decode()
    assert 'value="Ann, Bank"' in page
    checked(client, colleagues="", add="Ann, Bank")
    assert drafts()[0].choice["memberships"] == [make.membership(cast.ann).pk]
    Membership.objects.filter(person=cast.ann).update(ended="2026-11-01T00:00:00Z")
    assert client.get("/member/share/names/?add=ann").content.decode().strip() == ""


def test_who_does_not_let_itself_be_found_by_name_is_suggested_to_colleagues_alone(cast: Cast) -> None:
    Person.objects.filter(pk=cast.ann.pk).update(in_directory=False)
    colleague, stranger = browser(cast.ben), browser(cast.cara)
    for typed in ("an", "ann", "Ann"):
        path = f"/member/share/names/?add={typed}"
        assert 'value="Ann, Bank"' in colleague.get(path).content.decode()
        assert "Ann" not in stranger.get(path).content.decode()
    answer = stranger.post("/member/share/", fields(add="ann")).content.decode()
    assert "No active organisation or person is called" in answer
    assert "Ann, Bank" not in answer
    for known in ("Ann, Bank", cast.ann.email):
        assert 'value="Ann, Bank"' in stranger.get("/member/share/names/", {"add": known}).content.decode()


def test_the_page_of_a_fresh_piece_offers_to_undo_and_only_to_its_author(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text())
    assert "data-until" in sign_in(Client(), cast.ann).get(f"/items/{item.ref}").content.decode()
    reader = sign_in(Client(), cast.ben)
    assert "data-until" not in reader.get(f"/items/{item.ref}").content.decode()
    assert reader.post(f"/items/{item.ref}/withdraw", {"do": "edit"}).status_code == 404
    answer = sign_in(Client(), cast.ann).post(f"/items/{item.ref}/withdraw", {"do": "edit"})
    (draft,) = drafts()
    assert answer["Location"] == f"/member/share/{draft.ref}/"


def test_what_is_sent_without_a_session_comes_back_and_is_kept_with_one(cast: Cast) -> None:
    strict, typed = Client(enforce_csrf_checks=True), fields(body="Typed <b>long</b>", do="share")
    answer = strict.post("/member/share/", typed, headers={"Sec-Fetch-Site": "same-origin"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "Typed &lt;b&gt;long&lt;/b&gt;" in page
    assert 'value="share"' not in page
    for site in ("cross-site", "same-site", "none", ""):
        elsewhere = strict.post("/member/share/", typed, headers={"Sec-Fetch-Site": site} if site else {})
        assert elsewhere.status_code == 302, "what another site sends is not offered to be sent on"
    assert strict.post("/items/IH-222222/comments", typed, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302
    sign_in(strict, cast.ann)
    answer = strict.post("/member/share/", typed, headers={"Sec-Fetch-Site": "same-origin"})
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.content.decode())
    assert answer.status_code == 403
    assert token
    assert drafts() == []
    strict.post("/member/share/", typed | {"do": "save", "csrfmiddlewaretoken": token[1]})
    assert [draft.body for draft in drafts()] == ["Typed <b>long</b>"]


def test_a_save_that_another_window_overtook_says_so(cast: Cast) -> None:
    client = browser(cast.ann)
    live(client, window="w1", body="from the first window")
    (item,) = drafts()
    answer = client.post(
        f"/member/share/{item.ref}/live/", fields(window="w2", body="x", version="old"), HTTP_HX_REQUEST="true"
    )
    assert answer.status_code == 409


def test_a_very_long_text_is_kept_while_it_is_typed(cast: Cast) -> None:
    page = live(browser(cast.ann), window="w1", body="long " * 12_000)
    assert 'id="kept"' in page
    assert 'id="found"' not in page
    assert len(drafts()[0].body) >= 59_999


def test_a_text_is_kept_while_a_name_beside_it_is_half_typed(cast: Cast) -> None:
    live(browser(cast.ann), window="w1", body="kept", add="nobody is called so", leave_out="nor so")
    assert [draft.body for draft in drafts()] == ["kept"]
    answer = browser(cast.ann).post("/member/share/live/", fields(body="x", title="t" * 301), HTTP_HX_REQUEST="true")
    assert answer.status_code == 422
