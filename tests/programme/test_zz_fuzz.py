"""What a rule forbids is refused and named where it stands; the rest goes in, and nothing ever breaks."""

import json
from collections.abc import Callable
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
from tests.programme.small import SMALL, Mover, Row, below, problems, row, small

pytestmark = pytest.mark.django_db

Change = Callable[[dict[str, list[Row]]], object]


def items(name: str, /, **change: object) -> Change:
    """Change one of the pieces."""
    return lambda content: row(content, "items", name).update(change)


def people(name: str, /, **change: object) -> Change:
    """Change one of the people."""
    return lambda content: row(content, "people", name).update(change)


def rows(kind: str, name: str, /, **change: object) -> Change:
    """Change any other row."""
    return lambda content: row(content, kind, name).update(change)


def inner(kind: str, name: str, within: str, /, **fresh: object) -> Change:
    """Add to a list that stands in a row."""
    return lambda content: below(content, kind, name, within).append(fresh)


SINCE = "2024-05-01T00:00:00Z"
ONE_REFUSAL: list[tuple[Change, str, str]] = [
    # The handling policy.
    (items("red", audience={"everyone": True}), "items[1].audience", "RED cannot go to everyone"),
    (items("red", audience={"sectors": ["finance"]}), "items[1].audience", "RED cannot go to a sector"),
    (items("red", audience={"organisations": ["bank"]}), "items[1].audience", "RED cannot go to an organisation"),
    (items("red", published_at="2024-03-02T00:00:00Z", audience={"people": ["ben"]}, author="nobody"), "items[1].author", "not known"),
    (items("open", audience={}), "items[0].audience", "no one would receive this"),
    (items("open", audience=None), "items[0].audience", "no one would receive this"),
    (items("open", audience={"public": True, "everyone": True}), "items[0].audience.public", "only CLEAR"),
    (items("unmarked", audience={"everyone": True}), "items[3].tlp", "without a marking"),
    (items("unmarked", audience={"sectors": ["finance"]}), "items[3].tlp", "without a marking"),
    (items("open", tlp="PURPLE"), "items[0].tlp", "no TLP marking"),
    (items("open", audience={"groups": ["banking"], "exept": {"classes": ["vendor"]}}), "items[0].audience.exept", "format"),
    (items("open", audience={"groups": ["banking"], "except": {"class": ["vendor"]}}), "items[0].audience.except.class", "format"),
    (items("open", audience={"groups": ["banking"], "except": {"classes": ["shop"]}}), "items[0].audience.except.classes", "classes are"),
    # Who was where when.
    (items("open", audience={"people": ["mori"]}), "items[0].audience.people", "represented no organisation"),
    (items("open", audience={"groups": ["shipping"]}), "items[0].audience.groups", "not known"),
    (items("open", author="lou"), "items[0].author", "represented no organisation"),
    (items("open", published_at=None), "items[0].published_at", "a time is needed"),
    (items("open", published_at="2026-02-02T09:00:00"), "items[0].published_at", "no zone"),
    (items("open", published_at="2199-02-02T09:00:00Z"), "items[0].published_at", "still to come"),
    (items("open", published_at="0001-01-01T00:00:00+14:00"), "items[0].published_at", "not between"),
    (inner("items", "open", "comments", author="eve", at="2026-02-02T10:00:00Z", body="I sell things."), "items[0].comments[2].author", "must be able to read"),
    (inner("items", "open", "comments", author="mori", at="2026-02-02T10:00:00Z", body="Hello."), "items[0].comments[2].author", "represented no organisation"),
    (inner("items", "open", "comments", author="ben", at="2026-02-02T10:00:00Z", body=" "), "items[0].comments[2].body", "a text is needed"),
    (inner("people", "ben", "memberships", organisation="clinic", **{"from": SINCE, "to": None}), "people[1].memberships[1]", "another organisation in that time"),
    (inner("people", "ben", "memberships", organisation="clinic", **{"from": "2023-05-01T00:00:00Z", "to": "2022-05-01T00:00:00Z"}), "people[1].memberships[1].to", "before it begins"),
    (inner("groups", "banking", "seats", person="ben", organisation="bank", **{"from": SINCE}), "groups[0].seats[4]", "one person's or one organisation's"),
    (inner("groups", "banking", "seats", person="ben", **{"from": "2020-05-01T00:00:00Z"}), "groups[0].seats[4].person", "represented no organisation"),
    # The register.
    (people("ben", email="ANN@bank.example"), "people[1]", "already has this e-mail address"),
    (people("cara", email="cara"), "people[2].email", "no e-mail address"),
    (rows("tokens", "t3", ceiling="AMBER"), "tokens[2]", "reads up to TLP:GREEN"),
    (rows("tokens", "t1", ceiling="RED"), "tokens[0]", "reads up to TLP:AMBER+STRICT"),
    (rows("tokens", "t3", scopes=["write"]), "tokens[2]", "cannot have the scope write"),
    (rows("tokens", "t1", scopes=[]), "tokens[0].scopes", "at least one scope"),
    (rows("tokens", "t1", kind="setup"), "tokens[0].kind", "none of"),
    (rows("tokens", "t1", person="lou"), "tokens[0].person", "represented no organisation"),
    (rows("collections", "c1", tlp="RED"), "collections[0].tlp", "nothing that is RED"),
    # The shape.
    (items("open", title=7), "items[0].title", "a text is needed"),
    (items("open", title="x" * 301), "items[0].title", "longer than 300"),
    (items("open", title="half \ud83d"), "items[0].title", "Unicode"),
    (items("open", body="nul \x00"), "items[0].body", "Unicode"),
    (items("open", body="x" * 2_000_001), "items[0].body", "longer than 2000000"),
    (items("open", kind="rumour"), "items[0].kind", "none of"),
    (items("open", attachments=[{"name": "a.exe", "type": "x/y", "text": "MZ"}]), "items[0].attachments", "cannot be attached"),
    (items("open", attachments=["file"]), "items[0].attachments[0]", "an object is needed"),
    (items("open", comments=[7]), "items[0].comments[0]", "an object is needed"),
    (items("open", comments={"author": "ben"}), "items[0].comments", "a list is needed"),
    (items("open", id="red"), "items[1].id", "stands twice"),
    (items("open", id=7), "items[0].id", "a text is needed"),
    (rows("groups", "banking", default_tlp="RED-ISH"), "groups[0].default_tlp", "no TLP marking"),
    (rows("sectors", "health", name={"de": "Gesundheit"}), "sectors[1].name", "no language"),
    (lambda content: content.update(programme={"time_zone": "Nowhere/At_All"}), "programme.time_zone", "no time zone"),  # type: ignore[call-overload]
    (lambda content: content.update(unmarked="PURPLE"), "unmarked", "no TLP marking"),  # type: ignore[call-overload]
    (lambda content: content.update(tokens={}), "tokens", "a list is needed"),  # type: ignore[call-overload]
    (lambda content: content["tokens"].append(7), "tokens[3]", "an object is needed"),  # type: ignore[arg-type]
]  # fmt: skip


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
    assert mover.result["problems"] == outcome.result.problems
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


@settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
