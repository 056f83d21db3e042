"""STIX objects as MISP events, and MISP events there and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymisp import MISPEvent

from infohub.standards.losses import Line, Outcome
from infohub.standards.misp.categories import CATEGORIES
from infohub.standards.misp.feed import event_file
from infohub.standards.misp.reading import read_event
from infohub.standards.misp.remarks import Remark
from infohub.standards.misp.writing import Cover, Written, write_event
from infohub.standards.stix21.markings import TLP_2, marking_definition
from infohub.standards.stix21.render import render_report
from infohub.standards.tlp import Tlp

from .misp_events import PATTERNS, Row, attribute, event, rich, uuid
from .test_render import NAMED, PIECE, VALUES, translated

NOW = datetime(2026, 2, 2, 1, tzinfo=UTC)
COVER = Cover(UUID(uuid()), "Everything of a collection", Tlp.GREEN, "The hub", UUID(uuid()), NOW)
HEAD = {"spec_version": "2.1", "created": "2026-02-02T01:00:00.000Z", "modified": "2026-02-02T01:00:00.000Z"}
SILENT = {"comment": "", "deleted": False, "disable_correlation": False, "extends_uuid": ""}
INHERITED = {"distribution": {"0", "5"}}


def there_and_back(told: dict[str, Row]) -> Written:
    objects = read_event(told).objects
    return write_event(objects[-1], objects, cover=COVER)


def plain(value: object) -> object:
    """Without what says nothing: defaults and empty lists."""
    if isinstance(value, dict):
        said = {name: plain(part) for name, part in value.items() if part != []}
        return {name: part for name, part in said.items() if not _is_default(name, part)}
    return [plain(part) for part in value] if isinstance(value, list) else value


def _is_default(name: str, part: object) -> bool:
    return part == SILENT.get(name, ...) or (isinstance(part, str) and part in INHERITED.get(name, ()))


def stix(kind: str, **more: object) -> Row:
    return {"type": kind, "id": f"{kind}--{uuid()}", **HEAD} | more


def indicator(pattern: str, **more: object) -> Row:
    return stix("indicator", pattern=pattern, pattern_type="stix", valid_from=HEAD["created"]) | more


def written(*objects: Row, report: Row | None = None) -> Written:
    return write_event(report, objects, cover=COVER)


def inside(done: Written, name: str = "Attribute") -> list[Row]:
    assert done.event is not None
    told = done.event["Event"]
    assert isinstance(told, dict)
    rows = told[name]
    assert isinstance(rows, list)
    return rows


def values(done: Written) -> list[tuple[object, object, object]]:
    return [(one["type"], one["value"], one["to_ids"]) for one in inside(done)]


def names(row: Row) -> list[str]:
    tags = row.get("Tag", [])
    assert isinstance(tags, list)
    return [tag["name"] for tag in tags]


def remarks(lines: list[Line]) -> list[str]:
    return [problem.message for line in lines for problem in line.problems]


# --- there and back


def test_an_event_comes_back_as_it_went() -> None:
    told = rich()
    done = there_and_back(told)
    assert plain(done.event) == plain(told)
    assert {line.outcome for line in done.lines} == {Outcome.TAKEN}


@pytest.mark.parametrize("to_ids", [True, False])
@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, value, _ in PATTERNS])
def test_a_value_comes_back_in_its_own_spelling(kind: str, value: str, *, to_ids: bool) -> None:
    category = next(name for name, kinds in CATEGORIES.items() if kind in kinds)
    row = attribute(kind, value, category=category, to_ids=to_ids)
    assert plain(inside(there_and_back(event(row)))) == plain([row])


KINDS = sorted({(category, kind) for category, kinds in CATEGORIES.items() for kind in kinds})
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(str.strip)
VALUE = st.one_of(TEXT, st.builds("{}|{}".format, TEXT, TEXT), st.sampled_from([value for _, value, _ in PATTERNS]))
TAGS = st.lists(st.sampled_from(["tlp:white", "tlp:amber", "tlp:red", "PAP:RED", 'a:b="c"']), unique=True, max_size=3)


@given(st.lists(st.tuples(st.sampled_from(KINDS), VALUE, st.booleans(), TAGS, st.booleans()), max_size=4), TAGS)
def test_what_does_not_come_back_equal_was_named(
    rows: list[tuple[tuple[str, str], str, bool, list[str], bool]], tags: list[str]
) -> None:
    told = event(
        *(
            attribute(kind, value, *tags, category=category, to_ids=to_ids, deleted=deleted)
            for (category, kind), value, to_ids, tags, deleted in rows
        ),
        tags=tuple(tags),
    )
    read = read_event(told)
    done = write_event(read.objects[-1], read.objects, cover=COVER)
    said = {line.subject.partition("--")[2] or line.subject for line in (*read.lines, *done.lines) if line.problems}
    before = told["Event"]["Attribute"]
    assert isinstance(before, list)
    after = {str(row["uuid"]): row for row in inside(done)}
    for row in before:
        assert str(row["uuid"]) in said or plain(after[str(row["uuid"])]) == plain(row)
    assert str(told["Event"]["uuid"]) in said or names(told["Event"]) == _event_tags(done)
    assert any(name.startswith("tlp:") for name in _event_tags(done))


def _event_tags(done: Written) -> list[str]:
    return [str(tag["name"]) for tag in inside(done, "Tag")]


def test_what_is_written_is_read_by_the_usual_library() -> None:
    for told in (rich(), event(*(attribute(kind, value) for kind, value, _ in PATTERNS))):
        done = there_and_back(told)
        assert done.event is not None
        loaded = MISPEvent()
        loaded.load(event_file(done.event))
        assert loaded.uuid == told["Event"]["uuid"]
        assert len(loaded.attributes) == len(inside(done))
        assert len(loaded.objects) == len(inside(done, "Object"))


# --- our own pieces


def test_a_piece_of_ours_is_an_event_with_its_words_link_and_indicators() -> None:
    objects = render_report(PIECE)
    done = write_event(objects[-1], objects, cover=COVER)
    assert done.event is not None
    told = done.event["Event"]
    assert isinstance(told, dict)
    assert (told["uuid"], told["info"], told["published"]) == (str(PIECE.uuid), PIECE.title, True)
    assert told["Orgc"] == {"name": PIECE.author.name, "uuid": str(PIECE.author.uuid)}
    assert _event_tags(done) == ["alert", "tlp:amber+strict", 'misp-galaxy:mitre-attack-pattern="T1059.001"']
    assert inside(done, "EventReport")[0]["content"] == PIECE.body
    found = {(kind, value) for kind, value, _ in values(done)}
    assert found >= {
        ("ip-dst", VALUES["ipv4"]),
        ("ip-dst", VALUES["ipv6"]),
        ("domain", VALUES["domain"]),
        ("url", VALUES["url"]),
        ("email-src", VALUES["email"]),
        ("sha256", VALUES["sha256"]),
        ("filename", VALUES["file"]),
        ("filename", VALUES["path"]),
        ("AS", VALUES["asn"]),
        ("vulnerability", VALUES["cve"]),
        ("weakness", VALUES["cwe"]),
        ("btc", VALUES["btc"]),
        ("link", PIECE.external_url),
    }
    assert {row["first_seen"] for row in inside(done) if row["type"] == "domain"} == {
        "2026-02-02T01:00:00.123000+00:00"
    }
    assert not [row for row in inside(done) if "Tag" in row]
    MISPEvent().load(event_file(done.event))


def test_a_withdrawn_piece_takes_its_indicators_back_and_translations_are_named() -> None:
    objects = render_report(translated(replace(PIECE, revoked=True)))
    done = write_event(next(one for one in objects if one["type"] == "report"), objects, cover=COVER)
    assert all(row["deleted"] for row in inside(done) if row["type"] != "link")
    assert remarks(done.lines).count(Remark.TRANSLATION) == 2


# --- markings


def test_a_tlp_tag_always_stands_on_the_event_and_on_what_is_marked_otherwise() -> None:
    marked = [
        indicator("[domain-name:value = 'a.example']", object_marking_refs=[TLP_2[Tlp.RED]]),
        indicator("[domain-name:value = 'b.example']", object_marking_refs=[TLP_2[Tlp.GREEN]]),
        indicator("[domain-name:value = 'c.example']"),
    ]
    report = stix("report", name="A report", object_marking_refs=[TLP_2[Tlp.AMBER]], published=HEAD["created"])
    assert [names(row) for row in inside(written(*marked))] == [["tlp:red"], [], []]
    done = written(*marked, report=report)
    assert _event_tags(done) == ["tlp:amber"]
    assert [names(row) for row in inside(done)] == [["tlp:red"], ["tlp:green"], ["tlp:green"]]
    unmarked = written(*marked, report={name: part for name, part in report.items() if name != "object_marking_refs"})
    assert _event_tags(unmarked) == ["tlp:green"]
    assert Remark.LEVEL_ADDED in remarks(unmarked.lines)


def test_a_marking_nobody_knows_is_written_for_nobody() -> None:
    strange = f"marking-definition--{uuid()}"
    hidden = indicator("[domain-name:value = 'a.example']", object_marking_refs=[strange])
    partly = indicator("[domain-name:value = 'b.example']", granular_markings=[{"marking_ref": strange}])
    done = written(hidden, partly, indicator("[domain-name:value = 'c.example']"))
    assert [row["value"] for row in inside(done)] == ["c.example"]
    assert [line.outcome for line in done.lines] == [Outcome.REFUSED, Outcome.REFUSED, Outcome.TAKEN]
    none = written(indicator("[a:b = 'c']"), report=stix("report", object_marking_refs=[strange]))
    assert none.event is None
    assert remarks(none.lines) == [Remark.UNKNOWN_MARKING]


def test_the_strictest_marking_of_a_part_counts_and_a_statement_restricts_nobody() -> None:
    statement = stix("marking-definition", definition_type="statement", definition={"statement": "(c)"})
    partly = indicator(
        "[domain-name:value = 'a.example']",
        object_marking_refs=[TLP_2[Tlp.GREEN], statement["id"]],
        granular_markings=[{"marking_ref": TLP_2[Tlp.RED], "selectors": ["pattern"]}],
    )
    done = written(statement, marking_definition(Tlp.RED), partly)
    assert [names(row) for row in inside(done)] == [["tlp:red"]]
    assert remarks(done.lines) == [Remark.STATEMENT, Remark.GRANULAR]


def test_a_label_that_contradicts_the_marking_is_no_tag() -> None:
    lying = indicator(
        "[domain-name:value = 'a.example']", object_marking_refs=[TLP_2[Tlp.RED]], labels=["tlp:white", "x"]
    )
    done = written(lying)
    assert [names(row) for row in inside(done)] == [["x", "tlp:red"]]
    assert remarks(done.lines) == [Remark.FALSE_TAG]


def test_what_has_no_tags_in_misp_never_stands_at_a_looser_level() -> None:
    red = {"object_marking_refs": [TLP_2[Tlp.RED]]}
    host = indicator("[domain-name:value = 'a.example']")
    held = stix("grouping", name="file", x_misp_template_uuid=uuid(), object_refs=[host["id"]])
    done = written(
        host,
        held,
        stix("grouping", x_misp_template_uuid=uuid(), object_refs=[host["id"]]) | red,
        stix("note", content="Only for you", object_refs=[host["id"]]) | red,
        stix("attack-pattern", name="Phishing", external_references=[TECHNIQUE]) | red,
        stix("sighting", sighting_of_ref=host["id"]) | red,
        stix("relationship", relationship_type="drops", source_ref=held["id"], target_ref=host["id"]) | red,
    )
    assert _event_tags(done) == ["tlp:green"]
    assert [(row["type"], row["value"], names(row)) for row in inside(done)] == [
        ("text", "Only for you", ["tlp:red"]),
        ("text", "Phishing", ["tlp:red"]),
    ]
    assert not inside(done, "EventReport")
    (only,) = inside(done, "Object")
    assert "ObjectReference" not in only
    assert remarks(done.lines).count(Remark.NO_MARKING_THERE) == 4


TECHNIQUE = {"source_name": "mitre-attack", "external_id": "T1566"}

# --- objects of others


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("[ipv4-addr:value = '198.51.100.7']", [("ip-dst", "198.51.100.7", True)]),
        ("[domain-name:value='Toll.example']", [("domain", "Toll.example", True)]),
        ("[file:hashes.'MD5' = '" + "0f" * 16 + "']", [("md5", "0f" * 16, True)]),
        (
            "[domain-name:value = 'a.example' AND ipv4-addr:value = '198.51.100.7']",
            [("domain|ip", "a.example|198.51.100.7", True)],
        ),
        (
            "[domain-name:resolves_to_refs[*].value = '198.51.100.7' AND domain-name:value = 'a.example']",
            [("domain|ip", "a.example|198.51.100.7", True)],
        ),
        (
            "[network-traffic:src_ref.type = 'ipv4-addr' AND network-traffic:src_ref.value = '198.51.100.7']",
            [("ip-src", "198.51.100.7", True)],
        ),
        ("[email-message:to_refs[*].value = 'a@b.example']", [("email-dst", "a@b.example", True)]),
        (
            "[file:name = 'a\\'b' AND file:hashes.MD5 = '" + "0f" * 16 + "']",
            [("filename|md5", "a'b|" + "0f" * 16, True)],
        ),
    ],
)
def test_a_pattern_of_equalities_is_a_value_to_look_for(
    pattern: str, expected: list[tuple[object, object, object]]
) -> None:
    done = written(indicator(pattern))
    assert values(done) == expected
    assert remarks(done.lines) == []


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("[ipv4-addr:value = '198.51.100.7' OR ipv4-addr:value = '198.51.100.8']", []),
        ("[domain-name:value LIKE '%.example']", []),
        ("[file:name != 'a.exe']", []),
        ("[file:name = 'a.exe' AND file:size = 7]", [("filename", "a.exe", False)]),
        ("[url:value = 'http://a.example/'] FOLLOWEDBY [file:name = 'a.exe']", []),
        (
            "[file:name = 'a.exe' AND file:size = 7 AND url:value = 'http://a.example/']",
            [("filename", "a.exe", False), ("url", "http://a.example/", False)],
        ),
    ],
)
def test_any_other_pattern_stays_one_and_its_parts_alone_are_not_looked_for(
    pattern: str, parts: list[tuple[object, object, object]]
) -> None:
    done = written(indicator(pattern))
    assert values(done) == [("stix2-pattern", pattern, True), *parts]
    assert remarks(done.lines) == [Remark.PATTERN_KEPT]


def test_rules_in_other_languages_are_rules_and_unknown_ones_text() -> None:
    done = written(
        stix("indicator", pattern="rule a {}", pattern_type="yara"),
        stix("indicator", pattern="a+", pattern_type="pcre"),
    )
    assert values(done) == [("yara", "rule a {}", True), ("text", "a+", False)]
    assert remarks(done.lines) == [Remark.NO_MISP_TYPE]


def test_what_misp_is_said_to_have_called_it_counts_only_while_the_pattern_agrees() -> None:
    changed = indicator("[domain-name:value = 'b.example']", name="a.example", x_misp_type="hostname")
    lying = indicator("[domain-name:value = 'b.example']", name="198.51.100.7", x_misp_type="ip-dst")
    assert values(written(changed, lying)) == [("hostname", "b.example", True), ("domain", "b.example", True)]
    seen = stix("observed-data", object_refs=[], x_misp_type="domain", x_misp_value="a.example")
    assert values(written(seen)) == []


def test_a_type_that_misp_does_not_have_is_text() -> None:
    odd = stix("note", content="x", object_refs=[], x_misp_type="made-up", x_misp_category="Other")
    elsewhere = stix("note", content="y", object_refs=[], x_misp_type="btc", x_misp_category="Other")
    done = written(odd, elsewhere)
    assert [(row["category"], row["type"]) for row in inside(done)] == [("Other", "text"), ("Financial fraud", "btc")]
    assert remarks(done.lines) == [Remark.NO_MISP_TYPE, Remark.NO_MISP_CATEGORY]


def test_an_observable_alone_is_a_value_that_nothing_looks_for() -> None:
    folder: Row = {"type": "directory", "spec_version": "2.1", "id": f"directory--{uuid()}", "path": "C:\\Temp"}
    file: Row = {"type": "file", "spec_version": "2.1", "id": f"file--{uuid()}", "name": "a.exe"}
    hashes = {"hashes": {"MD5": "0f" * 16, "SHA-256": "ab" * 32}, "size": 7}
    process: Row = {"type": "process", "spec_version": "2.1", "id": f"process--{uuid()}", "pid": 7}
    done = written(file | {"parent_directory_ref": folder["id"]}, folder)
    assert values(done) == [("filename", "C:\\Temp\\a.exe", False)]
    apart = written(file | hashes, process)
    assert values(apart) == [("filename", "a.exe", False), ("md5", "0f" * 16, False), ("sha256", "ab" * 32, False)]
    assert remarks(apart.lines) == [Remark.PARTS_LEFT, Remark.NO_MISP_WORD]
    assert len({row["uuid"] for row in inside(apart)}) == 3


def test_every_object_gets_a_line_and_what_misp_has_no_word_for_is_named() -> None:
    host = indicator("[domain-name:value = 'a.example']", confidence=80)
    objects = [
        host,
        stix("malware", name="Toll", is_family=True),
        stix("identity", name="A victim", identity_class="organization"),
        stix("relationship", relationship_type="indicates", source_ref=host["id"], target_ref=f"malware--{uuid()}"),
        stix("grouping", name="Of somebody", context="unspecified", object_refs=[host["id"]]),
        stix("observed-data", object_refs=[], number_observed=1),
        stix("opinion", opinion="agree", object_refs=[host["id"]]),
        stix("location", region="eastern-asia"),
        stix("vulnerability", name="Log4Shell", external_references=[{"external_id": "CVE-2021-44228"}]),
        stix("report", name="Another"),
    ]
    done = written(*objects)
    assert [line.subject for line in done.lines] == [one["id"] for one in sorted(objects, key=_order)]
    assert {line.subject: remarks([line]) for line in done.lines} == {
        host["id"]: [Remark.PROPERTIES_LEFT],
        objects[1]["id"]: [],
        objects[2]["id"]: [Remark.NO_MISP_TYPE],
        objects[3]["id"]: [Remark.POINTS_NOWHERE],
        objects[4]["id"]: [Remark.NO_TEMPLATE],
        objects[5]["id"]: [Remark.OBSERVED],
        objects[6]["id"]: [Remark.NO_MISP_WORD],
        objects[7]["id"]: [Remark.NO_MISP_WORD],
        objects[8]["id"]: [],
        objects[9]["id"]: [Remark.ANOTHER_REPORT],
    }
    assert ("vulnerability", "CVE-2021-44228", False) in values(done)


def _order(one: Row) -> int:
    """Ties come after what they tie together."""
    return {"grouping": 1, "relationship": 2, "sighting": 2, "opinion": 2}.get(str(one["type"]), 0)


def test_a_technique_is_a_tag_of_the_event_and_of_what_indicates_it() -> None:
    host = indicator("[domain-name:value = 'a.example']")
    technique = stix("attack-pattern", name='Phishing "x"', external_references=[TECHNIQUE])
    tie = stix("relationship", relationship_type="indicates", source_ref=host["id"], target_ref=technique["id"])
    done = written(host, technique, tie)
    tag = "misp-galaxy:mitre-attack-pattern=\"Phishing 'x' - T1566\""
    assert _event_tags(done) == ["tlp:green", tag]
    assert [names(row) for row in inside(done)] == [[tag]]
    assert {line.outcome for line in done.lines} == {Outcome.TAKEN}


def test_what_was_confirmed_of_a_piece_is_a_tag_and_nothing_when_it_was_taken_back() -> None:
    objects = render_report(replace(PIECE, indicators=(), tlp=Tlp.GREEN, confirmed=NAMED))
    done = write_event(objects[-1], objects, cover=COVER)
    assert _event_tags(done) == [
        "alert",
        "tlp:green",
        'misp-galaxy:mitre-attack-pattern="PowerShell - T1059.001"',
        'misp-galaxy:mitre-attack-pattern="Phishing - T1566"',
        'misp-galaxy:malpedia="Grimble"',
        'misp-galaxy:mitre-intrusion-set="APT28 - G0007"',
        'misp-galaxy:threat-actor="Marsh Heron"',
        'misp-galaxy:mitre-tool="Mimikatz - S0002"',
        'misp-galaxy:sector="Finance"',
    ]
    assert [value for kind, value, _wanted in values(done) if kind != "link"] == ["Low Tide"]
    assert done.event is not None
    again = read_event(done.event)
    assert set(_event_tags(done)) <= set(again.objects[-1]["labels"])  # type: ignore[call-overload]
    assert _event_tags(write_event(again.objects[-1], again.objects, cover=COVER)) == _event_tags(done)
    gone = [part | {"revoked": True} if part["type"] != "report" else part for part in objects]
    assert _event_tags(write_event(gone[-1], gone, cover=COVER)) == ["alert", "tlp:green"]


def test_a_name_stricter_than_its_event_is_no_tag_of_it() -> None:
    malware = stix("malware", name="Grimble", is_family=True, object_marking_refs=[TLP_2[Tlp.AMBER]])
    done = written(malware, marking_definition(Tlp.AMBER))
    assert _event_tags(done) == ["tlp:green"]
    assert [names(row) for row in inside(done)] == [["tlp:amber"]]


def test_an_event_has_no_uuid_twice_and_an_attribute_is_in_one_object() -> None:
    same = uuid()
    rule = indicator("[domain-name:value = 'a.example']") | {"id": f"indicator--{same}"}
    words = stix("note", content="x", object_refs=[], x_misp_type="text", x_misp_category="Other") | {
        "id": f"note--{same}"
    }
    held = [stix("grouping", x_misp_template_uuid=uuid(), object_refs=[rule["id"]]) for _ in range(2)]
    done = written(rule, words, *held)
    first, second = inside(done, "Object")
    assert (len(first["Attribute"]), len(second["Attribute"])) == (1, 0)  # type: ignore[arg-type]
    assert inside(done)[0]["uuid"] != same
    assert remarks(done.lines) == [Remark.TWICE, Remark.IN_TWO]


def test_the_latest_version_of_an_object_is_written() -> None:
    first = indicator("[domain-name:value = 'a.example']")
    later = first | {"modified": "2026-02-03T01:00:00.000Z", "revoked": True}
    for objects in ((first, later), (later, first)):
        assert [row["deleted"] for row in inside(written(*objects))] == [True]


@pytest.mark.parametrize(
    ("until", "ended"),
    [("2026-02-02T01:00:00.000Z", True), ("2026-02-03T01:00:00.000Z", True), ("2026-02-03T01:00:00.001Z", False)],
)
def test_a_version_that_ends_its_indicator_is_deleted_and_one_that_lasts_is_not(until: str, ended: bool) -> None:
    last = indicator("[domain-name:value = 'toll.example']", modified="2026-02-03T01:00:00.000Z", valid_until=until)
    assert [row["deleted"] for row in inside(written(last))] == [ended]


def test_who_made_it_is_said_or_named() -> None:
    maker = stix("identity", name="Lantern CERT")
    report = stix("report", name="x", created_by_ref=maker["id"], published=HEAD["created"])
    ours = indicator("[domain-name:value = 'a.example']", created_by_ref=f"identity--{uuid()}")
    known, unknown = written(maker, ours, report=report), written(ours, report=report)
    for done, name in ((known, "Lantern CERT"), (unknown, "The hub")):
        assert done.event is not None
        told = done.event["Event"]
        assert isinstance(told, dict)
        assert told["Orgc"]["name"] == name
        assert Remark.ANOTHER_CREATOR in remarks(done.lines)
    assert Remark.NO_CREATOR not in remarks(known.lines)
    assert Remark.NO_CREATOR in remarks(unknown.lines)


def test_what_carries_a_value_in_the_words_of_misp_is_that_value() -> None:
    odd = stix("x-misp-attribute", x_misp_type="btc", x_misp_category="Financial fraud", x_misp_value="1Toll")
    assert values(written(odd)) == [("btc", "1Toll", False)]


def test_writing_again_gives_the_same_bytes() -> None:
    objects = read_event(rich()).objects
    first, again = (write_event(objects[-1], json.loads(json.dumps(objects)), cover=COVER) for _ in range(2))
    assert first.event is not None
    assert again.event is not None
    assert event_file(first.event) == event_file(again.event)


# --- anything at all

FIELDS = (
    *("type", "id", "created", "modified", "object_marking_refs", "labels", "pattern", "pattern_type", "name", "value"),
    *("x_misp_type", "x_misp_value", "x_misp_category", "x_misp_colours", "x_misp_template_uuid", "object_refs"),
    *(
        "hashes",
        "source_ref",
        "target_ref",
        "relationship_type",
        "revoked",
        "external_references",
        "dst_ref",
        "opinion",
    ),
    *("granular_markings", "definition_type", "abstract", "content", "sighting_of_ref", "where_sighted_refs"),
    *("valid_from", "description", "published"),
)
TYPES = (
    "indicator",
    "file",
    "grouping",
    "relationship",
    "note",
    "sighting",
    "attack-pattern",
    "identity",
    "observed-data",
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(st.characters(), max_size=8),
    st.sampled_from(
        [*TYPES, "indicator--1", "file--1", "[file:name = 'a']", "[file:name = 'a' AND file:size = 3]", "domain"]
    ),
)
ANY = st.recursive(
    LEAVES,
    lambda more: st.lists(more, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), more, max_size=8),
    max_leaves=25,
)
ROWS = st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=14)


@given(st.none() | ROWS, st.lists(ROWS, max_size=6))
def test_no_json_breaks_the_writer(report: Row | None, objects: list[Row]) -> None:
    done = write_event(report, objects, cover=COVER)
    orjson.dumps(done.event)
    assert done.event is None or _event_tags(done)
