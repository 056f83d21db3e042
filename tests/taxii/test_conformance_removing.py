"""TAXII 2.1, section 5.7, and what a machine may do where: every request against each of the four rights."""

from __future__ import annotations

import pytest

from infohub.intel.models import Placement
from tests.intel import pieces
from tests.intel.pieces import Stix, address, indicator
from tests.taxii.machine import Machine
from tests.taxii.rights import BOTH, RIGHTS, bank, clinic
from tests.taxii.test_writing import messages

__all__ = ["bank", "clinic"]

pytestmark = pytest.mark.django_db

KNOWN, STRANGER = address()["id"], "indicator--00000000-0000-4000-8000-00000000ffff"
REQUESTS = [
    # method, what follows the collection, and the answer for each of the rights in the order of RIGHTS
    ("GET", "", (404, 200, 200, 200)),
    ("GET", "objects/", (404, 200, 403, 200)),
    ("GET", "manifest/", (404, 200, 403, 200)),
    ("GET", f"objects/{KNOWN}/", (404, 200, 403, 200)),
    ("GET", f"objects/{KNOWN}/versions/", (404, 200, 403, 200)),
    ("GET", f"objects/{STRANGER}/", (404, 404, 403, 404)),
    ("GET", f"objects/{STRANGER}/versions/", (404, 404, 403, 404)),
    ("HEAD", "objects/", (404, 200, 403, 200)),
    ("POST", "objects/", (404, 403, 202, 202)),
    ("DELETE", f"objects/{KNOWN}/", (404, 403, 403, 200)),
    ("DELETE", f"objects/{STRANGER}/", (404, 403, 403, 404)),
]


@pytest.mark.parametrize(("method", "rest", "expected"), REQUESTS)
def test_rights_decide_what_is_answered(
    method: str, rest: str, expected: tuple[int, ...], bank: Machine, clinic: Machine
) -> None:
    said = []
    for alias in RIGHTS:
        objects = f"collections/{alias}/objects/"
        clinic.add(objects, address())
        if alias != "writable" and rest.endswith(f"{KNOWN}/"):
            bank.add(objects, address())  # what one added oneself is what one may take away
        path = f"collections/{alias}/{rest}"
        answer = bank.add(path, address()) if method == "POST" else bank.ask(path, method)
        said.append(answer.status)
        if method != "HEAD" and answer.status >= 400:
            assert answer.body["http_status"] == str(answer.status)
    assert tuple(said) == expected


def test_flags_say_what_the_requests_then_find(bank: Machine) -> None:
    listed = {row["alias"]: row for row in bank.ask("collections/").listed("collections")}
    assert "neither" not in listed
    flags = {alias: (row["can_read"], row["can_write"]) for alias, row in listed.items() if alias in RIGHTS}
    assert flags == {alias: rights for alias, rights in RIGHTS.items() if alias != "neither"}
    for alias in flags:
        assert bank.ask(f"collections/{alias}/").body == listed[alias]


@pytest.fixture
def three(bank: Machine) -> list[Stix]:
    """Three versions of one object, from the oldest on; they came in another order."""
    of = pieces.uuid()
    made = [indicator(f"day {day}", of=of, day=day) for day in (1, 2, 3)]
    bank.add(BOTH, made[2], made[0], made[1])
    return made


@pytest.mark.parametrize(
    ("versions", "left"),
    [
        ("", []),
        ("match[version]=all", []),
        ("match[version]=last", [1, 2]),
        ("match[version]=first", [2, 3]),
        ("match[version]=first,last", [2]),
        ("match[version]=2026-01-02T00:00:00Z", [1, 3]),
        ("match%5Bversion%5D=2026-01-02T00:00:00.000000Z,last", [1]),
        ("match[spec_version]=2.1", []),
        ("match[spec_version]=2.0,2.1&match[version]=last", [1, 2]),
    ],
)
def test_only_the_versions_that_are_meant_go(versions: str, left: list[int], bank: Machine, three: list[Stix]) -> None:
    path = f"{BOTH}{three[0]['id']}/"
    assert bank.ask(f"{path}?{versions}", "DELETE").status == 200
    there = [row["name"] for row in bank.ask(BOTH, match_version="all").objects]
    assert sorted(map(str, there)) == [f"day {day}" for day in left]
    for gone in (path, f"{path}versions/"):
        assert bank.ask(gone).status == (200 if left else 404)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("match[version]=2026-01-09T00:00:00Z", 404),
        ("match[spec_version]=2.0", 404),
        ("match[version]=all,last", 400),
        ("match[version]=newest", 400),
        ("match[version]=first&match[version]=last", 400),
        ("match[spec_version]=two", 400),
        ("match[spec_version]=2.1&match[spec_version]=2.1", 400),
        ("limit=0", 400),
    ],
)
def test_a_query_that_means_nothing_takes_nothing_away(
    query: str, status: int, bank: Machine, three: list[Stix]
) -> None:
    answer = bank.ask(f"{BOTH}{three[0]['id']}/?{query}", "DELETE")
    assert (answer.status, answer.body["http_status"]) == (status, str(status))
    assert Placement.objects.count() == 3


def test_what_was_taken_away_can_be_added_again_and_is_new_to_who_pages_by_date(bank: Machine) -> None:
    bank.add(BOTH, sent := indicator())
    seen = bank.ask(BOTH).headers["X-TAXII-Date-Added-Last"]
    assert bank.ask(f"{BOTH}{sent['id']}/", "DELETE").status == 200
    assert messages(bank.add(BOTH, sent)) == {}
    assert bank.ask(BOTH, added_after=seen).objects == [sent]
