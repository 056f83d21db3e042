"""Our pieces as STIX objects."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
import stix2
import stix2validator
from hypothesis import given
from hypothesis import strategies as st
from stix2patterns.validator import validate as pattern_is_valid

from infohub.analysis.findings import Kind
from infohub.standards.stix21.check import problems_of
from infohub.standards.stix21.confirmed import Confirmed
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.stix21.patterns import pattern
from infohub.standards.stix21.render import Author, Indicator, Piece, Translation, render_report
from infohub.standards.tlp import Tlp

NOW = datetime(2026, 2, 2, 1, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
VALUES = {
    "ipv4": "198.51.100.3",
    "ipv6": "2001:db8::1",
    "domain": "evil.example",
    "url": "https://evil.example/it's?a=\\1",
    "email": "a@b.example",
    "md5": "d41d8cd98f00b204e9800998ecf8427e",
    "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "ssdeep": "192:AbCdEfGhIj:KlMnOpQr",
    "cve": "CVE-2021-44228",
    "cwe": "CWE-79",
    "asn": "AS64500",
    "btc": "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "eth": "0x" + "a1" * 20,
    "file": "evil.exe",
    "path": "C:\\Users\\Public\\e.exe",
    "registry": "HKLM\\Software\\Run\\x",
    "attack": "T1059.001",
}
numbers = count(1)
LANGUAGES = ("en", "zh-hant", "zh-hans")


def uuid() -> UUID:
    return UUID(int=next(numbers), version=4)


AUTHOR = Author(uuid(), "Lantern Trust Bank", ("financial-services",))
PIECE = Piece(
    ref="IH-7K3QXM",
    uuid=uuid(),
    kind="alert",
    title="Fake bank pages",
    body="They copy our **sign-in** page.",
    language="en",
    tlp=Tlp.AMBER_STRICT,
    author=AUTHOR,
    created=NOW,
    modified=NOW,
    published=NOW,
    indicators=tuple(Indicator(uuid(), kind, value, NOW, None) for kind, value in VALUES.items()),
    external_url="https://hub.example/items/IH-7K3QXM",
    revoked=False,
)


def translated(piece: Piece = PIECE, *, modified: datetime = NOW, overtaken: bool = False) -> Piece:
    """The piece with words of a person and of a program in the languages that are not its own."""
    others = [language for language in LANGUAGES if language != piece.language]
    words = [
        Translation(UUID(int=9000 + number, version=4), language, f"{language} title", "**Words**", origin, modified)
        for number, (language, origin) in enumerate(zip(others, ("human", "converted"), strict=True))
    ]
    return replace(piece, translations=tuple(replace(one, overtaken=overtaken) for one in words))


def of_type(objects: list[dict[str, object]], kind: str) -> list[dict[str, object]]:
    return [part for part in objects if part["type"] == kind]


def test_every_kind_of_finding_is_rendered() -> None:
    assert set(VALUES) == {kind.value for kind in Kind}


@pytest.mark.parametrize(("language", "revoked"), [("en", False), ("zh-hant", True), ("zh-hans", True)])
def test_every_object_satisfies_library_and_validator(language: str, *, revoked: bool) -> None:
    objects = render_report(translated(replace(PIECE, language=language, revoked=revoked)))
    for part in objects:
        stix2.parse(part)
    bundle = {"type": "bundle", "id": f"bundle--{uuid()}", "objects": objects}
    answer = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
    assert answer.is_valid, [str(problem) for problem in answer.errors]


@pytest.mark.parametrize(
    "value",
    [
        "http://evil.example/a b{c}|ü%zz#x#y",
        "http://evil.example?q=[1]^`",
        "http://[2001:db8::1]:8080/é",
        "evil.example/x.php?a=1",
        "198.51.100.7:8080/x",
    ],
)
def test_the_address_of_an_odd_url_is_still_a_legal_one(value: str) -> None:
    objects = render_report(replace(PIECE, indicators=(Indicator(uuid(), "url", value, NOW, None),)))
    bundle = {"type": "bundle", "id": f"bundle--{uuid()}", "objects": objects}
    answer = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
    assert answer.is_valid, [str(problem) for problem in answer.errors]


def test_a_report_has_author_marking_indicators_observables_and_relationships() -> None:
    objects = render_report(PIECE)
    report = objects[-1]
    assert [part["type"] for part in objects[:2]] == ["identity", "marking-definition"]
    assert report["name"] == "Fake bank pages"
    assert report["lang"] == "en"
    assert report["published"] == "2026-02-02T01:00:00.123Z"
    assert report["created_by_ref"] == f"identity--{AUTHOR.uuid}" == objects[0]["id"]
    assert report["object_refs"] == [part["id"] for part in objects[2:-1]]
    assert len(of_type(objects, "indicator")) == len(of_type(objects, "relationship")) == 13
    assert len(of_type(objects, "vulnerability")) == len(of_type(objects, "attack-pattern")) == 1
    assert len(of_type(objects, "note")) == 3
    assert "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4" in report["object_refs"]


def test_everything_but_the_author_carries_the_marking_of_the_piece() -> None:
    for tlp in Tlp:
        for part in render_report(translated(replace(PIECE, tlp=tlp)))[2:]:
            assert part["object_marking_refs"] == [TLP_2[tlp]]


def test_every_reference_points_at_an_object_that_is_sent() -> None:
    objects = render_report(PIECE)
    sent = {part["id"] for part in objects}
    for part in objects:
        for name, value in part.items():
            refs = value if name.endswith("_refs") else [value] if name.endswith("_ref") else []
            assert isinstance(refs, list)
            assert sent.issuperset(refs)


def test_hashes_are_files_and_a_path_is_a_file_in_its_folder() -> None:
    objects = render_report(PIECE)
    files = of_type(objects, "file")
    assert {"MD5", "SHA-1", "SHA-256", "SSDEEP"} == {name for part in files for name in part.get("hashes", {})}  # type: ignore[attr-defined]
    (folder,) = of_type(objects, "directory")
    assert folder["path"] == "C:\\Users\\Public"
    assert [part["name"] for part in files if part.get("parent_directory_ref") == folder["id"]] == ["e.exe"]


def test_rendering_twice_is_equal_and_a_change_is_a_new_version_of_the_same_objects() -> None:
    first, again = render_report(PIECE), render_report(PIECE)
    changed = render_report(replace(PIECE, modified=LATER, title="Fake bank pages, updated"))
    assert first == again
    assert [part["id"] for part in first] == [part["id"] for part in changed]
    assert changed[-1]["modified"] == "2026-02-03T01:00:00.123Z"
    assert changed[-1]["created"] == first[-1]["created"]
    assert changed[0] == first[0]


def test_a_withdrawn_piece_takes_its_objects_back_and_says_no_word_of_its_text() -> None:
    objects = render_report(replace(PIECE, revoked=True, modified=LATER))
    assert all(part["revoked"] is True for part in objects[2:])
    assert {part["id"] for part in of_type(objects, "indicator")} == {
        part["id"] for part in of_type(render_report(PIECE), "indicator")
    }
    assert PIECE.title not in json.dumps(objects)
    assert PIECE.body not in json.dumps(objects)


def test_words_in_other_languages_say_which_version_of_the_report_they_are_and_who_wrote_them() -> None:
    *rest, report, first, second = render_report(
        translated(replace(PIECE, language="en", modified=LATER), modified=LATER)
    )
    assert report["lang"] == "en"
    assert report["object_refs"] == [part["id"] for part in rest[2:]]
    for words, language, origin in ((first, "zh-HK", "human"), (second, "zh-CN", "converted")):
        assert words["type"] == "language-content"
        assert (words["object_ref"], words["object_modified"]) == (report["id"], report["modified"])
        assert words["created_by_ref"] == report["created_by_ref"]
        title = f"{'zh-hant' if origin == 'human' else 'zh-hans'} title"
        assert words["contents"] == {language: {"name": title, "description": "**Words**"}}
        assert words["labels"] == [origin]
        assert "lang" not in words


def test_changed_words_are_a_new_version_while_their_report_stays() -> None:
    before, after = render_report(translated()), render_report(translated(modified=LATER))
    assert [part["id"] for part in before] == [part["id"] for part in after]
    assert before[:-2] == after[:-2]
    assert [part["modified"] for part in after[-2:]] == ["2026-02-03T01:00:00.123Z"] * 2
    assert [part["object_modified"] for part in after[-2:]] == [after[-3]["modified"]] * 2


@pytest.mark.parametrize(("revoked", "overtaken"), [(True, False), (False, True)])
def test_words_of_a_withdrawn_piece_or_an_earlier_revision_are_taken_back(*, revoked: bool, overtaken: bool) -> None:
    objects = render_report(translated(replace(PIECE, revoked=revoked), overtaken=overtaken))
    words = of_type(objects, "language-content")
    assert [part["revoked"] for part in words] == [True, True]
    assert ("revoked" in of_type(objects, "report")[0]) == revoked
    assert "zh-hant title" not in json.dumps(words)
    assert "**Words**" not in json.dumps(words)


def test_a_piece_without_indicators_speaks_of_its_author() -> None:
    report = render_report(replace(PIECE, indicators=(), body=""))[-1]
    assert report["object_refs"] == [f"identity--{AUTHOR.uuid}"]
    assert "description" not in report


def test_an_indicator_ends_when_it_is_said_to() -> None:
    ended = replace(PIECE.indicators[0], valid_until=LATER)
    objects = render_report(replace(PIECE, indicators=(ended,)))
    assert of_type(objects, "indicator")[0]["valid_until"] == "2026-02-03T01:00:00.123Z"
    never_valid = replace(PIECE.indicators[0], valid_until=NOW)
    assert "valid_until" not in of_type(render_report(replace(PIECE, indicators=(never_valid,))), "indicator")[0]


@pytest.mark.parametrize(
    ("kind", "value", "rule"),
    [
        ("ipv4", "198.51.100.0/24", "[ipv4-addr:value = '198.51.100.0/24']"),
        ("url", "http://evil.example/it's\\x", "[url:value = 'http://evil.example/it\\'s%5Cx']"),
        (
            "url",
            "http://evil.example/a b{c}|ü%zz#x#y",
            "[url:value = 'http://evil.example/a%20b%7Bc%7D%7C%C3%BC%25zz#x%23y']",
        ),
        ("url", "evil.example/x.php", "[url:value MATCHES '^[a-z]+://evil\\\\.example/x\\\\.php$']"),
        ("sha256", "ab", "[file:hashes.'SHA-256' = 'ab']"),
        ("md5", "ab", "[file:hashes.MD5 = 'ab']"),
        ("asn", "AS64500", "[autonomous-system:number = 64500]"),
        ("path", "/tmp/x", "[file:name = 'x' AND file:parent_directory_ref.path = '/tmp']"),
        ("path", "C:\\Temp\\", "[directory:path = 'C:\\\\Temp']"),
        ("path", "x.exe", "[file:name = 'x.exe']"),
        ("registry", "HKCU:\\Software\\Run", "[windows-registry-key:key = 'HKEY_CURRENT_USER\\\\Software\\\\Run']"),
        ("cve", "CVE-2021-44228", ""),
    ],
)
def test_patterns_are_escaped_and_named_as_the_standard_says(kind: str, value: str, rule: str) -> None:
    assert pattern(kind, value) == rule


@given(st.sampled_from(["url", "file", "path", "registry", "email", "domain"]), st.text(min_size=1, max_size=60))
def test_every_pattern_is_valid_whatever_the_value(kind: str, value: str) -> None:
    clean = "".join(character for character in value if character.isprintable()) or "x"
    assert pattern_is_valid(pattern(kind, clean))


NAMED = (
    Confirmed(uuid(), "technique", "T1059.001", "PowerShell", "T1059.001", f"attack-pattern--{uuid()}"),
    Confirmed(uuid(), "technique", "T1566", "Phishing", "T1566"),
    Confirmed(uuid(), "malware", "Grimble", "Grimble"),
    Confirmed(uuid(), "actor", "APT28", "APT28", "G0007"),
    Confirmed(uuid(), "actor", "Marsh Heron", "Marsh Heron"),
    Confirmed(uuid(), "tool", "Mimikatz", "Mimikatz", "S0002"),
    Confirmed(uuid(), "campaign", "Low Tide", "Low Tide"),
    Confirmed(uuid(), "sector", "finance", "Finance"),
    Confirmed(uuid(), "product", "Harbour Mail", "Harbour Mail"),
)


@pytest.mark.parametrize("revoked", [False, True])
def test_what_was_confirmed_satisfies_library_and_validator(*, revoked: bool) -> None:
    objects = render_report(replace(PIECE, confirmed=NAMED, revoked=revoked))
    for part in objects:
        stix2.parse(part)
        assert problems_of(part) == ()  # type: ignore[arg-type]
    bundle = {"type": "bundle", "id": f"bundle--{uuid()}", "objects": objects}
    answer = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
    assert answer.is_valid, [str(problem) for problem in answer.errors]
    assert {str(one.id) for one in NAMED[1:-1]} <= set(objects[-1]["object_refs"])  # type: ignore[call-overload]
    assert not of_type(objects, "software")


def test_a_technique_that_is_an_indicator_as_well_is_one_object_with_its_name() -> None:
    objects = of_type(render_report(replace(PIECE, confirmed=NAMED)), "attack-pattern")
    assert [part["name"] for part in objects] == ["PowerShell", "Phishing"]
    own = next(one.uuid for one in PIECE.indicators if one.kind == "attack")
    assert objects[0]["id"] == f"attack-pattern--{own}"


def test_nothing_that_was_confirmed_carries_another_marking_than_its_piece() -> None:
    for tlp in Tlp:
        for part in render_report(replace(PIECE, tlp=tlp, confirmed=NAMED))[2:]:
            assert part["object_marking_refs"] == [TLP_2[tlp]]
