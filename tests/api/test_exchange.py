"""Objects over the REST API: as they were given, as far as one may read, and each answered for when added."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import cast as as_type

import orjson
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection
from infohub.standards.tlp import Tlp
from tests.api.program import Answer, Body, Program, program
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import Stix, indicator
from tests.intel.sending import agreed, speaking

pytestmark = pytest.mark.django_db

SCOPES = ("read", "taxii-write")
HERE = "collections/shared/objects"


@pytest.fixture
def shared(cast: Cast) -> Collection:
    return agreed("shared", cast.bank, cast.clinic)


@pytest.fixture
def bank(cast: Cast, shared: Collection) -> Program:
    return program(cast.bank, *SCOPES)


def add(asking: Program, *objects: object) -> Answer:
    return asking.send(HERE, {"objects": objects})


def removed(asking: Program, path: str) -> int:
    headers = {"authorization": f"Bearer {asking.secret}"}
    return asking.client.delete(f"/api/v1/{path}", headers=headers).status_code


def test_what_is_added_is_answered_for_and_comes_back_as_it_was_given(bank: Program, shared: Collection) -> None:
    given = indicator() | {"x_own": {"b": [1, 2.50, None], "a": "é勒索"}, "version": "3"}
    answer = add(bank, given)
    told = answer.body
    assert (answer.status, told["taken"], told["refused"]) == (201, 1, 0)
    assert (told["collection"], [one["outcome"] for one in as_type(list[Body], told["objects"])]) == (
        str(shared.uuid),
        ["taken"],
    )
    assert bank.ask(HERE).rows == [given]
    one = bank.ask(f"{HERE}/{given['id']}")
    assert (one.body, one.headers["Content-Type"]) == (given, "application/stix+json;version=2.1")
    assert bank.ask(f"collections/{shared.uuid}/objects").rows == [given]
    assert add(bank, given).body["taken"] == 1


def test_an_envelope_is_taken_in_part_and_the_answer_says_which(bank: Program) -> None:
    good, bad = indicator(), indicator() | {"pattern": "[ipv4-addr:value = ]"}
    answer = add(bank, bad, good)
    lines = as_type(list[Body], answer.body["objects"])
    assert (answer.status, [(one["id"], one["outcome"]) for one in lines]) == (
        201,
        [(good["id"], "taken"), (bad["id"], "refused")],
    )
    assert "a value is needed here" in str(lines[1]["message"])
    assert [one["id"] for one in bank.ask(HERE).rows] == [good["id"]]


def test_what_is_refused_altogether_is_a_problem_that_names_each_object(bank: Program, cast: Cast) -> None:
    answer = add(bank, speaking("[a:b = 'c']", tlp=Tlp.AMBER_STRICT), indicator() | {"valid_from": "yesterday"})
    assert (answer.status, set(answer.wrong)) == (422, {"objects[0]", "objects[1]"})
    report = str(answer.body["detail"]).partition("/api/v1/")[2].removesuffix(".")
    assert bank.ask(report).body["refused"] == 2
    assert bank.ask(HERE).rows == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"objects": [], "objects": []}', 400),
        (b'{"objects": []}', 422),
        (b'{"objects": {}}', 422),
        (b"[]", 422),
        (b'{"objects": ["text"]}', 422),
        (b'{"objects": [{"id": 7, "type": "indicator"}]}', 422),
        (b'{"objects": [{"id": "x", "type": "y"}], "more": false}', 422),
        (b'{"objects": [{"id": "\\u0000", "type": "\\u0000"}]}', 422),
        (b'{"objects": [{"id": "x", "type": "y", "object_marking_refs": ["\\u0000"], "modified": "\\u0000"}]}', 422),
        (b'{"objects": [' + b'{"id": "x", "type": "y"},' * 10_000 + b'{"id": "x", "type": "y"}]}', 422),
        (b'{"a":' * 70 + b"1" + b"}" * 70, 400),
    ],
)
def test_a_body_that_is_no_envelope_is_refused(body: bytes, status: int, bank: Program) -> None:
    assert bank.send(HERE, body).status == status
    assert bank.ask(HERE).rows == []


def test_a_body_that_is_too_large_is_refused(bank: Program) -> None:
    refused = bank.send(HERE, b" " * (17 * 1024 * 1024)).status
    assert refused == 413


def test_another_media_type_is_refused_and_a_bundle_taken(bank: Program) -> None:
    headers = {"authorization": f"Bearer {bank.secret}"}
    bundle = {"type": "bundle", "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", "objects": [indicator()]}
    there = f"/api/v1/{HERE}"
    for kind, status in (("text/plain", 415), ("application/stix+json;version=2.1", 201), ("application/json", 201)):
        assert bank.client.post(there, orjson.dumps(bundle), content_type=kind, headers=headers).status_code == status


def test_who_may_neither_read_nor_write_meets_nothing(bank: Program, cast: Cast, shared: Collection) -> None:
    given = indicator()
    add(bank, given)
    for stranger in (program(cast.vendor, *SCOPES), program(cast.eve, *SCOPES), program(None)):
        for path in ("", "/objects", f"/objects/{given['id']}"):
            hidden, absent = stranger.ask(f"collections/shared{path}"), stranger.ask(f"collections/nothing{path}")
            assert (hidden.status, hidden.content) == (404, absent.content)
        status = 404 if "taxii-write" in str(stranger.ask("me").body["scopes"]) else 403
        assert removed(stranger, "collections/nothing/objects/x") == 404
        assert (add(stranger, indicator()).status, removed(stranger, f"{HERE}/{given['id']}")) == (status, 404)
        assert "shared" not in {row["alias"] for row in stranger.ask("collections").rows}
    assert [one["id"] for one in bank.ask(HERE).rows] == [given["id"]]


def test_each_way_needs_its_scope_and_its_right(bank: Program, cast: Cast, shared: Collection) -> None:
    given = indicator()
    add(bank, given)
    there = f"{HERE}/{given['id']}"
    plain = program(cast.bank, "read")
    assert (plain.ask(HERE).status, add(plain, indicator()).status, removed(plain, there)) == (200, 403, 403)
    blind = program(cast.bank, "taxii-write")
    assert (blind.ask(HERE).status, add(blind, indicator()).status, removed(blind, there)) == (403, 201, 403)
    Collection.objects.filter(pk=shared.pk).update(writers=None)
    reading = program(cast.bank, *SCOPES)
    told = reading.ask("collections/shared").body
    assert (told["can_read"], told["can_write"], told["ceiling"]) == (True, False, "AMBER")
    assert (add(reading, indicator()).status, removed(reading, there)) == (403, 403)
    audience = shared.audience
    Collection.objects.filter(pk=shared.pk).update(writers=audience, audience=None)
    writing = program(cast.bank, *SCOPES)
    assert (writing.ask(HERE).status, writing.ask(there).status, add(writing, indicator()).status) == (403, 403, 201)
    assert writing.ask("collections/shared").body["last_added"] is None


def test_only_who_added_an_object_takes_it_away(bank: Program, cast: Cast) -> None:
    of = pieces.uuid()
    first, second = indicator(of=of), indicator(of=of, day=2)
    add(bank, first, second)
    there = f"{HERE}/{first['id']}"
    clinic = program(cast.clinic, *SCOPES)
    assert (removed(clinic, there), removed(bank, f"{HERE}/indicator--{pieces.uuid()}")) == (403, 404)
    assert removed(bank, f"{there}?version={second['modified']}") == 204
    assert bank.ask(there).body == first
    assert (removed(bank, there), bank.ask(there).status, removed(bank, there)) == (204, 404, 404)


def test_objects_come_page_by_page_each_once_whatever_is_added_meanwhile(bank: Program) -> None:
    given = [indicator() for _ in range(7)]
    add(bank, *given)
    first = bank.ask(HERE, limit=3)
    later = indicator()
    add(bank, later)
    rest = bank.pages(str(first.body["next"]).partition("/api/v1/")[2])
    met = [row["id"] for page in (first, *rest) for row in page.rows]
    assert met == [one["id"] for one in (*given, later)]
    last = str(rest[-1].body["last_added"])
    assert datetime.fromisoformat(last) == Collection.objects.get().last_added
    assert bank.ask(HERE, since=last).body == {"items": [], "next": None, "last_added": None}
    cursor = str(first.body["next"]).partition("cursor=")[2]
    assert set(bank.ask(HERE, limit=4, cursor=cursor).wrong) == {"query.cursor"}


def test_a_list_is_narrowed_by_type_and_version(bank: Program) -> None:
    of = pieces.uuid()
    first, second, other = indicator(of=of), indicator(of=of, day=2), pieces.address()
    add(bank, first, second, other)

    def found(**query: str) -> list[Stix]:
        return bank.ask(HERE, **query).rows

    assert found() == [second, other]
    assert found(type="indicator") == [second]
    assert (found(version="all"), found(version="first")) == ([first, second, other], [first, other])
    assert found(version=str(first["modified"])) == [first]
    assert bank.ask(f"{HERE}/{first['id']}", version="first").body == first
    for query in ({"version": "newest"}, {"version": "2026-13-01T00:00:00Z"}, {"type": "'"}, {"limit": "0"}):
        assert bank.ask(HERE, **query).status == 422, query
    assert bank.ask(f"{HERE}/{first['id']}", version="all").status == 422


def test_a_ceiling_holds_for_lists_and_for_one_object(bank: Program, cast: Cast) -> None:
    green, amber = (speaking("[a:b = 'c']", tlp=tlp) for tlp in (Tlp.GREEN, Tlp.AMBER))
    add(bank, green, amber)
    low = program(cast.clinic, ceiling=Tlp.GREEN)
    assert low.ask(HERE).rows == [green]
    assert (low.ask(f"{HERE}/{green['id']}").status, low.ask(f"{HERE}/{amber['id']}").status) == (200, 404)
    assert program(cast.clinic).ask(HERE).rows == [green, amber]


def test_the_report_is_for_the_token_that_sent_and_harmless_in_a_spreadsheet(bank: Program, cast: Cast) -> None:
    bad = {"id": "=cmd|'/c calc'!A1", "type": "indicator"}
    said = add(bank, indicator(), bad).body
    path = f"submissions/{said['id']}"
    assert bank.ask(path).body == said
    table = bank.ask(f"{path}/losses.csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [(row["id"][:5], row["outcome"]) for row in rows][1] == ("'=cmd", "refused")
    colleague, stranger = program(cast.bank, *SCOPES), program(cast.clinic, *SCOPES)
    for asking in (colleague, stranger):
        for ending in ("", "/losses.csv"):
            hidden, absent = asking.ask(path + ending), asking.ask(f"submissions/{pieces.uuid()}{ending}")
            assert (hidden.status, hidden.content) == (404, absent.content)


@pytest.mark.parametrize("name", ["'", "..", "%2e%2e", "a" * 81, "勒索"])
def test_a_hostile_name_is_not_there(name: str, bank: Program) -> None:
    for path in (f"collections/{name}", f"collections/{name}/objects", f"{HERE}/{name}"):
        assert bank.ask(path).status in {404, 422}
    assert removed(bank, f"{HERE}/{name}") in {404, 422}
    assert bank.ask(f"{HERE}/%00").status == 400


def test_everything_one_may_read_is_there_for_an_organisation_and_not_for_a_peer(cast: Cast) -> None:
    ensure_collections()
    made = indicator()
    pieces.placed("IH-AAAAAA", made, tlp=Tlp.GREEN)
    assert program(cast.clinic).ask("collections/everything/objects").rows == [made]
    assert program(cast.ann).ask("collections/everything/objects").rows == [made]
    assert program(None).ask("collections/everything/objects").status == 404
    assert program(None).ask("collections/members/objects").rows == [made]


def test_a_page_asks_the_database_as_often_for_two_objects_as_for_two_hundred(bank: Program, cast: Cast) -> None:
    counts = []
    for number in (2, 198):
        add(bank, *(indicator() for _ in range(number)))
        bank.ask(HERE)
        with CaptureQueriesContext(connection) as asked:
            assert len(bank.ask(HERE, limit=200).rows) >= number
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_more_requests_than_allowed_are_refused(bank: Program, cast: Cast, settings: object) -> None:
    cache.clear()  # other tests had tokens of the same number
    settings.API_PER_MINUTE = 2  # type: ignore[attr-defined]
    statuses = [bank.ask(HERE).status for _ in range(3)]
    assert (statuses, int(bank.ask(HERE).headers["RateLimit-Limit"])) == ([200, 200, 429], 2)


def test_a_machine_says_that_what_it_added_is_a_false_positive_and_takes_that_back(bank: Program, cast: Cast) -> None:
    given = indicator()
    add(bank, given)
    there, clinic = f"{HERE}/{given['id']}/false-positive", program(cast.clinic, *SCOPES)

    def put(asking: Program, path: str, body: object) -> int:
        headers = {"authorization": f"Bearer {asking.secret}"}
        answer = asking.client.put(f"/api/v1/{path}", body, content_type="application/json", headers=headers)
        return answer.status_code

    def known() -> tuple[object, object]:
        told = clinic.ask("lookup", value="198.51.100.3").body
        return told["known"], told["objects"][0]["false_positive"]  # type: ignore[index]

    assert (put(clinic, there, {}), put(program(cast.vendor, *SCOPES), there, {})) == (403, 404)
    assert put(bank, there, {"reason": "x" * 301}) == put(bank, there, {"why": ""}) == 422
    assert put(bank, f"{HERE}/indicator--{pieces.uuid()}/false-positive", {}) == 404
    assert known() == (True, False)
    assert (put(bank, there, {"reason": "our own proxy"}), known()) == (204, (False, True))
    assert bank.ask(HERE).rows == [given]
    assert (removed(clinic, there), removed(bank, there), known()) == (403, 204, (True, False))
