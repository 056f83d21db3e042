"""Promises about the ATT&CK view of a list: counts of what one may read, each the length of the list it leads to."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.assist.models import Assertion, Reading, State
from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.api.program import program
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

VIEW, LAYER = "/member/attack/", "/member/attack/enterprise-attack.json"
CONFIRMED, SUGGESTED, REJECTED = State.CONFIRMED, State.SUGGESTED, State.REJECTED


def say(item: Item, *said: tuple[str, State]) -> Item:
    """Let the piece be read, and these techniques be found in it."""
    entry = Entry.objects.as_system("the test says what was found").get(ref=item.ref)
    Reading.objects.filter(entry=entry).update(read_at=now())
    for number, state in said:
        Assertion.objects.create(
            entry=entry, subject="technique", value=number, name=number, start=0, end=1, confidence=0.9, state=state
        )
    return item


def share(cast: Cast, title: str, *said: tuple[str, State], tlp: Tlp = Tlp.GREEN, kind: str = "alert") -> Item:
    """Ann shares with Banking."""
    return say(shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(title, tlp=tlp, kind=kind)), *said)


def three_pieces(cast: Cast) -> list[Item]:
    """Calls and mails, of different kinds and markings."""
    return [
        share(cast, "First calls", ("T1566.004", CONFIRMED), ("T1078", REJECTED)),
        share(cast, "Second calls", ("T1566", SUGGESTED), ("T1566.004", SUGGESTED), ("T1110", SUGGESTED)),
        share(cast, "Mails", ("T1566.001", SUGGESTED), tlp=Tlp.AMBER, kind="advisory"),
    ]


def words(answer: HttpResponseBase) -> str:
    assert answer.status_code == 200
    content: bytes = answer.getvalue()
    return content.decode()


def rows(page: str) -> dict[str, tuple[int, int, int]]:
    """Pieces, confirmed and not reviewed, by technique, as the list of the page says."""
    found = {}
    for row in re.finditer(r'<tr>\s*<td lang="en" translate="no">(T\d\S*) .*?</tr>', page, re.DOTALL):
        pieces, confirmed, unreviewed = re.findall(r'data-l="[^"]*">(?:<a [^>]*>)?(\d+)', row.group())
        found[row.group(1)] = (int(pieces), int(confirmed), int(unreviewed))
    return found


def test_pieces_are_counted_once_confirmed_apart_and_what_was_rejected_not_at_all(client: Client, cast: Cast) -> None:
    three_pieces(cast)
    page = words(sign_in(client, cast.ben).get(VIEW))
    assert rows(page) == {
        "T1566": (3, 1, 2),
        "T1566.004": (2, 1, 1),
        "T1566.001": (1, 0, 1),
        "T1110": (1, 0, 1),
    }
    assert "T1078" not in page
    assert "3 of 3 pieces speak of techniques." in page
    assert re.findall(r'<th scope="col" lang="en" translate="no">([^<]+)', page) == [
        "Initial Access",
        "Credential Access",
    ]


def test_every_count_leads_to_a_list_of_that_many_pieces(client: Client, cast: Cast) -> None:
    three_pieces(cast)
    page = sign_in(client, cast.ben)
    for there in ("", "?kind=alert", "?q=calls", "?q=calls&tlp=GREEN&technique=T1566"):
        view = words(page.get(VIEW + there))
        links = dict(re.findall(r'href="(/member/(?:feed|search)/\?[^"]+)" aria-label="T[^"]*">(\d+)<', view))
        assert links, there
        for url, number in links.items():
            listed = words(page.get(url.replace("&amp;", "&")))
            assert listed.count("<h3><a") + listed.count("<h2><a") == int(number), url
            asked = parse_qs(urlsplit(url.replace("&amp;", "&")).query)
            assert len(asked.pop("technique")) == 1
            assert all(there.count(value[0]) for value in asked.values())


def test_a_list_shows_that_it_is_narrowed_to_a_technique_and_lifts_that(client: Client, cast: Cast) -> None:
    three_pieces(cast)
    page = sign_in(client, cast.ben)
    feed = words(page.get("/member/feed/?technique=t1566.004"))
    assert ("First calls" in feed, "Second calls" in feed, "Mails" in feed) == (True, True, False)
    assert "T1566.004 Phishing: Spearphishing Voice" in feed
    assert "First calls" not in words(page.get("/member/feed/?technique=T1078"))
    for unknown in ("T4711", "phishing", "T1566'%\""):
        answer = page.get("/member/search/", {"technique": unknown, "kind": "alert"})
        assert "First calls" not in words(answer)
    exported = page.get("/member/export/pieces?technique=T1566.001").content.decode()
    assert ("Mails" in exported, "First calls" in exported) == (True, False)


def test_who_may_not_read_a_piece_sees_the_same_as_if_it_were_not_there(client: Client, cast: Cast) -> None:
    stranger = sign_in(client, cast.cara)
    own = say(shared(cast.as_(cast.cara), Choice(organisations=[cast.bank.pk]), text("Own")), ("T1110", SUGGESTED))
    before = [words(stranger.get(path)) for path in (VIEW, f"{VIEW}?technique=T1566", LAYER)]
    three_pieces(cast)
    after = [words(stranger.get(path)) for path in (VIEW, f"{VIEW}?technique=T1566", LAYER)]
    assert rows(before[0]) == rows(after[0]) == {"T1110": (1, 0, 1)}
    assert ["T1566" in text for text in after] == [False, True, False], "what was asked for stands in the filter"
    kept = [
        [line for line in text.splitlines() if not re.search("csrf|Made |data-print-mark", line)]
        for text in (*before, *after)
    ]
    assert kept[:3] == kept[3:]
    assert "First calls" not in words(stranger.get("/member/feed/?technique=T1566"))
    assert own.title in words(stranger.get("/member/feed/?technique=T1110"))
    client.logout()
    for path in (VIEW, LAYER):
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_the_layer_names_its_filter_and_the_strictest_marking_and_is_recorded(client: Client, cast: Cast) -> None:
    three_pieces(cast)
    page = sign_in(client, cast.ben)
    answer = page.get(LAYER, {"q": "calls", "kind": "alert"})
    layer = orjson.loads(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="enterprise-attack-TLP-GREEN.json"'
    assert layer["versions"]["layer"] == "4.5"
    assert "Filter: Words: calls; Kind: Alert." in layer["description"]
    assert "TLP:GREEN" in layer["description"]
    assert layer["metadata"] == [{"name": "TLP", "value": "TLP:GREEN"}]
    told = {one["techniqueID"]: (one["score"], one["comment"]) for one in layer["techniques"]}
    assert told["T1566"] == (2, "1 confirmed by people, 1 not reviewed yet")
    assert "T1078" not in told
    assert "TLP:AMBER: treat the layer so." in orjson.loads(page.get(LAYER).content)["description"]
    confirmed = orjson.loads(page.get(LAYER, {"only": "confirmed"}).content)
    assert [one["techniqueID"] for one in confirmed["techniques"]] == ["T1566", "T1566.004"]
    exports = Record.objects.filter(verb="export", person=cast.ben.pk)
    assert [row.detail["form"] for row in exports] == ["navigator"] * 3
    assert page.get("/member/attack/other.json").status_code == 404


def test_other_matrices_have_their_own_layer_and_unknown_ids_count_nothing(client: Client, cast: Cast) -> None:
    share(cast, "A plant", ("T0859", SUGGESTED), ("T1574.002", CONFIRMED), ("<b>", CONFIRMED), ("T0808", SUGGESTED))
    page = sign_in(client, cast.ben)
    view = words(page.get(VIEW))
    assert rows(view).keys() == {"T1574", "T1574.001", "T0859", "T0808"}
    assert "no longer in ATT&amp;CK" in view
    assert "technique=%3Cb" not in view
    plant = orjson.loads(page.get("/member/attack/ics-attack.json").content)
    assert [one["techniqueID"] for one in plant["techniques"]] == ["T0859"]


def test_an_empty_view_says_why(client: Client, cast: Cast) -> None:
    page = sign_in(client, cast.ben)
    assert "Nothing has been shared with you yet." in words(page.get(VIEW))
    shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text("Calls"))
    assert "None of these pieces has been read yet." in words(page.get(VIEW))
    Reading.objects.update(read_at=now())
    assert "1 piece is in this list; it speaks of no technique" in words(page.get(VIEW))
    assert "No piece you may read matches these filters." in words(page.get(f"{VIEW}?kind=news"))
    for bad, name in (
        ("severity=purple", "Severity"),
        ("days=9", "Shared in the last"),
        ("technique=T4711", "Technique"),
    ):
        view = words(page.get(f"{VIEW}?{bad}"))
        assert f"not known here ({name})" in view
        assert f'href="{VIEW}">Lift the filters' in view
    assert orjson.loads(page.get(LAYER).content)["techniques"] == []


def test_lists_lead_to_the_view_with_their_filters(client: Client, cast: Cast) -> None:
    share(cast, "Calls", ("T1566", SUGGESTED))
    page = sign_in(client, cast.ben)
    assert f'href="{VIEW}?kind=alert&amp;days=7"' in words(page.get("/member/feed/?kind=alert&days=7"))
    assert f'href="{VIEW}?q=calls&amp;kind=alert"' in words(page.get("/member/search/?q=calls&kind=alert"))


def test_programs_narrow_by_a_technique_within_their_ceiling(cast: Cast) -> None:
    first, second, mails = three_pieces(cast)
    asking = program(cast.ben, ceiling=Tlp.GREEN)
    assert asking.ask("items", technique="T1566").refs == {first.ref, second.ref}
    assert program(cast.ben, ceiling=Tlp.AMBER).ask("items", technique="t1566.001").refs == {mails.ref}
    for rejected_or_unknown in ("T1078", "T4711", "%"):
        assert asking.ask("items", technique=rejected_or_unknown).refs == set()
    assert program(cast.cara).ask("items", technique="T1566").refs == set()


def test_the_view_asks_as_often_with_many_pieces_as_with_few(client: Client, cast: Cast) -> None:
    page = sign_in(client, cast.ben)
    asked = []
    for many in (2, 20):
        for number in range(many):
            share(cast, f"Calls {many} {number}", ("T1566", SUGGESTED), (f"T1{100 + number}", CONFIRMED))
        page.get(VIEW)
        with CaptureQueriesContext(connection) as queries:
            words(page.get(f"{VIEW}?q=calls&group={cast.banking.ref}&technique=T1566"))
        asked.append(len(queries))
    assert asked[0] == asked[1] < 30
