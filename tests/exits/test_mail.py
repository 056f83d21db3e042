"""Every mail says exactly what the table says: at once or once a day, in its subject, its text and its HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from infohub.delivery.digests import send_digests
from infohub.delivery.models import Digest, Pace
from infohub.delivery.tasks import send_due
from infohub.support.clock import now
from infohub.web.letters import write, write_digest
from tests.exits.meeting import Reader, differences, expected, names_author
from tests.exits.table import KNOW_SEALED, KNOW_UNLISTED, LOST, MEMBERS, OFFICERS, told
from tests.exits.world import UNLISTED, Piece, kept
from tests.postbox import Postbox, opened

pytestmark = pytest.mark.django_db

PEOPLE = sorted(MEMBERS | OFFICERS | LOST)


@pytest.fixture(scope="module")
def postbox() -> Iterator[Postbox]:
    with opened() as server:
        host, port = "127.0.0.1", server.server_address[1]
        backend = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST=host, EMAIL_PORT=port, EMAIL_TIMEOUT=10):
            yield server


@dataclass(frozen=True)
class Mailed:
    """All mail that people got who wished it at this pace; it waited while some left and moved."""

    reader: Reader
    pace: Pace
    letters: list[EmailMessage]

    def to(self, relation: str) -> list[dict[str, str]]:
        """The letters to one relation, in their parts."""
        address = self.reader.world.people[relation].email
        return [parts(letter) for letter in self.letters if letter["To"] == address]

    def due(self, relation: str) -> dict[str, Piece]:
        """The pieces this relation should hear of, by reference."""
        readable = self.reader.readable(relation)
        return {piece.item.ref: piece for piece in readable if told(relation, piece.audience, piece.tlp)}


@pytest.fixture(scope="module", params=[Pace.AT_ONCE, Pace.DIGEST], ids=["at once", "daily"])
def mailed(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker, postbox: Postbox
) -> Iterator[Mailed]:
    with kept(django_db_blocker, pace=request.param) as world:
        postbox.letters.clear()
        Digest.objects.update(due_at=now() - timedelta(seconds=1))
        while send_due(write) or send_digests(write_digest):
            pass
        yield Mailed(Reader(world), request.param, list(postbox.letters))


def parts(letter: EmailMessage) -> dict[str, str]:
    """Subject, text, HTML, and the other headers."""
    html, text = letter.get_body(("html",)), letter.get_body(("plain",))
    assert html is not None
    assert text is not None
    headers = "\n".join(f"{name}: {value}" for name, value in letter.items() if name not in {"Subject", "To"})
    said_there = {"subject": str(letter["Subject"]), "text": text.get_content(), "HTML": html.get_content()}
    return said_there | {"headers": headers}


@pytest.mark.parametrize("relation", PEOPLE)
def test_a_mail_says_what_the_table_says(mailed: Mailed, relation: str) -> None:
    own, due = mailed.to(relation), mailed.due(relation)
    wrong = (at_once if mailed.pace is Pace.AT_ONCE else daily)(mailed.reader, own, due)
    for letter in own:
        wrong += differences({"headers": (mailed.reader.met(letter["headers"]), {})})
        for part in letter.values():
            assert relation in KNOW_UNLISTED or not mailed.reader.betrays_group(part)
            assert relation in KNOW_SEALED or not names_author(part)
    assert wrong == []


def at_once(reader: Reader, own: list[dict[str, str]], due: dict[str, Piece]) -> list[str]:
    """One letter for each piece."""
    wrong, refs = [], []
    for letter in own:
        (ref,) = {piece.item.ref for piece in reader.world.pieces if piece.item.ref in letter["text"]}
        refs.append(ref)
        for part in ("subject", "text", "HTML"):
            wanted = expected(f"mail {part}", [due[ref]] if ref in due else [])
            wrong += differences({f"mail {part}": (reader.met(letter[part]), wanted)})
    assert sorted(refs) == sorted(due)
    return wrong


def daily(reader: Reader, own: list[dict[str, str]], due: dict[str, Piece]) -> list[str]:
    """One letter for all pieces, whose subject counts them under the strictest marking."""
    wrong = []
    for letter in own:
        for part in ("subject", "text", "HTML"):
            wanted = expected(f"digest {part}", due.values())
            wrong += differences({f"digest {part}": (reader.met(letter[part]), wanted)})
        strictest = max(piece.tlp for piece in due.values())
        words = f"{len(due)} piece{'s' if len(due) > 1 else ''} for you today"
        assert letter["subject"] == f"[{strictest.mark}] {words}"
    assert len(own) == (1 if due else 0)
    return wrong


@pytest.mark.parametrize("relation", ["seated", "house", "member"])
def test_a_mail_says_through_which_group_a_piece_came_as_far_as_the_table_lets_it(
    mailed: Mailed, relation: str
) -> None:
    """Of pieces up to GREEN that came through the group; of AMBER ones the authors' own lines say what may be said."""
    named, unnamed = set[str](), set[str]()
    for letter in mailed.to(relation):
        text = letter["text"]
        named |= set(re.findall(r"through your group ([\w ]+)", text))
        unnamed |= set(re.findall("through one of your groups", text))
        (marking,) = re.findall(r"TLP:([A-Z+]+)", letter["subject"])
        if mailed.pace is Pace.AT_ONCE and marking not in {"CLEAR", "GREEN"}:
            assert not mailed.reader.betrays_group(text)
            assert "Harbour" not in text
    sits = relation != "member"
    assert named == ({"Harbour", UNLISTED} if sits else set())
    assert unnamed == ({"through one of your groups"} if sits else set())


def test_nobody_else_gets_mail(mailed: Mailed) -> None:
    known = {person.email for person in mailed.reader.world.people.values()}
    assert mailed.letters
    assert {str(letter["To"]) for letter in mailed.letters} <= known
