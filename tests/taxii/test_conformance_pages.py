"""TAXII 2.1, sections 3.2 to 3.5, clause by clause: order, dates, pages, cursors and filters of all four lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from infohub.intel.models import Placement
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import Stix, address, indicator, placed
from tests.taxii.machine import Answer, Machine
from tests.taxii.rights import STAMP

pytestmark = pytest.mark.django_db

MEMBERS = "collections/members/"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST, LAST = "X-TAXII-Date-Added-First", "X-TAXII-Date-Added-Last"


@pytest.fixture
def four(bank: Machine) -> list[Stix]:
    """Two versions of an indicator, an observable and another indicator, in the order of addition."""
    of = pieces.uuid()
    made = [indicator("newer", of=of, day=2), address(), indicator("older", of=of), indicator("other")]
    placed("IH-1", *made)
    return made


def dates(machine: Machine, path: str = f"{MEMBERS}manifest/", **query: str) -> dict[tuple[str, str], str]:
    """The date of addition of each version."""
    rows = machine.ask(path, "GET", match_version="all", **query).objects
    return {(str(row["id"]), str(row["version"])): str(row["date_added"]) for row in rows}


def said(answer: Answer) -> tuple[str, str]:
    return answer.headers[FIRST], answer.headers[LAST]


def test_all_four_lists_ascend_and_say_from_when_to_when(bank: Machine, four: list[Stix]) -> None:
    added = list(dates(bank).values())
    assert added == sorted(set(added))
    assert all(STAMP.fullmatch(one) for one in added)
    objects = bank.ask(f"{MEMBERS}objects/", match_version="all")
    assert objects.objects == four
    newer, _, older, _ = added
    path = f"{MEMBERS}objects/{four[0]['id']}/"
    assert said(objects) == said(bank.ask(f"{MEMBERS}manifest/", match_version="all")) == (added[0], added[-1])
    assert said(bank.ask(path, match_version="all")) == said(bank.ask(f"{path}versions/")) == (newer, older)
    assert said(bank.ask(path)) == said(bank.ask(path, match_version="2026-01-02T00:00:00Z")) == (newer, newer)
    assert said(bank.ask(f"{path}versions/", limit=1)) == (newer, newer)
    assert said(bank.ask(f"{MEMBERS}objects/", "HEAD", match_type="ipv4-addr")) == (added[1], added[1])


def test_no_dates_are_said_where_no_objects_are(bank: Machine, four: list[Stix]) -> None:
    path = f"{MEMBERS}objects/{four[0]['id']}/"
    late = {"added_after": "2999-01-01T00:00:00Z"}
    empty = [
        bank.ask(one, "GET", **late) for one in (f"{MEMBERS}objects/", f"{MEMBERS}manifest/", path, f"{path}versions/")
    ]
    assert [(one.status, one.body) for one in empty] == [(200, {"more": False})] * 4
    others = [bank.ask(one) for one in ("/taxii2/", "", "collections/", MEMBERS, f"{MEMBERS}objects/x/")]
    assert not any(name.startswith("X-TAXII") for one in empty + others for name in one.headers)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 1_000_000_000])
def test_pages_of_all_four_lists_end_where_the_list_ends(limit: int, bank: Machine, four: list[Stix]) -> None:
    path = f"{MEMBERS}objects/{four[0]['id']}/"
    for one, key, number in (
        (f"{MEMBERS}objects/?match[version]=all", "objects", 4),
        (f"{MEMBERS}manifest/?match[version]=all", "objects", 4),
        (f"{path}?match[version]=all", "objects", 2),
        (f"{path}versions/?match[spec_version]=2.1", "versions", 2),
    ):
        walked = [bank.ask(f"{one}&limit={limit}")]
        while walked[-1].body["more"] and len(walked) <= number:
            walked.append(bank.ask(f"{one}&limit={limit}&next={walked[-1].body['next']}"))
        rows = [row for page in walked for row in page.listed(key)]
        assert rows == bank.ask(one).listed(key)
        assert (len(rows), len(walked)) == (number, -(-number // limit))
        assert "next" not in walked[-1].body


def test_a_cursor_goes_on_under_the_query_it_comes_with(bank: Machine, four: list[Stix]) -> None:
    path = f"{MEMBERS}objects/"
    following = str(bank.ask(path, limit=1, match_version="all").body["next"])
    assert bank.ask(path, next=following, match_version="all").objects == four[1:]
    assert bank.ask(path, next=following, match_type="indicator").objects == [four[3]]
    assert bank.ask(path, next=following, match_id=str(four[0]["id"])).body == {"more": False}
    assert bank.ask(path, next=following, match_version="first", limit=1).objects == [four[1]]
    for wrong in ("limit=0", "added_after=x", "match[version]=all,last", f"next={following}"):
        assert bank.ask(f"{path}?next={following}&{wrong}").status == 400


def test_a_cursor_in_other_hands_opens_what_those_may_read_and_no_more(
    bank: Machine, cast: Cast, four: list[Stix]
) -> None:
    placed("IH-2", amber := indicator(), tlp=Tlp.AMBER)
    path = f"{MEMBERS}objects/"
    following = str(bank.ask(path, limit=2).body["next"])
    mine = bank.ask(path, next=following).objects
    assert mine == [four[3], amber]
    strict, green = (Machine(pieces.token(cast.clinic, ceiling=one)[1]) for one in (Tlp.AMBER, Tlp.GREEN))
    assert strict.ask(path, next=following).objects == mine
    assert green.ask(path, next=following).objects == [four[3]]
    peer = Machine(pieces.token(None)[1])
    assert peer.ask("collections/everything/objects/", next=following).status == 404


@pytest.mark.parametrize("path", ["objects/", "manifest/", "objects/{id}/", "objects/{id}/versions/"])
def test_a_cursor_is_good_for_its_own_list_alone_and_cannot_be_made(path: str, bank: Machine, four: list[Stix]) -> None:
    lists = [f"{MEMBERS}{one}" for one in ("objects/", "manifest/", "objects/{id}/", "objects/{id}/versions/")]
    own = f"{MEMBERS}{path}".format(id=four[0]["id"])
    following = str(bank.ask(own, limit=1, match_version="all").body["next"])
    for other in (one.format(id=four[0]["id"]) for one in lists):
        assert bank.ask(other, next=following).status == (200 if other == own else 400)
    for forged in ("", "x", following[:-1], following + "A", following.swapcase(), "A" * len(following), "%00"):
        answer = bank.ask(own, next=forged)
        assert (answer.status, answer.body["http_status"]) == (400, "400")


def test_pages_hold_while_objects_come_and_go(bank: Machine, four: list[Stix]) -> None:
    path = f"{MEMBERS}objects/"
    first = bank.ask(path, limit=1)
    assert first.objects == [four[0]]
    placed("IH-2", late := indicator("late"))
    Placement.objects.filter(stix_id__in=[four[0]["id"], four[1]["id"]]).delete()
    assert bank.ask(path, next=str(first.body["next"])).objects == [four[3], late]


def dated(*moments: timedelta) -> list[Stix]:
    """Objects that were added at these moments after noon."""
    made = [indicator(str(moment)) for moment in moments]
    placed("IH-1", *made)
    for one, moment in zip(made, moments, strict=True):
        Placement.objects.filter(stix_id=one["id"]).update(date_added=NOON + moment)
    return made


@pytest.mark.parametrize(
    ("after", "left"),
    [
        ("2026-03-01T11:59:59Z", [0, 1, 2]),
        ("2026-03-01T12:00:00Z", [1, 2]),
        ("2026-03-01T12:00:00.0Z", [1, 2]),
        ("2026-03-01T12:00:00.000Z", [1, 2]),
        ("2026-03-01T12:00:00.000999Z", [1, 2]),
        ("2026-03-01T12:00:00.001Z", [2]),
        ("2026-03-01T12:00:00.001000Z", [2]),
        ("2026-03-01T12:00:00.001000999Z", [2]),
        ("2026-03-01T12:00:00.001001Z", []),
        ("2026-03-01T12:00:01Z", []),
    ],
)
def test_added_after_is_exclusive_to_the_microsecond_however_it_is_written(
    after: str, left: list[int], bank: Machine
) -> None:
    made = dated(timedelta(), timedelta(milliseconds=1), timedelta(microseconds=1001))
    ids = [made[number]["id"] for number in left]
    for path in ("objects/", "manifest/"):
        assert bank.ask(MEMBERS + path, added_after=after).ids == ids
        assert bank.ask(f"collections/everything/{path}", added_after=after).ids == ids
    for number, one in enumerate(made):
        path = f"{MEMBERS}objects/{one['id']}/"
        for listed, key in ((path, "objects"), (f"{path}versions/", "versions")):
            assert bool(bank.ask(listed, added_after=after).listed(key)) == (number in left)


def test_beside_a_cursor_the_later_of_both_moments_counts(bank: Machine) -> None:
    made = dated(*(timedelta(seconds=second) for second in range(4)))
    following = str(bank.ask(f"{MEMBERS}objects/", limit=2).body["next"])
    for after, left in ((0, made[2:]), (1, made[2:]), (2, made[3:]), (3, [])):
        stamp = f"2026-03-01T12:00:0{after}Z"
        assert bank.ask(f"{MEMBERS}objects/", next=following, added_after=stamp).objects == left


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_versions_are_those_of_modified_in_whatever_order_they_came(order: tuple[int, ...], bank: Machine) -> None:
    of = pieces.uuid()
    for day in order:
        placed(f"IH-{day}", indicator(f"day {day}", of=of, day=day))
    stamps = {day: f"2026-01-0{day}T00:00:00.000000Z" for day in order}

    def days(path: str, **query: str) -> list[int]:
        return [int(str(row["name"])[-1]) for row in bank.ask(path, "GET", **query).objects]

    for path in (f"{MEMBERS}objects/", f"{MEMBERS}objects/indicator--{of}/"):
        assert days(path) == days(path, match_version="last") == [3]
        assert days(path, match_version="first") == [1]
        assert days(path, match_version="all") == list(order)
        assert days(path, match_version="last,first") == [day for day in order if day != 2]
        assert days(path, match_version=f"{stamps[2]},last") == [day for day in order if day != 1]
        assert days(path, match_version=f"{stamps[2]},{stamps[1]}") == [day for day in order if day != 3]
    assert bank.ask(f"{MEMBERS}objects/indicator--{of}/versions/").body["versions"] == [stamps[day] for day in order]
    assert [version for _, version in dates(bank)] == [stamps[day] for day in order]


@pytest.mark.parametrize("stamp", ["2026-01-02T00:00:00Z", "2026-01-02T00:00:00.000Z", "2026-01-02T00:00:00.000000Z"])
def test_a_version_is_found_however_its_time_is_written(stamp: str, bank: Machine, four: list[Stix]) -> None:
    assert bank.ask(f"{MEMBERS}objects/", match_version=stamp).objects == [four[0]]
    assert bank.ask(f"{MEMBERS}objects/{four[0]['id']}/", match_version=stamp).objects == [four[0]]


def test_what_has_no_versions_is_its_own_first_and_last(bank: Machine, four: list[Stix]) -> None:
    for version in ("first", "last", "all", "first,last", "1970-01-01T00:00:00Z"):
        assert bank.ask(f"{MEMBERS}objects/", match_version=version, match_type="ipv4-addr").objects == [four[1]]


def test_filters_go_together_on_all_lists(bank: Machine, four: list[Stix]) -> None:
    newer, observable, older, other = four

    def found(**query: str) -> list[Stix]:
        answer = bank.ask(f"{MEMBERS}objects/", "GET", **query)
        assert bank.ask(f"{MEMBERS}manifest/", "GET", **query).ids == answer.ids
        return answer.objects

    assert found(match_spec_version="2.1") == found() == [newer, observable, other]
    assert found(match_spec_version="2.0,2.1", match_type="indicator", match_version="first") == [older, other]
    assert found(match_spec_version="2.0") == found(match_type="x-nothing") == []
    assert found(match_id=f"{newer['id']},{observable['id']}", match_version="all") == [newer, observable, older]
    assert found(match_id=str(newer["id"]), match_type="ipv4-addr") == []
    path = f"{MEMBERS}objects/{newer['id']}/"
    for one, key in ((path, "objects"), (f"{path}versions/", "versions")):
        assert bank.ask(one, match_spec_version="2.1").listed(key)
        assert bank.ask(one, match_spec_version="2.0").body == {"more": False}


@pytest.mark.parametrize("spelt", [str.upper, str.lower])
def test_an_id_is_found_by_the_spelling_it_was_given_in(spelt: Callable[[str], str], bank: Machine) -> None:
    uuid = spelt("0e2d9e5a-3c1b-4f6a-9d8e-7c6b5a493827")
    placed("IH-1", made := indicator() | {"id": f"indicator--{uuid}"}, indicator())
    assert bank.ask(f"{MEMBERS}objects/", match_id=str(made["id"])).objects == [made]
    assert bank.ask(f"{MEMBERS}objects/{made['id']}/").objects == [made]


def test_a_small_id_is_found_by_large_letters(bank: Machine, four: list[Stix]) -> None:
    kind, _, uuid = str(four[3]["id"]).partition("--")
    assert bank.ask(f"{MEMBERS}objects/", match_id=f"{kind}--{uuid.upper()}").objects == [four[3]]


@pytest.mark.parametrize(
    "query",
    [
        *("match%5Btype%5D=ipv4-addr", "match%5btype%5d=ipv4%2Daddr", "match[type]=ipv4-addr&limit=%31"),
        *("match[type]=ipv4-addr%2Cmalware", "colour=blue&match[type]=ipv4-addr&match[colour]=blue&colour=red"),
    ],
)
def test_a_query_may_be_encoded_and_say_more_than_is_known(query: str, bank: Machine, four: list[Stix]) -> None:
    assert bank.ask(f"{MEMBERS}objects/?{query}").objects == [four[1]]


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=-1", "limit=x", "limit=1.0", "limit=1&limit=1", "limit=%2B1", "limit"),
        *("added_after=x", "added_after=2026-01-01", "added_after=2026-01-01T00:00:00", "added_after="),
        *("added_after=2026-01-01T00:00:00Z&added_after=2026-01-01T00:00:00Z", "added_after=2026-02-30T00:00:00Z"),
        *("match[version]=all,last", "match[version]=", "match%5Bversion%5D=all&match[version]=all"),
        *("match[spec_version]=2", "match[spec_version]=2.1&match[spec_version]=2.1", "next=x", "next=x&next=y"),
    ],
)
@pytest.mark.parametrize("path", ["objects/", "manifest/", "objects/{id}/", "objects/{id}/versions/"])
def test_a_malformed_or_repeated_parameter_is_refused_on_all_four_lists(
    path: str, query: str, bank: Machine, four: list[Stix]
) -> None:
    answer = bank.ask(f"{MEMBERS}{path}?{query}".format(id=four[0]["id"]))
    assert (answer.status, answer.body["http_status"]) == (400, "400")
    assert answer.body["description"]
