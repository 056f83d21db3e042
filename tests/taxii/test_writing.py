"""What a machine adds is answered object by object, kept as it was given, and never opens what was closed."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest

from infohub.intel.actions import ensure_collections, remove, spread, submit
from infohub.intel.models import Collection, Observable, Placement, StixObject, Submission
from infohub.intel.tasks import forget_submissions
from infohub.members.models import Organisation
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import token_viewer
from infohub.standards.stix21.markings import TLP_2, marking_definition
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import Stix, address, collection, indicator, placed
from tests.taxii.machine import Answer, Machine

pytestmark = pytest.mark.django_db

OBJECTS = "collections/shared/objects/"
WRITING = ("taxii", "taxii-write")


def audience(*organisations: Organisation) -> Audience:
    return Audience.objects.intern(Clause(organisations=frozenset(one.pk for one in organisations)))


@pytest.fixture
def shared(cast: Cast) -> Collection:
    """A collection up to AMBER that bank and clinic read and add to."""
    ensure_collections()
    both = audience(cast.bank, cast.clinic)
    return Collection.objects.create(
        alias="shared", kind="named", titles={"en": "Shared"}, audience=both, writers=both, ceiling=Tlp.AMBER.value
    )


def machine(of: Organisation, *, scopes: tuple[str, ...] = WRITING, ceiling: Tlp = Tlp.AMBER_STRICT) -> Machine:
    return Machine(pieces.token(of, scopes=scopes, ceiling=ceiling)[1])


@pytest.fixture
def bank(cast: Cast, shared: Collection) -> Machine:
    return machine(cast.bank)


@pytest.fixture
def clinic(cast: Cast, shared: Collection) -> Machine:
    return machine(cast.clinic)


def messages(answer: Answer) -> dict[str, str]:
    """Why objects were refused, by their ids; the counts of the answer sum and the lists are as long as they say."""
    body = answer.body
    assert answer.status == 202, body
    assert body["status"] == "complete"
    assert body["success_count"] == len(answer.listed("successes"))
    assert body["failure_count"] == len(answer.listed("failures"))
    counts = [body[f"{name}_count"] for name in ("success", "failure", "pending")]
    assert body["total_count"] == sum(int(str(count)) for count in counts)
    return {str(one["id"]): str(one["message"]) for one in answer.listed("failures")}


def test_what_is_added_comes_back_as_it_was_given_and_is_looked_up_by_its_values(bank: Machine) -> None:
    sent = indicator() | {"x_own": {"b": [1, 2.5, None], "a": "é勒索"}, "version": "3"}
    assert messages(bank.add(OBJECTS, sent)) == {}
    assert bank.ask(OBJECTS).objects == [sent]
    assert bank.ask(f"{OBJECTS}{sent['id']}/").objects == [sent]
    assert list(Observable.objects.values_list("kind", "value")) == [("ipv4", "198.51.100.3")]


def test_the_answer_can_be_asked_for_again_by_the_token_that_sent_and_by_no_other(
    bank: Machine, clinic: Machine, cast: Cast
) -> None:
    said = bank.add(OBJECTS, indicator()).body
    path = f"status/{said['id']}/"
    assert bank.ask(path).body == said
    unknown = clinic.ask("status/00000000-0000-4000-8000-000000000000/")
    for other in (clinic, machine(cast.bank)):
        assert (other.ask(path).status, other.ask(path).body) == (404, unknown.body)


def test_who_may_read_but_not_add_is_told_so_and_who_may_add_but_not_read_too(cast: Cast, shared: Collection) -> None:
    reader, writer = machine(cast.bank, scopes=("taxii",)), machine(cast.clinic)
    shared.audience = audience(cast.bank)
    shared.save()
    assert reader.add(OBJECTS, indicator()).status == 403
    assert writer.add(OBJECTS, indicator()).status == 202
    assert (reader.ask(OBJECTS).status, writer.ask(OBJECTS).status) == (200, 403)
    assert writer.ask(f"{OBJECTS}{indicator()['id']}/", "DELETE").status == 403
    flags = {who: _flags(one) for who, one in {"reader": reader, "writer": writer}.items()}
    assert flags == {"reader": (True, False), "writer": (False, True)}
    stranger = machine(make.organisation("Stranger"))
    assert (stranger.add(OBJECTS, indicator()).status, _flags(stranger)) == (404, None)


def _flags(one: Machine) -> tuple[object, object] | None:
    rows = {row["alias"]: (row["can_read"], row["can_write"]) for row in one.ask("collections/").listed("collections")}
    return rows.get("shared")


def test_the_right_to_add_ends_with_the_next_request(bank: Machine, shared: Collection, cast: Cast) -> None:
    assert bank.add(OBJECTS, indicator()).status == 202
    Collection.objects.filter(pk=shared.pk).update(writers=audience(cast.clinic))
    assert bank.add(OBJECTS, indicator()).status == 403
    Organisation.objects.filter(pk=cast.bank.pk).update(status="suspended")
    assert bank.add(OBJECTS, indicator()).status == 401


def test_the_same_again_is_taken_and_placed_once(bank: Machine) -> None:
    sent = indicator()
    assert messages(bank.add(OBJECTS, sent, sent)) == {}
    before = bank.ask("collections/shared/manifest/").body
    reordered = dict(reversed(list(sent.items())))
    assert messages(bank.add(OBJECTS, reordered)) == {}
    assert bank.ask("collections/shared/manifest/").body == before
    assert Placement.objects.count() == 1


def test_another_content_under_the_same_version_is_refused_and_named(bank: Machine, clinic: Machine) -> None:
    sent = indicator("first")
    bank.add(OBJECTS, sent)
    for one in (bank, clinic):
        assert "later `modified`" in messages(one.add(OBJECTS, sent | {"name": "second"}))[str(sent["id"])]
    assert bank.ask(OBJECTS).objects == [sent]
    fresh = indicator("a")
    said = messages(bank.add(OBJECTS, fresh, fresh | {"name": "b"}, indicator("c")))
    assert list(said) == [fresh["id"]]


def test_versions_go_by_modified_whatever_the_order_of_arrival(bank: Machine) -> None:
    of = pieces.uuid()
    first, second, third = (indicator(f"day {day}", of=of, day=day) for day in (1, 2, 3))
    for one in (second, third, first):
        assert messages(bank.add(OBJECTS, one)) == {}
    assert bank.ask(OBJECTS).objects == [third]
    assert bank.ask(OBJECTS, "GET", match_version="first").objects == [first]
    assert bank.ask(OBJECTS, "GET", match_version="all").objects == [second, third, first]
    assert bank.ask(OBJECTS, "GET", match_version=str(second["modified"])).objects == [second]


def test_only_the_creator_gives_new_versions_and_revoked_is_for_good(bank: Machine) -> None:
    of, creator = pieces.uuid(), f"identity--{pieces.uuid()}"
    mine = indicator(of=of) | {"created_by_ref": creator}
    bank.add(OBJECTS, mine)
    foreign = indicator(of=of, day=2) | {"created_by_ref": f"identity--{pieces.uuid()}"}
    assert "Only its creator" in messages(bank.add(OBJECTS, foreign))[str(mine["id"])]
    revoked = indicator(of=of, day=3, revoked=True) | {"created_by_ref": creator}
    earlier = indicator(of=of, day=2) | {"created_by_ref": creator}
    later = indicator(of=of, day=4) | {"created_by_ref": creator}
    assert messages(bank.add(OBJECTS, revoked)) == {}
    assert messages(bank.add(OBJECTS, earlier)) == {}
    assert "stays so" in messages(bank.add(OBJECTS, later))[str(mine["id"])]
    assert bank.ask(OBJECTS).objects == [revoked]


def test_a_claimed_creator_gives_nobody_the_right_to_versions_of_what_others_added(
    bank: Machine, clinic: Machine, cast: Cast
) -> None:
    of, vendor = pieces.uuid(), {"created_by_ref": f"identity--{pieces.uuid()}"}
    bank.add(OBJECTS, first := indicator(of=of) | vendor)
    clinic.add(OBJECTS, first)
    for hostile in (indicator(of=of, day=2) | vendor, indicator(of=of, day=3, revoked=True) | vendor):
        assert "Only who added the object first" in messages(clinic.add(OBJECTS, hostile))[str(first["id"])]
    assert messages(bank.add(OBJECTS, second := indicator(of=of, day=2) | vendor)) == {}
    assert clinic.ask(OBJECTS).objects == [second]
    own = {"created_by_ref": f"identity--{cast.clinic.uuid}"}
    theirs = pieces.uuid()
    clinic.add(OBJECTS, indicator(of=theirs) | own)
    assert messages(clinic.add(OBJECTS, indicator(of=theirs, day=2) | own)) == {}


def test_an_object_has_no_more_versions_than_a_collection_keeps(bank: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infohub.intel.actions.adding.MOST_VERSIONS", 2)
    of = pieces.uuid()
    said = messages(bank.add(OBJECTS, *(indicator(of=of, day=day) for day in (1, 2, 3))))
    assert "as many versions" in said[f"indicator--{of}"]
    assert len(bank.ask(OBJECTS, "GET", match_version="all").objects) == 2


@pytest.mark.parametrize("name", ["id", "created_by_ref", "CREATED_BY_REF", "where_sighted_refs", "x_misp_uuid"])
def test_nobody_speaks_for_another_organisation_of_the_programme(name: str, bank: Machine, cast: Cast) -> None:
    def said_by(of: Organisation) -> Stix:
        who = f"identity--{of.uuid}"
        times = {"created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z"}
        identity: Stix = {"type": "identity", "spec_version": "2.1", "id": who, "name": "Us", **times}
        sighting = {"type": "sighting", "id": f"sighting--{pieces.uuid()}", "sighting_of_ref": indicator()["id"]}
        made: dict[str, Stix] = {
            "id": identity,
            "created_by_ref": indicator() | {"created_by_ref": who},
            "CREATED_BY_REF": indicator() | {"created_by_ref": f"identity--{str(of.uuid).upper()}"},
            "where_sighted_refs": identity | sighting | {"where_sighted_refs": [who]},
            "x_misp_uuid": identity | {"id": f"identity--{pieces.uuid()}", "x_misp_uuid": str(of.uuid)},
        }
        return {key: value for key, value in made[name].items() if key != "name" or name != "where_sighted_refs"}

    own, foreign = said_by(cast.bank), said_by(cast.clinic)
    assert list(messages(bank.add(OBJECTS, own, foreign))) == [foreign["id"]]


def test_a_body_that_ends_after_the_rights_did_adds_nothing(bank: Machine, cast: Cast, shared: Collection) -> None:
    row, _ = pieces.token(cast.bank, scopes=WRITING, ceiling=Tlp.AMBER)
    viewer = token_viewer(row)
    row.revoked = row.created
    row.save()
    for late in (
        lambda: submit(viewer, collection=shared, objects=[orjson.loads(pieces.text(indicator()))]),
        lambda: remove(viewer, collection=shared, stix_id=str(indicator()["id"]), versions=("all",)),
    ):
        with pytest.raises(NotAllowedError):
            late()
    assert not Placement.objects.exists()


def test_no_collection_s_version_stands_for_another_s_in_everything(bank: Machine, clinic: Machine, cast: Cast) -> None:
    of = pieces.uuid()
    placed("IH-1", true := indicator("true", of=of, day=2))
    false = [indicator("false", of=of, day=day, revoked=day == 9) for day in (2, 9)]
    assert messages(clinic.add(OBJECTS, *false)) == {}
    spread()
    told = bank.ask("collections/everything/objects/").objects
    assert true in told
    assert true in bank.ask("collections/everything/objects/", "GET", match_version="all").objects
    assert [one["name"] for one in told if one["id"] == true["id"]] == ["true", "false"]


def test_an_object_of_a_piece_is_corrected_by_its_author_alone(bank: Machine, cast: Cast) -> None:
    of = pieces.uuid()
    Collection.objects.filter(alias="members").update(writers=audience(cast.bank))
    placed("IH-1", indicator(of=of))
    said = messages(bank.add("collections/members/objects/", indicator(of=of, day=9)))
    assert "belongs to a piece" in said[f"indicator--{of}"]


def test_markings_decide_who_reads_and_the_strictest_counts(bank: Machine, cast: Cast) -> None:
    marked = {tlp: indicator(tlp.word) | {"object_marking_refs": [TLP_2[Tlp.CLEAR], TLP_2[tlp]]} for tlp in Tlp}
    bare = indicator("bare")
    part = indicator("part") | {"granular_markings": [{"selectors": ["name"], "marking_ref": TLP_2[Tlp.AMBER]}]}
    said = messages(bank.add(OBJECTS, *marked.values(), bare, part))
    assert list(said) == [marked[Tlp.AMBER_STRICT]["id"], marked[Tlp.RED]["id"]]
    assert all("stricter than the collection allows" in message for message in said.values())
    green = machine(cast.clinic, ceiling=Tlp.GREEN)
    assert [one["name"] for one in green.ask(OBJECTS).objects] == ["CLEAR", "GREEN"]
    assert [one["name"] for one in bank.ask(OBJECTS).objects] == ["CLEAR", "GREEN", "AMBER", "bare", "part"]


def statement(identifier: str) -> Stix:
    """The definition of a marking that restricts nobody's reading."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": identifier,
        "created": "2026-01-01T00:00:00.000Z",
        "definition_type": "statement",
        "definition": {"statement": "Ours"},
    }


