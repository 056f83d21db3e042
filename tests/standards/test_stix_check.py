"""Every type of STIX 2.1 is checked, whole; what is not the standard's own is kept."""

import json
import re
from collections.abc import Iterator

import pytest
import stix2
import stix2validator
from hypothesis import given
from hypothesis import strategies as st
from stix2.v21 import vocab

from infohub.standards.jsontext import Json
from infohub.standards.stix21 import sentences, vocabulary
from infohub.standards.stix21.check import problems_of
from infohub.standards.stix21.render import render_report
from tests.standards.stix_large_objects import largest
from tests.standards.stix_objects import LEAST, MARKING, OBSERVABLES, TIME, UUID, Object, ref, smallest
from tests.standards.test_render import translated

KINDS = sorted(LEAST)
SENTENCES = {said for name, said in vars(sentences).items() if name.isupper()}
CLASSES = {kind: made for kind, made in (stix2.v21.OBJ_MAP | stix2.v21.OBJ_MAP_OBSERVABLE).items() if kind != "bundle"}
# One of several properties has to be there: without the only one, it is the object that lacks something.
ALTERNATIVES = {
    *(
        ("location", "region"),
        ("malware-analysis", "result"),
        ("observed-data", "object_refs"),
        ("artifact", "payload_bin"),
    ),
    *(("file", "name"), ("network-traffic", "src_ref"), ("process", "pid"), ("user-account", "user_id")),
    *(("windows-registry-key", "key"), ("x509-certificate", "serial_number")),
}
STEP = re.compile(r"[^.\[\]]+")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def places(value: Json, path: str = "") -> Iterator[str]:
    """The path of everything inside a value."""
    if isinstance(value, dict):
        for name, one in value.items():
            inner = f"{path}.{name}" if path else name
            yield inner
            yield from places(one, inner)
    if isinstance(value, list):
        for place, one in enumerate(value):
            yield f"{path}[{place}]"
            yield from places(one, f"{path}[{place}]")


def inside(value: Json, way: list[str]) -> Json:
    """What stands at the end of a way."""
    for step in way:
        if isinstance(value, dict):
            value = value[step]
        elif isinstance(value, list):
            value = value[int(step)]
    return value


def changed(given: Object, path: str, value: Json) -> Object:
    """The object with another value at a path."""
    whole: Object = json.loads(json.dumps(given))
    *way, last = STEP.findall(path)
    here = inside(whole, way)
    if isinstance(here, dict):
        here[last] = value
    elif isinstance(here, list):
        here[int(last)] = value
    return whole


def paths(given: Object) -> list[str]:
    return [problem.path for problem in problems_of(given)]


def test_there_is_an_example_of_every_type() -> None:
    assert set(LEAST) == set(CLASSES)
    assert vocabulary.OBSERVABLE == set(stix2.v21.OBJ_MAP_OBSERVABLE) == OBSERVABLES
    assert len(vocabulary.DOMAIN) == 19  # eighteen, and the incident that the standard only announces
    assert set(CLASSES) == vocabulary.DOMAIN | vocabulary.RELATION | vocabulary.META | vocabulary.OBSERVABLE


@pytest.mark.parametrize("kind", KINDS)
def test_small_and_large_objects_of_every_type_are_valid(kind: str) -> None:
    for made in (smallest(kind), largest(kind)):
        assert problems_of(made) == ()
        assert stix2validator.validate_instance(made, stix2validator.ValidationOptions(version="2.1")).is_valid


@pytest.mark.parametrize("kind", KINDS)
def test_each_property_that_is_required_is_missed_by_name_and_nothing_else_is(kind: str) -> None:
    for name in (made := smallest(kind)):
        rest = {other: value for other, value in made.items() if other != name}
        assert paths(rest) == ["" if (kind, name) in ALTERNATIVES else name]


@pytest.mark.parametrize("kind", KINDS)
def test_each_value_of_a_wrong_type_is_found_where_it_is(kind: str) -> None:
    free = re.compile(r"(startup_info|exif_tags|ipfix)\.|\.rank$")
    for path in places(made := largest(kind)):
        old = inside(made, STEP.findall(path))
        wrong: Json = 7 if isinstance(old, str | list | dict) else "x"
        for value in () if path.endswith(".rank") else (None,) if free.search(path) else (None, wrong):
            assert path in paths(changed(made, path, value)), (path, value)


@pytest.mark.parametrize("kind", KINDS)
def test_each_property_that_the_reference_library_knows_is_checked(kind: str) -> None:
    # The library gives incidents kill chain phases; the standard does not (section 4.6).
    for name in set(CLASSES[kind]._properties) - ({"kill_chain_phases"} if kind == "incident" else set()):
        assert any(path.startswith(name) for path in paths(smallest(kind) | {name: {"": {}}})), name


