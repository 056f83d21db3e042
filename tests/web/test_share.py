"""The composer and the page of a piece, as a browser without scripts uses them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.members.models import Person
from infohub.sharing.choice import Choice
from infohub.sharing.models import Attachment, Comment, Item, ItemState
from infohub.standards.tlp import Tlp
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

WORDS = "They called our accounts team from hxxp://198.51.100[.]7/pay."


def fields(**changes: object) -> dict[str, object]:
    """What the composer posts."""
    filled: dict[str, object] = {
        "title": "Calls to accounts",
        "kind": "alert",
        "body": WORDS,
        "language": "en",
        "severity": "3",
        "tlp": "AMBER",
        "colleagues": "on",
        "do": "check",
    }
    return filled | changes


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def nonce_in(page: str) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page)
    assert found
    return found[1]


def checked(client: Client, **changes: object) -> tuple[str, str]:
    """A draft after Check: its address and the page that says who would read it."""
    answer = client.post("/member/share/", fields(**changes), follow=True)
    return answer.redirect_chain[-1][0].split("?")[0], answer.content.decode()


def test_check_says_who_would_read_and_share_shares(cast: Cast) -> None:
    client = browser(cast.ann)
    address, page = checked(client)
    assert '<b class="big-n">1</b>' in page
    assert "198[.]51[.]100[.]7" in page or "198.51.100[.]7" in page
    answer = client.post(address, fields(do="share", nonce=nonce_in(page), shown=[], indicator=[]))
    item = Item.objects.as_system("test").get()
    assert (answer.status_code, item.state, item.tlp) == (302, ItemState.PUBLISHED, Tlp.AMBER)
    assert answer["Location"] == f"/items/{item.ref}"


def test_a_double_click_and_the_back_button_open_what_was_shared(cast: Cast) -> None:
    client = browser(cast.ann)
    address, page = checked(client)
    posted = fields(do="share", nonce=nonce_in(page))
    first, second, back = client.post(address, posted), client.post(address, posted), client.get(address)
    assert first["Location"] == second["Location"] == back["Location"]
    assert Item.objects.as_system("test").count() == 1


def test_what_was_typed_comes_back_with_the_field_named(cast: Cast) -> None:
    client = browser(cast.ann)
    answer = client.post("/member/share/", fields(title="x" * 301))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_title"' in page
    assert "198.51.100[.]7/pay" in page
    assert not Item.objects.as_system("test").exists()


def test_a_forbidden_pair_is_refused_in_words_and_the_draft_is_kept(cast: Cast) -> None:
    client = browser(cast.ann)
    _address, page = checked(client, tlp="RED", everyone="on")
    assert "RED cannot go to everyone" in page
    assert Item.objects.as_system("test").get().body == WORDS


def test_a_piece_nobody_would_receive_cannot_be_shared(cast: Cast) -> None:
    client = browser(cast.cara)
    address, page = checked(client)
    assert "No one would receive this" in page or "no one would receive this" in page
    assert 'name="nonce"' not in page
    client.post(address, fields(do="share", nonce="made up"))
    assert Item.objects.as_system("test").get().state == ItemState.DRAFT


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ....", "cannot be attached"),
        ("photo.png", b"not a picture", "not what its name says"),
        ("notes.txt", b"a\x00b", "not what its name says"),
        ("empty.txt", b"", ""),
        ("big.txt", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_the_text_stays(cast: Cast, name: str, content: bytes, words: str) -> None:
    client = browser(cast.ann)
    answer = client.post("/member/share/", fields(files=SimpleUploadedFile(name, content)), follow=True)
    page = answer.content.decode()
    assert words in page
    assert "Calls to accounts" in page
    assert Item.objects.as_system("test").get().body == WORDS
    assert not Attachment.objects.as_system("test").exists()


def test_a_file_is_a_download_for_readers_and_not_there_for_others(cast: Cast) -> None:
    client = browser(cast.ann)
    address, page = checked(client, files=SimpleUploadedFile("../hops.csv", b"a,b\n1,2\n"))
    client.post(address, fields(do="share", nonce=nonce_in(page)))
    row = Attachment.objects.as_system("test").select_related("item").get()
    path = f"/items/{row.item.ref}/files/{row.handle}"
    answer = browser(cast.ben).get(path)
    assert b"".join(answer.streaming_content) == b"a,b\n1,2\n"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="hops.csv"'
    assert "sandbox" in answer["Content-Security-Policy"]
    assert browser(cast.cara).get(path).status_code == 404


def test_absent_and_forbidden_are_the_same_answer_with_the_same_queries(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(colleagues=True))
    client = browser(cast.cara)
    client.get("/member/")
    seen = []
    for ref in (item.ref, "IH-222222"):
        for path in (f"/items/{ref}", f"/member/share/{ref}/", f"/items/{ref}/files/{uuid4()}"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.get(path)
            asked = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]
            seen.append((answer.status_code, answer.content.replace(ref.encode(), b""), asked))
    assert seen[:3] == seen[3:]
    assert {status for status, _page, _asked in seen} == {404}


def test_a_strangers_act_on_a_piece_finds_nothing(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(colleagues=True))
    client = browser(cast.cara)
    for act in ("comments", "acknowledge", "withdraw", "review"):
        assert client.post(f"/items/{item.ref}/{act}", {"body": "hello", "do": "approve"}).status_code == 404
    assert not Comment.objects.as_system("test").exists()
    assert browser(cast.ben).post(f"/items/{item.ref}/withdraw").status_code == 404


def test_a_reply_is_kept_once_and_an_empty_one_comes_back(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(colleagues=True))
    client, nonce = browser(cast.ben), str(uuid4())
    for _ in range(2):
        assert client.post(f"/items/{item.ref}/comments", {"body": "Same **here**", "nonce": nonce}).status_code == 302
    assert Comment.objects.as_system("test").count() == 1
    assert "<strong>here</strong>" in browser(cast.ann).get(f"/items/{item.ref}").content.decode()
    empty = client.post(f"/items/{item.ref}/comments", {"body": "  "})
    assert (empty.status_code, "Write something first" in empty.content.decode()) == (422, True)


def test_withdrawing_leaves_the_text_to_its_author_alone(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(colleagues=True))
    client = browser(cast.ann)
    client.post(f"/items/{item.ref}/withdraw", {"reason": "wrong address"})
    assert "wrong address" in client.get(f"/items/{item.ref}").content.decode()
    reader = browser(cast.ben)
    assert reader.get(f"/items/{item.ref}").status_code == 404
    for path in ("/member/", "/member/feed/", "/member/search/?q=accounts", "/member/notices/"):
        assert item.title not in reader.get(path).content.decode(), path


def test_hostile_markdown_is_inert(cast: Cast) -> None:
    hostile = (
        "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://tracker.example/p.png) <img src=x onerror=1>"
    )
    item = shared(cast.as_(cast.ann), Choice(colleagues=True), text(body=hostile))
    page = browser(cast.ben).get(f"/items/{item.ref}").content.decode()
    body = page[page.index('class="prose"') : page.index("</aside>")]
    assert "<script" not in body
    assert "javascript:" not in re.sub(r">[^<]*<", "><", body)
    assert "<img" not in body


def test_two_megabytes_of_text_are_taken_and_shown(cast: Cast) -> None:
    long = "word " * 390_000
    client = browser(cast.ann)
    address, page = checked(client, body=long)
    answer = client.post(address, fields(body=long, do="share", nonce=nonce_in(page)), follow=True)
    assert answer.status_code == 200
    assert Item.objects.as_system("test").get().state == ItemState.PUBLISHED


def test_an_officer_without_an_organisation_is_told_why_they_cannot_share(cast: Cast) -> None:
    answer = browser(cast.opal).get("/member/share/")
    assert (answer.status_code, "you represent none" in answer.content.decode()) == (403, True)


def test_a_throttled_body_is_refused_unread(cast: Cast, settings: object) -> None:
    client = browser(cast.ann)
    answer = client.generic("POST", "/member/share/", b"x", CONTENT_LENGTH=str(10**10))
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/items/%00", "/member/search/?q=%00", "/advisories?kind=%00", "/advisories/%00"])
def test_a_nul_is_a_bad_request_everywhere(cast: Cast, path: str) -> None:
    assert browser(cast.ann).get(path).status_code == 400