def test_an_unknown_marking_opens_nothing_until_its_sender_explains_it(bank: Machine, clinic: Machine) -> None:
    strange = f"marking-definition--{pieces.uuid()}"
    early, theirs = ([indicator() | {"object_marking_refs": [strange]} for _ in range(2)] for _ in range(2))
    for one, sent in ((bank, early), (clinic, theirs)):
        said = messages(one.add(OBJECTS, *sent, *sent))
        assert set(said) == {one["id"] for one in sent}
        assert all("as soon as you send its definition" in message for message in said.values())
    assert bank.ask(OBJECTS).objects == []
    assert messages(bank.add(OBJECTS, definition := statement(strange))) == {}
    assert bank.ask(OBJECTS).objects == [definition, *early]
    assert messages(bank.add(OBJECTS, late := indicator() | {"object_marking_refs": [strange]})) == {}
    assert list(messages(clinic.add(OBJECTS, indicator() | {"object_marking_refs": [strange]})))
    assert bank.ask(OBJECTS).objects == [definition, *early, late]


def test_what_names_two_unknown_markings_waits_for_both(bank: Machine) -> None:
    first, second = (f"marking-definition--{pieces.uuid()}" for _ in range(2))
    sent = indicator() | {"object_marking_refs": [first, second]}
    bank.add(OBJECTS, sent)
    bank.add(OBJECTS, one := statement(first))
    assert bank.ask(OBJECTS).objects == [one]
    bank.add(OBJECTS, other := statement(second))
    assert bank.ask(OBJECTS).objects == [one, other, sent]