def test_closed_vocabularies_are_those_of_the_reference_library() -> None:
    for ours, theirs in (
        (vocabulary.ENCRYPTIONS, vocab.ENCRYPTION_ALGORITHM),
        (vocabulary.EXTENSION_TYPES, vocab.EXTENSION_TYPE),
        (vocabulary.ADDRESS_FAMILIES, vocab.NETWORK_SOCKET_ADDRESS_FAMILY),
        (vocabulary.SOCKET_TYPES, vocab.NETWORK_SOCKET_TYPE),
        (vocabulary.OPINIONS, vocab.OPINION),
        (vocabulary.INTEGRITY_LEVELS, vocab.WINDOWS_INTEGRITY_LEVEL),
        (vocabulary.REGISTRY_DATA, vocab.WINDOWS_REGISTRY_DATATYPE),
        (vocabulary.SERVICE_STARTS, vocab.WINDOWS_SERVICE_START_TYPE),
        (vocabulary.SERVICE_TYPES, vocab.WINDOWS_SERVICE_TYPE),
        (vocabulary.SERVICE_STATES, vocab.WINDOWS_SERVICE_STATUS),
    ):
        assert ours == set(theirs)


def test_what_we_send_we_would_take() -> None:
    for made in render_report(translated()):
        assert problems_of(json.loads(json.dumps(made))) == ()


def test_a_type_of_somebody_else_is_kept_with_all_it_says() -> None:
    least: Object = {"type": "x-own-thing", "id": ref("x-own-thing")}
    assert problems_of(least) == ()
    assert problems_of(least | {"anything": [{"Deep": [None]}], "name": 5, "created": TIME, "modified": TIME}) == ()
    assert paths(least | {"id": ref("x-other")}) == ["id"]
    assert paths(least | {"created": "yesterday", "modified": 5}) == ["created", "modified"]
    assert paths(least | {"created": "2026-02-02T01:00:00Z", "modified": "2026-02-01T01:00:00Z"}) == ["modified"]
    assert paths(least | {"object_marking_refs": MARKING}) == ["object_marking_refs"]
    assert paths({"type": "x-own-thing"}) == ["id"]
    assert paths({"id": ref("x-own-thing")}) == ["type"]
    for kind in ("ab", "Own", "x--own", "1own", "own_thing", "x" * 251, "", "x own"):
        assert paths(least | {"type": kind, "id": f"{kind}--{UUID}"})[0] == "type", kind


def test_an_object_of_stix_2_0_is_told_so() -> None:
    old = smallest("tool")
    assert [problem.message for problem in problems_of(old | {"spec_version": "2.0"})] == [sentences.OLD]
    del old["spec_version"]
    assert [problem.message for problem in problems_of(old)] == [sentences.OLD]


def test_a_bundle_is_no_object() -> None:
    [problem] = problems_of({"type": "bundle", "id": ref("bundle"), "objects": [smallest("tool")]})
    assert problem.message == sentences.BUNDLE


def test_values_nest_so_deep_and_no_deeper() -> None:
    def nested(levels: int) -> Json:
        value: Json = "x"
        for _ in range(levels):
            value = [value]
        return value

    for name in ("x_own", "extensions", "definition", "contents", "objects", "labels"):
        for kind in ("tool", "marking-definition", "language-content", "observed-data", "x-own"):
            made = smallest(kind) if kind in LEAST else {"type": kind, "id": ref(kind)}
            problems_of(made | {name: nested(2_000)})
            problems_of(made | {name: {"x": nested(2_000)}})
    assert problems_of(smallest("tool") | {"x_own": nested(64)}) == ()
    assert [problem.message for problem in problems_of(smallest("tool") | {"x_own": nested(65)})] == [sentences.DEEP]


def test_problems_are_few_and_short_however_large_the_object() -> None:
    report = smallest("report")
    assert problems_of(report | {"object_refs": [ref("file")] * 100_000, "name": "x" * 1_000_000}) == ()
    long = "x" * 1_000
    for wrong in (
        report | {"object_refs": [long] * 1_000},
        report | {f"{long}{number}": 1 for number in range(100)},
        report | {"granular_markings": [{"marking_ref": MARKING, "selectors": [long] * 1_000}]},
        smallest("file") | {"hashes": {f"{long}{number}": 1 for number in range(100)}},
        smallest("process") | {"environment_variables": {f"E{number}": number for number in range(100)}},
    ):
        problems = problems_of(wrong)
        assert len(problems) == 20
        assert all(len(problem.path) < 120 and len(problem.found) <= 80 for problem in problems)


def test_a_pattern_is_measured_in_bytes() -> None:
    assert problems_of(smallest("indicator") | {"pattern": "x" * 16_384}) == ()
    for pattern in ("x" * 16_385, "惡" * 5_462):
        assert paths(smallest("indicator") | {"pattern": pattern}) == ["pattern"]


NAMES = st.sampled_from(sorted({name for kind in KINDS for name in largest(kind)})) | st.text()


@given(st.dictionaries(NAMES, JSON, max_size=6), st.sampled_from(KINDS) | JSON)
def test_no_object_is_too_strange(made: Object, kind: Json) -> None:
    problems = problems_of(made | {"type": kind})
    assert problems
    assert {problem.message for problem in problems} <= SENTENCES


@given(st.sampled_from([(kind, path) for kind in KINDS for path in places(largest(kind))]), JSON)
def test_no_value_is_too_strange(place: tuple[str, str], value: Json) -> None:
    kind, path = place
    for problem in problems_of(changed(largest(kind), path, value)):
        assert problem.message in SENTENCES
