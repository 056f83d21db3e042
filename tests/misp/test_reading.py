"""What a pulling MISP asks of a server, question by question."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast as as_type

import pytest
from pytest_django import DjangoAssertNumQueries

from infohub.intel.actions import ensure_collections, retract
from infohub.intel.models import Collection
from infohub.misp import reading
from infohub.standards.stix21.render import render_report
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import indicator, placed
from tests.misp.machine import Answer, Machine, Row, machine
from tests.misp.test_feed import GREEN_PIECE, UUID, marked, report

pytestmark = pytest.mark.django_db

VALUES = ["198.51.100.3", "treasury.example", GREEN_PIECE.external_url]


@pytest.fixture
def piece(bank: Machine) -> Machine:
    """The bank's machine, and a piece."""
    placed("IH-1", *render_report(GREEN_PIECE))
    return bank


def events(answer: Answer) -> list[Row]:
    assert answer.status == 200, answer.content
    return [as_type(Row, row["Event"]) for row in as_type(list[Row], answer.json["response"])]


def attributes(answer: Answer) -> list[Row]:
    assert answer.status == 200, answer.content
    return as_type(list[Row], as_type(Row, answer.json["response"])["Attribute"])


def test_a_server_says_what_it_is_and_that_it_takes_nothing_in(bank: Machine) -> None:
    told = bank.ask("servers/getVersion").json
    assert told["version"] == bank.ask("servers/getPyMISPVersion.json").json["version"]
    assert (told["perm_sync"], told["request_encoding"]) == (False, [])
    me = bank.ask("users/view/me").json
    assert me == bank.ask("users/view/me.json").json
    assert me["Role"]["perm_add"] is False  # type: ignore[index]
    types = as_type(Row, bank.ask("attributes/describeTypes.json").json["result"])
    assert "ip-dst" in as_type(Row, types["category_type_mappings"])["Network activity"]  # type: ignore[operator]
    for path in ("users/view/1", "events/add", "events/view/1", "users/index", "attributes/add", "servers/index"):
        assert bank.ask(path).status == bank.ask(path, "POST", {}).status == 404
    for path in ("servers/getVersion", "users/view/me", "tags/index", "attributes/describeTypes"):
        assert bank.ask(path, "POST", {}).status == 405
    assert bank.ask("events/restSearch").headers["Allow"] == "POST"
    assert bank.ask(f"events/view/{UUID}", "DELETE").status == 405


def test_every_address_asks_for_a_token_with_the_scope(cast: Cast, bank: Machine) -> None:
    wrong = Machine(pieces.token(cast.bank, scopes=("taxii", "read"))[1])
    for path in ("servers/getVersion", "users/view/me", "events/index", "events/restSearch", "tags/index", "x"):
        for method in ("GET", "POST", "PUT"):
            assert Machine("no").ask(path, method).status == 401
            assert wrong.ask(path, method).status == 403


def test_too_many_requests_are_told_when_to_come_back(bank: Machine, cast: Cast, settings: object) -> None:
    settings.EXCHANGE_PER_MINUTE = 2  # type: ignore[attr-defined]
    left = [bank.ask(path).headers["RateLimit-Remaining"] for path in ("users/view/me", "tags/index")]
    assert left == ["1", "0"]
    refused = bank.feed("manifest.json")
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert machine(cast).ask("users/view/me").status == 200


def test_a_pulling_server_lists_and_then_takes_each_event(piece: Machine) -> None:
    placed("org-1", indicator())
    listed = piece.ask("events/index", "POST", {"minimal": 1, "published": 1})
    assert listed.rows[0]["uuid"] == UUID
    assert (len(listed.rows), listed.headers["X-Result-Count"]) == (2, "2")
    assert listed.rows[0]["orgc_uuid"] == str(GREEN_PIECE.author.uuid)
    same = piece.ask("events/index", "POST", {"minimal": 1, "published": 1}, etag=listed.headers["ETag"])
    assert same.status == 304
    ways = "/deleted[]:0/deleted[]:1/excludeGalaxy:1/includeEventCorrelations:0/excludeLocalTags:1/includeAttachments:0"
    for row in listed.rows:
        event = piece.ask(f"events/view/{row['uuid']}{ways}").event
        assert event["timestamp"] == row["timestamp"]
        assert piece.ask(f"events/view/{row['uuid']}", "HEAD").status == 200
    assert piece.ask(f"events/view/{UUID.upper()}.json").event["uuid"] == UUID
    bare = piece.ask(f"events/view/{UUID}/noEventReports:1/noSightings:1").event
    assert "EventReport" not in bare
    assert piece.ask(f"events/view/{UUID}/delted:1").status == 400
    assert piece.ask(f"events/view/{UUID}", "POST", {"extended": 1}).status == 400