def test_not_everything_waits_without_end(bank: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infohub.intel.actions.explaining.MOST", 1)
    strange = f"marking-definition--{pieces.uuid()}"
    sent = [indicator() | {"object_marking_refs": [strange]} for _ in range(2)]
    said = messages(bank.add(OBJECTS, *sent))
    assert all("send its definition along" in message for message in said.values())
    bank.add(OBJECTS, definition := statement(strange))
    assert bank.ask(OBJECTS).objects == [definition]


def test_the_ids_of_tlp_mean_what_they_mean_whatever_a_definition_says(bank: Machine) -> None:
    false = marking_definition(Tlp.CLEAR) | {"id": TLP_2[Tlp.RED]}
    sent = indicator() | {"object_marking_refs": [TLP_2[Tlp.RED]]}
    assert str(sent["id"]) in messages(bank.add(OBJECTS, false, sent))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        *((b" ", 400), (b"{", 400), (b"\xff", 400), (b'{"objects":[{"id":"a","id":"b"}]}', 400), (b"[" * 20_000, 400)),
        *((b"[]", 422), (b"{}", 422), (b'{"objects":[]}', 422), (b'{"objects":{}}', 422), (b'{"objects":[1]}', 422)),
        *((b'{"objects":[{"id":"x"}]}', 422), (b'{"objects":[{"id":1,"type":"x"}]}', 422)),
        (b'{"objects":[' + b"{}," * 10_000 + b"{}]}", 422),
    ],
)
def test_what_is_no_envelope_is_refused_with_its_reason(body: bytes, status: int, bank: Machine) -> None:
    answer = bank.send(OBJECTS, body)
    assert (answer.status, answer.body["http_status"]) == (status, str(status))
    assert answer.body["description"]
    assert not StixObject.objects.exists()
    assert not Submission.objects.exists()


