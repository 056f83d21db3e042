"""Looking a value up covers what machines exchange: as far as one may read it, and as long as it counts."""

from __future__ import annotations

from datetime import date
from typing import cast as as_type

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from infohub.api import finding
from infohub.intel.actions import ensure_collections, remove
from infohub.intel.models import Collection, CveFacts, StixObject
from infohub.policy.viewer import token_viewer
from infohub.register.actions import suspend_organisation
from infohub.standards.tlp import Tlp
from tests.api.program import Answer, Body, Program, program
from tests.api.test_reading import piece
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.sending import WRITING, aged, agreed, sent, speaking

pytestmark = pytest.mark.django_db

VALUE = "198.51.100.3"
OF_VALUE = f"[ipv4-addr:value = '{VALUE}']"


@pytest.fixture
def shared(cast: Cast) -> Collection:
    return agreed("shared", cast.bank, cast.clinic)


def objects(answer: Body) -> list[str]:
    return [str(one["id"]) for one in as_type(list[Body], answer["objects"])]


def told(asking: Program, value: str = VALUE) -> tuple[bool, list[str]]:
    """Whether the value is known, and by which objects; the same where many are asked for."""
    one, many = asking.ask("lookup", value=value).body, asking.send("lookup", {"values": [value]}).rows[0]
    assert {**one, "around": []} == many
    return bool(one["known"]), objects(one)


def near(answer: Answer) -> list[tuple[str, str]]:
    return [(str(one["relation"]), str(one["value"])) for one in as_type(list[Body], answer.body["around"])]


def test_a_value_that_an_object_speaks_of_is_known_to_readers_of_its_collection(cast: Cast, shared: Collection) -> None:
    given = speaking(OF_VALUE, tlp=Tlp.GREEN, valid_until="2100-01-01T00:00:00Z")
    sent(shared, given, by=cast.bank)
    for written in ("198.51.100[.]3", f" {VALUE} "):
        (row,) = as_type(list[Body], program(cast.cara).ask("lookup", value=written).body["objects"])
        assert (row["id"], row["type"], row["collection"]) == (given["id"], "indicator", str(shared.uuid))
        assert (row["tlp"], row["revoked"], row["valid_until"]) == ("GREEN", False, "2100-01-01T00:00:00+00:00")
    for reader in (cast.cara, cast.clinic, cast.ann):
        assert told(program(reader)) == (True, [given["id"]])
    assert program(cast.cara).ask("search", q=VALUE).body["exact"]["known"] is True  # type: ignore[index]


def test_who_may_not_read_a_collection_learns_nothing_and_is_asked_nothing_else(cast: Cast, shared: Collection) -> None:
    sent(shared, speaking(OF_VALUE, tlp=Tlp.AMBER), by=cast.bank)
    sent(shared, speaking("[ipv4-addr:value ISSUBSET '198.51.100.0/24']", tlp=Tlp.AMBER), by=cast.bank)
    for stranger in (program(cast.eve), program(cast.vendor), program(None), program(cast.clinic, ceiling=Tlp.GREEN)):
        stranger.ask("lookup", value="example.org")  # the first request of a token reads its rights
        with CaptureQueriesContext(connection) as hidden:
            answered = stranger.ask("lookup", value=VALUE)
        with CaptureQueriesContext(connection) as absent:
            never = stranger.ask("lookup", value="203.0.113.9")
        assert answered.content.replace(VALUE.encode(), b"") == never.content.replace(b"203.0.113.9", b"")
        assert len(hidden) == len(absent)
        assert told(stranger) == (False, [])


def test_a_ceiling_shows_the_newest_version_below_it(cast: Cast, shared: Collection) -> None:
    of = pieces.uuid()
    first = pieces.indicator(of=of) | speaking(OF_VALUE, tlp=Tlp.GREEN, id=f"indicator--{of}")
    later = (
        first
        | pieces.indicator(of=of, day=2)
        | {
            "object_marking_refs": speaking(OF_VALUE, tlp=Tlp.AMBER)["object_marking_refs"],
            "pattern": "[ipv4-addr:value = '203.0.113.1']",
        }
    )
    sent(shared, first, by=cast.bank)
    sent(shared, later, by=cast.bank)
    high, low = program(cast.clinic), program(cast.clinic, ceiling=Tlp.GREEN)
    assert (told(high), told(high, "203.0.113.1")) == ((False, []), (True, [first["id"]]))
    assert (told(low), told(low, "203.0.113.1")) == ((True, [first["id"]]), (False, []))


