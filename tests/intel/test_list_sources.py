"""A value that a list holds no more ends on every way out; a list that lost most of its values ends none."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.core.cache import cache
from django.test import Client

from infohub.audit.models import Record
from infohub.intel import actions
from infohub.intel.lookup import Shelves, held, speaking
from infohub.intel.models import Collection, Placement, Source
from infohub.intel.pulls import asking, in_words
from infohub.policy.viewer import SYSTEM
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.outside import counted, outside, pulled, source, status, there
from tests.misp.machine import Machine, machine
from tests.support.host import whole

pytestmark = pytest.mark.django_db


def listed(*values: str) -> bytes:
    return whole("\n".join(values).encode())


def newest(of: Source) -> dict[str, dict[str, object]]:
    """The newest version of each indicator of a source, by its name."""
    rows = Placement.objects.filter(source=of.placing, is_newest=True).values_list("object__raw", flat=True)
    return {str(one["name"]): one for one in map(orjson.loads, rows)}


def ended(of: Source) -> list[str]:
    return sorted(name for name, one in newest(of).items() if "valid_until" in one)


def counts(value: str) -> bool:
    """Whether some object still counts that speaks of the value, as every look-up says it."""
    shelves = Shelves.among(SYSTEM, Collection.objects.all())
    spoken = speaking(shelves, [value], most=1, at=now())
    told = held(shelves, value, at=now())
    assert [one.counting > 0 for one in told] == [one.counts for one in spoken]
    return any(one.counts for one in spoken)


def test_a_value_that_is_gone_ends_and_one_that_comes_back_counts_again() -> None:
    answers = {"/list.txt": [listed("192.0.2.7", "192.0.2.8", "192.0.2.9"), listed("192.0.2.8", "192.0.2.9")]}
    answers["/list.txt"] += [listed("192.0.2.7", "192.0.2.8", "192.0.2.9")]
    with outside(answers) as host:
        made = source(host.url("/list.txt"), kind="list")
        pulled(made)
        assert (ended(made), counts("192.0.2.7")) == ([], True)
        first = newest(made)["192.0.2.7"]
        assert counted(pulled(made)) == (1, 0, 0, 0)
        gone = newest(made)["192.0.2.7"]
        assert (ended(made), counts("192.0.2.7"), counts("192.0.2.8")) == (["192.0.2.7"], False, True)
        assert counted(pulled(made)) == (1, 0, 0, 0)
    back = newest(made)["192.0.2.7"]
    assert (ended(made), counts("192.0.2.7")) == ([], True)
    assert first["id"] == gone["id"] == back["id"]
    assert str(first["valid_from"]) < str(gone["valid_until"]) <= str(gone["modified"]) < str(back["modified"])
    assert len(there(made)) == 5


def test_nothing_ends_while_the_file_is_the_same_or_the_pull_fails() -> None:
    answers = {"/list.txt": [listed("192.0.2.7"), listed("192.0.2.7"), status(500), status(404)]}
    with outside(answers) as host:
        made = source(host.url("/list.txt"), kind="list")
        for _turn in range(4):
            pulled(made)
    assert (there(made), ended(made)) == (list(there(made))[:1], [])


def test_machines_are_told_of_the_end(cast: Cast) -> None:
    cache.clear()  # other tests had tokens of the same number
    bank, reader = machine(cast), f"Bearer {pieces.token(cast.bank, scopes=('read',))[1]}"
    answers = {"/list.txt": [listed("192.0.2.7", "192.0.2.8"), listed("192.0.2.8")]}
    with outside(answers) as host:
        made = source(host.url("/list.txt"), kind="list")
        for deleted in (False, True):
            pulled(made)
            (uuid,) = bank.manifest()
            told = {str(row["value"]): row["deleted"] for row in bank.feed(f"{uuid}.json").attributes}
            assert told == {"192.0.2.7": deleted, "192.0.2.8": False}
            assert len(bank.feed("hashes.csv").content.splitlines()) == (1 if deleted else 2)
            plain = Client().get("/api/v1/collections/members/values", headers={"authorization": reader}).text
            assert ("192.0.2.7" in plain, "192.0.2.8" in plain) == (not deleted, True)
    _token, secret = pieces.token(cast.bank, scopes=("taxii",))
    pulled_by_taxii = Machine(secret).client.get(
        f"/taxii2/api/collections/{pieces.collection('members').uuid}/objects/",
        headers={"authorization": f"Bearer {secret}", "accept": "application/taxii+json;version=2.1"},
    )
    objects = orjson.loads(pulled_by_taxii.getvalue())["objects"]
    assert {str(one["name"]): "valid_until" in one for one in objects} == {"192.0.2.7": True, "192.0.2.8": False}


def test_a_value_that_is_spelt_anew_goes_on() -> None:
    answers = {
        "/list.txt": [
            listed("2001:db8::1", "192.0.2.7"),
            listed("2001:DB8:0::1", "192.0.2.7/32", "192.0.2.7"),
            listed("2001:DB8:0::1", "192.0.2.7", "192.0.2.7/32", "192.0.2.9"),
        ]
    }
    with outside(answers) as host:
        made = source(host.url("/list.txt"), kind="list")
        pulled(made)
        assert counted(pulled(made)) == (1, 0, 0, 0)
        assert counted(pulled(made)) == (1, 0, 0, 0)
    assert (ended(made), sorted(newest(made))) == ([], ["192.0.2.7", "192.0.2.9", "2001:DB8:0::1"])


def test_what_another_source_lists_goes_on_there() -> None:
    answers = {
        "/a.txt": [listed("192.0.2.7", "192.0.2.8"), listed("192.0.2.8")],
        "/b.txt": [listed("192.0.2.7")],
    }
    with outside(answers) as host:
        one, other = source(host.url("/a.txt"), kind="list"), source(host.url("/b.txt"), kind="list")
        for made in (one, other, one, other):
            pulled(made)
    assert (ended(one), ended(other), counts("192.0.2.7")) == (["192.0.2.7"], [], True)


@pytest.mark.parametrize(
    ("left", "kept"),
    [
        ((), True),
        (("# nothing today",), True),
        (("<html>", "<p>gone</p>", "</html>", "sorry", "a", "b"), True),
        (("192.0.2.1", "192.0.2.2"), True),
        (("192.0.2.1", "192.0.2.2", "192.0.2.3"), False),
        (("198.51.100.1", "198.51.100.2", "198.51.100.3"), False),
    ],
)
def test_a_list_that_lost_more_than_half_changes_nothing(left: tuple[str, ...], kept: bool) -> None:
    before = [f"192.0.2.{number}" for number in range(1, 7)]
    with outside({"/list.txt": [listed(*before), listed(*left, "")]}) as host:
        made = source(host.url("/list.txt"), kind="list")
        pulled(made)
        had = there(made)
        run = pulled(made)
    if kept:
        assert (there(made), made.has_shrunk) == (had, True)
        assert in_words(run.problem).endswith("so nothing was changed. It had: 6")
    else:
        assert (made.has_shrunk, run.problem) == (False, "")
        assert len(ended(made)) == 6 - len({*left} & {*before})


def test_an_officer_takes_the_little_that_is_left_and_is_asked_again_next_time(cast: Cast) -> None:
    six = [f"192.0.2.{number}" for number in range(1, 7)]
    answers = {"/list.txt": [listed(*six), listed(), listed(), listed(*six), listed("192.0.2.1")]}
    with outside(answers) as host:
        made = source(host.url("/list.txt"), kind="list")
        pulled(made)
        actions.accept_shrunk(cast.as_(cast.opal), source=made)
        assert not Record.objects.filter(verb="accept_shrunk_source").exists()
        assert pulled(made).problem
        actions.accept_shrunk(cast.as_(cast.opal), source=made)
        assert counted(pulled(made)) == (6, 0, 0, 0)
        assert (ended(made), made.has_shrunk) == (six, False)
        assert (pulled(made).problem, ended(made)) == ("", [])
        assert pulled(made).problem.startswith("shrunk")
    assert Record.objects.filter(verb="accept_shrunk_source").count() == 1


def test_what_was_accepted_before_the_list_came_back_counts_for_nothing_later(cast: Cast) -> None:
    two = ("192.0.2.1", "192.0.2.2")
    answers = {
        "/list.txt": [whole("\n".join(two).encode(), 'ETag: "a"'), listed(), b"HTTP/1.1 304 No\r\n\r\n", listed()]
    }
    with outside(answers) as host:
        made = source(host.url("/list.txt"), kind="list")
        pulled(made)
        pulled(made)
        actions.accept_shrunk(cast.as_(cast.opal), source=made)
        assert pulled(made).problem == ""
        assert pulled(made).problem.startswith("shrunk")
    assert ended(made) == []


def test_values_end_in_as_many_turns_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"10.{number // 250}.{number % 250}.7" for number in range(2500)]
    with outside({"/list.txt": [listed(*many), listed(*many[1100:], "192.0.2.7")]}) as host:
        made = source(host.url("/list.txt"), kind="list", tlp=Tlp.AMBER)
        monkeypatch.setattr(asking, "ENOUGH", 300.0)
        pulled(made)
        monkeypatch.setattr(asking, "ENOUGH", 0.0)
        assert [len(ended(made)) for _turn in range(3) if pulled(made).ended is None] == [0, 1000, 1100]
        monkeypatch.setattr(asking, "ENOUGH", 300.0)
        run = pulled(made)
    assert (run.taken, run.ended is None, len(ended(made)), len(there(made))) == (1101, False, 1100, 3601)
    assert set(Placement.objects.values_list("tlp", flat=True)) == {Tlp.AMBER.value}


def aged(of: Source, days: int) -> None:
    """What the source brought so far came in so many days earlier."""
    for row in Placement.objects.filter(source=of.placing).order_by("pk"):
        Placement.objects.filter(pk=row.pk).update(date_added=row.date_added - timedelta(days=days))


@pytest.mark.parametrize("again", ["listed", "unchanged"])
def test_what_a_list_still_holds_lives_on_and_what_ended_does_not(again: str) -> None:
    both = listed("192.0.2.7", "192.0.2.8", "lantern.example", "d41d8cd98f00b204e9800998ecf8427e", "198.51.100.1")
    answers = [both, both] if again == "unchanged" else [both, listed("192.0.2.8", "lantern.example", "192.0.2.9")]
    with outside({"/list.txt": [*answers, status(500)]}) as host:
        made = source(host.url("/list.txt"), kind="list")
        pulled(made)
        aged(made, 40)
        first = newest(made)
        pulled(made)
        second = newest(made)
        renewed = {name for name in first if first[name]["modified"] != second[name]["modified"]}
        gone = set() if again == "unchanged" else {"192.0.2.7", "198.51.100.1", "d41d8cd98f00b204e9800998ecf8427e"}
        addresses = {"192.0.2.7", "192.0.2.8", "198.51.100.1"}  # 60 days; the name has 180, the hash all time
        assert renewed == addresses | gone
        assert set(ended(made)) == gone
        assert second["192.0.2.8"]["valid_from"] == first["192.0.2.8"]["valid_from"]
        aged(made, 25)
        assert [counts(value) for value in ("192.0.2.8", "lantern.example")] == [True, True]
        pulled(made)  # it fails: nothing lives on by what nobody could read
        assert {name: one["modified"] for name, one in newest(made).items()} == {
            name: one["modified"] for name, one in second.items()
        }
        aged(made, 40)
        assert [counts(value) for value in ("192.0.2.8", "lantern.example")] == [False, True]