def test_what_the_token_does_not_read_is_not_there(bank: Machine, cast: Cast) -> None:
    group = make.group("Banking", cast.cara)
    ensure_collections()
    placed("IH-1", *render_report(replace(GREEN_PIECE, tlp=Tlp.AMBER)), tlp=Tlp.AMBER)
    low = machine(cast, Tlp.GREEN)
    assert group.collection is not None
    for path in (f"events/view/{UUID}", "events/view/8b8c2f3e-6f0e-4b62-9d2a-8f4f5a1f0c12", "nowhere"):
        answer = low.ask(path)
        assert (answer.status, answer.json["message"]) == (404, low.ask("x").json["message"])
        assert low.ask(path, "HEAD").status == 404
    for body in ({}, {"uuid": UUID}, {"value": VALUES[0]}, {"tags": "tlp:amber"}, {"deleted": [0, 1]}):
        assert events(low.ask("events/restSearch", "POST", body)) == []
        assert attributes(low.ask("attributes/restSearch", "POST", body)) == []
        assert len(events(bank.ask("events/restSearch", "POST", body))) == 1
    assert low.ask("events/index", "POST", {}).rows == []
    assert low.ask("events/index", "POST", {}).headers["X-Result-Count"] == "0"
    assert low.ask("tags/index").json == {"Tag": []}


def test_an_object_that_is_in_several_collections_is_in_one_event(bank: Machine, cast: Cast) -> None:
    mild, strict = marked(indicator("mild"), Tlp.GREEN), marked(indicator("strict"), Tlp.AMBER)
    placed("IH-1", *render_report(GREEN_PIECE))
    placed("IH-2", mild, marked(report(mild, strict), Tlp.GREEN))
    placed("IH-3", strict, tlp=Tlp.AMBER)
    filled = Collection.objects.filter(placements__isnull=False).distinct()
    assert {row.alias for row in filled} == {"everything", "members"}
    assert len(bank.ask("events/index", "POST", {}).rows) == 2
    assert len(machine(cast, Tlp.GREEN).ask("events/index", "POST", {}).rows) == 2
    found = attributes(bank.ask("attributes/restSearch", "POST", {"value": "198.51.100.3"}))
    assert len(found) == len({row["uuid"] for row in found}) == 3


ASKED: list[tuple[Row, list[str]]] = [
    ({}, VALUES),
    ({"value": VALUES[0]}, VALUES[:1]),
    ({"value": VALUES[:2]}, VALUES[:2]),
    ({"value": f"!{VALUES[0]}"}, VALUES[1:]),
    ({"value": {"OR": VALUES[:2], "NOT": [VALUES[0]]}}, VALUES[1:2]),
    ({"value": VALUES[0].upper(), "type": "domain"}, []),
    ({"type": "ip-dst"}, VALUES[:1]),
    ({"type": ["domain", "link"]}, VALUES[1:]),
    ({"category": "External analysis"}, VALUES[2:]),
    ({"to_ids": 1}, VALUES[:2]),
    ({"to_ids": "0"}, VALUES[2:]),
    ({"tags": ["tlp:green"]}, VALUES),
    ({"tags": ["tlp:amber"]}, []),
    ({"tags": ["!tlp:green"]}, []),
    ({"tags": {"AND": ["tlp:green", "alert"]}}, VALUES),
    ({"tags": {"AND": ["tlp:green", "advisory"]}}, []),
    ({"uuid": UUID}, VALUES),
    ({"uuid": str(GREEN_PIECE.indicators[0].uuid)}, VALUES[:1]),
    ({"eventid": [UUID]}, VALUES),
    ({"eventid": "1"}, []),
    ({"org": "Bank"}, VALUES),
    ({"org": "!Bank"}, []),
    ({"eventinfo": "treasury"}, VALUES),
    ({"eventinfo": "harbour"}, []),
    ({"published": 1}, VALUES),
    ({"published": 0}, []),
    ({"deleted": 1}, []),
    ({"deleted": [0, 1]}, VALUES),
    ({"timestamp": "2026-01-01"}, VALUES),
    ({"timestamp": "1h"}, []),
    ({"timestamp": ["2026-01-01", "2026-01-02"]}, []),
    ({"event_timestamp": 1}, VALUES),
    ({"publish_timestamp": "4000000000"}, []),
    ({"last": "1m"}, []),
    ({"from": "2026-01-05", "to": "2026-01-05"}, VALUES),
    ({"from": "2026-01-06"}, []),
    ({"to": "2026-01-04"}, []),
    ({"limit": 2}, VALUES[:2]),
    ({"limit": "2", "page": 2, "returnFormat": "json"}, VALUES[2:]),
    ({"limit": 2, "page": 3}, []),
    ({"value": None, "enforceWarninglist": 0, "includeEventUuid": 1, "metadata": 0}, VALUES),
]


