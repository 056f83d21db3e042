"""What a machine that is let in gets: resources, pages, filters, refusals."""

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from infohub.intel.actions import ensure_collections, retract
from infohub.intel.models import Collection
from infohub.intel.tasks import place_due
from infohub.members.models import Seat
from infohub.policy.clause import Clause
from infohub.standards.stix21.timestamp import microseconds, moment_of
from infohub.standards.taxii21.media import TAXII
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import address, collection, indicator, place, placed, text
from tests.taxii.machine import Machine

pytestmark = pytest.mark.django_db

MEMBERS = "collections/members/"


def test_discovery_leads_to_the_collections(bank: Machine) -> None:
    discovered = bank.ask("/taxii2/").body
    assert discovered["title"]
    assert discovered["api_roots"] == [discovered["default"]]
    root = bank.ask(str(discovered["default"])).body
    assert root["versions"] == [TAXII]
    assert isinstance(root["max_content_length"], int)
    assert root["max_content_length"] > 0
    listed = bank.ask(f"{discovered['default']}collections/").listed("collections")
    assert [row["alias"] for row in listed] == ["everything", "members"]
    for row in listed:
        assert (row["can_read"], row["can_write"]) == (True, False)
        assert row["media_types"] == ["application/stix+json;version=2.1"]
        assert bank.ask(f"collections/{row['id']}/").body == row == bank.ask(f"collections/{row['alias']}").body


def test_objects_are_the_texts_that_were_placed(bank: Machine) -> None:
    made = [indicator("可疑地址"), address()]
    placed("IH-1", *made)
    answer = bank.ask(MEMBERS + "objects/")
    assert answer.objects == made
    assert answer.body["more"] is False
    rows = collection("members").placements.order_by("date_added")
    dates = [microseconds(row.date_added) for row in rows]
    assert answer.headers["X-TAXII-Date-Added-First"] == dates[0]
    assert answer.headers["X-TAXII-Date-Added-Last"] == dates[1]
    manifest = bank.ask(MEMBERS + "manifest/")
    assert manifest.objects == [
        {
            "id": made[0]["id"],
            "date_added": dates[0],
            "version": "2026-01-01T00:00:00.000000Z",
            "media_type": "application/stix+json;version=2.1",
        },
        {
            "id": made[1]["id"],
            "date_added": dates[1],
            "version": "1970-01-01T00:00:00.000000Z",
            "media_type": "application/stix+json;version=2.1",
        },
    ]
    one = bank.ask(f"{MEMBERS}objects/{made[0]['id']}/")
    assert one.objects == made[:1]
    assert one.headers["X-TAXII-Date-Added-Last"] == dates[0]


def test_what_is_not_due_yet_is_not_there(bank: Machine) -> None:
    place("IH-1", made := indicator())
    for name in ("members", "everything"):
        for path in ("objects/", "manifest/"):
            assert bank.ask(f"collections/{name}/{path}").body == {"more": False}
        assert bank.ask(f"collections/{name}/objects/{made['id']}/").status == 404
    place_due(pieces.NOW)
    assert bank.ask(MEMBERS + "objects/").ids == [made["id"]]


def test_an_empty_collection_has_no_objects_and_no_dates(bank: Machine) -> None:
    for path in ("objects/", "manifest/"):
        answer = bank.ask(MEMBERS + path)
        assert (answer.status, answer.body) == (200, {"more": False})
        assert not any(name.startswith("X-TAXII") for name in answer.headers)


