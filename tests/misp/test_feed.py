"""The feed of a collection, file by file: what is in it for whom, and when it changes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from pymisp import MISPEvent
from pytest_django import DjangoAssertNumQueries

from infohub.intel import gathering
from infohub.intel.actions import ensure_collections, retract
from infohub.intel.models import Placement
from infohub.intel.tasks import place_due
from infohub.members.models import Organisation
from infohub.policy.viewer import SYSTEM
from infohub.register.actions import suspend_organisation
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.stix21.render import Indicator, render_report
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import indicator, place, placed
from tests.misp.machine import Answer, Machine, machine
from tests.taxii.test_client import PIECE

pytestmark = pytest.mark.django_db

GREEN_PIECE = replace(PIECE, tlp=Tlp.GREEN)
UUID = str(PIECE.uuid)


def report(*objects: pieces.Stix, name: str = "What was seen") -> pieces.Stix:
    made = indicator(name)
    uuid = str(made["id"]).partition("--")[2]
    made = {name: made[name] for name in ("spec_version", "created", "modified", "name")}
    refs = [one["id"] for one in objects]
    return made | {"type": "report", "id": f"report--{uuid}", "published": made["created"], "object_refs": refs}


def marked(made: pieces.Stix, tlp: Tlp) -> pieces.Stix:
    return made | {"object_marking_refs": [TLP_2[tlp]]}


def values(told: Machine, uuid: str = UUID, *, of: str = "members") -> dict[object, bool]:
    """The values in an event, and whether each was taken back."""
    return {row["value"]: bool(row["deleted"]) for row in told.feed(f"{uuid}.json", of=of).attributes}


def lasting(answer: Answer) -> dict[str, str]:
    """The headers that say nothing of the number of requests."""
    return {name: said for name, said in answer.headers.items() if not name.startswith("RateLimit")}


def test_a_piece_is_an_event_that_the_usual_library_reads(bank: Machine) -> None:
    placed(PIECE.ref, *render_report(GREEN_PIECE))
    ((uuid, entry),) = bank.manifest().items()
    answer = bank.feed(f"{uuid}.json")
    assert entry["integrity:sha256"] == hashlib.sha256(answer.content).hexdigest()
    event = MISPEvent()
    event.load(answer.content)
    assert (event.uuid, event.info, event.orgc.name) == (UUID, PIECE.title, "Bank")
    assert [tag.name for tag in event.tags] == ["alert", "tlp:green"]
    assert {(one.type, one.value, one.to_ids) for one in event.attributes} == {
        ("ip-dst", "198.51.100.3", True),
        ("domain", "treasury.example", True),
        ("link", PIECE.external_url, False),
    }
    assert [one.content for one in event.event_reports] == [PIECE.body]
    ((_, usual),) = event.manifest.items()
    assert {name: str(entry[name]) for name in ("info", "date", "timestamp")} == {
        name: str(usual[name]) for name in ("info", "date", "timestamp")
    }
    lines = bank.feed("hashes.csv").content.decode().splitlines()
    assert sorted(lines) == sorted(f"{digest},{uuid}" for digest in set(event.attributes_hashes("md5")))
    assert bank.manifest(of="everything") == {uuid: entry}


def test_the_feed_is_called_by_id_or_alias_and_every_way_to_send_a_token_works(bank: Machine, cast: Cast) -> None:
    placed(PIECE.ref, *render_report(GREEN_PIECE))
    row = pieces.collection("members")
    for name in ("members", str(row.uuid), str(row.uuid).upper()):
        assert list(bank.manifest(of=name)) == [UUID]
    for way in (f"Bearer {bank.secret}", f"Token {bank.secret}", bank.secret):
        assert list(Machine("", authorization=way).manifest()) == [UUID]
    for way in ("", "not-a-token", f"Basic {bank.secret}", "Bearer"):
        answer = Machine("x", authorization=way).feed("manifest.json")
        assert (answer.status, "Basic" in answer.headers["WWW-Authenticate"]) == (401, True)
    scoped = Machine(pieces.token(cast.bank, scopes=("taxii", "read", "feed"))[1])
    assert scoped.feed("manifest.json").status == 403


def test_what_is_not_there_and_what_is_not_yours_are_one_answer(bank: Machine, cast: Cast) -> None:
    group = make.group("Banking", cast.ann)
    ensure_collections()
    alias = f"group-{group.ref.lower()}"
    place(PIECE.ref, *render_report(PIECE), tlp=Tlp.AMBER)
    asked = [f"collections/{alias}/manifest.json", "collections/nowhere/manifest.json"]
    asked += [f"collections/members/{UUID}.json", "collections/members/other.json", "collections/members/", "x", ""]
    answers = [bank.ask(path) for path in asked]
    assert {answer.status for answer in answers} == {404}
    assert len({str(answer.json["message"]) for answer in answers}) == 1
    assert bank.ask("collections/members/manifest.json", "POST").status == 405
    assert bank.ask("collections/members/manifest.json", "DELETE").headers["Allow"] == "GET, HEAD"
    place_due(pieces.NOW)
    assert bank.feed(f"{UUID}.json").status == 200
    assert bank.ask(f"collections/members/{UUID}.json", "HEAD").content == b""


def test_a_reader_with_a_lower_ceiling_meets_no_trace_of_what_is_stricter(bank: Machine, cast: Cast) -> None:
    low, other = machine(cast, Tlp.GREEN), indicator("plain")
    mild, strict = marked(indicator("mild"), Tlp.GREEN), marked(indicator("strict"), Tlp.AMBER)
    strict |= {"pattern": "[domain-name:value = 'strict.example']", "modified": "2026-02-01T00:00:00.000Z"}
    told = marked(report(mild, strict), Tlp.GREEN)
    uuid = str(told["id"]).partition("--")[2]
    placed("org-1", mild, told)
    before = [low.feed(path) for path in ("manifest.json", f"{uuid}.json", "hashes.csv")]
    placed("org-2", strict, tlp=Tlp.AMBER)
    newest = pieces.collection("members").placements.order_by("-date_added")[0]
    later = newest.date_added + timedelta(minutes=5)
    Placement.objects.filter(pk=newest.pk).update(date_added=later)
    after = [low.feed(path) for path in ("manifest.json", f"{uuid}.json", "hashes.csv")]
    assert [(one.content, lasting(one)) for one in before] == [(one.content, lasting(one)) for one in after]
    assert "strict" not in str([one.content for one in after])
    assert list(values(bank, uuid)) == ["198.51.100.3", "strict.example"]
    assert bank.manifest()[uuid]["timestamp"] == str(int(later.timestamp()))
    assert low.manifest()[uuid]["timestamp"] == "1767225600"
    (tagged,) = [row for row in bank.feed(f"{uuid}.json").attributes if row["value"] == "strict.example"]
    assert tagged["Tag"] == [{"name": "tlp:amber"}]
    placed("org-2", other, tlp=Tlp.AMBER)
    assert len(bank.manifest()) == 2
    assert list(low.manifest()) == [uuid]


def test_what_no_report_names_is_an_event_for_each_source_and_day(bank: Machine) -> None:
    first, second = indicator("one"), indicator("two") | {"pattern": "[domain-name:value = 'two.example']"}
    placed("org-1", first)
    placed("org-2", second)
    before = bank.manifest()
    assert len(before) == 2
    day = pieces.collection("members").placements.order_by("pk")[0].date_added.date().isoformat()
    assert {entry["info"] for entry in before.values()} == {f"members {day}"}
    assert "org-" not in str(before)
    placed("org-1", indicator("three") | {"pattern": "[domain-name:value = 'three.example']"})
    after = bank.manifest()
    changed = [uuid for uuid in before if before[uuid] != after[uuid]]
    assert before.keys() == after.keys()
    assert [list(values(bank, uuid)) for uuid in changed] == [["198.51.100.3", "three.example"]]
    assert int(str(after[changed[0]]["timestamp"])) >= int(str(before[changed[0]]["timestamp"]))


def test_a_day_with_much_is_several_events_and_what_comes_changes_the_last_alone(
    bank: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "LARGEST", 2)
    placed("org-1", *(indicator(str(number)) for number in range(3)))
    before = bank.manifest()
    placed("org-1", *(indicator(str(number)) for number in range(3)))
    after = bank.manifest()
    assert [len(told) for told in (before, after)] == [2, 3]
    assert [uuid for uuid in before if before[uuid] == after[uuid]] == list(before)[:1]
    assert len({entry["info"] for entry in after.values()}) == 3


def test_a_withdrawn_piece_is_an_event_in_which_everything_is_deleted(bank: Machine) -> None:
    placed(PIECE.ref, *render_report(GREEN_PIECE))
    before = bank.manifest()[UUID]
    later = PIECE.modified + timedelta(hours=1)
    retract(PIECE.ref, objects=render_report(replace(GREEN_PIECE, revoked=True, modified=later)))
    ((uuid, entry),) = bank.manifest().items()
    assert uuid == UUID
    assert int(str(entry["timestamp"])) > int(str(before["timestamp"]))
    event = bank.feed(f"{UUID}.json")
    assert set(values(bank).values()) == {True}
    assert "198.51.100.3" in values(bank)
    assert PIECE.title not in event.content.decode()
    assert PIECE.body not in event.content.decode()
    assert all(row["deleted"] for row in event.event["EventReport"])  # type: ignore[attr-defined]
    assert {row["timestamp"] for row in event.attributes} == {entry["timestamp"]}
    assert bank.feed("hashes.csv").content == b""


def test_an_indicator_that_was_taken_back_is_deleted_in_the_event_it_was_in(bank: Machine) -> None:
    placed(PIECE.ref, *render_report(GREEN_PIECE))
    later = PIECE.modified + timedelta(hours=1)
    (kept, gone) = PIECE.indicators
    assert isinstance(gone, Indicator)
    revoked = render_report(replace(GREEN_PIECE, modified=later, indicators=(gone,), revoked=True))
    again = render_report(replace(GREEN_PIECE, modified=later, indicators=(kept,)))
    placed(PIECE.ref, *again, *(one for one in revoked if one["type"] == "indicator"))
    assert list(bank.manifest()) == [UUID]
    assert values(bank) == {"198.51.100.3": False, "treasury.example": True, PIECE.external_url: False}


def test_what_a_client_has_is_not_sent_again(bank: Machine, cast: Cast) -> None:
    placed(PIECE.ref, *render_report(GREEN_PIECE))
    for path in ("manifest.json", "hashes.csv", f"{UUID}.json"):
        answer = bank.feed(path)
        etag = answer.headers["ETag"]
        for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            same = bank.feed(path, etag=known)
            assert (same.status, same.content, same.headers["ETag"]) == (304, b"", etag)
        assert bank.feed(path, etag='"x"').content == answer.content
        assert machine(cast, Tlp.CLEAR).feed(path, etag=etag).status == (200 if path[0] != "8" else 404)
    etags = {path: bank.feed(path).headers["ETag"] for path in ("manifest.json", "hashes.csv")}
    placed("org-1", indicator())
    assert all(bank.feed(path, etag=etag).status == 200 for path, etag in etags.items())
    assert "Last-Modified" in bank.feed("manifest.json").headers


def test_no_report_poses_as_another_event(bank: Machine) -> None:
    placed(PIECE.ref, *render_report(GREEN_PIECE))
    placed("org-1", posing := report(name="posing") | {"x_misp_uuid": UUID, "object_refs": [PIECE.ref]})
    placed("org-2", report(name="in capitals") | {"id": f"report--{UUID.upper()}"})
    told = bank.manifest()
    assert {entry["info"]: uuid for uuid, entry in told.items() if entry["info"] != "in capitals"} == {
        PIECE.title: UUID,
        "posing": str(posing["id"]).partition("--")[2],
    }
    assert len(told) == 3
    assert all(bank.feed(f"{uuid}.json").event["uuid"] == uuid for uuid in told)


def test_peers_read_what_names_them_and_a_suspended_organisation_nothing(bank: Machine, cast: Cast) -> None:
    placed(PIECE.ref, *render_report(GREEN_PIECE))
    row, secret = pieces.token(None, scopes=("misp",))
    peer = Machine(secret)
    assert list(peer.manifest()) == [UUID]
    assert peer.feed("manifest.json", of="everything").status == 404
    assert row.kind == "peer"
    suspend_organisation(SYSTEM, organisation=Organisation.objects.get(pk=cast.bank.pk), reason="test")
    assert bank.feed("manifest.json").status == 401


@pytest.mark.parametrize("count", [1, 30])
def test_a_feed_asks_a_fixed_number_of_times(
    count: int, bank: Machine, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen = [indicator(str(number)) for number in range(count)]
    placed("org-1", *seen, *(told := [report(one) for one in seen]))
    uuid = str(told[0]["id"]).partition("--")[2]
    bank.feed("manifest.json", of="nowhere")
    for path, queries in (("manifest.json", 6), ("manifest.json", 3), ("hashes.csv", 3), (f"{uuid}.json", 4)):
        with django_assert_num_queries(queries):
            assert bank.feed(path).status == 200


def test_a_report_takes_along_and_takes_back_nothing_of_others(bank: Machine) -> None:
    theirs, own = indicator("theirs"), indicator("own")
    placed("org-1", theirs)
    hostile = report(theirs, own) | {"revoked": True}
    placed("org-2", own, hostile)
    events = {entry["info"]: bank.feed(f"{uuid}.json") for uuid, entry in bank.manifest().items()}
    deleted = {row["uuid"]: row["deleted"] for answer in events.values() for row in answer.attributes}
    assert deleted[str(theirs["id"]).partition("--")[2]] is False
    assert deleted[str(own["id"]).partition("--")[2]] is True


def test_no_identity_poses_as_another_organisation(bank: Machine, cast: Cast) -> None:
    false: pieces.Stix = {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{pieces.uuid()}",
        "name": "Clinic",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "x_misp_uuid": str(cast.clinic.uuid),
    }
    made = indicator() | {"created_by_ref": false["id"]}
    placed("org-1", false, made, report(made) | {"created_by_ref": false["id"]})
    (uuid,) = bank.manifest()
    assert str(cast.clinic.uuid) not in bank.feed(f"{uuid}.json").content.decode()


def test_many_reports_that_name_the_same_cost_little_each(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_BASED", 2)
    ensure_collections()
    fact = indicator("fact")
    ties = [tie(fact, number) for number in range(5)]
    placed("org-1", fact, *ties, *(report(fact) | {"object_refs": [fact["id"]] * 50} for _ in range(3)))
    found = gathering.gathered(pieces.reader(cast.bank), [pieces.collection("members")])
    assert max(len(one.objects) for one in found.parts.values() if one.report) <= 4


def tie(fact: pieces.Stix, number: int) -> pieces.Stix:
    made = {name: fact[name] for name in ("spec_version", "created", "modified")}
    ends = {"source_ref": fact["id"], "target_ref": f"domain-name--{pieces.uuid()}"}
    kind = {"type": "relationship", "id": f"relationship--{pieces.uuid()}", "relationship_type": "based-on"}
    return made | ends | kind | {"description": str(number)}
