"""Promises about what a mail says: the exit table holds, whatever the event, and headers cannot be forged."""

from email.message import EmailMessage

import pytest

from infohub.delivery.models import Event
from infohub.members.models import Person
from infohub.policy.clause import Clause
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.delivery.telling import send, tell
from tests.postbox import Postbox

TITLE, TEXT, AUTHOR, LINE = "canary-title", "canary-text", "canary-author", "canary-line"
CANARIES = {TITLE, TEXT, AUTHOR, LINE}
EVERY_EVENT = pytest.mark.parametrize("event", Event)


def parts(letter: EmailMessage) -> dict[str, str]:
    """Everything of a mail that somebody on its way could read."""
    html, plain = letter.get_body(("html",)), letter.get_body(("plain",))
    assert html is not None
    assert plain is not None
    return {
        "headers": "\n".join(f"{name}: {value}" for name, value in letter.items()),
        "html": html.get_content(),
        "plain": plain.get_content(),
    }


def carried(letter: EmailMessage) -> set[str]:
    """The canaries that are anywhere in a mail."""
    return {canary for canary in CANARIES for part in parts(letter).values() if canary in part}


def mailed(
    postbox: Postbox, reader: Person, tlp: Tlp, *, event: Event = Event.SHARED, line: str = LINE
) -> EmailMessage:
    """The one mail that a reader gets of a piece full of canaries."""
    seated = make.group("Treasury", reader)
    label = make.label(tlp, Clause(memberships=frozenset({make.membership(reader).pk})))
    entry = make.entry(label, title=TITLE, text=TEXT, author_name=AUTHOR, safe_line=line, groups=[seated])
    tell(entry, reader, event=event)
    send()
    (letter,) = postbox.to(reader.email)
    return letter


@pytest.mark.parametrize("tlp", [Tlp.CLEAR, Tlp.GREEN])
def test_a_mail_carries_a_clear_or_green_piece_in_full(cast: Cast, postbox: Postbox, tlp: Tlp) -> None:
    letter = mailed(postbox, cast.ben, tlp)
    assert carried(letter) == {TITLE, TEXT, AUTHOR}
    assert letter["Subject"] == f"[{tlp.mark}] High: {TITLE}"


@EVERY_EVENT
def test_a_mail_of_an_amber_piece_carries_its_safe_line_and_nothing_else(
    cast: Cast, postbox: Postbox, event: Event
) -> None:
    letter = mailed(postbox, cast.ben, Tlp.AMBER, event=event)
    assert carried(letter) == {LINE}
    assert letter["Subject"].startswith("[TLP:AMBER] ")
    assert letter["Subject"].endswith(LINE)


@EVERY_EVENT
@pytest.mark.parametrize("tlp", [Tlp.AMBER_STRICT, Tlp.RED])
def test_a_mail_of_a_stricter_piece_says_only_that_there_is_one(
    cast: Cast, postbox: Postbox, event: Event, tlp: Tlp
) -> None:
    letter = mailed(postbox, cast.ben, tlp, event=event)
    said = "\n".join(parts(letter).values())
    assert carried(letter) == set()
    assert tlp.mark in letter["Subject"]
    assert [word for word in ("Alert", "High", "Treasury", "group", "comment") if word in said] == []


def test_without_a_safe_line_the_mail_says_kind_severity_and_group(cast: Cast, postbox: Postbox) -> None:
    letter = mailed(postbox, cast.ben, Tlp.AMBER, line="")
    assert letter["Subject"] == "[TLP:AMBER] Alert · High · Treasury"
    assert carried(letter) == set()


def test_the_default_line_names_an_unlisted_group_to_its_members_only(cast: Cast, postbox: Postbox) -> None:
    secret = make.group("Night shift", cast.ben, listed=False)
    label = make.label(Tlp.AMBER, Clause(organisations=frozenset({cast.bank.pk, cast.clinic.pk})))
    tell(make.entry(label, groups=[secret]), cast.ben, cast.cara)
    send()
    (to_ben,), (to_cara,) = postbox.to(cast.ben.email), postbox.to(cast.cara.email)
    assert to_ben["Subject"] == "[TLP:AMBER] Alert · High · Night shift"
    assert to_cara["Subject"] == "[TLP:AMBER] Alert · High"


@pytest.mark.parametrize("tlp", Tlp)
def test_every_mail_leads_to_the_piece_and_to_an_end_of_mails(cast: Cast, postbox: Postbox, tlp: Tlp) -> None:
    letter = mailed(postbox, cast.ben, tlp)
    said = parts(letter)
    assert "http://localhost:8000/items/IH-" in said["plain"]
    assert "http://localhost:8000/items/IH-" in said["html"]
    assert "You get this because" in said["plain"]
    assert letter["List-Unsubscribe"].strip().startswith("<http://localhost:8000/accounts/mail-off/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_comment_brings_the_title_of_a_green_piece_but_not_its_text_again(cast: Cast, postbox: Postbox) -> None:
    letter = mailed(postbox, cast.ben, Tlp.GREEN, event=Event.COMMENTED)
    assert letter["Subject"] == f"[TLP:GREEN] New comment: {TITLE}"
    assert carried(letter) == {TITLE}


def test_a_title_cannot_add_a_header_or_turn_the_reading_direction(cast: Cast, postbox: Postbox) -> None:
    entry = make.entry(make.label(Tlp.GREEN), title="Pay\r\nBcc: eve@example.org\u202egpj.exe\x07")
    tell(entry, cast.ben)
    send()
    (letter,) = postbox.letters
    assert letter["Subject"] == "[TLP:GREEN] High: Pay Bcc: eve@example.org gpj.exe"
    assert letter["Bcc"] is None
    assert letter["To"] == cast.ben.email


def test_a_text_cannot_bring_markup_or_pictures_into_a_mail(cast: Cast, postbox: Postbox) -> None:
    text = "<script>alert(1)</script> ![spy](https://spy.example/pixel.png) <img src=x>"
    tell(make.entry(make.label(Tlp.GREEN), title="<b>bold</b>", text=text), cast.ben)
    send()
    (letter,) = postbox.letters
    html = parts(letter)["html"]
    assert [bad for bad in ("<script", "<img", "<b>bold") if bad in html] == []
    assert "&lt;b&gt;bold" in html
    assert "<b>bold</b>" in parts(letter)["plain"]


def test_a_very_long_text_is_cut_and_says_so(cast: Cast, postbox: Postbox) -> None:
    tell(make.entry(make.label(Tlp.GREEN), text="word " * 40_000), cast.ben)
    send()
    (letter,) = postbox.letters
    plain = parts(letter)["plain"]
    assert "The rest is on the page." in plain
    assert len(plain) < 30_000


def test_an_unattributed_piece_names_no_author_in_a_mail(cast: Cast, postbox: Postbox) -> None:
    tell(make.entry(make.label(Tlp.GREEN), author_name=""), cast.ben)
    send()
    (letter,) = postbox.letters
    assert "A member shared this." in parts(letter)["plain"]


def test_the_text_of_a_mail_is_marked_with_its_own_language(cast: Cast, postbox: Postbox) -> None:
    reader = make.person("Mei", cast.bank, language="zh-hant")
    entry = make.entry(make.label(Tlp.GREEN))
    tell(entry, reader)
    send()
    (letter,) = postbox.letters
    html = parts(letter)["html"]
    assert '<html lang="zh-Hant-HK">' in html
    assert '<div lang="en">' in html
