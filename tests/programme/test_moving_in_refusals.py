"""What a rule forbids is refused and named where it stands; the rest goes in, and nothing ever breaks."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infohub.members.models import Organisation
from infohub.programme.moving_in import move_in
from infohub.programme.moving_in.stream import CHUNK
from infohub.programme.verifying import compare
from infohub.sharing.models import Item
from tests.programme.forbidden import ONE_REFUSAL, Change
from tests.programme.small import SMALL, Mover, problems, row, small

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "where", "rule"), ONE_REFUSAL, ids=[case[1] + " " + case[2][:20] for case in ONE_REFUSAL]
)
def test_a_refusal_names_its_place_and_its_rule(mover: Mover, change: Change, where: str, rule: str) -> None:
    content = small()
    change(content)
    outcome = mover.move(content)
    named = {problem["where"]: problem["rule"] for problem in outcome.result.problems}
    assert outcome.status == 1
    assert where in named, named
    assert rule.lower() in named[where].lower()
    assert json.loads(mover.out.read_text("utf-8"))["problems"] == outcome.result.problems
    assert compare().differences == []


def test_the_rest_goes_in(mover: Mover) -> None:
    content = small()
    row(content, "items", "open")["tlp"] = "PURPLE"
    outcome = mover.move(content)
    assert set(outcome.result.items) == {str(one["id"]) for one in content["items"]} - {"open"}
    assert outcome.result.problems[0] | {"rule": ""} == {
        "where": "items[0].tlp",
        "id": "open",
        "rule": "",
        "outcome": "refused",
    }


def test_whoever_depends_on_a_refused_row_is_refused_with_it(mover: Mover) -> None:
    content = small()
    row(content, "organisations", "clinic")["class"] = "shop"
    where = {place for place, _outcome in problems(mover.move(content))}
    assert {
        "organisations[1].class",
        "people[2].memberships[0].organisation",
        "groups[0].seats[3].organisation",
    } <= where


def test_an_unknown_field_is_named_and_left_out(mover: Mover) -> None:
    content = small()
    row(content, "people", "ben")["favourite_colour"] = "blue"
    outcome = mover.move(content | {"comment": "made by hand"})
    assert (outcome.status, problems(outcome)) == (
        0,
        [("comment", "ignored"), ("people[1].favourite_colour", "ignored")],
    )


UNREADABLE = {
    "nothing": b"",
    "no JSON": b"programme",
    "a list": b"[]",
    "another format": b'{"format": "infohub-programme/2"}',
    "no format": b"{}",
    "cut off": json.dumps(SMALL).encode()[:-20],
    "something behind": json.dumps(SMALL).encode() + b"{}",
    "a list twice": b'{"format": "infohub-programme/1", "items": [], "items": []}',
    "no UTF-8": json.dumps(SMALL).encode("utf-16"),
    "no number": b'{"format": "infohub-programme/1", "unmarked": NaN}',
    "very deep": b'{"format": "infohub-programme/1", "items": ' + b"[" * 100_000,
    "a comma too many": b'{"format": "infohub-programme/1", "items": [{"id": "a"},,]}',
}  # fmt: skip


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_changes_nothing(mover: Mover, content: bytes) -> None:
    path = mover.folder / "programme.json"
    path.write_bytes(content)
    outcome = move_in(path, out=mover.out)
    assert outcome.status == 2
    assert outcome.problem
    assert not mover.out.exists()
    assert not Organisation.objects.exists()


def test_a_file_that_is_not_there_and_an_answer_that_cannot_be_written(mover: Mover) -> None:
    assert move_in(mover.folder / "missing.json", out=mover.out).status == 2
    assert move_in(mover.write(SMALL), out=Path("/nowhere/at/all.json")).status == 2
    assert not Organisation.objects.exists()


def test_a_row_that_says_something_twice_is_refused_alone(mover: Mover) -> None:
    path = mover.write(SMALL)
    twice = path.read_text("utf-8").replace('"kind": "alert"', '"kind": "alert", "tlp": "CLEAR"', 1)
    path.write_text(twice, encoding="utf-8")
    outcome = move_in(path, out=mover.out)
    assert (outcome.status, problems(outcome)) == (1, [("items[0]", "refused")])
    assert outcome.result.problems[0]["id"] == "open"


def test_a_row_that_is_too_deep_is_refused_alone(mover: Mover) -> None:
    content = small()
    deep: list[object] = []
    for _level in range(80):
        deep = [deep]
    row(content, "items", "open")["extra"] = deep
    assert problems(mover.move(content)) == [("items[0]", "refused")]


def test_a_file_is_read_in_pieces(mover: Mover) -> None:
    content = small()
    row(content, "items", "open")["body"] = "永遠 " * CHUNK
    content["items"].reverse()
    path = mover.folder / "programme.json"
    written = json.dumps(dict(reversed(content.items())), ensure_ascii=False, indent=9)
    path.write_text("\ufeff" + written, encoding="utf-8")
    assert path.stat().st_size > 4 * CHUNK
    assert move_in(path, out=mover.out).status == 0


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["", "\x00", "\ud800", "RED", "ann", "clinic", "banking", "2026-01-01T00:00:00Z", "9" * 500]),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
)


def _places(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in the file."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([path] if path else []), *(place for key, one in inside for place in _places(one, (*path, key)))]


PLACES = [place for place in _places(SMALL) if place != ("format",)]


def _changed(place: tuple[str | int, ...], fresh: object) -> dict[str, object]:
    content: dict[str, object] = deepcopy(SMALL)
    there: object = content
    for step in place[:-1]:
        there = there[step]  # type: ignore[index]  # the path was taken from this very file
    there[place[-1]] = fresh  # type: ignore[index]
    return content


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), fresh=LEAVES)
def test_whatever_stands_anywhere_the_import_answers(mover: Mover, place: tuple[str | int, ...], fresh: object) -> None:
    with transaction.atomic():
        outcome = mover.move(_changed(place, fresh))
        assert outcome.status in {0, 1}, outcome.problem
        assert (outcome.status == 1) == any(problem["outcome"] == "refused" for problem in outcome.result.problems)
        json.loads(mover.out.read_text("utf-8"))
        assert compare().differences == []
        assert not Item.objects.as_system("a test looks").filter(label__clause_count=0, state="published").exists()
        transaction.set_rollback(True)