def test_what_is_revoked_or_past_its_time_is_told_and_does_not_count(cast: Cast, shared: Collection) -> None:
    of = pieces.uuid()
    sent(shared, pieces.indicator(of=of), by=cast.bank)
    asking = program(cast.clinic)
    assert told(asking) == (True, [f"indicator--{of}"])
    sent(shared, pieces.indicator(of=of, day=2, revoked=True), by=cast.bank)
    (row,) = as_type(list[Body], asking.ask("lookup", value=VALUE).body["objects"])
    assert (row["revoked"], told(asking)) == (True, (False, [f"indicator--{of}"]))
    ended = speaking("[domain-name:value = 'old.example']", valid_until="2026-02-01T00:00:00Z")
    sent(shared, ended, by=cast.bank)
    assert told(asking, "old.example") == (False, [ended["id"]])


def test_an_object_without_an_end_counts_as_long_as_its_kind_of_value_does(cast: Cast, shared: Collection) -> None:
    sent(shared, speaking(OF_VALUE), speaking("[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']"), by=cast.bank)
    asking = program(cast.clinic)
    aged(59)
    assert told(asking)[0]
    aged(2)
    (row,) = as_type(list[Body], asking.ask("lookup", value=VALUE).body["objects"])
    assert (told(asking)[0], row["valid_until"] is None) == (False, False)
    assert told(asking, "d41d8cd98f00b204e9800998ecf8427e")[0]
    sent(shared, speaking(OF_VALUE), by=cast.clinic)
    assert told(asking)[0]


def test_one_object_of_two_sources_is_told_once_and_outlasts_one_of_them(cast: Cast, shared: Collection) -> None:
    given = speaking(OF_VALUE)
    for organisation in (cast.bank, cast.clinic):
        sent(shared, given, by=organisation)
    asking = program(cast.ann)
    assert told(asking) == (True, [given["id"]])
    for organisation, left in ((cast.bank, [given["id"]]), (cast.clinic, [])):
        row, _secret = pieces.token(organisation, scopes=WRITING, ceiling=Tlp.AMBER)
        remove(token_viewer(row), collection=shared, stix_id=str(given["id"]), versions=("all",))
        assert told(asking) == (bool(left), left)


def test_a_piece_is_told_as_a_piece_and_not_again_as_its_objects(cast: Cast, shared: Collection) -> None:
    ref = piece(cast, Tlp.GREEN).ref
    body = program(cast.cara).ask("lookup", value="198.51.100.7").body
    assert [one["ref"] for one in as_type(list[Body], body["items"])] == [ref]
    assert (body["known"], body["objects"]) == (True, [])


def test_a_suspended_organisation_asks_nothing_and_what_it_added_stays(cast: Cast, shared: Collection) -> None:
    sent(shared, speaking(OF_VALUE), by=cast.bank)
    asking = program(cast.bank)
    assert told(asking)[0]
    suspend_organisation(cast.as_(cast.opal), organisation=cast.bank, reason="a breach")
    assert asking.ask("lookup", value=VALUE).status == 401
    assert told(program(cast.clinic))[0]


def test_a_peer_finds_what_lies_in_the_collections_agreed_with_it(cast: Cast, shared: Collection) -> None:
    row, secret = pieces.token(None, scopes=("read",), ceiling=Tlp.GREEN)
    green, amber = speaking(OF_VALUE, tlp=Tlp.GREEN), speaking("[domain-name:value = 'a.example']", tlp=Tlp.AMBER)
    sent(shared, green, amber, by=cast.bank)
    peer = Program(secret)
    assert told(peer) == (False, [])
    shared.peers.add(row)
    assert (told(peer), told(peer, "a.example")) == ((True, [green["id"]]), (False, []))