def test_an_object_that_cannot_be_named_is_pointed_at(bank: Machine) -> None:
    answer = bank.send(OBJECTS, orjson.dumps({"objects": [indicator(), {"type": "x"}, 3]}))
    said = "An object needs `id` and `type`, both of them text."
    assert answer.body["details"] == {"objects[1]": said, "objects[2]": said}


def test_sizes_types_and_encodings_of_bodies(bank: Machine) -> None:
    assert bank.send(OBJECTS, b" " * (10 * 1024 * 1024 + 1)).status == 413
    small = bank.send(
        OBJECTS, b'{"objects":[' + orjson.dumps(indicator()) + b"]" + b" " * (10 * 1024 * 1024 - 600) + b"}"
    )
    assert small.status == 202
    body = orjson.dumps({"objects": [indicator()]})
    taken = ["application/taxii+json", 'application/taxii+json; version="2.1"', "APPLICATION/TAXII+JSON;VERSION=2.1"]
    assert [bank.send(OBJECTS, body, content_type=kind).status for kind in taken] == [202, 202, 202]
    refused = ["text/plain", "application/json", "application/taxii+json;version=2.0"]
    assert [bank.send(OBJECTS, body, content_type=kind).status for kind in refused] == [415, 415, 415]
    assert bank.send(OBJECTS, body, encoding="gzip").status == 415


