"""MISP events as STIX objects."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

import orjson
import pytest
import stix2
import stix2validator
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.losses import Line, Outcome
from infohub.standards.misp.fields import words
from infohub.standards.misp.kinds import TYPES
from infohub.standards.misp.reading import Read, read_event
from infohub.standards.misp.remarks import Remark
from infohub.standards.stix21.grammar import pattern_problem
from infohub.standards.stix21.markings import TLP_2, tlp_of
from infohub.standards.tlp import Tlp

from .misp_events import LANTERN, MOMENT, PATTERNS, Row, attribute, event, mapped, rich, uuid

ODD = [
    ("ip-dst", "not an address"),
    ("ip-dst", "fe80::1%eth0"),
    ("domain", "198.51.100.7"),
    ("domain|ip", "toll.example"),
    ("domain|ip", "toll.example|x"),
    ("url", "/only/a/path"),
    ("email-src", "no sign"),
    ("md5", "0f0f"),
    ("sha256", "x" * 64),
    ("filename|md5", "parcel.apk|0f"),
    ("ip-dst|port", "198.51.100.7|70000"),
    ("AS", "AS9999999999"),
    ("stix2-pattern", "no pattern"),
    ("filename", "n" * 20_000),
]


def of_type(read: Read, kind: str) -> list[Row]:
    return [one for one in read.objects if one["type"] == kind]


def line_on(read: Read, row: Row) -> Line:
    (found,) = [line for line in read.lines if line.subject == row["uuid"]]
    return found


def remarks(lines: Sequence[Line]) -> list[str]:
    return [problem.message for line in lines for problem in line.problems]


def level(one: Row) -> object:
    return tlp_of(words(one, "object_marking_refs"))


def assert_valid(objects: list[Row]) -> None:
    for one in objects:
        stix2.parse(one, allow_custom=True)
    bundle = {"type": "bundle", "id": f"bundle--{uuid()}", "objects": objects}
    answer = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
    assert answer.is_valid, [str(problem) for problem in answer.errors]


def test_an_event_is_a_report_of_its_creator_on_all_that_is_in_it() -> None:
    given = rich()
    read = read_event(given)
    told = given["Event"]
    report = read.objects[-1]
    assert report["id"] == f"report--{told['uuid']}"
    assert report["name"] == told["info"]
    assert report["published"] == f"{MOMENT}.000Z"
    assert report["created_by_ref"] == read.objects[0]["id"] == f"identity--{LANTERN['uuid']}"
    outside = {"identity", "marking-definition", "report"}
    assert report["object_refs"] == [one["id"] for one in read.objects if one["type"] not in outside]
    assert {line.outcome for line in read.lines} == {Outcome.TAKEN}


def test_everything_read_is_valid_and_points_at_what_is_there() -> None:
    many = [attribute(kind, value) for kind, value, _ in PATTERNS]
    seen = [attribute(kind, value, to_ids=False) for kind, value, _ in PATTERNS]
    for objects in (read_event(rich()).objects, read_event(event(*many)).objects, read_event(event(*seen)).objects):
        assert_valid(objects)
        there = {one["id"] for one in objects}
        for one in objects:
            for name, value in one.items():
                refs = words(one, name) if name.endswith("_refs") else (value,) if name.endswith("_ref") else ()
                assert there.issuperset(refs)


def test_reading_again_gives_the_same_and_a_change_a_later_version_of_the_same() -> None:
    given = rich()
    first = read_event(given)
    assert read_event(json.loads(json.dumps(given))) == first
    rows = given["Event"]["Attribute"]
    assert isinstance(rows, list)
    rows[1] = rows[1] | {"timestamp": "1770009999", "comment": "moved"}
    again = read_event(given)
    before, after = ({str(one["id"]): one for one in read.objects} for read in (first, again))
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert f"indicator--{rows[1]['uuid']}" in changed
    for name in changed:
        assert str(before[name]["modified"]) < str(after[name]["modified"])
        assert before[name]["created"] == after[name]["created"]


@pytest.mark.parametrize(("kind", "value", "pattern"), PATTERNS)
def test_a_value_to_look_for_is_an_indicator(kind: str, value: str, pattern: str) -> None:
    row = attribute(kind, value, comment="seen twice")
    read = read_event(event(row))
    (rule,) = of_type(read, "indicator")
    assert rule["id"] == f"indicator--{row['uuid']}"
    assert (rule["pattern"], rule["pattern_type"], rule["name"]) == (pattern, "stix", value)
    assert pattern_problem(pattern) is None
    assert (rule["description"], rule["x_misp_type"], rule["x_misp_category"]) == ("seen twice", kind, "Other")
    assert rule["valid_from"] == f"{MOMENT}.000Z"
    assert line_on(read, row) == Line(str(row["uuid"]), Outcome.TAKEN)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, value, _ in PATTERNS])
def test_a_value_that_nothing_looks_for_is_observed_or_a_note(kind: str, value: str) -> None:
    row = attribute(kind, value, to_ids=False)
    read = read_event(event(row))
    cannot_stand_alone = kind in {"user-agent", "imphash"} or "_" in value
    (carrier,) = of_type(read, "note" if cannot_stand_alone else "observed-data")
    assert str(carrier["id"]).endswith(str(row["uuid"]))
    assert not of_type(read, "indicator")
    assert line_on(read, row).outcome is Outcome.TAKEN


def test_an_indicator_is_based_on_its_observables_with_their_deterministic_ids() -> None:
    read = read_event(event(attribute("ip-dst", "198.51.100.3"), attribute("domain|ip", "toll.example|198.51.100.3")))
    (address,) = of_type(read, "ipv4-addr")
    (host,) = of_type(read, "domain-name")
    assert address["id"] == "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"
    targets = [one["target_ref"] for one in of_type(read, "relationship") if one["relationship_type"] == "based-on"]
    assert targets == [address["id"], host["id"], address["id"]]


@pytest.mark.parametrize(("kind", "value"), ODD)
def test_a_value_not_of_its_type_is_kept_as_a_note_and_named(kind: str, value: str) -> None:
    row = attribute(kind, value)
    read = read_event(event(row))
    (note,) = of_type(read, "note")
    assert (note["content"], note["x_misp_type"], note["x_misp_to_ids"]) == (value, kind, True)
    assert not of_type(read, "indicator")
    assert line_on(read, row).outcome is Outcome.CHANGED
    assert Remark.ODD_VALUE in remarks(read.lines)


def test_a_type_without_a_word_in_stix_is_a_note() -> None:
    wallet, words = attribute("btc", "1Toll", category="Financial fraud"), attribute("text", "Locky", to_ids=False)
    read = read_event(event(wallet, words))
    assert [note["content"] for note in of_type(read, "note")] == ["1Toll", "Locky"]
    assert (line_on(read, wallet).outcome, line_on(read, words).outcome) == (Outcome.CHANGED, Outcome.TAKEN)
    assert remarks(read.lines) == [Remark.NO_WORD]


@pytest.mark.parametrize(
    ("kind", "language"), [("yara", "yara"), ("sigma", "sigma"), ("snort", "snort"), ("suricata", "suricata")]
)
def test_a_rule_is_an_indicator_in_its_own_language(kind: str, language: str) -> None:
    (rule,) = of_type(read_event(event(attribute(kind, "the rule"))), "indicator")
    assert (rule["pattern"], rule["pattern_type"]) == ("the rule", language)
    assert not of_type(read_event(event(attribute(kind, "the rule", to_ids=False))), "indicator")


def test_vulnerabilities_actors_and_campaigns_have_objects_of_their_own() -> None:
    read = read_event(event(attribute("vulnerability", "cve-2021-44228"), attribute("threat-actor", "Toll Ghost")))
    (flaw,) = of_type(read, "vulnerability")
    assert flaw["external_references"] == [{"source_name": "cve", "external_id": "CVE-2021-44228"}]
    assert [one["name"] for one in of_type(read, "threat-actor")] == ["Toll Ghost"]


# --- markings and other tags


@pytest.mark.parametrize(
    ("tag", "tlp"),
    [
        ("tlp:white", Tlp.CLEAR),
        ("tlp:clear", Tlp.CLEAR),
        ("TLP:GREEN", Tlp.GREEN),
        ("tlp:amber", Tlp.AMBER),
        ("tlp:amber+strict", Tlp.AMBER_STRICT),
        ("tlp:red", Tlp.RED),
    ],
)
def test_a_tlp_tag_marks_the_report_and_all_that_says_nothing_else(tag: str, tlp: Tlp) -> None:
    read = read_event(event(attribute("domain", "toll.example"), tags=(tag, "PAP:RED")))
    for one in read.objects:
        if one["type"] not in {"identity", "marking-definition"}:
            assert level(one) is tlp
    assert read.objects[-1]["labels"] == [tag, "PAP:RED"]
    assert [one["id"] for one in of_type(read, "marking-definition")] == [TLP_2[tlp]]


def test_the_stricter_of_event_and_attribute_decides_and_the_other_is_named() -> None:
    stricter = attribute("domain", "red.example", "tlp:red", "mine")
    looser = attribute("domain", "green.example", "tlp:green", "mine")
    read = read_event(event(stricter, looser))
    red, amber = of_type(read, "indicator")
    assert (level(red), level(amber)) == (Tlp.RED, Tlp.AMBER)
    assert (red["labels"], amber["labels"]) == (["tlp:red", "mine"], ["mine"])
    assert line_on(read, stricter).outcome is Outcome.TAKEN
    assert remarks([line_on(read, looser)]) == [Remark.STRICTER_COUNTS]
    assert level(read.objects[-1]) is Tlp.AMBER


def test_without_a_tag_nothing_is_marked() -> None:
    read = read_event(event(attribute("domain", "toll.example"), tags=()))
    assert not any("object_marking_refs" in one for one in read.objects)


@pytest.mark.parametrize("tag", ["tlp:ex:chr", "tlp:unclear", "tlp:", "TLP:PURPLE"])
def test_a_marking_nobody_knows_opens_nothing(tag: str) -> None:
    hidden, open_one = attribute("domain", "toll.example", "tlp:clear", tag), attribute("domain", "open.example")
    read = read_event(event(hidden, open_one))
    assert [one["name"] for one in of_type(read, "indicator")] == ["open.example"]
    assert line_on(read, hidden).outcome is Outcome.REFUSED
    whole = read_event(event(open_one, tags=("tlp:clear", tag)))
    assert not whole.objects
    assert remarks(whole.lines) == [Remark.UNKNOWN_TLP]


def test_a_fact_that_is_said_at_two_levels_is_known_at_the_looser() -> None:
    twice = (attribute("domain", "toll.example", "tlp:red"), attribute("domain", "toll.example"))
    for rows in (twice, twice[::-1]):
        read = read_event(event(*rows))
        (host,) = of_type(read, "domain-name")
        assert level(host) is Tlp.AMBER


def test_what_becomes_stricter_with_its_event_is_a_later_version() -> None:
    row, identifier = attribute("domain", "toll.example"), uuid()
    (before,) = of_type(read_event(event(row, tags=("tlp:green",), uuid=identifier)), "indicator")
    (after,) = of_type(read_event(event(row, tags=("tlp:red",), uuid=identifier)), "indicator")
    assert before["id"] == after["id"]
    assert str(before["modified"]) < str(after["modified"])


def test_tags_of_one_server_and_relations_of_tags_are_named_and_a_local_marking_counts() -> None:
    tags = [{"name": "tlp:red", "local": True}, {"name": "mine", "relationship_type": "attributed-to"}]
    read = read_event(event(attribute("domain", "toll.example"), tags=(), Tag=tags))
    assert level(read.objects[-1]) is Tlp.RED
    assert read.objects[-1]["labels"] == ["mine"]
    assert remarks(read.lines) == [Remark.LOCAL_TAG, Remark.TAG_RELATION]


def test_galaxies_are_labels_and_attack_techniques_objects_that_indicators_point_at() -> None:
    phishing = 'misp-galaxy:mitre-attack-pattern="Spearphishing Link - T1566.002"'
    cluster = {"tag_name": 'misp-galaxy:threat-actor="Toll Ghost"', "description": "Somebody", "value": "Toll Ghost"}
    row = attribute("domain", "toll.example", phishing, "tlp:red")
    read = read_event(event(row, Galaxy=[{"GalaxyCluster": [cluster]}]))
    (technique,) = of_type(read, "attack-pattern")
    assert technique["name"] == "Spearphishing Link"
    assert technique["external_references"] == [{"source_name": "mitre-attack", "external_id": "T1566.002"}]
    assert level(technique) is Tlp.RED
    ties = [one for one in of_type(read, "relationship") if one["relationship_type"] == "indicates"]
    assert [(one["source_ref"], one["target_ref"]) for one in ties] == [(f"indicator--{row['uuid']}", technique["id"])]
    assert read.objects[-1]["labels"] == ["tlp:amber", 'misp-galaxy:threat-actor="Toll Ghost"']
    assert remarks(read.lines) == [Remark.CLUSTER]


# --- what else an event holds


def test_a_deleted_value_is_a_revoked_indicator_and_no_observable() -> None:
    row = attribute("domain", "toll.example", deleted=True)
    read = read_event(event(row))
    assert [one["type"] for one in read.objects] == ["identity", "marking-definition", "indicator", "report"]
    assert of_type(read, "indicator")[0]["revoked"] is True
    inside = mapped("file", attribute("filename", "a.exe"), deleted=True)
    again = read_event(event(Object=[inside]))
    assert [one["revoked"] for kind in ("indicator", "grouping") for one in of_type(again, kind)] == [True, True]


def test_what_was_taken_back_without_its_value_is_named() -> None:
    row = attribute("domain", "", deleted=True)
    assert remarks([line_on(read_event(event(row)), row)]) == [Remark.TAKEN_BACK]


def test_an_object_is_a_grouping_of_its_attributes_and_references_are_relationships() -> None:
    given = rich()
    read = read_event(given)
    (grouping,) = of_type(read, "grouping")
    kinds = [ref.partition("--")[0] for ref in words(grouping, "object_refs")]
    assert kinds == ["indicator", "indicator", "note"]
    assert (grouping["name"], grouping["x_misp_template_version"]) == ("file", "8")
    (tie,) = [one for one in of_type(read, "relationship") if one["relationship_type"] == "communicates-with"]
    assert (tie["source_ref"], tie["description"]) == (grouping["id"], "on its first start")


def test_a_reference_to_nothing_and_an_object_without_attributes_are_refused() -> None:
    tie = {"uuid": uuid(), "referenced_uuid": uuid(), "relationship_type": "drops", "timestamp": "1770000500"}
    whole = mapped("file", attribute("filename", "a.exe"), ObjectReference=[tie])
    hollow = mapped("file")
    read = read_event(event(Object=[whole, hollow]))
    assert remarks([line for line in read.lines if line.outcome is Outcome.REFUSED]) == [
        Remark.EMPTY,
        Remark.POINTS_NOWHERE,
    ]


def test_sightings_have_their_witness_and_false_positives_are_opinions() -> None:
    read = read_event(rich())
    (seen,) = of_type(read, "sighting")
    assert seen["where_sighted_refs"] == [f"identity--{LANTERN['uuid']}"] == [seen["created_by_ref"]]
    assert (seen["count"], seen["x_misp_source"]) == (1, "resolver")
    (doubt,) = of_type(read, "opinion")
    assert doubt["opinion"] == "strongly-disagree"
    assert "created_by_ref" not in doubt
    expired = attribute("domain", "a.example", Sighting=[{"uuid": uuid(), "type": "2", "date_sighting": "1770000000"}])
    assert remarks(read_event(event(expired)).lines) == [Remark.EXPIRED]


def test_sightings_that_carry_the_uuid_of_their_attribute_stay_apart() -> None:
    row = attribute("domain", "toll.example")
    times = ({"uuid": row["uuid"], "type": "0", "date_sighting": at} for at in ("1770000001", "1770000002"))
    read = read_event(event(row | {"Sighting": list(times)}))
    assert len({one["id"] for one in of_type(read, "sighting")}) == 2


def test_a_report_in_words_is_a_note_on_the_whole() -> None:
    read = read_event(rich())
    (note,) = [one for one in of_type(read, "note") if "x_misp_type" not in one]
    assert (note["abstract"], note["content"]) == ("What happened", "# Monday\n\nThey wrote.")
    assert note["object_refs"] == [read.objects[-1]["id"]]


def test_what_is_never_taken_is_named() -> None:
    row = attribute("attachment", "a.pdf", to_ids=False, data="JVBERi0=", distribution="4", Note=[{"note": "x"}])
    read = read_event(
        event(
            row | {"ShadowAttribute": [attribute("domain", "b.example")]},
            ShadowAttribute=[attribute("domain", "c.example")],
            CryptographicKey=[{"uuid": uuid()}],
        )
    )
    assert remarks([line_on(read, row)]) == [Remark.ATTACHED, Remark.SHARING_GROUP, Remark.ANALYST]
    refused = [line for line in read.lines if line.outcome is Outcome.REFUSED]
    assert remarks(refused) == [Remark.PROPOSAL, Remark.PROPOSAL, Remark.KEY]
    assert "JVBERi0=" not in json.dumps(read.objects)


def test_what_has_no_uuid_or_time_gets_one_that_stays_the_same() -> None:
    row = {
        name: part for name, part in attribute("domain", "toll.example").items() if name not in {"uuid", "timestamp"}
    }
    given = event(row, event_id=3)
    read = read_event(given)
    (rule,) = of_type(read, "indicator")
    assert UUID(str(rule["id"]).partition("--")[2]).version == 5
    assert read_event(given) == read
    assert remarks(read.lines) == [Remark.NO_UUID, Remark.NO_TIME]
    odd = attribute("domain", "seven.example") | {"uuid": "01890af4-0000-7000-8000-000000000000"}
    (kept,) = of_type(read_event(event(odd)), "indicator")
    assert kept["x_misp_uuid"] == odd["uuid"]
    assert_valid([kept])


def test_a_uuid_stands_for_one_thing() -> None:
    first = attribute("domain", "a.example")
    second = attribute("domain", "b.example") | {"uuid": first["uuid"]}
    read = read_event(event(first, second))
    assert [one["name"] for one in of_type(read, "indicator")] == ["a.example"]
    assert remarks(read.lines) == [Remark.TWICE]


def test_an_event_about_nothing_speaks_of_its_creator_and_without_one_is_refused() -> None:
    read = read_event(event())
    assert read.objects[-1]["object_refs"] == [f"identity--{LANTERN['uuid']}"]
    nobody = read_event(event(Orgc={}))
    assert not nobody.objects
    assert remarks(nobody.lines) == [Remark.EMPTY]
    assert remarks(read_event(event(attribute("domain", "a.example"), Orgc={})).lines) == [Remark.NO_CREATOR]


def test_one_bad_attribute_leaves_the_others_alone() -> None:
    rows = [attribute("domain", " "), attribute("", "x"), attribute("domain", "toll.example")]
    read = read_event(event(*rows, Object=["no object"]))
    assert [one["name"] for one in of_type(read, "indicator")] == ["toll.example"]
    assert remarks(read.lines) == [Remark.NO_VALUE, Remark.NO_TYPE, Remark.NO_OBJECT]


@pytest.mark.parametrize("given", [{}, {"Event": None}, {"Event": []}, {"Event": {"uuid": "../x"}}, {"response": []}])
def test_what_is_no_event_is_refused(given: dict[str, None]) -> None:
    read = read_event(given)
    assert not read.objects
    assert [line.outcome for line in read.lines] == [Outcome.REFUSED]


# --- anything at all

WORDS = [*TYPES, "1770000000", "9" * 13, "tlp:amber", "tlp:x", "toll.example|1", "9999-12-31T23:59:59-12:00"]
NAMES = (
    *("uuid", "type", "value", "category", "to_ids", "timestamp", "Tag", "name", "Attribute", "Object", "Galaxy"),
    *("ObjectReference", "GalaxyCluster", "tag_name", "Sighting", "Organisation", "EventReport", "content", "deleted"),
    *("ShadowAttribute", "date", "Orgc", "info", "referenced_uuid", "first_seen", "last_seen", "data", "distribution"),
    *("colour", "local", "date_sighting", "relationship_type", "comment", "meta", "description"),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(st.characters(), max_size=8), st.sampled_from(WORDS)
)
ROWS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(NAMES), ROWS), st.lists(ROWS, max_size=4), st.lists(ROWS, max_size=3))
def test_no_json_breaks_the_reader(more: Row, attributes: list[Row], objects: list[Row]) -> None:
    told = {"uuid": LANTERN["uuid"], "Orgc": LANTERN} | more | {"Attribute": attributes, "Object": objects}
    read = read_event({"Event": told})
    orjson.dumps(read.objects)
    assert read.lines
    assert len({str(one["id"]) for one in read.objects}) == len(read.objects)
