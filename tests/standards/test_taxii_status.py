"""What a TAXII server says of an envelope: listed or counted, decided or not, and nothing of it believed blindly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem
from infohub.standards.taxii21.status import Fate, Status, read_status

A, B, C = (f"indicator--00000000-0000-4000-8000-00000000000{number}" for number in range(3))


def read(**body: Json) -> Status:
    found = read_status({"id": "2d086da7-4bdc-4f91-900e-d77486753710", "status": "complete", **body})
    assert isinstance(found, Status)
    return found


def listed(*ids: str, message: str = "") -> Json:
    return [
        {"id": one, "version": "2016-04-06T20:03:48.000Z", **({"message": message} if message else {})} for one in ids
    ]


def test_what_is_listed_is_believed() -> None:
    told = read(
        status="pending",
        successes=listed(A),
        failures=listed(B, message="Unable to process object"),
        pendings=listed(C),
        failure_count=1,
    )
    assert [told.fate(one) for one in (A, B, C)] == [
        (Fate.TAKEN, ""),
        (Fate.REFUSED, "Unable to process object"),
        (Fate.PENDING, ""),
    ]


def test_a_server_that_lists_nothing_took_everything_unless_its_counts_say_otherwise() -> None:
    assert read().fate(A) == read(failure_count=0).fate(A) == (Fate.TAKEN, "")
    assert read(failure_count=2).fate(A) == (Fate.REFUSED, "some were refused, it was not said which")
    assert read(failure_count=1, failures=listed(B)).fate(A) == (Fate.TAKEN, "")
    assert read(status="pending").fate(A) == (Fate.PENDING, "")


@pytest.mark.parametrize("identifier", [None, 7, "", "../x", "a b", "x" * 101, "a/b", "a\n"])
def test_an_id_that_could_lead_elsewhere_is_none(identifier: Json) -> None:
    assert read(id=identifier).id == ""


@pytest.mark.parametrize(
    "body", [None, [], "complete", {}, {"status": "done"}, {"status": 1}, {"status": ["complete"]}]
)
def test_what_is_no_status_is_a_problem(body: Json) -> None:
    assert isinstance(read_status(body), Problem)


ROWS = st.lists(st.none() | st.text(max_size=3) | st.dictionaries(st.sampled_from(["id", "message"]), st.none()))
VALUES = st.none() | st.integers() | st.sampled_from(["complete", "pending"]) | ROWS
NAMES = ["id", "status", "failures", "successes", "pendings", "failure_count"]


@given(st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_whatever_comes_is_read_or_refused(body: dict[str, Json]) -> None:
    found = read_status(body)
    assert isinstance(found, Problem) or found.fate(A)[0] in Fate