@pytest.mark.parametrize("limit", range(1, 9))
@pytest.mark.parametrize("path", ["objects/", "manifest/"])
def test_every_page_size_gives_each_object_once(path: str, limit: int, bank: Machine) -> None:
    made = [indicator(str(number)) for number in range(7)]
    placed("IH-1", *made[:4])
    placed("IH-2", *made[4:])
    pages = bank.pull(MEMBERS + path, limit=limit)
    assert [name for answer in pages for name in answer.ids] == [row["id"] for row in made]
    assert all(len(answer.objects) <= limit for answer in pages)
    assert len(pages) == -(-7 // limit)


def test_a_client_that_pages_by_date_gets_each_object_once(bank: Machine) -> None:
    made = [indicator(str(number)) for number in range(5)]
    placed("IH-1", *made)
    seen, after = list[str](), "2020-01-01T00:00:00Z"
    while (answer := bank.ask(MEMBERS + "objects/", added_after=after, limit=2)).objects:
        seen += answer.ids
        after = answer.headers["X-TAXII-Date-Added-Last"]
    assert seen == [row["id"] for row in made]


def test_added_after_is_exclusive_and_may_be_dropped_or_kept_beside_next(bank: Machine) -> None:
    made = [indicator(str(number)) for number in range(4)]
    placed("IH-1", *made)
    first = bank.ask(MEMBERS + "objects/", limit=1)
    after = first.headers["X-TAXII-Date-Added-First"]
    second = bank.ask(MEMBERS + "objects/", added_after=after, limit=1)
    assert second.ids == [made[1]["id"]]
    following = str(second.body["next"])
    rest = [made[2]["id"], made[3]["id"]]
    assert bank.ask(MEMBERS + "objects/", next=following).ids == rest
    assert bank.ask(MEMBERS + "objects/", next=following, added_after=after).ids == rest
    assert (
        bank.ask(MEMBERS + "objects/", added_after=second.headers["X-TAXII-Date-Added-First"][:-1] + "9Z").ids == rest
    )


def test_a_cursor_is_judged_anew_with_the_reader_and_good_for_one_address(bank: Machine, cast: Cast) -> None:
    placed("IH-1", indicator(), indicator())
    placed("IH-2", amber := indicator(), tlp=Tlp.AMBER)
    following = str(bank.ask(MEMBERS + "objects/", limit=2).body["next"])
    assert bank.ask(MEMBERS + "objects/", next=following).ids == [amber["id"]]
    green = Machine(pieces.token(cast.bank, ceiling=Tlp.GREEN)[1])
    assert green.ask(MEMBERS + "objects/", next=following).ids == []
    assert bank.ask("collections/everything/objects/", next=following).status == 400
    assert bank.ask(MEMBERS + "manifest/", next=following).status == 400
    for forged in (following[:-1], "A" + following, "2026-01-01T00:00:00.000000Z", "é", "A" * 5000):
        assert bank.ask(MEMBERS + "objects/", next=forged).status == 400


def test_versions_are_told_apart_by_modified_whatever_the_order_of_arrival(bank: Machine) -> None:
    own = pieces.uuid()
    days = {day: indicator(f"day {day}", of=own, day=day) for day in (1, 2, 3)}
    for day in (2, 3, 1):
        placed(f"IH-{day}", days[day])
    stamps = {day: f"2026-01-0{day}T00:00:00.000Z" for day in days}

    def names(**query: str) -> list[object]:
        return [row["name"] for row in bank.ask(MEMBERS + "objects/", **query).objects]

    assert names() == names(match_version="last") == ["day 3"]
    assert names(match_version="first") == ["day 1"]
    assert names(match_version="all") == ["day 2", "day 3", "day 1"]
    assert names(match_version="first,last") == ["day 3", "day 1"]
    assert names(match_version=stamps[2]) == ["day 2"]
    assert names(match_version=f"{stamps[2]},first") == ["day 2", "day 1"]
    assert names(match_version="2026-01-09T00:00:00Z") == []
    path = f"{MEMBERS}objects/indicator--{own}/"
    assert [row["name"] for row in bank.ask(path).objects] == ["day 3"]
    assert bank.ask(path, match_version="2026-01-09T00:00:00Z").body == {"more": False}
    listed = bank.ask(path + "versions/").body["versions"]
    assert listed == [f"2026-01-0{day}T00:00:00.000000Z" for day in (2, 3, 1)]
    paged = [answer.listed("versions") for answer in bank.pull(path + "versions/", limit=1)]
    assert [stamp for stamps in paged for stamp in stamps] == listed


def test_filters_are_or_within_and_and_between(bank: Machine) -> None:
    made = [indicator("a"), indicator("b"), address()]
    placed("IH-1", *made)
    a, b, c = (str(row["id"]) for row in made)

    def ids(**query: str) -> list[str]:
        answer = bank.ask(MEMBERS + "objects/", **query)
        assert bank.ask(MEMBERS + "manifest/", **query).ids == answer.ids
        return answer.ids

    assert ids(match_id=a) == [a]
    assert ids(match_id=f"{b},{a}") == [a, b]
    assert ids(match_type="indicator") == [a, b]
    assert ids(match_type="indicator,ipv4-addr") == [a, b, c]
    assert ids(match_type="indicator", match_id=f"{c},{b}") == [b]
    assert ids(match_type="malware") == []
    assert ids(match_spec_version="2.1") == [a, b, c]
    assert ids(match_spec_version="2.0") == []
    assert ids(colour="blue", match_colour="blue") == [a, b, c]


def test_a_page_is_never_larger_than_the_largest(bank: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infohub.taxii.pages.LARGEST_PAGE", 3)
    placed("IH-1", *(indicator() for _ in range(7)))
    assert [len(page.objects) for page in bank.pull(MEMBERS + "objects/")] == [3, 3, 1]
    assert [len(page.objects) for page in bank.pull(MEMBERS + "objects/", limit=5)] == [3, 3, 1]


@pytest.mark.parametrize("path", ["objects/", "manifest/"])
def test_a_page_ends_where_its_texts_fill_it_and_none_is_lost(
    path: str, bank: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infohub.intel.pulling.BUDGET", 6000)
    made = [indicator("釣" * letters) for letters in (5000, 1, 1, 5000, 1, 5000, 5000)]  # three bytes each
    placed("IH-1", *made)
    pages = bank.pull(MEMBERS + path)
    assert [len(page.objects) for page in pages] == [1, 3, 2, 1]
    assert [name for page in pages for name in page.ids] == [row["id"] for row in made]
    sizes = collection("members").placements.order_by("date_added").values_list("size", "object__raw")
    assert all(size == len(raw.encode()) > 100 for size, raw in sizes)


@pytest.mark.parametrize("count", [1, 30])
def test_a_request_asks_the_database_a_fixed_number_of_times(
    count: int, bank: Machine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    placed("IH-1", *(made := [indicator() for _ in range(count)]))
    bank.ask("collections/")
    for path, queries in {
        "/taxii2/": 1,
        "/taxii2/api/": 1,
        "collections/": 1,
        "collections/members/": 1,
        "collections/members/objects/": 2,
        "collections/members/objects/?match[version]=first&limit=2": 2,
        "collections/members/manifest/": 2,
        f"collections/members/objects/{made[0]['id']}/": 2,
        f"collections/members/objects/{made[0]['id']}/versions/": 2,
        "collections/everything/objects/": 4,
        "collections/everything/manifest/": 4,
    }.items():
        with django_assert_num_queries(queries):
            assert bank.ask(path).status == 200


def test_the_ceiling_of_the_token_is_obeyed_everywhere(bank: Machine, cast: Cast) -> None:
    by_tlp = {tlp: indicator(tlp.word) for tlp in Tlp}
    for tlp, made in by_tlp.items():
        placed(f"IH-{tlp}", made, tlp=tlp)
    for ceiling in list(Tlp)[:-1]:
        machine = Machine(pieces.token(cast.bank, ceiling=ceiling)[1])
        expected = [made["id"] for tlp, made in by_tlp.items() if tlp <= ceiling]
        for name in ("members", "everything"):
            for path in ("objects/", "manifest/"):
                assert machine.ask(f"collections/{name}/{path}").ids == expected
            for tlp, made in by_tlp.items():
                status = machine.ask(f"collections/{name}/objects/{made['id']}/").status
                assert status == (200 if tlp <= ceiling else 404)


def test_a_newer_version_above_the_ceiling_hides_nothing_and_shows_nothing(bank: Machine, cast: Cast) -> None:
    own = pieces.uuid()
    placed("IH-1", indicator("green", of=own))
    placed("IH-2", indicator("amber", of=own, day=2), tlp=Tlp.AMBER)
    green = Machine(pieces.token(cast.bank)[1])
    assert [row["name"] for row in green.ask(MEMBERS + "objects/").objects] == ["green"]
    assert [row["name"] for row in bank.ask(MEMBERS + "objects/").objects] == ["amber"]


def test_an_object_that_several_pieces_share_comes_once(bank: Machine, cast: Cast) -> None:
    placed("IH-1", address("amber"), tlp=Tlp.AMBER)
    placed("IH-2", address("green"), tlp=Tlp.GREEN)
    placed("IH-3", address("the bank's"), clauses=[Clause(organisations=frozenset({cast.bank.pk}))])
    green = Machine(pieces.token(cast.bank)[1])
    clinic = Machine(pieces.token(cast.clinic, ceiling=Tlp.AMBER)[1])
    for name in ("members", "everything"):
        path = f"collections/{name}/objects/"
        for version in ("last", "all", "first"):
            assert [row["x_from"] for row in bank.ask(path, match_version=version).objects] == ["amber"]
            assert [row["x_from"] for row in green.ask(path, match_version=version).objects] == ["green"]
            assert [row["x_from"] for row in clinic.ask(path, match_version=version).objects] == ["amber"]


def test_a_withdrawn_piece_is_read_as_revoked_and_in_no_older_version(bank: Machine) -> None:
    own = pieces.uuid()
    placed("IH-1", indicator("secret words", of=own), address())
    last = bank.ask(MEMBERS + "objects/").headers["X-TAXII-Date-Added-Last"]
    retract("IH-1", objects=[indicator("IH-1", of=own, day=2, revoked=True)])
    (revoked,) = bank.ask(MEMBERS + "objects/", added_after=last).objects
    assert (revoked["id"], revoked["revoked"]) == (f"indicator--{own}", True)
    for name in ("members", "everything"):
        everything = bank.ask(f"collections/{name}/objects/", match_version="all").objects
        assert [row["name"] for row in everything] == ["IH-1"]


def test_a_group_feeds_the_organisations_seated_in_it_and_loses_them_at_once(cast: Cast, bank: Machine) -> None:
    group = make.group("Banking", cast.ann)
    seat = Seat.objects.create(group=group, organisation=cast.bank, started=make.START)
    ensure_collections()
    placed("IH-1", made := indicator(), tlp=Tlp.AMBER, clauses=[Clause(groups=frozenset({group.pk}))])
    path = f"collections/group-{group.ref.lower()}/objects/"
    clinic = Machine(pieces.token(cast.clinic, ceiling=Tlp.AMBER)[1])
    assert bank.ask(path).ids == bank.ask("collections/everything/objects/").ids == [made["id"]]
    assert clinic.ask(path).status == 404
    assert clinic.ask("collections/everything/objects/").ids == []
    Seat.objects.filter(pk=seat.pk).update(ended=datetime(2026, 4, 1, tzinfo=UTC))
    assert bank.ask(path).status == 404
    assert bank.ask("collections/everything/objects/").ids == []


def test_a_peer_reads_green_for_all_members_and_nothing_else(cast: Cast, bank: Machine) -> None:
    token, secret = pieces.token(None)
    placed("IH-1", green := indicator())
    placed("IH-2", indicator(), tlp=Tlp.AMBER)
    placed("IH-3", indicator(), clauses=[Clause(organisations=frozenset({cast.bank.pk}))])
    peer = Machine(secret)
    assert [row["alias"] for row in peer.ask("collections/").listed("collections")] == ["members"]
    assert peer.ask(MEMBERS + "objects/").ids == [green["id"]]
    assert peer.ask("collections/everything/objects/").status == 404
    agreed = Collection.objects.create(kind="named", alias="agreed", titles={"en": "Agreed"})
    assert peer.ask("collections/agreed/").status == 404
    agreed.peers.add(token)
    assert peer.ask("collections/agreed/").status == 200


def test_a_head_is_a_get_without_the_body(bank: Machine) -> None:
    placed("IH-1", indicator())
    got, head = bank.ask(MEMBERS + "objects/"), bank.ask(MEMBERS + "objects/", "HEAD")
    assert (head.status, head.body) == (200, {})
    assert head.headers["X-TAXII-Date-Added-First"] == got.headers["X-TAXII-Date-Added-First"]
    assert int(head.headers["Content-Length"]) > 100


@pytest.mark.parametrize("path", ["/taxii2", "/taxii2/api", "/taxii2/api/collections", "/taxii2/api/" + MEMBERS[:-1]])
def test_addresses_work_without_the_closing_slash(path: str, bank: Machine) -> None:
    assert bank.ask(path).status == 200


def test_dates_of_addition_are_read_as_they_are_written(bank: Machine) -> None:
    placed("IH-1", made := indicator())
    added = collection("members").placements.get().date_added
    (entry,) = bank.ask(MEMBERS + "manifest/").objects
    assert moment_of(str(entry["date_added"])) == added
    assert (
        text(made)
        in bank.client.get(
            f"/taxii2/api/{MEMBERS}objects/", headers={"authorization": f"Bearer {bank.secret}"}
        ).content.decode()
    )
