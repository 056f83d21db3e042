"""Ids of observables and the canonical JSON they are made from."""

import json

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.stix21.canonical import Json, canonical
from infohub.standards.stix21.ids import observable_id, relationship_id

FLAT = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
JSON = st.recursive(FLAT, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def test_the_official_example_has_the_official_id() -> None:
    assert observable_id("ipv4-addr", {"value": "198.51.100.3"}) == "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("ipv6-addr", {"value": "2001:db8::1"}),
        ("domain-name", {"value": "evil.example"}),
        ("url", {"value": "https://evil.example/ü?a=<b>&c='\""}),
        ("email-addr", {"value": "a@b.example"}),
        ("autonomous-system", {"number": 64500}),
        ("directory", {"path": "C:\\Users\\Public"}),
        ("windows-registry-key", {"key": "HKEY_LOCAL_MACHINE\\Software"}),
        ("file", {"name": "惡意.exe"}),
        ("file", {"hashes": {"SHA-256": "ab" * 32}}),
        ("file", {"hashes": {"SHA-256": "ab" * 32, "MD5": "cd" * 16}, "name": "x"}),
    ],
)
def test_our_ids_are_the_ids_of_the_reference_library(kind: str, properties: dict[str, Json]) -> None:
    assert observable_id(kind, properties) == stix2.parse({"type": kind, "spec_version": "2.1", **properties}).id


def test_only_contributing_properties_count() -> None:
    assert observable_id("url", {"value": "a", "defanged": True}) == observable_id("url", {"value": "a"})
    assert observable_id("process", {"pid": 3}) is None
    assert observable_id("file", {"size": 3}) is None


def test_the_preferred_hash_decides() -> None:
    several: Json = {"SHA-256": "b", "MD5": "a", "SSDEEP": "c"}
    assert observable_id("file", {"hashes": several}) == observable_id("file", {"hashes": {"MD5": "a"}})
    assert observable_id("file", {"hashes": {"TLSH": "t", "SSDEEP": "s"}}) == observable_id(
        "file", {"hashes": {"SSDEEP": "s"}}
    )


def test_a_relationship_has_one_id_in_one_direction() -> None:
    assert relationship_id("a", "based-on", "b") == relationship_id("a", "based-on", "b")
    assert relationship_id("a", "based-on", "b") != relationship_id("b", "based-on", "a")


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (1e21, "1e+21"),
        (1e23, "1e+23"),
        (333333333.33333329, "333333333.3333333"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (1.25e-9, "1.25e-9"),
        (4.5, "4.5"),
        (2e-3, "0.002"),
        (2**60, "1152921504606847000"),
    ],
)
def test_numbers_are_written_as_ecmascript_writes_them(number: float, written: str) -> None:
    assert canonical(number) == written


def test_names_are_sorted_by_utf_16_and_strings_escaped_briefly() -> None:
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}
    assert [*json.loads(canonical(names))] == ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    assert canonical('\u20ac$\x0f\nA\'B"\\\\"/\x7f') == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f"'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_json_cannot_say_is_refused(value: Json) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(value)


@given(JSON)
def test_canonical_json_means_the_same_and_is_stable(value: Json) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_comes_back(number: float) -> None:
    assert float(canonical(number)) == number
