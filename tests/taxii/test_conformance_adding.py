"""TAXII 2.1, sections 4.3, 5.4 and 5.7, clause by clause: the status of an envelope, and what it does not add."""

from __future__ import annotations

import orjson
import pytest

from infohub.intel.models import Placement, Submission
from infohub.taxii.body import MAX_CONTENT_LENGTH
from tests.intel import pieces
from tests.intel.pieces import Stix, address, indicator
from tests.taxii.machine import Answer, Machine
from tests.taxii.rights import BOTH, STAMP, bank, clinic
from tests.taxii.test_writing import messages

__all__ = ["bank", "clinic"]

pytestmark = pytest.mark.django_db

STATUS = {"id", "status", "request_timestamp", "total_count", "success_count", "failure_count", "pending_count"}


def without(made: Stix, *names: str, **other: object) -> Stix:
    """The object without these properties, and with others."""
    return {name: value for name, value in made.items() if name not in names} | other


def versions_said(answer: Answer) -> dict[str, str]:
    """What a status says of each object's version."""
    rows = answer.listed("successes") + answer.listed("failures")
    assert all(STAMP.fullmatch(str(row["version"])) for row in rows), rows
    return {str(row["id"]): str(row["version"]) for row in rows}


def test_a_status_says_the_version_of_each_object_as_a_time_stamp_whatever_the_object_says(bank: Machine) -> None:
    fine, unversioned, foreign = indicator(day=2), address(), without(address(), "value", id="ipv4-addr--x")
    undated = without(indicator(), "modified", "created")
    strange = indicator() | {"modified": "yesterday"}
    created_alone, listed = without(indicator(), "modified"), indicator() | {"modified": ["2026-01-01T00:00:00.000Z"]}
    answer = bank.add(BOTH, fine, unversioned, foreign, undated, strange, created_alone, listed)
    assert len(messages(answer)) == 5
    assert all(messages(answer).values())
    constant, first = "1970-01-01T00:00:00.000000Z", "2026-01-01T00:00:00.000000Z"
    assert versions_said(answer) == {
        str(fine["id"]): "2026-01-02T00:00:00.000000Z",
        str(unversioned["id"]): constant,
        "ipv4-addr--x": constant,
        str(undated["id"]): constant,
        str(strange["id"]): constant,
        str(created_alone["id"]): first,
        str(listed["id"]): constant,
    }


def test_a_status_has_what_the_standard_names_and_nothing_else(bank: Machine) -> None:
    sent = bank.add(BOTH, indicator(), indicator(), without(indicator(), "pattern"))
    for answer in (sent, bank.ask(f"status/{sent.body['id']}/")):
        assert answer.body.keys() == STATUS | {"successes", "failures"}
        assert (answer.body["status"], answer.body["pending_count"]) == ("complete", 0)
        assert STAMP.fullmatch(str(answer.body["request_timestamp"]))
        assert all(row.keys() == {"id", "version"} for row in answer.listed("successes"))
        assert all(row.keys() == {"id", "version", "message"} for row in answer.listed("failures"))
    fine = bank.add(BOTH, indicator()).body
    assert fine.keys() == STATUS | {"successes"}
    assert bank.add(BOTH, without(indicator(), "pattern")).body.keys() == STATUS | {"failures"}


def test_the_largest_body_that_is_promised_is_taken_and_one_byte_more_is_not(bank: Machine) -> None:
    promised = bank.ask().body["max_content_length"]
    assert promised == MAX_CONTENT_LENGTH
    body = orjson.dumps({"objects": [indicator()]})
    largest = body + b" " * (MAX_CONTENT_LENGTH - len(body))
    assert bank.send(BOTH, largest).status == 202
    answer = bank.send(BOTH, largest + b" ")
    assert (answer.status, answer.body["http_status"]) == (413, "413")
    assert str(MAX_CONTENT_LENGTH) in str(answer.body["description"])


