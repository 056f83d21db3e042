"""The bodies of a MISP feed, held to the usual library; and the types that library knows."""

from __future__ import annotations

import hashlib
import json
import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymisp import MISPAttribute, MISPEvent

from infohub.standards.losses import Outcome
from infohub.standards.misp.categories import CATEGORIES
from infohub.standards.misp.feed import event_file, hash_lines, manifest_entry, read_feed_manifest
from infohub.standards.misp.kinds import KINDS, NAMED, RULES, TYPES
from infohub.standards.misp.remarks import Remark

from .misp_events import LANTERN, PATTERNS, attribute, event, mapped, rich, uuid

ENTRY = {"info": "x", "timestamp": "1770000000"}


def loaded(file: bytes) -> MISPEvent:
    found = MISPEvent()
    found.load(file)
    return found


def test_the_entry_of_an_event_is_what_the_usual_library_says_of_its_file() -> None:
    told = rich()
    file = event_file(told)
    name, entry = manifest_entry(told, file)
    ((usual_name, usual),) = loaded(file).manifest.items()
    assert name == usual_name
    assert {part: str(entry[part]) for part in ("info", "date", "analysis", "threat_level_id", "timestamp")} == {
        part: str(usual[part]) for part in ("info", "date", "analysis", "threat_level_id", "timestamp")
    }
    assert entry["Orgc"] == usual["Orgc"] == LANTERN
    assert json.dumps(entry["Tag"]) == json.dumps(
        [{key: tag[key] for key in ("name", "colour")} for tag in usual["Tag"]]
    )
    assert entry["integrity:sha256"] == hashlib.sha256(file).hexdigest()


def test_equal_events_have_equal_bytes_and_a_change_another_digest() -> None:
    told = rich()
    again = {"Event": dict(reversed(told["Event"].items()))}
    assert event_file(told) == event_file(again)
    changed = {"Event": told["Event"] | {"info": "Another"}}
    digests = {manifest_entry(one, event_file(one))[1]["integrity:sha256"] for one in (told, changed)}
    assert len(digests) == 2


def test_values_are_found_by_the_digests_the_usual_library_makes() -> None:
    told = event(*(attribute(kind, value) for kind, value, _ in PATTERNS if kind != "regkey|value"))
    lines = list(hash_lines(told))
    assert all(line.endswith(f",{told['Event']['uuid']}\n") for line in lines)
    assert sorted({line[:32] for line in lines}) == sorted(set(loaded(event_file(told)).attributes_hashes("md5")))
    assert len(lines) == len(set(lines))


def test_what_was_taken_back_is_not_found() -> None:
    gone, there = attribute("domain", "a.example", deleted=True), attribute("domain", "b.example")
    inside = mapped("file", attribute("filename", "c.exe"), deleted=True)
    digest = hashlib.md5(b"b.example", usedforsecurity=False).hexdigest()
    told = event(gone, there, Object=[inside])
    assert list(hash_lines(told)) == [f"{digest},{told['Event']['uuid']}\n"]


def test_a_manifest_is_read_as_it_was_written() -> None:
    told = rich()
    name, entry = manifest_entry(told, event_file(told))
    read = read_feed_manifest({name: entry})
    (listed,) = read.events
    assert listed.uuid == UUID(name)
    assert (listed.info, listed.creator, listed.sha256) == (
        told["Event"]["info"],
        LANTERN["name"],
        entry["integrity:sha256"],
    )
    assert listed.changed is not None
    assert str(int(listed.changed.timestamp())) == entry["timestamp"]
    assert not read.lines


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "http://127.0.0.1/", f"{{{uuid()}}}", f"{uuid()}\n"])
def test_a_name_that_is_no_uuid_is_no_file_to_ask_for(name: str) -> None:
    read = read_feed_manifest({name: ENTRY, uuid(): ENTRY})
    assert len(read.events) == 1
    assert [line.outcome for line in read.lines] == [Outcome.REFUSED]


def test_a_manifest_is_read_up_to_a_number_and_the_rest_named() -> None:
    read = read_feed_manifest({uuid(): ENTRY for _ in range(5)}, most=3)
    assert len(read.events) == 3
    assert [problem.message for line in read.lines for problem in line.problems] == [Remark.TOO_MANY]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.text(max_size=8) | st.uuids().map(str)
PARTS = st.dictionaries(st.sampled_from(["info", "timestamp", "Orgc", "integrity:sha256", "Attribute", "Object"]), JSON)


@given(JSON | st.dictionaries(NAMES, PARTS | JSON), PARTS)
def test_no_json_breaks_the_feed(listed: object, told: dict[str, object]) -> None:
    read = read_feed_manifest(listed)
    named = set(listed) if isinstance(listed, dict) else set()
    assert {str(event.uuid) for event in read.events} <= {name.lower() for name in named}
    assert all(re.match(r"[0-9a-f]{32},", line) for line in hash_lines({"Event": told}))
    _, entry = manifest_entry({"Event": told}, b"")
    assert entry["integrity:sha256"] == hashlib.sha256(b"").hexdigest()


# --- the types


def test_types_and_categories_are_those_of_the_usual_library() -> None:
    known = MISPAttribute().describe_types["category_type_mappings"]
    assert {name: set(kinds) for name, kinds in known.items()} == {
        name: set(kinds) for name, kinds in CATEGORIES.items()
    }


def test_what_we_write_of_our_own_stands_in_its_usual_category() -> None:
    usual = MISPAttribute().describe_types["sane_defaults"]
    for name, kind in TYPES.items():
        assert kind.category == usual[name]["default_category"], name
    assert {*RULES, *NAMED, *KINDS.values()} <= set(TYPES)
    for name, kind in TYPES.items():
        assert len(kind.paths) in ({2} if "|" in name or name == "malware-sample" else {0, 1})