def test_taken_away_is_gone_everywhere_and_what_others_added_stays(bank: Machine, clinic: Machine) -> None:
    of = pieces.uuid()
    versions = [indicator(f"day {day}", of=of, day=day) for day in (1, 2, 3)]
    theirs = address()
    bank.add(OBJECTS, *versions)
    clinic.add(OBJECTS, theirs)
    path = f"{OBJECTS}{versions[0]['id']}/"
    assert bank.ask(path, "DELETE", match_version="last").status == 200
    assert bank.ask(path).objects == [versions[1]]
    assert clinic.ask(path, "DELETE").status == 403
    assert bank.ask(f"{OBJECTS}{theirs['id']}/", "DELETE").status == 403
    assert bank.ask(path, "DELETE").status == 200
    for gone in (path, f"{path}versions/"):
        assert bank.ask(gone).status == 404
    assert bank.ask(path, "DELETE").status == 404
    assert bank.ask("collections/shared/manifest/").listed("objects")[0]["id"] == theirs["id"]
    assert bank.ask(OBJECTS).objects == [theirs]


def test_what_two_added_outlasts_one_of_them_and_comes_once(bank: Machine, clinic: Machine) -> None:
    sent = indicator()
    bank.add(OBJECTS, sent)
    first = bank.ask("collections/shared/manifest/").listed("objects")
    clinic.add(OBJECTS, sent)
    assert bank.ask("collections/shared/manifest/").listed("objects") == first
    assert bank.ask(f"{OBJECTS}{sent['id']}/", "DELETE").status == 200
    assert clinic.ask(OBJECTS).objects == [sent]
    assert clinic.ask("collections/shared/manifest/").listed("objects") != first