@pytest.mark.parametrize(
    ("body", "wanted"), ASKED, ids=lambda given: str(given)[:60] if isinstance(given, dict) else ""
)
def test_attributes_are_found_by_what_is_asked(body: Row, wanted: list[str], piece: Machine) -> None:
    found = attributes(piece.ask("attributes/restSearch", "POST", body))
    assert [row["value"] for row in found] == wanted
    assert {row["event_uuid"] for row in found} <= {UUID}
    if "limit" not in body and not {"deleted"} & body.keys():
        assert bool(events(piece.ask("events/restSearch", "POST", body))) == bool(wanted)


WRONG: list[object] = [
    *({"valeu": "x"}, {"values": "x"}, {"": "x"}, {"quickFilter": "x"}, {"searchall": "x"}, {"object_name": "x"}),
    *({"value": ""}, {"value": []}, {"value": {}}, {"value": {"XOR": ["x"]}}, {"value": [["x"]]}, {"value": True}),
    *({"value": "%x"}, {"value": "x%"}, {"value": ["a"] * 1001}, {"value": [""]}, {"value": [None]}),
    *({"to_ids": 2}, {"to_ids": [0, 1]}, {"published": "yes"}, {"deleted": "no"}, {"deleted": []}),
    *({"timestamp": "soon"}, {"timestamp": []}, {"timestamp": ["1d", "2d", "3d"]}, {"timestamp": True}),
    *({"timestamp": "9" * 11 + "999"}, {"from": "0001-01-01T00:00+14:00"}, {"last": {"x": 1}}, {"to": "2026-13-01"}),
    *({"limit": 0}, {"limit": -1}, {"limit": 1001}, {"limit": "x"}, {"limit": 1.5}, {"limit": True}, {"limit": "١"}),
    *({"page": 2}, {"page": 0, "limit": 1}, {"returnFormat": "csv"}, {"returnFormat": "stix"}, {"eventinfo": "%"}),
    *({"publish_timestamp": 1, "last": 1}, {"enforceWarninglist": 1}, {"excludeDecayed": True}, {"minimal": 1}),
    *([], "x", 1, None, b"{", b'{"value": "a", "value": "b"}', b"\xff", b'{"limit": NaN}', b"[" * 500, b"value=x"),
]


@pytest.mark.parametrize("body", WRONG, ids=lambda body: repr(body)[:40])
def test_what_is_not_understood_is_refused_by_name_and_narrows_nothing_in_silence(body: object, piece: Machine) -> None:
    sent = body if body is not None else b"null"
    for path in ("attributes/restSearch", "events/restSearch"):
        answer = piece.ask(path, "POST", sent)
        assert answer.status == 400
        assert "198.51.100.3" not in answer.content.decode()
        if isinstance(body, dict) and len(body) == 1:
            assert next(iter(body)) in str(answer.json["message"])


def test_events_come_in_pages_whether_lists_decide_or_what_is_inside(bank: Machine) -> None:
    seen = [indicator(str(number)) for number in range(5)]
    placed("org-1", *seen, *(report(one) for one in seen))
    everything = [row["uuid"] for row in bank.ask("events/index", "POST", {}).rows]
    for asked in ({}, {"type": "ip-dst"}, {"tags": "tlp:green"}, {"timestamp": "2026-01-01"}):
        pages = [bank.ask("events/restSearch", "POST", asked | {"limit": 2, "page": page}) for page in (1, 2, 3, 4)]
        assert [[row["uuid"] for row in events(page)] for page in pages] == [
            everything[:2],
            everything[2:4],
            everything[4:],
            [],
        ]
    (lean, *_) = events(bank.ask("events/restSearch", "POST", {"metadata": 1, "limit": 1}))
    assert "Attribute" not in lean