def test_around_an_address_are_the_networks_that_hold_it_the_smallest_first(cast: Cast, shared: Collection) -> None:
    networks = ("198.51.0.0/16", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
    for network in networks:
        kind = "ipv6" if ":" in network else "ipv4"
        sent(shared, speaking(f"[{kind}-addr:value ISSUBSET '{network}']"), by=cast.bank)
    asking = program(cast.clinic)
    smallest_first = [("network", "198.51.100.0/24"), ("network", "198.51.0.0/16")]
    assert near(asking.ask("lookup", value=VALUE)) == smallest_first
    assert near(asking.ask("lookup", value="2001:db8::1")) == [("network", "2001:db8::/32")]
    assert told(asking) == (False, [])
    assert (told(asking, "198.51.100.0/24")[0], told(asking, "198.51.100.0/25")[0]) == (True, False)
    assert near(program(cast.vendor).ask("lookup", value=VALUE)) == []


def test_around_a_name_are_those_above_and_below_it_and_no_other(cast: Cast, shared: Collection) -> None:
    names = ("example.org", "a.b.example.org", "c.b.example.org", "xb.example.org", "b.example.orga", "b-x.example.org")
    for name in names:
        sent(shared, speaking(f"[domain-name:value = '{name}']"), by=cast.bank)
    sent(shared, speaking("[url:value = 'https://d.b.example.org/x']"), by=cast.bank)
    asking = program(cast.clinic)
    below = [("subdomain", "a.b.example.org"), ("subdomain", "c.b.example.org")]
    assert near(asking.ask("lookup", value="b.example.org")) == [("parent", "example.org"), *below]
    assert near(asking.ask("lookup", value="org.example")) == []
    aged(200)
    assert near(asking.ask("lookup", value="b.example.org")) == []


def test_what_lies_around_is_bounded(cast: Cast, shared: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "AROUND", 2)
    monkeypatch.setattr(finding, "MENTIONS", 2)
    sent(shared, *(speaking(f"[domain-name:value = '{one}.example.org']") for one in "abcd"), by=cast.bank)
    sent(shared, *(speaking(OF_VALUE) for _ in range(4)), by=cast.bank)
    asking = program(cast.clinic)
    assert len(near(asking.ask("lookup", value="example.org"))) == 2
    assert len(objects(asking.ask("lookup", value=VALUE).body)) == 2


@pytest.mark.parametrize(
    "value",
    ["%", "_", "'", "\\", "a" * 1200, "198.51.100.0/33", "x.%.example", "{1,2}", '"', "$1", "勒索.example", "\ud7ff"],
)
def test_a_hostile_value_is_just_not_known(value: str, cast: Cast, shared: Collection) -> None:
    sent(shared, speaking(OF_VALUE), by=cast.bank)
    assert told(program(cast.clinic), value) == (False, [])


def test_as_many_queries_for_ten_thousand_values_as_for_one(cast: Cast, shared: Collection) -> None:
    given = [speaking(f"[ipv4-addr:value = '203.0.113.{number}']") for number in range(50)]
    sent(shared, *given, by=cast.bank)
    asking = program(cast.clinic)
    asking.ask("lookup", value="example.org")
    counts, rows = [], []
    for values in ([VALUE], [f"203.0.113.{number % 100}" for number in range(10_000)]):
        with CaptureQueriesContext(connection) as asked:
            rows = asking.send("lookup", {"values": values}).rows
        counts.append(len(asked))
    assert sum(bool(row["known"]) for row in rows) == 5000
    assert counts[0] == counts[1]


def test_what_a_piece_had_first_is_found_by_who_reads_it_in_a_collection_alone(cast: Cast, shared: Collection) -> None:
    ensure_collections()
    given = speaking(OF_VALUE)
    pieces.placed("IH-AAAAAA", given)
    assert StixObject.objects.count() == 1
    assert told(program(cast.clinic)) == (False, [])
    for _again in range(2):
        sent(shared, given, by=cast.bank)
    assert told(program(cast.clinic)) == (True, [given["id"]])
    assert told(program(cast.eve)) == (False, [])


def test_of_a_cve_number_public_catalogues_are_told_and_of_others_nothing(cast: Cast, shared: Collection) -> None:
    CveFacts.objects.create(cve="CVE-2026-0009", exploited_since=date(2026, 3, 1), by_ransomware=True, epss=0.5)
    asking = program(cast.clinic)
    known, unknown, address = asking.send("lookup", {"values": ["cve-2026-0009", "CVE-2026-0010", VALUE]}).rows
    assert known["cve"] == {
        "exploited_since": "2026-03-01",
        "due": None,
        "by_ransomware": True,
        "epss": 0.5,
        "percentile": None,
        "cvss": None,
        "cvss_vector": "",
    }
    assert (unknown["cve"], address["cve"], known["known"]) == (None, None, False)
    assert asking.ask("lookup", value="CVE-2026-0009").body["cve"] == known["cve"]
