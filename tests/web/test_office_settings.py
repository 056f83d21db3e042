"""The programme's name, mark and rule, the mail log, and the test mail."""

from __future__ import annotations

import hashlib
import zlib

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from infohub.audit.models import Record
from infohub.delivery.models import Notice
from infohub.members.models import Person, Programme
from infohub.register.models import Mark
from infohub.sharing.choice import Choice
from infohub.sharing.models import ItemState
from infohub.standards.png import SIGNATURE
from infohub.support.clock import now
from infohub.web.accounts import letters
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared

pytestmark = pytest.mark.django_db


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


NAMES = {
    "name_en": "Harbour Exchange",
    "name_zh_hant": "海港交流",
    "tagline_en": "We tell each other.",
    "languages": ["en", "zh-hant", "zh-hans"],
    "time_zone": "Asia/Hong_Kong",
}


def test_the_programme_manager_names_the_programme_in_every_language(cast: Cast) -> None:
    client = browser(cast.grace)
    assert client.post("/office/programme/", NAMES).status_code == 302
    row = Programme.objects.get()
    assert (row.names, row.taglines) == (
        {"en": "Harbour Exchange", "zh-hant": "海港交流"},
        {"en": "We tell each other."},
    )
    assert "海港交流" in Client().get("/zh-hant/").content.decode()
    assert "Harbour Exchange" in Client().get("/zh-hans/").content.decode()
    assert 'value="海港交流"' in client.get("/office/programme/").content.decode()
    assert Record.objects.filter(verb="described_programme", person=cast.grace.pk).count() == 1


@pytest.mark.parametrize("who", ["ann", "mori", "vera", "audra"])
def test_nobody_else_does(who: str, cast: Cast) -> None:
    assert browser(getattr(cast, who)).post("/office/programme/", NAMES).status_code == 404
    assert Programme.objects.count() == 0


def test_a_name_is_needed_and_what_was_typed_comes_back(cast: Cast) -> None:
    answer = browser(cast.opal).post("/office/programme/", NAMES | {"name_en": ""})
    assert answer.status_code == 422
    assert "海港交流" in answer.content.decode()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A piece of a PNG file, with its length and checksum."""
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def picture(width: int = 64, height: int = 64, *, rows: bytes = b"", told: bytes = b"where: 22.28, 114.16") -> bytes:
    """A PNG of one colour that also tells where it was taken."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    pixels = rows or zlib.compress((b"\0" + b"\x2a\x7f\x8a" * width) * height)
    parts = [(b"IHDR", header), (b"tEXt", b"Comment\0" + told), (b"IDAT", pixels), (b"IEND", b"")]
    return SIGNATURE + b"".join(chunk(kind, content) for kind, content in parts) + b"<script>after the end</script>"


def mark_sent(client: Client, content: bytes) -> HttpResponse:
    return client.post("/office/programme/mark/", {"picture": SimpleUploadedFile("mark.png", content)})  # type: ignore[return-value]


def test_the_programme_s_own_mark_stands_on_every_page_until_it_is_taken_back(cast: Cast) -> None:
    client = browser(cast.grace)
    assert mark_sent(client, picture()).status_code == 302
    name = Programme.objects.get().mark
    for page in (Client().get("/"), Client().get("/zh-hant/advisories"), browser(cast.ann).get("/member/")):
        assert f'<link rel="icon" href="/mark/{name}" type="image/png">' in page.content.decode()
        assert f'<img src="/mark/{name}" alt=""' in page.content.decode()
    shown = Client().get(f"/mark/{name}")
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "max-age=31536000" in shown["Cache-Control"]
    assert name == f"{hashlib.sha256(shown.content).hexdigest()}.png"
    assert shown.content.startswith(SIGNATURE)
    assert b"22.28" not in shown.content
    assert b"script" not in shown.content

    assert mark_sent(client, picture(96, 96)).status_code == 302
    assert Client().get(f"/mark/{name}").status_code == 404
    assert client.post("/office/programme/mark/", {"do": "remove"}).status_code == 302
    assert "/mark/" not in Client().get("/").content.decode()
    assert "mark.svg" in Client().get("/").content.decode()
    assert Mark.objects.count() == 0
    assert Record.objects.filter(verb="set_mark", person=cast.grace.pk).count() == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "Take a PNG picture"),
        (b"\xff\xd8\xff\xe0 a photograph", "Take a PNG picture"),
        (picture(rows=bytes(70_000)), "at most 64 kB"),
        (picture(16, 16), "28 to 1,024"),
        (picture(200, 60), "as wide as it is high"),
        (picture(2000, 2000, rows=b"x"), "28 to 1,024"),
        (picture().replace(b"IDAT", b"IDAX"), "damaged"),
    ],
    ids=["svg", "jpeg", "heavy", "small", "banner", "large", "damaged"],
)
def test_what_is_no_small_square_picture_is_refused_in_words(cast: Cast, content: bytes, words: str) -> None:
    answer = mark_sent(browser(cast.grace), content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Mark.objects.count() == 0
    assert "Choose a picture first" in browser(cast.grace).post("/office/programme/mark/").content.decode()


@pytest.mark.parametrize("who", ["ann", "mori", "vera", "audra"])
def test_nobody_else_changes_the_mark(who: str, cast: Cast) -> None:
    client = browser(getattr(cast, who))
    assert mark_sent(client, picture()).status_code == 404
    assert client.post("/office/programme/mark/", {"do": "remove"}).status_code == 404
    assert Mark.objects.count() == 0


def test_from_then_on_every_piece_waits_where_the_programme_looks_first(cast: Cast) -> None:
    browser(cast.grace).post("/office/programme/", NAMES | {"review": "on"})
    item = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk]))
    assert item.state == ItemState.SUBMITTED


def test_the_mail_log_tells_what_became_of_mails_and_never_of_which_piece(cast: Cast) -> None:
    item = shared(cast.as_(cast.ann), Choice(organisations=[cast.clinic.pk, cast.bank.pk]))
    Notice.objects.filter(person=cast.ben).update(sent_at=now())
    page = browser(cast.opal).get("/office/jobs/mail/").content.decode()
    assert cast.cara.email in page
    assert cast.ben.email in page
    assert item.ref not in page
    assert item.title not in page
    only = browser(cast.opal).get("/office/jobs/mail/?q=cara").content.decode()
    assert cast.cara.email in only
    assert cast.ben.email not in only
    assert "No mail was for anybody" in browser(cast.opal).get("/office/jobs/mail/?q=zzz").content.decode()
    for stranger in (cast.ann, cast.mori, cast.audra):
        assert browser(stranger).get("/office/jobs/mail/").status_code == 404


def test_a_test_mail_goes_to_who_asks_and_once_a_minute(cast: Cast) -> None:
    cache.clear()
    client = browser(cast.ann)
    letters.wait()
    mail.outbox.clear()
    for words in ("is on its way", "a moment ago"):
        assert words in client.post("/member/notices/test/", follow=True).content.decode()
    letters.wait()
    (letter,) = mail.outbox
    assert letter.to == [cast.ann.email]
    assert "test mail you asked for" in letter.body
