"""OpenIOC becomes patterns as far as STIX has words for it, and what it has none for is named."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape, quoteattr

import pytest
import stix2
import stix2validator
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.losses import Outcome
from infohub.standards.misp.fields import words
from infohub.standards.openioc.reading import Read, is_openioc, read_openioc
from infohub.standards.openioc.remarks import Remark
from infohub.standards.openioc.terms import TERMS, Sort
from infohub.standards.problem import Problem
from infohub.standards.stix21.grammar import pattern_problem
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.stix21.parse import Stated, parse
from infohub.standards.tlp import Tlp

ID = "6b1f9a30-54c1-4d0e-8f0a-0c5b8e2d7a11"
OLD, NEW = "http://schemas.mandiant.com/2010/ioc", "http://openioc.org/schemas/OpenIOC_1.1"
MD5 = "0f" * 16
_numbers = iter(range(1, 1_000_000))

Row = dict[str, object]


def item(search: str, value: str, condition: str = "is", **more: str) -> str:
    """An item as both versions write it; `more` are attributes."""
    told = {"id": f"item-{next(_numbers)}", "condition": condition} | {n.replace("_", "-"): v for n, v in more.items()}
    attributes = " ".join(f"{name}={quoteattr(said)}" for name, said in told.items())
    document = search.partition("/")[0]
    return (
        f'<IndicatorItem {attributes}><Context document="{document}" search="{search}" type="mir"/>'
        f'<Content type="string">{escape(value)}</Content></IndicatorItem>'
    )


def group(operator: str, *inside: str, more: str = "") -> str:
    return f'<Indicator operator="{operator}" id="group-{next(_numbers)}"{more}>{"".join(inside)}</Indicator>'


def first(*inside: str, about: str = "", before: str = "") -> bytes:
    """A document of version 1.0 whose definition is an OR of these."""
    told = "<short_description>Toll</short_description><authored_by>Lantern</authored_by><authored_date/>"
    return (
        f'{before}<ioc xmlns="{OLD}" id="{ID}" last-modified="2026-02-02T10:00:00">{told}{about}'
        f"<definition>{group('OR', *inside)}</definition></ioc>"
    ).encode()


def second(*inside: str, after: str = "") -> bytes:
    """The same of version 1.1."""
    times = 'last-modified="2026-02-02T10:00:00Z" published-date="2026-02-03T00:00:00Z"'
    told = "<short_description>Toll</short_description><authored_date>2026-02-01T00:00:00</authored_date>"
    return (
        f'<OpenIOC xmlns="{NEW}" id="{ID}" {times}><metadata>{told}</metadata>'
        f"<criteria>{group('OR', *inside)}</criteria>{after}</OpenIOC>"
    ).encode()


def read(raw: bytes) -> Read:
    found = read_openioc(raw)
    assert isinstance(found, Read), found
    return found


def patterns(raw: bytes) -> list[str]:
    return [str(one["pattern"]) for one in read(raw).objects if one["type"] == "indicator"]


def remarks(found: Read) -> list[str]:
    return [problem.message for line in found.lines for problem in line.problems if problem.message != Remark.CASE]


def assert_taken(objects: list[Row]) -> None:
    """Valid for us and for others, and pointing at what is there."""
    there = {one["id"] for one in objects}
    for one in objects:
        assert isinstance(parse(json.loads(json.dumps(one))), Stated), one
        stix2.parse(one, allow_custom=True)
        for name in ("object_refs", "object_marking_refs"):
            assert there.issuperset(words(one, name))
    bundle = {"type": "bundle", "id": f"bundle--{ID}", "objects": objects}
    answer = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
    assert answer.is_valid, [str(problem) for problem in answer.errors]


EQUAL = [
    ("FileItem/Md5sum", MD5.upper(), f"[file:hashes.MD5 = '{MD5}']"),
    ("fileitem/sha256SUM", "AB" * 32, f"[file:hashes.'SHA-256' = '{'ab' * 32}']"),
    ("FileItem/FileName", "a.exe", "[file:name = 'a.exe']"),
    ("FileItem/FullPath", "C:\\t\\a.exe", "[file:name = 'a.exe' AND file:parent_directory_ref.path = 'C:\\\\t']"),
    ("FileItem/SizeInBytes", "512", "[file:size = 512]"),
    ("FileItem/SizeInBytes", "[10 TO 20]", "[file:size >= 10 AND file:size <= 20]"),
    ("RegistryItem/KeyPath", "HKLM\\Run", "[windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\Run']"),
    ("Network/DNS", "Toll.Example.", "[domain-name:value = 'toll.example']"),
    ("Network/URI", "http://toll.example/a", "[url:value = 'http://toll.example/a']"),
    ("Network/URI", "/a.php", "[network-traffic:extensions.'http-request-ext'.request_value = '/a.php']"),
    ("Network/URI", "toll.example/a", "[url:value MATCHES '(?i)^[a-z]+://toll\\\\.example/a$']"),
    ("PortItem/remoteIP", "198.51.100.7", "[network-traffic:dst_ref.value = '198.51.100.7']"),
    ("PortItem/remotePort", "8443", "[network-traffic:dst_port = 8443]"),
    ("DnsEntryItem/RecordData/IPv4Address", "198.51.100.7", "[ipv4-addr:value = '198.51.100.7']"),
    ("ProcessItem/name", "it's.exe", "[process:image_ref.name = 'it\\'s.exe']"),
    ("Email/Subject", "Your toll", "[email-message:subject = 'Your toll']"),
]


@pytest.mark.parametrize(("search", "value", "pattern"), EQUAL)
def test_an_item_is_looked_for_as_it_stands(search: str, value: str, pattern: str) -> None:
    assert patterns(first(item(search, value))) == [pattern]
    assert patterns(second(item(search, value, preserve_case="false", negate="false"))) == [pattern]


@pytest.mark.parametrize("search", [name for name, term in TERMS.items() if term.sort is Sort.TEXT])
@pytest.mark.parametrize("condition", ["contains", "starts-with", "ends-with", "matches"])
def test_every_term_of_words_can_be_asked_for_in_part(search: str, condition: str) -> None:
    (pattern,) = patterns(second(item(search, "a.b'c", condition)))
    assert pattern_problem(pattern) is None
    assert "MATCHES '(?i)" in pattern
    (exact,) = patterns(second(item(search, "a.b'c", condition, preserve_case="true")))
    assert "(?i)" not in exact


def test_a_part_of_a_path_may_lie_across_the_end_of_its_folder() -> None:
    both = "file:name MATCHES '(?i){name}' AND file:parent_directory_ref.path MATCHES '(?i){folder}'"
    for condition, written, name, folder in (
        ("contains", "sys\\a.exe", "^a\\\\.exe", "sys$"),
        ("ends-with", "sys\\a.exe", "^a\\\\.exe$", "sys$"),
    ):
        (pattern,) = patterns(second(item("FileItem/FullPath", written, condition)))
        assert pattern == f"[{both.format(name=name, folder=folder)}]"
    (pattern,) = patterns(first(item("FileItem/FullPath", "toll", "contains")))
    assert " OR " in pattern


def test_alternatives_are_indicators_of_their_own_however_they_are_nested() -> None:
    raw = first(item("Network/DNS", "a.example"), group("OR", item("Network/DNS", "b.example"), group("OR")))
    assert patterns(raw) == ["[domain-name:value = 'a.example']", "[domain-name:value = 'b.example']"]
    assert remarks(read(raw)) == [Remark.EMPTY]


def test_what_holds_of_one_thing_stands_together_and_what_holds_of_several_does_not() -> None:
    name, size = item("FileItem/FileName", "a.exe"), item("FileItem/SizeInBytes", "5", "greater-than")
    host, absent = item("Network/DNS", "a.example"), item("FileItem/FileName", "b.exe", "isnot")
    assert patterns(first(group("AND", name, size, absent))) == [
        "[file:name = 'a.exe' AND file:size > 5 AND file:name NOT = 'b.exe']"
    ]
    assert patterns(first(group("AND", name, host, size))) == [
        "([file:name = 'a.exe' AND file:size > 5] AND [domain-name:value = 'a.example'])"
    ]
    assert patterns(first(group("AND", size, group("OR", name, item("FileItem/FileName", "c.exe"))))) == [
        "[file:size > 5 AND (file:name = 'a.exe' OR file:name = 'c.exe')]"
    ]
    assert patterns(first(group("AND", size, group("OR", name, host)))) == [
        "(([file:name = 'a.exe'] OR [domain-name:value = 'a.example']) AND [file:size > 5])"
    ]


@pytest.mark.parametrize(
    "raw",
    [
        first(item("FileItem/FileName", "a.exe", "isnot")),
        first(item("FileItem/FileName", "a.exe", "containsnot")),
        second(item("FileItem/FileName", "a.exe", negate="true")),
        first(group("AND", item("Network/DNS", "a.example"), item("FileItem/FileName", "a.exe", "isnot"))),
        first(group("AND", item("FileItem/FileName", "a.exe", "isnot"), item("FileItem/Md5sum", MD5, "isnot"))),
    ],
)
def test_what_nearly_everything_meets_is_no_indicator(raw: bytes) -> None:
    found = read(raw)
    assert (found.objects, set(remarks(found))) == ([], {Remark.ABSENT, Remark.NO_CRITERIA})


def test_what_cannot_be_said_takes_along_only_what_is_joined_with_it() -> None:
    odd, known = item("FileItem/PEInfo/Type", "Dll"), item("FileItem/FileName", "a.exe")
    found = read(first(item("Network/DNS", "a.example"), odd, group("AND", known, odd)))
    assert [one["name"] for one in found.objects if one["type"] == "indicator"] == ["a.example"]
    assert remarks(found) == [Remark.NO_TERM, Remark.WITH_REST, Remark.NO_TERM]
    either = read(first(group("AND", item("FileItem/SizeInBytes", "5"), group("OR", known, odd))))
    assert [one["pattern"] for one in either.objects if one["type"] == "indicator"] == [
        "[file:size = 5 AND file:name = 'a.exe']"
    ]
    assert remarks(either) == [Remark.NO_TERM]


@pytest.mark.parametrize(
    ("written", "remark"),
    [
        (item("FileItem/Md5sum", "0f0f"), Remark.ODD_VALUE),
        (item("FileItem/Md5sum", MD5, "contains"), Remark.NO_CONDITION),
        (item("FileItem/SizeInBytes", "many"), Remark.ODD_VALUE),
        (item("FileItem/SizeInBytes", "5", "contains"), Remark.NO_CONDITION),
        (item("FileItem/FullPath", "a", "matches"), Remark.NO_CONDITION),
        (item("FileItem/FileName", "a", "resembles"), Remark.NO_CONDITION),
        (item("FileItem/FileName", " "), Remark.NO_VALUE),
        (item("PortItem/remoteIP", "a.example"), Remark.ODD_VALUE),
        (item("Network/DNS", "x" * 20_000, "contains"), None),
        (group("AND"), Remark.EMPTY),
        (group("XOR", item("FileItem/FileName", "a")), Remark.NO_OPERATOR),
        (group("AND", item("Yara/Yara", "rule"), item("FileItem/FileName", "a")), Remark.ALONE),
        ("<IndicatorItem/>", Remark.NO_TERM),
    ],
)
def test_each_loss_has_its_reason(written: str, remark: Remark | None) -> None:
    found = read(first(written))
    assert not found.objects
    assert remark is None or remark in remarks(found)
    assert {line.outcome for line in found.lines} == {Outcome.REFUSED}


def test_rules_for_other_programs_are_indicators_in_their_own_language() -> None:
    found = read(first(item("Yara/Yara", "rule toll { condition: true }"), item("Snort/Snort", "alert tcp any")))
    told = [(one["pattern_type"], one["pattern"]) for one in found.objects if one["type"] == "indicator"]
    assert told == [("yara", "rule toll { condition: true }"), ("snort", "alert tcp any")]
    assert_taken(found.objects)


def test_the_report_says_what_the_document_says_of_itself() -> None:
    about = (
        "<description>They call.</description><keywords>toll sms</keywords><links>"
        '<link rel="threatcategory">Fraud</link><link rel="more" href="https://lantern.example/x"/></links>'
    )
    found = read(first(item("FileItem/Md5sum", MD5), about=about))
    *_parts, report = found.objects
    assert (report["id"], report["name"], report["description"]) == (f"report--{ID}", "Toll", "They call.")
    assert (report["labels"], report["published"]) == (["toll", "sms"], "2026-02-02T10:00:00.000Z")
    assert report["external_references"] == [
        {"source_name": "threatcategory", "description": "Fraud"},
        {"source_name": "more", "url": "https://lantern.example/x"},
    ]
    kinds = [one["type"] for one in found.objects]
    assert kinds == ["identity", "indicator", "file", "relationship", "report"]
    assert report["created_by_ref"] == found.objects[0]["id"]
    assert_taken(found.objects)
    assert read(first(item("FileItem/Md5sum", MD5), about=about)).objects[-1]["id"] == report["id"]
    newer = read(second(item("FileItem/Md5sum", MD5)))
    assert (newer.objects[-1]["created"], newer.objects[-1]["published"]) == (
        "2026-02-01T00:00:00.000Z",
        "2026-02-03T00:00:00.000Z",
    )


@pytest.mark.parametrize(
    ("about", "level"),
    [
        ('<links><link rel="tlp">amber</link></links>', Tlp.AMBER),
        ("<keywords>toll TLP:RED tlp:green</keywords>", Tlp.RED),
        ("<links><link rel='marking'>tlp:white</link></links>", Tlp.CLEAR),
    ],
)
def test_a_level_that_somebody_wrote_marks_everything(about: str, level: Tlp) -> None:
    found = read(first(item("FileItem/Md5sum", MD5), about=about))
    marked = [one for one in found.objects if one["type"] not in {"identity", "marking-definition"}]
    assert all(one["object_marking_refs"] == [TLP_2[level]] for one in marked)
    assert_taken(found.objects)


def test_a_level_that_nobody_knows_opens_nothing() -> None:
    found = read(first(item("FileItem/Md5sum", MD5), about="<keywords>tlp:ex:chr</keywords>"))
    assert (found.objects, remarks(found)) == ([], [Remark.UNKNOWN_TLP])


def test_what_is_not_read_of_a_document_is_named() -> None:
    after = '<parameters><param id="p" ref-id="x" name="comment"><value>Mine</value></param></parameters>'
    found = read(second(group("AND", item("FileItem/FileName", "a"), more=' node-context="x"'), after=after))
    (document,) = [line for line in found.lines if line.subject == ID]
    assert [(problem.path, problem.message) for problem in document.problems] == [
        ("parameters", Remark.LEFT),
        ("node-context", Remark.LEFT),
        ("", Remark.CASE),
    ]


def test_an_id_that_stands_for_two_things_is_taken_once() -> None:
    one = item("FileItem/Md5sum", MD5)
    found = read(first(one, one.replace(MD5, "ab" * 16)))
    assert (len([row for row in found.objects if row["type"] == "indicator"]), remarks(found)) == (1, [Remark.TWICE])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<",
        b"<html/>",
        b'<ioc xmlns="urn:other"/>',
        first(item("FileItem/Md5sum", MD5), before='<!DOCTYPE ioc [<!ENTITY a "b">]>'),
        first(item("FileItem/Md5sum", MD5), before='<!DOCTYPE ioc SYSTEM "file:///etc/passwd">'),
        first(item("FileItem/Md5sum", MD5)).replace(b"Toll", b"&toll;"),
        first("<a>" * 70 + "</a>" * 70),
        first("<a/>" * 200_001),
        b"<ioc>" + b" " * 20_000_000 + b"</ioc>",
        b'<?xml version="1.0" encoding="utf-7"?><ioc/>',
    ],
    ids=range(11),
)
def test_what_is_no_openioc_or_more_than_is_read_is_refused_whole(raw: bytes) -> None:
    assert isinstance(read_openioc(raw), Problem)


@pytest.mark.parametrize("charset", ["us-ascii", "utf-16", "windows-1252"])
def test_a_document_may_be_in_the_character_set_that_it_names(charset: str) -> None:
    raw = first(item("FileItem/FileName", "a.exe"), before=f'<?xml version="1.0" encoding="{charset}"?>')
    assert patterns(raw.decode().encode(charset)) == ["[file:name = 'a.exe']"]
    assert is_openioc(raw.decode().encode(charset))
    assert not is_openioc(b'{"objects": []}')


def test_ten_thousand_items_are_read() -> None:
    raw = first(*(item("Network/DNS", f"h{number}.example") for number in range(10_000)))
    assert len(patterns(raw)) == 10_000


_TREE = st.recursive(
    st.builds(
        item,
        st.sampled_from([*TERMS, "FileItem/Odd", ""]),
        st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30) | st.sampled_from([MD5, "5", "a\\b"]),
        st.sampled_from(["is", "isnot", "contains", "containsnot", "matches", "ends-with", "less-than", "odd"]),
        negate=st.sampled_from(["true", "false", ""]),
    ),
    lambda inside: st.builds(
        lambda operator, parts: group(operator, *parts),
        st.sampled_from(["AND", "OR", ""]),
        st.lists(inside, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(_TREE, max_size=3))
def test_whatever_is_joined_every_pattern_is_one_and_every_item_has_one_line(trees: list[str]) -> None:
    raw = second(*trees)
    found = read(raw)
    for one in found.objects:
        assert isinstance(parse(json.loads(json.dumps(one))), Stated), one
    items = [line.subject for line in found.lines if line.subject.startswith("item-")]
    assert sorted(items) == sorted({*items})
    assert len(items) == raw.count(b"<IndicatorItem")