def test_an_envelope_holds_so_many_objects_and_no_more(bank: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infohub.taxii.writing.MOST_OBJECTS", 3)
    assert bank.add(BOTH, *(indicator() for _ in range(3))).status == 202
    assert bank.add(BOTH, *(indicator() for _ in range(4))).status == 422
    assert Placement.objects.count() == 3


def test_what_else_stands_in_an_envelope_is_passed_over(bank: Machine) -> None:
    page = {"more": False, "objects": [first := indicator()], "x_own": {"objects": []}}
    bundle = {"type": "bundle", "id": f"bundle--{pieces.uuid()}", "objects": [second := indicator()]}
    for body in (page, bundle):
        assert messages(bank.send(BOTH, orjson.dumps(body))) == {}
    assert bank.ask(BOTH).objects == [first, second]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/taxii+json;version=2.1", 400),
        (b" " * (MAX_CONTENT_LENGTH + 1), "application/taxii+json;version=2.1", 413),
        (b'{"objects":[]}', "application/stix+json;version=2.1", 415),
        (b'{"objects":[]}', "multipart/form-data; boundary=x", 415),
        (b'{"objects":[{"type":"indicator"}]}', "application/taxii+json;version=2.1", 422),
    ],
)
def test_a_body_that_is_refused_is_answered_by_an_error_and_adds_nothing(
    body: bytes, kind: str, status: int, bank: Machine
) -> None:
    answer = bank.send(BOTH, body, content_type=kind)
    assert (answer.status, answer.body["http_status"]) == (status, str(status))
    assert answer.body.keys() <= {"title", "description", "http_status", "details"}
    assert answer.body["title"]
    assert not Placement.objects.exists()
    assert not Submission.objects.exists()


def test_who_would_not_understand_the_status_adds_nothing(bank: Machine) -> None:
    sent = bank.client.post(
        f"/taxii2/api/{BOTH}",
        orjson.dumps({"objects": [indicator()]}),
        content_type="application/taxii+json;version=2.1",
        headers={"accept": "text/html", "authorization": f"Bearer {bank.secret}"},
    )
    assert (sent.status_code, sent.json()["http_status"]) == (406, "406")
    assert not Placement.objects.exists()


def test_a_version_is_modified_else_created_else_a_constant_and_no_property_of_that_name(bank: Machine) -> None:
    marking: Stix = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{pieces.uuid()}",
        "created": "2026-01-05T00:00:00.000Z",
        "definition_type": "statement",
        "definition": {"statement": "Ours"},
    }
    times = {"created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-03T00:00:00.123Z"}
    analysis: Stix = {"type": "malware-analysis", "spec_version": "2.1", "product": "x", "result": "benign", **times}
    analysis |= {"id": f"malware-analysis--{pieces.uuid()}", "version": "5.4.0"}
    sent = [marking, analysis, address(), software()]
    said = bank.add(BOTH, *sent)
    assert messages(said) == {}
    listed = {str(row["id"]): row["version"] for row in bank.ask("collections/both/manifest/").objects}
    expected = ["2026-01-05T00:00:00.000000Z", "2026-01-03T00:00:00.123000Z", *["1970-01-01T00:00:00.000000Z"] * 2]
    assert listed == {str(one["id"]): version for one, version in zip(sent, expected, strict=True)}
    assert versions_said(said) == listed
    for one, version in zip(sent, expected, strict=True):
        assert bank.ask(f"{BOTH}{one['id']}/versions/").body["versions"] == [version]
        assert bank.ask(f"{BOTH}{one['id']}/", match_version=version).objects == [one]


def software() -> Stix:
    """An observable that says a version of its own."""
    return {
        "type": "software",
        "spec_version": "2.1",
        "id": f"software--{pieces.uuid()}",
        "name": "Word",
        "version": "2019",
    }


def test_contradicting_contents_of_an_observable_are_not_both_taken(bank: Machine, clinic: Machine) -> None:
    assert messages(bank.add(BOTH, first := address("a"))) == {}
    assert messages(clinic.add(BOTH, first)) == {}
    for one in (bank, clinic):
        assert "other content" in messages(one.add(BOTH, address("b")))[str(first["id"])]
    assert bank.ask(BOTH, match_version="all").objects == [first]


def test_an_object_is_dated_once_whatever_comes_later(bank: Machine, clinic: Machine) -> None:
    of = pieces.uuid()
    bank.add(BOTH, first := indicator(of=of), other := address())
    before = bank.ask("collections/both/manifest/", match_version="all").objects
    for one in (bank, clinic):
        one.add(BOTH, other, first)
    bank.add(BOTH, indicator(of=of, day=3), indicator(of=of, day=2))
    after = bank.ask("collections/both/manifest/", match_version="all").objects
    assert after[:2] == before
    assert len({str(row["date_added"]) for row in after}) == len(after) == 4
