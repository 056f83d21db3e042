"""Promises about the relations of a piece: what it shares with pieces one may read, drawn and as tables alike."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.analysis.document import Document
from infohub.assist import tasks
from infohub.assist.models import Assertion, Reading, State
from infohub.assist.relations import keep_marks, marks_of
from infohub.catalogue.models import Entry
from infohub.sharing.actions import retract_indicator, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.models import Indicator, Item
from infohub.sharing.ties import ties_of
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

LOADER = """The loader Emotet reached three clinics through a fake invoice on Monday. It asks 198.51.100.9 for
commands every hour. Block the address and look for the scheduled task InvoiceSync."""
HOTELS = "Two hotels saw another mail on Tuesday. Their proxies have 198.51.100.9 too, and CVE-2024-3400 was used."
ELSE = "A power cut stopped the lifts of the exchange tower for an hour; nobody was hurt and nothing was stolen."


def share(
    cast: Cast, title: str, body: str, *, to: int | None = None, tlp: Tlp = Tlp.GREEN, said: tuple[str, ...] = ()
) -> Item:
    """Ann shares with the clinic, or with another organisation; the piece is read, and this is said of it."""
    choice = Choice(organisations=[to or cast.clinic.pk], colleagues=to is None)
    item = shared(cast.as_(cast.ann), choice, text(title, body=body, tlp=tlp))
    entry = entry_of(item)
    reading = Reading.objects.get(entry=entry)
    keep_marks(reading, marks_of(Document(f"{entry.title}\n{entry.text}")))
    Reading.objects.filter(pk=reading.pk).update(read_at=now(), due_at=None)
    for one in said:
        subject, value, state = one.split(":")
        Assertion.objects.create(
            entry=entry, subject=subject, value=value, name=value, start=0, end=1, confidence=0.9, state=State[state]
        )
    return item


def entry_of(item: Item) -> Entry:
    return Entry.objects.as_system("the test knows all").get(ref=item.ref)


def words(answer: HttpResponseBase) -> str:
    assert answer.status_code == 200
    content: bytes = answer.getvalue()
    return unescape(content.decode())


def drawn(page: str) -> list[str]:
    """What stands in the boxes of the picture, in full."""
    return re.findall(r"<title>([^<]+)</title></text>", page)


def test_a_piece_is_tied_by_names_techniques_indicators_and_what_its_text_repeats(client: Client, cast: Cast) -> None:
    first = share(cast, "Loader", LOADER, said=("malware:Emotet:CONFIRMED", "technique:T1566:SUGGESTED"))
    second = share(cast, "Hotels", HOTELS, said=("technique:T1566:CONFIRMED",), tlp=Tlp.AMBER)
    copy = share(cast, "Forwarded", f"Dear all, {LOADER}", said=("malware:Emotet:SUGGESTED",))
    share(cast, "Power cut", ELSE)
    page = words(sign_in(client, cast.cara).get(f"/items/{first.ref}/relations"))
    boxes = drawn(page)
    assert boxes[0] == "Loader"
    assert set(boxes[1:]) >= {"Says the same", "✓ Indicator: 198.51.100.9", "Technique: T1566", "Hotels", "Forwarded"}
    assert "✓ Malware: Emotet" in boxes
    assert "Power cut" not in page
    assert "TLP:AMBER" in page
    for url in (
        f"/items/{second.ref}",
        f"/items/{copy.ref}",
        "/member/feed/?technique=T1566",
        "/member/search/?q=Emotet",
    ):
        assert page.count(f'href="{url}"') >= 2, "in the picture and in the tables"
    assert f"/items/{first.ref}/relations" in words(client.get(f"/items/{first.ref}"))


def test_the_tables_say_what_the_picture_says(client: Client, cast: Cast) -> None:
    first = share(cast, "Loader", LOADER, said=("malware:Emotet:CONFIRMED",))
    for number in range(12):
        share(cast, f"Again {number}", f"{ELSE} Number {number}: 198.51.100.9.", said=("malware:Emotet:SUGGESTED",))
    page = words(sign_in(client, cast.cara).get(f"/items/{first.ref}/relations"))
    tables = page.partition("</svg>")[2]
    for box in drawn(page)[1:]:
        name = box.removeprefix("✓ ").partition(": ")[2] or box
        assert name in tables, box
    ties = ties_of(cast.as_(cast.cara), first, entry_of(first))
    assert page.count("<path d=") == len(ties.ties) + sum(len(one.pieces) for one in ties.ties)
    assert len(ties.pieces) == 10
    assert ties.more_pieces == 2
    assert "And 2 more, less close than these." in page
    assert len(drawn(page)) == 1 + len(ties.ties) + 10 <= 30


def test_what_the_reader_may_not_read_ties_nothing_and_counts_nowhere(client: Client, cast: Cast) -> None:
    elsewhere = cast.eve.memberships.get().organisation_id
    first = share(cast, "Loader", LOADER, said=("malware:Emotet:CONFIRMED",))
    reader = sign_in(client, cast.cara)
    before = words(reader.get(f"/items/{first.ref}/relations"))
    secret = share(cast, "Secret wave", LOADER, to=elsewhere, said=("malware:Emotet:CONFIRMED",))
    after = words(reader.get(f"/items/{first.ref}/relations"))
    kept = [
        [line for line in page.splitlines() if not re.search("csrf|data-print-mark", line)] for page in (before, after)
    ]
    assert kept[0] == kept[1]
    assert "No other piece you may read has any of it." in after
    assert reader.get(f"/items/{secret.ref}/relations").status_code == 404
    assert reader.get("/items/IH-222222/relations").status_code == 404
    told = ties_of(cast.as_(cast.ann), first, entry_of(first))
    assert [one.title for one in told.pieces] == ["Secret wave"]


def test_what_was_rejected_or_retracted_ties_nothing(cast: Cast) -> None:
    first = share(cast, "Loader", LOADER, said=("malware:Emotet:REJECTED", "technique:T1566:SUGGESTED"))
    share(cast, "Other", f"{ELSE} Emotet, 198.51.100.9", said=("malware:Emotet:CONFIRMED", "technique:T1566:REJECTED"))
    rows = Indicator.objects.as_system("the test").filter(item=first, value="198.51.100.9")
    retract_indicator(cast.as_(cast.ann), item=first, indicator=rows.get(), reason="ours")
    told = ties_of(cast.as_(cast.cara), first, entry_of(first))
    assert [(one.value, one.pieces) for one in told.ties] == [("T1566", frozenset())]
    assert told.pieces == ()


def test_only_a_shared_piece_has_relations_and_only_for_its_readers(client: Client, cast: Cast) -> None:
    item = share(cast, "Loader", LOADER)
    path = f"/items/{item.ref}/relations"
    assert client.get(path)["Location"].startswith("/accounts/login/")
    assert sign_in(Client(), cast.eve).get(path).status_code == 404
    reader = sign_in(client, cast.cara)
    assert "Nothing that was found in it ties it" in words(reader.get(path))
    Reading.objects.filter(entry=entry_of(item)).update(read_at=None, due_at=now())
    assert "It is being read." in words(reader.get(path))
    withdraw(cast.as_(cast.ann), item=item, reason="")
    assert reader.get(path).status_code == 404
    assert sign_in(Client(), cast.ann).get(path).status_code == 404


def test_the_page_asks_as_often_with_many_pieces_as_with_few(client: Client, cast: Cast) -> None:
    reader, asked = sign_in(client, cast.cara), []
    first = share(cast, "Loader", LOADER, said=("malware:Emotet:CONFIRMED", "technique:T1566:SUGGESTED"))
    for many in (3, 20):
        for number in range(many):
            share(cast, f"Again {number}", f"{LOADER} {many} {number}", said=("malware:Emotet:SUGGESTED",))
        reader.get(f"/items/{first.ref}/relations")
        with CaptureQueriesContext(connection) as queries:
            words(reader.get(f"/items/{first.ref}/relations"))
        asked.append(len(queries))
    assert asked[0] == asked[1] < 48


def test_what_machines_read_is_tied_too(cast: Cast) -> None:
    """With the readers as they are shipped."""
    choice = Choice(organisations=[cast.clinic.pk], colleagues=True)
    first, _second = (
        shared(cast.as_(cast.ann), choice, text(title, body=body))
        for title, body in (("Loader", LOADER), ("Again", f"Emotet again, in two hotels. {HOTELS}"))
    )
    tasks.read_due()
    told = ties_of(cast.as_(cast.cara), first, entry_of(first))
    assert "Emotet" in [one.name for one in told.ties if one.pieces]
