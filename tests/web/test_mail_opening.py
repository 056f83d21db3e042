"""An attached e-mail opens in the composer: its words and files, without whom it went to."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from infohub.sharing.models import Attachment, Item
from tests.cast import Cast, sign_in
from tests.standards.test_mail import mail
from tests.web.test_share import fields

pytestmark = pytest.mark.django_db


def drafted(client: Client, raw: bytes, **changes: object) -> Item:
    """A draft with this e-mail attached."""
    upload = SimpleUploadedFile("phish.eml", raw, content_type="message/rfc822")
    client.post("/member/share/", fields(do="save", **changes) | {"files": [upload]})
    return Item.objects.as_system("a test looks").get()


def files(item: Item) -> dict[str, Attachment]:
    return {row.name: row for row in item.attachments.as_system("a test looks")}


def test_its_words_come_below_what_was_typed_and_its_files_beside_them(cast: Cast) -> None:
    client = sign_in(Client(), cast.ann)
    item = drafted(client, mail(files={"note.txt": b"call me", "run.exe": b"MZ"}), title="", body="We got this.")
    page = client.get(f"/member/share/{item.ref}/").content.decode()
    handle = files(item)["phish.eml"].handle
    assert f'name="open" value="{handle}"' in page
    done = client.post(f"/member/share/{item.ref}/", fields(title="", body="We got this.", open=handle), follow=True)
    item.refresh_from_db()
    assert item.title == "Your parcel 包裹"
    assert item.body.startswith("We got this.\n\n- From: Parcel Desk <desk@parcels.example>")
    assert "Your parcel waits." in item.body
    assert "victim" not in item.body
    assert set(files(item)) == {"phish.eml", "note.txt"}
    assert "run.exe" in done.content.decode()


def test_what_is_no_mail_is_refused_and_nothing_typed_is_lost(cast: Cast) -> None:
    client = sign_in(Client(), cast.ann)
    item = drafted(client, b"not a mail at all", body="We got this.")
    answer = client.post(
        f"/member/share/{item.ref}/", fields(body="We got this. More.", open=files(item)["phish.eml"].handle)
    )
    assert answer.status_code == 422
    item.refresh_from_db()
    assert item.body == "We got this. More."


@pytest.mark.parametrize("handle", ["", "nonsense", "28bb3599-77cd-5a82-a950-b5bc3caf07c4"])
def test_a_file_that_is_not_there_opens_nothing(handle: str, cast: Cast) -> None:
    client = sign_in(Client(), cast.ann)
    item = drafted(client, mail(), body="We got this.")
    assert client.post(f"/member/share/{item.ref}/", fields(body="We got this.", open=handle)).status_code in {302, 422}
    item.refresh_from_db()
    assert item.body == "We got this."


def test_nobody_opens_the_mail_of_anothers_draft(cast: Cast) -> None:
    item = drafted(sign_in(Client(), cast.ann), mail(), body="We got this.")
    stranger = sign_in(Client(), cast.ben)
    answer = stranger.post(f"/member/share/{item.ref}/", fields(open=files(item)["phish.eml"].handle))
    assert answer.status_code == 404
