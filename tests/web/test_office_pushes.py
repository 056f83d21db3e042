"""The office's pages of pushes: seen by who steers, a dry run first, a ledger to narrow, silent passwords."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.audit.models import Record
from infohub.intel.actions import ensure_collections, marking
from infohub.intel.models import Delivery, Placement, Push, PushState
from infohub.members.models import Person
from infohub.standards.tlp import Tlp
from tests.authenticator import Clock
from tests.cast import Cast, sign_in
from tests.intel import pieces
from tests.intel.peering import answer, complete, draft, peer, push, turn
from tests.intel.pieces import indicator, placed
from tests.web import entering

pytestmark = pytest.mark.django_db

LIST, NEW = "/office/pushes/", "/office/pushes/new/"
PASSWORD = "Pa55-word-of-theirs"
NOWHERE = "https://127.0.0.1/api/collections/one/"


def browser(person: Person) -> Client:
    return sign_in(Client(), person)


def filled(client: Client, **typed: object) -> dict[str, object]:
    """The form as an officer fills it in."""
    handle = re.search(r'name="handle" value="([0-9a-f-]+)"', client.get(NEW).text)
    assert handle is not None
    wish: dict[str, object] = {
        "handle": handle[1],
        "name": "Beacon",
        "url": NOWHERE,
        "ceiling": Tlp.GREEN.value,
        "minutes": 60,
        "collection": pieces.collection("members").pk,
        "password": PASSWORD,
    }
    return wish | typed


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def confirmation(text: str) -> str:
    found = re.search(r'name="confirmation" value="([^"]+)"', text)
    return found[1] if found else ""


@pytest.fixture
def opal(cast: Cast) -> Client:
    ensure_collections()
    return browser(cast.opal)


def paths(of: Push) -> Mapping[str, str]:
    here = f"{LIST}{of.uuid}/"
    return {
        LIST: "get",
        NEW: "get",
        here: "get",
        f"{here}ledger.csv": "get",
        f"{here}dry-run/": "get",
        f"{here}dry-run.csv": "get",
        f"{here}credential/": "get",
        f"{here}act/": "post",
        f"{here}remove/": "get",
    }


@pytest.mark.parametrize("who", ["ann", "mori", "vera", "audra"])
def test_for_who_does_not_steer_the_pages_are_not_there(who: str, cast: Cast) -> None:
    made = draft(NOWHERE)
    client, steering = browser(getattr(cast, who)), browser(cast.grace)
    for path, verb in paths(made).items():
        assert getattr(client, verb)(path).status_code == 404, path
        assert getattr(steering, verb)(path).status_code in {200, 302}, path
    assert client.post(f"{LIST}{made.uuid}/dry-run/").status_code == 404
    assert client.post(f"{LIST}{made.uuid}/remove/").status_code == 404
    assert LIST not in client.get("/member/").text


def test_what_was_never_there_or_was_removed_is_not_there(opal: Client) -> None:
    made, nobody = draft(NOWHERE), "00000000-0000-4000-8000-000000000000"
    Push.objects.update(state=PushState.ENDED)
    for rest in ("dry-run/", "dry-run.csv", "credential/", "remove/"):
        assert opal.get(f"{LIST}{made.uuid}/{rest}").status_code == 404
        assert opal.get(f"{LIST}{nobody}/{rest}").status_code == 404
    assert opal.get(f"{LIST}{nobody}/").status_code == 404
    assert opal.get(f"{LIST}{made.uuid}/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"url": "file:///etc/passwd"}, "no web address"),
        ({"url": "https://ann:word@peer.example/collections/a/"}, "no web address"),
        ({"url": "https://peer.example/api/"}, "no address of a TAXII collection"),
        ({"minutes": 5}, "greater than or equal to 15"),
        ({"user": "ann", "password": ""}, "A user name needs its password"),
        ({"ceiling": 2}, "Select a valid choice"),
        ({"collection": 0}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_said_beside_the_form(typed: dict[str, object], words: str, opal: Client) -> None:
    said = opal.post(NEW, filled(opal, **typed))
    assert (said.status_code, words in said.text, PASSWORD in said.text) == (422, True, False)
    assert Push.objects.count() == 0


def test_only_what_peers_may_read_is_offered(opal: Client) -> None:
    page = opal.get(NEW).text
    assert ("All members" in page, "Everything I may read" in page, "TLP:AMBER" in page) == (True, False, False)


def test_from_the_form_over_the_dry_run_to_the_ledger(opal: Client) -> None:
    assert "Nothing is sent to another programme yet" in opal.get(LIST).text
    one, two = indicator("never shown here"), indicator()
    placed("IH-AAAAAA", one, two)
    secret = indicator("canary")
    placed("IH-BBBBBB", secret, tlp=Tlp.AMBER)
    with peer(post=[lambda sent: answer(202, complete(sent, refused=[str(two["id"])], message="=no"))]) as outside:
        wish = filled(opal, url=outside.url)
        assert opal.post(NEW, wish)["Location"] == opal.post(NEW, wish)["Location"]
        made = Push.objects.get()
        here = f"{LIST}{made.uuid}/"
        dry = opal.get(f"{here}dry-run/").text
        assert "Would leave: 2" in dry
        assert "2 objects: the peer cannot tell from them how they may be handled" in dry
        assert "Counted, not named: an office gives no content. indicator 1" in plain(dry)
        assert all(str(given["id"]) in dry for given in (one, two))
        table = b"".join(opal.get(f"{here}dry-run.csv")).decode()
        assert table.splitlines()[0] == "object,type,version,level,leaves,why not,number"
        assert f"{one['id']},indicator,2026-01-01T00:00:00.000000Z,GREEN,yes,,1" in table
        assert ",indicator,,,no,above,1" in table
        opal.post(f"{here}dry-run/", {"confirmation": "made up"})
        assert (outside.envelopes, Push.objects.get().state) == ([], PushState.DRAFT)
        for _twice in range(2):
            opal.post(f"{here}dry-run/", {"confirmation": confirmation(dry)})
        turn(made)
        assert len(outside.envelopes) == 1
        marking.take_out(Placement.objects.filter(stix_id=one["id"]))
        turn(made)
    page = opal.get(here).text
    told = plain(page)
    assert ("refused: =no" in told, "the peer says it is deleted" in told) == (True, True)
    narrowed = plain(opal.get(f"{here}?state=refused").text)
    assert (str(two["id"]) in narrowed, str(one["id"]) in narrowed) == (True, False)
    assert "Nothing in the ledger is so" in opal.get(f"{here}?recall=asked").text
    ledger = b"".join(opal.get(f"{here}ledger.csv?state=refused")).decode()
    assert (len(ledger.splitlines()), "refused,,'=no," in ledger) == (2, True)
    everything = dry + table + page + ledger + opal.get(LIST).text + str(list(Record.objects.values()))
    assert not any(word in everything for word in (PASSWORD, "never shown here", "canary", str(secret["id"])))
    assert PASSWORD not in made.credential
    assert [Record.objects.filter(verb=verb).count() for verb in ("add_push", "switch_on_push")] == [1, 1]


def test_a_password_is_replaced_and_never_shown(opal: Client) -> None:
    made = push(NOWHERE)
    here = f"{LIST}{made.uuid}/credential/"
    refused = opal.post(here, {"user": "ann"})
    assert (refused.status_code, "A user name needs its password" in refused.text) == (422, True)
    assert opal.post(here, {"user": "ann", "password": PASSWORD}).status_code == 302
    made.refresh_from_db()
    assert made.authorization().startswith("Basic ")
    assert PASSWORD not in opal.get(here).text + opal.get(f"{LIST}{made.uuid}/").text + str(
        list(Record.objects.values())
    )


def test_a_dry_run_that_cannot_ask_the_peer_offers_no_switch(opal: Client) -> None:
    page = opal.get(f"{LIST}{draft(NOWHERE).uuid}/dry-run/").text
    assert ("INFOHUB_OUTBOUND_ALLOW does not name it" in page, confirmation(page)) == (True, "")
    with peer(can_write=False) as outside:
        page = opal.get(f"{LIST}{draft(outside.url).uuid}/dry-run/").text
    assert ("does not let us add" in page, confirmation(page)) == (True, "")


def test_what_fails_is_told_on_the_overview_and_among_the_jobs(opal: Client, cast: Cast) -> None:
    with peer(post=[lambda _sent: answer(401)]) as outside:
        placed("IH-AAAAAA", indicator())
        turn(push(outside.url))
    assert "The peer refuses the user name" in opal.get(LIST).text
    for client in (opal, browser(cast.grace)):
        assert "1 peer cannot be sent to" in client.get("/office/").text
    assert "cannot be sent to" not in browser(cast.vera).get("/office/").text
    assert "to collections of other programmes" in opal.get("/office/jobs/").text


def test_pausing_resuming_and_removing_can_be_pressed_twice(opal: Client) -> None:
    made = push(NOWHERE)
    here = f"{LIST}{made.uuid}/"
    for button in ("pause", "pause", "resume", "resume", "now", "now"):
        assert opal.post(f"{here}act/", {"do": button}).status_code == 302
    assert [Record.objects.filter(verb=f"{verb}_push").count() for verb in ("pause", "resume")] == [1, 1]
    assert "not recalled there any more" in opal.get(f"{here}remove/").text
    assert [opal.post(f"{here}remove/").status_code for _twice in range(2)] == [302, 404]
    assert "removed; the ledger stays" in opal.get(here).text


def test_the_pages_ask_as_often_with_many_as_with_few(opal: Client) -> None:
    counts = []
    opal.get(LIST)
    for number in (2, 20):
        placed(f"IH-{number:06d}", *[indicator() for _one in range(number)])
        with peer() as outside:
            made = push(outside.url)
            for path in (LIST, f"{LIST}{made.uuid}/", f"{LIST}{made.uuid}/dry-run/", f"{LIST}{made.uuid}/ledger.csv"):
                if path.endswith("csv"):
                    turn(made)
                with CaptureQueriesContext(connection) as seen:
                    list(opal.get(path))
                counts.append(len(seen))
    assert counts[:4] == counts[4:]
    assert Delivery.objects.count() > 20


def test_nothing_begins_or_ends_with_an_old_second_step(cast: Cast, clock: Clock) -> None:
    made, client = draft(NOWHERE), sign_in(Client(), entering.with_password(cast.opal))
    entering.let_time_pass(client)
    here = f"{LIST}{made.uuid}/"
    assert client.get(here).status_code == client.get(f"{here}dry-run/").status_code == 200
    for path in (NEW, f"{here}credential/"):
        assert client.get(path)["Location"].startswith("/accounts/2fa/reauthenticate/")
    for path in ("dry-run", "remove"):
        assert "Second step once more" in client.post(f"{here}{path}/", {"confirmation": "x"}).text
    assert Push.objects.get().state == PushState.DRAFT