def test_a_list_takes_what_a_pulling_server_filters_by_and_nothing_else(piece: Machine) -> None:
    for body, there in (
        ({"tag": ["tlp:green"], "org": ["Bank", "Clinic"]}, True),
        ({"tag": "tlp:amber|alert"}, True),
        ({"tag": ["!tlp:green"]}, False),
        ({"org": ["!Bank"]}, False),
        ({"org": "Clinic|!Bank"}, False),
        ({"datefrom": "2026-01-05", "dateuntil": "2026-01-05"}, True),
        ({"datefrom": "2026-01-06"}, False),
        ({"timestamp": "1d"}, False),
        ({"published": 1, "limit": 1, "page": 2}, False),
    ):
        assert bool(piece.ask("events/index", "POST", body).rows) == there, body
    for body in ({"value": "x"}, {"tag": "a", "tags": "b"}, {"email": "x"}, {"sort": "id"}, {"hasproposal": 1}):
        assert piece.ask("events/index", "POST", body).status == 400, body
    assert len(piece.ask("events/index").rows) == 1
    assert piece.ask("events/index?limit=1").status == 400
    assert piece.ask("events/restSearch?tags=x", "POST", {}).status == 400


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (415, {"content-encoding": "gzip"}, b"{}"),
        (411, {"transfer-encoding": "chunked"}, b"{}"),
        (413, {}, b" " * (reading.LONGEST_BODY + 1)),
    ],
)
def test_a_body_has_an_end_a_length_and_no_encoding(
    status: int, headers: dict[str, str], body: bytes, piece: Machine
) -> None:
    sent = headers | {"authorization": piece.secret}
    answer = piece.client.post("/misp/events/restSearch", body, content_type="application/json", headers=sent)
    assert answer.status_code == status


def test_what_was_taken_back_is_given_to_who_asks_for_it(piece: Machine) -> None:
    later = GREEN_PIECE.modified + timedelta(hours=1)
    retract("IH-1", objects=render_report(replace(GREEN_PIECE, revoked=True, modified=later)))
    assert piece.ask(f"events/view/{UUID}").attributes == []
    for way in ("GET", "POST"):
        path = f"events/view/{UUID}" + ("/deleted:1" if way == "GET" else "")
        answer = piece.ask(path, way, {"deleted": True} if way == "POST" else None)
        assert {row["value"] for row in answer.attributes} == set(VALUES)
    assert attributes(piece.ask("attributes/restSearch", "POST", {"value": VALUES[0]})) == []
    (found,) = attributes(piece.ask("attributes/restSearch", "POST", {"value": VALUES[0], "deleted": 1}))
    assert found["deleted"] is True
    (event,) = events(piece.ask("events/restSearch", "POST", {"deleted": [0, 1]}))
    assert event["EventReport"]
    assert piece.ask("events/index", "POST", {"minimal": 1}).rows[0]["uuid"] == UUID


def test_an_answer_that_would_be_too_long_is_refused_unless_paged(
    piece: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 2)
    answer = piece.ask("attributes/restSearch", "POST", {})
    assert (answer.status, "limit" in str(answer.json["message"])) == (400, True)
    assert len(attributes(piece.ask("attributes/restSearch", "POST", {"limit": 2}))) == 2
    assert len(attributes(piece.ask("attributes/restSearch", "POST", {"to_ids": 1}))) == 2


@pytest.mark.parametrize("count", [1, 30])
def test_a_question_asks_the_database_a_fixed_number_of_times(
    count: int, bank: Machine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen = [indicator(str(number)) for number in range(count)]
    placed("org-1", *seen, *(told := [report(one) for one in seen]))
    uuid = str(told[0]["id"]).partition("--")[2]
    bank.ask("events/index", "POST", {})
    for path, body, queries in (
        ("servers/getVersion", None, 1),
        ("users/view/me", None, 1),
        ("events/index", {"minimal": 1}, 4),
        (f"events/view/{uuid}", None, 5),
        ("events/restSearch", {}, 5),
        ("attributes/restSearch", {"value": "198.51.100.3"}, 5),
        ("tags/index", None, 4),
    ):
        with django_assert_num_queries(queries):
            assert bank.ask(path, "POST" if isinstance(body, dict) else "GET", body).status == 200, path