def test_a_personal_token_adds_for_its_organisation(cast: Cast, shared: Collection) -> None:
    own = Machine(pieces.token(cast.ann, scopes=WRITING, ceiling=Tlp.AMBER)[1])
    sent = indicator()
    assert own.add(OBJECTS, sent).status == 202
    assert machine(cast.bank).ask(f"{OBJECTS}{sent['id']}/", "DELETE").status == 200
    assert not collection("shared").placements.exists()


def test_a_peer_reads_at_most(shared: Collection) -> None:
    row, secret = pieces.token(None, scopes=WRITING)
    shared.peers.add(row)
    assert Machine(secret).ask(OBJECTS).status == 200
    assert Machine(secret).add(OBJECTS, indicator()).status == 403


def test_an_answer_is_kept_for_a_month_and_its_objects_for_good(bank: Machine) -> None:
    path = f"status/{bank.add(OBJECTS, sent := indicator()).body['id']}/"
    answered = Submission.objects.get().at
    assert forget_submissions(answered + timedelta(days=29)) == 0
    assert bank.ask(path).status == 200
    assert forget_submissions(answered + timedelta(days=31)) == 1
    assert bank.ask(path).status == 404
    assert bank.ask(OBJECTS).objects == [sent]


def test_everything_holds_what_was_added_to_collections_one_may_read_and_loses_it_with_them(
    bank: Machine, clinic: Machine, cast: Cast, shared: Collection
) -> None:
    everything = "collections/everything/objects/"
    stranger = machine(make.organisation("Stranger"))
    green = machine(cast.bank, ceiling=Tlp.GREEN)
    sent = [indicator() | {"object_marking_refs": [TLP_2[tlp]]} for tlp in (Tlp.GREEN, Tlp.AMBER)]
    bank.add(OBJECTS, *sent)
    assert bank.ask(everything).objects == []
    assert (spread(), spread()) == (2, 0)
    assert [one.ask(everything).objects for one in (bank, clinic, green, stranger)] == [sent, sent, sent[:1], []]
    newer = sent[0] | {"modified": "2026-05-01T00:00:00.000Z"}
    bank.add(OBJECTS, newer)
    spread()
    assert clinic.ask(everything).objects == [sent[1], newer]
    assert bank.ask(f"{OBJECTS}{sent[1]['id']}/", "DELETE").status == 200
    assert clinic.ask(everything).objects == [newer]
    Collection.objects.filter(pk=shared.pk).update(audience=audience(cast.bank))
    assert [one.ask(everything).objects for one in (bank, clinic)] == [[newer], []]


def test_taken_out_of_one_collection_it_stays_in_everything_through_another(bank: Machine, cast: Cast) -> None:
    own = audience(cast.bank)
    Collection.objects.create(alias="own", kind="named", titles={"en": "Own"}, audience=own, writers=own)
    sent = indicator()
    for name in ("shared", "own"):
        bank.add(f"collections/{name}/objects/", sent)
    spread()
    assert bank.ask("collections/everything/objects/").objects == [sent]
    assert bank.ask(f"{OBJECTS}{sent['id']}/", "DELETE").status == 200
    assert bank.ask("collections/everything/objects/").objects == [sent]
    assert bank.ask(f"collections/own/objects/{sent['id']}/", "DELETE").status == 200
    assert bank.ask("collections/everything/objects/").objects == []


def test_a_nul_is_answered_for_and_nothing_breaks(bank: Machine) -> None:
    hostile = indicator() | {"object_marking_refs": ["\x00"], "modified": "\x00"}
    assert set(messages(bank.add(OBJECTS, hostile, {"id": "\x00", "type": "\x00"}))) == {str(hostile["id"]), "\ufffd"}
