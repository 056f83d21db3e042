"""Promises about what a mail says: the exit table holds, whatever the event, and headers cannot be forged."""

import html
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.catalogue.models import Entry
from infohub.delivery.actions import choose_pace
from infohub.delivery.digests import send_digests
from infohub.delivery.models import Digest, Event, Pace
from infohub.delivery.reasons import REASONS
from infohub.members.models import Group, Person, Seat
from infohub.policy.clause import Clause
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.web.letters import write_digest
from tests import make
from tests.cast import Cast, sign_in
from tests.delivery.telling import send, tell
from tests.postbox import Postbox

TITLE, TEXT, AUTHOR, LINE = "canary-title", "canary-text", "canary-author", "canary-line"
CANARIES = {TITLE, TEXT, AUTHOR, LINE}
EVERY_EVENT = pytest.mark.parametrize("event", Event)


def parts(letter: EmailMessage) -> dict[str, str]:
    """Everything of a mail that somebody on its way could read."""
    markup, plain = letter.get_body(("html",)), letter.get_body(("plain",))
    assert markup is not None
    assert plain is not None
    return {
        "headers": "\n".join(f"{name}: {value}" for name, value in letter.items()),
        "html": markup.get_content(),
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
    assert ("Why you get this: " in said["plain"]) == (tlp < Tlp.AMBER_STRICT)
    assert ("You get this because you may read this piece." in said["plain"]) == (tlp >= Tlp.AMBER_STRICT)
    assert letter["List-Unsubscribe"].strip().startswith("<http://localhost:8000/accounts/mail-off/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


# --- why it came


def reasons(postbox: Postbox, *people: Person) -> list[str]:
    """The reason in the one mail to each of these people, which its plain text and its HTML give alike."""
    said = []
    for person in people:
        (letter,) = postbox.to(person.email)
        begins = ("Why you get this: ", "收到原因：", "You get this because ")
        (found,) = [line for line in parts(letter)["plain"].splitlines() if line.startswith(begins)]
        assert html.escape(found, quote=False) in parts(letter)["html"]
        said.append(found)
    return said


def for_all_three(cast: Cast, tlp: Tlp, group: Group, *, line: str = "") -> Entry:
    label = make.label(tlp, Clause(organisations=frozenset({cast.bank.pk, cast.clinic.pk})))
    return make.entry(label, groups=[group], safe_line=line)


@pytest.mark.parametrize("tlp", [Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER])
@pytest.mark.parametrize("listed", [True, False])
def test_a_mail_names_the_group_it_came_through_to_who_sits_there_and_to_nobody_else(
    cast: Cast, postbox: Postbox, tlp: Tlp, *, listed: bool
) -> None:
    group = make.group("Night shift", cast.ben, listed=listed)
    tell(for_all_three(cast, tlp, group), cast.ann, cast.ben, cast.cara)
    send()
    through, other = "Why you get this: through your group Night shift.", "through your organisation or sector."
    assert reasons(postbox, cast.ben) == [through]
    assert reasons(postbox, cast.ann, cast.cara) == [f"Why you get this: {other}"] * 2
    (to_cara,) = postbox.to(cast.cara.email)
    assert listed or "Night shift" not in "".join(parts(to_cara).values())


def test_a_seat_of_the_organisation_counts_and_one_that_ended_does_not(cast: Cast, postbox: Postbox) -> None:
    group = make.group("Night shift", cast.ben, listed=False)
    Seat.objects.create(group=group, organisation=cast.clinic, started=make.START)
    Seat.objects.filter(group=group, membership__person=cast.ben).update(ended=now())
    tell(for_all_three(cast, Tlp.GREEN, group), cast.ben, cast.cara)
    send()
    assert reasons(postbox, cast.cara) == ["Why you get this: through your group Night shift."]
    (to_ben,) = postbox.to(cast.ben.email)
    assert "Night shift" not in "".join(parts(to_ben).values())


def test_beside_the_authors_own_line_an_amber_mail_names_no_group(cast: Cast, postbox: Postbox) -> None:
    group = make.group("Night shift", cast.ben)
    tell(for_all_three(cast, Tlp.AMBER, group, line=LINE), cast.ben)
    send()
    assert reasons(postbox, cast.ben) == ["Why you get this: through one of your groups."]
    assert "Night shift" not in "".join(parts(postbox.letters[0]).values())


@pytest.mark.parametrize("tlp", [Tlp.AMBER_STRICT, Tlp.RED])
@pytest.mark.parametrize("because", REASONS)
def test_a_mail_of_a_stricter_piece_gives_no_reason(cast: Cast, postbox: Postbox, tlp: Tlp, because: str) -> None:
    group = make.group("Night shift", cast.ben)
    label = make.label(tlp, Clause(memberships=frozenset({make.membership(cast.ben).pk})))
    tell(make.entry(label, groups=[group]), cast.ben, because=because)
    send()
    assert reasons(postbox, cast.ben) == ["You get this because you may read this piece."]
    assert "Night shift" not in "".join(parts(postbox.letters[0]).values())


def test_the_page_and_the_mail_give_the_same_reason(cast: Cast, postbox: Postbox) -> None:
    mei = make.person("Mei", cast.bank, language="zh-hant")
    group = make.group("Night shift", cast.ben, mei)
    tell(for_all_three(cast, Tlp.GREEN, group), cast.ben, mei)
    send()
    said = reasons(postbox, cast.ben, mei)
    assert said == ["Why you get this: through your group Night shift.", "收到原因：經你的群組「Night shift」。"]
    for person, words in zip((cast.ben, mei), said, strict=True):
        page = html.unescape(sign_in(Client(), person).get("/member/notices/").text)
        assert re.split("[:：]", words)[1].strip(" .。") in page


@pytest.mark.parametrize(
    ("tlp", "line", "said"),
    [
        (Tlp.GREEN, LINE, "through your group Night shift"),
        (Tlp.AMBER, "", "through your group Night shift"),
        (Tlp.AMBER, LINE, "through one of your groups"),
        (Tlp.RED, "", ""),
    ],
)
def test_the_mail_of_a_day_gives_the_reason_of_each_piece(
    cast: Cast, postbox: Postbox, tlp: Tlp, line: str, said: str
) -> None:
    group = make.group("Night shift", cast.ben, listed=False)
    choose_pace(cast.as_(cast.ben), pace=Pace.DIGEST, digest_hour=18, quiet=None, groups={})
    tell(for_all_three(cast, tlp, group, line=line), cast.ben, cast.cara)
    Digest.objects.update(due_at=now() - timedelta(seconds=1))
    send_digests(write_digest)
    (letter,) = postbox.to(cast.ben.email)
    for part in (parts(letter)["plain"], parts(letter)["html"]):
        assert re.findall(r"through [^\r\n<]+", part) == ([said] if said else [])
        assert ("Night shift" in part) == (said.endswith("shift") or (tlp is Tlp.AMBER and not line))


def test_a_batch_asks_no_more_often_where_its_groups_are_named(cast: Cast, postbox: Postbox) -> None:
    people = [make.person(f"P{number}", cast.bank) for number in range(12)]
    secret = make.group("Night shift", *people, listed=False)

    def cost(*groups: Group) -> int:
        label = make.label(Tlp.GREEN, Clause(organisations=frozenset({cast.bank.pk})))
        tell(make.entry(label, groups=list(groups)), *people)
        with CaptureQueriesContext(connection) as queries:
            assert send() == len(people)
        return len(queries)

    cost()
    assert cost(secret) == cost() == cost(secret, make.group("Harbour"))


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
    markup = parts(letter)["html"]
    assert [bad for bad in ("<script", "<img", "<b>bold") if bad in markup] == []
    assert "&lt;b&gt;bold" in markup
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
    markup = parts(letter)["html"]
    assert '<html lang="zh-Hant-HK">' in markup
    assert '<div lang="en">' in markup
