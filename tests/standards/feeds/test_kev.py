"""The catalogue of known exploited vulnerabilities becomes vulnerabilities, the same from JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.feeds import kev
from infohub.standards.feeds.kev import Catalogue
from infohub.standards.losses import Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.ids import OWN_NAMESPACE
from tests.standards.feeds.hostile import mutated
from tests.standards.feeds.valid import faults, parsed

ENTRY = {
    "cveID": "CVE-2026-0001",
    "vendorProject": "Lantern",
    "product": "Gate, small",
    "vulnerabilityName": "Lantern Gate Path Traversal",
    "dateAdded": "2026-01-31",
    "shortDescription": 'Any file can be read with "..".',
    "requiredAction": "Install 2.1.",
    "dueDate": "2026-02-21",
    "knownRansomwareCampaignUse": "Known",
    "notes": "See: https://lantern.example/a;b?c=1 ; https://nvd.example/CVE-2026-0001 ; ftp://no.example",
    "cwes": ["CWE-22", "CWE-x"],
}
COLUMNS = list(ENTRY)


def as_json(*entries: object, **more: object) -> bytes:
    return json.dumps({"catalogVersion": "2026.01.31", "vulnerabilities": entries} | more).encode()


def as_csv(*entries: Mapping[str, object]) -> bytes:
    def cell(value: object) -> str:
        said = ", ".join(value) if isinstance(value, list) else str(value)
        return '"' + said.replace('"', '""') + '"'

    rows = [",".join(cell(entry[name]) for name in COLUMNS) for entry in entries]
    return "\r\n".join([",".join(COLUMNS), *rows, ""]).encode("utf-8-sig")


def read(raw: bytes) -> Catalogue:
    found = kev.read(raw)
    assert isinstance(found, Catalogue), found
    return found


def test_an_entry_becomes_a_vulnerability_with_all_it_says() -> None:
    found = read(as_json(ENTRY, dateReleased="2026-01-31T17:04:19.9796Z"))
    assert (found.version, found.released) == ("2026.01.31", datetime(2026, 1, 31, 17, 4, 19, 979600, tzinfo=UTC))
    assert [(line.subject, line.outcome) for line in found.lines] == [("CVE-2026-0001", Outcome.TAKEN)]
    (flaw,) = found.objects
    assert flaw == {
        "type": "vulnerability",
        "spec_version": "2.1",
        "id": f"vulnerability--{uuid5(OWN_NAMESPACE, 'cisa-kev CVE-2026-0001')}",
        "created": "2026-01-31T00:00:00.000Z",
        "modified": "2026-01-31T00:00:00.000Z",
        "name": "CVE-2026-0001",
        "description": 'Lantern Gate Path Traversal\n\nAny file can be read with "..".',
        "labels": ["known-exploited", "used-by-ransomware"],
        "external_references": [
            {"source_name": "cve", "external_id": "CVE-2026-0001"},
            {"source_name": "cisa-kev", "description": "Lantern Gate Path Traversal"},
            {"source_name": "cwe", "external_id": "CWE-22"},
            {"source_name": "cisa-kev", "url": "https://lantern.example/a;b?c=1"},
            {"source_name": "cisa-kev", "url": "https://nvd.example/CVE-2026-0001"},
        ],
        "x_cisa_kev_vendor": "Lantern",
        "x_cisa_kev_product": "Gate, small",
        "x_cisa_kev_required_action": "Install 2.1.",
        "x_cisa_kev_due_date": "2026-02-21",
        "x_cisa_kev_notes": ENTRY["notes"],
    }


def test_both_forms_say_the_same_with_the_same_ids_and_are_stix() -> None:
    other = ENTRY | {"cveID": "CVE-2026-12345678", "knownRansomwareCampaignUse": "Unknown", "notes": ""}
    found = read(as_json(ENTRY, other))
    assert found.objects == read(as_csv(ENTRY, other)).objects == read(as_json(ENTRY, other)).objects
    assert len({str(one["id"]) for one in found.objects}) == 2
    assert "used-by-ransomware" not in str(found.objects[1]["labels"])
    assert faults(found.objects) == []


def test_an_entry_that_cannot_be_read_is_named_and_stops_no_other() -> None:
    bad = [
        ENTRY | {"cveID": "CVE-1"},
        ENTRY | {"cveID": None},
        ENTRY | {"dateAdded": "soon"},
        ENTRY | {"dateAdded": ""},
    ]
    found = read(as_json(*bad, ENTRY, ENTRY, 7))
    assert len(found.objects) == 1
    assert [(line.outcome, str(line.problems[0])) for line in found.lines if line.problems] == [
        (Outcome.REFUSED, "vulnerabilities[0].cveID: this is no CVE number (CVE-1)"),
        (Outcome.REFUSED, "vulnerabilities[1].cveID: this is missing"),
        (Outcome.REFUSED, "vulnerabilities[2].dateAdded: this is no date with a time zone (soon)"),
        (Outcome.REFUSED, "vulnerabilities[3].dateAdded: this is missing"),
        (Outcome.REFUSED, "vulnerabilities[5].cveID: this came before in the same document (CVE-2026-0001)"),
    ]


def test_what_was_lost_of_an_entry_is_named() -> None:
    found = read(as_json(ENTRY | {"shortDescription": "x" * 30_000, "dueDate": "21 Feb", "product": 7}))
    (line,) = found.lines
    assert line.outcome is Outcome.CHANGED
    assert [problem.path.split(".")[1] for problem in line.problems] == ["dueDate", "shortDescription", "product"]
    assert "x_cisa_kev_due_date" not in found.objects[0]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[]", b"{", b'{"vulnerabilities": 1}', b"a,b\n1,2", b'cveID\n"x', b"\xff\xfe", b'{"a":1,"a":2}'],
)
def test_what_is_no_catalogue_says_so(raw: bytes) -> None:
    assert isinstance(kev.read(raw), Problem)


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda raw: as_csv(ENTRY) + raw))
def test_hostile_bytes_do_not_raise(raw: bytes) -> None:
    assert isinstance(kev.read(raw), Catalogue | Problem)


@given(mutated({"catalogVersion": "x", "vulnerabilities": [ENTRY, ENTRY | {"cveID": "CVE-2026-0002"}]}))
def test_hostile_fields_do_not_raise_and_whatever_is_made_is_stix(catalogue: object) -> None:
    found = kev.read(json.dumps(catalogue).encode())
    if isinstance(found, Catalogue):
        assert parsed(found.objects) == found.objects
        assert all(line.subject for line in found.lines)
