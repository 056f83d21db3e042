"""An advisory becomes a report with its vulnerabilities, marked as it says; a level not understood keeps it closed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.feeds import csaf
from infohub.standards.feeds.csaf import Advisory
from infohub.standards.losses import Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.tlp import Tlp
from tests.standards.feeds.hostile import mutated
from tests.standards.feeds.valid import faults, parsed

FLAW: dict[str, object] = {
    "cve": "CVE-2026-0001",
    "title": "Path traversal",
    "ids": [{"system_name": "Lantern bug", "text": "LB-7"}],
    "cwe": {"id": "CWE-22", "name": "Path Traversal"},
    "notes": [{"category": "description", "title": "What", "text": "Any file can be read."}],
    "product_status": {"known_affected": ["P1"], "fixed": ["P2"], "known_not_affected": []},
    "flags": [{"label": "vulnerable_code_not_present"}],
    "references": [{"summary": "Details", "url": "https://lantern.example/flaw"}],
    "threats": [{"category": "impact", "details": "Secrets leak."}],
    "remediations": [
        {"category": "vendor_fix", "details": "Install 2.1.", "url": "https://lantern.example/2.1"},
        {"category": "vendor_fix", "details": "Install 2.1.", "url": "https://lantern.example/2.1"},
    ],
    "scores": [
        {"products": ["P1"], "cvss_v3": {"baseScore": 7.5, "vectorString": "CVSS:3.1/AV:N"}},
        {"products": ["P3"], "cvss_v3": {"baseScore": 9.8, "vectorString": "CVSS:3.1/AV:L"}},
    ],
}
DOCUMENT: dict[str, object] = {
    "category": "csaf_security_advisory",
    "csaf_version": "2.0",
    "distribution": {"text": "For customers.", "tlp": {"label": "AMBER"}},
    "lang": "en",
    "title": "Lantern Gate reads too much",
    "aggregate_severity": {"text": "Critical"},
    "notes": [{"category": "summary", "text": "Install 2.1 now."}],
    "publisher": {"category": "vendor", "name": "Lantern PSIRT", "namespace": "https://lantern.example"},
    "references": [
        {"category": "self", "summary": "Here", "url": "https://lantern.example/LSA-1"},
        {"summary": "Blog", "url": "https://blog.example/1"},
        {"summary": "Odd", "url": "javascript:alert(1)"},
    ],
    "tracking": {
        "id": "LSA-1",
        "status": "final",
        "version": "2",
        "initial_release_date": "2026-02-01T09:00:00+08:00",
        "current_release_date": "2026-02-02T01:00:00.5Z",
        "revision_history": [],
    },
}
ADVISORY = {"document": DOCUMENT, "product_tree": {"branches": []}, "vulnerabilities": [FLAW]}


def as_json(document: object = DOCUMENT, *flaws: object) -> bytes:
    return json.dumps({"document": document, "vulnerabilities": flaws}).encode()


def read(raw: bytes) -> Advisory:
    found = csaf.read(raw)
    assert isinstance(found, Advisory), found
    return found


def test_an_advisory_becomes_a_report_and_its_vulnerabilities() -> None:
    found = read(json.dumps(ADVISORY).encode())
    assert (found.namespace, found.number) == ("https://lantern.example", "LSA-1")
    assert (found.status, found.tlp) == ("final", Tlp.AMBER)
    assert (found.created, found.modified) == (
        datetime(2026, 2, 1, 1, tzinfo=UTC),
        datetime(2026, 2, 2, 1, 0, 0, 500_000, tzinfo=UTC),
    )
    author, marking, flaw, report = found.objects
    assert (author["name"], author["identity_class"], marking["name"]) == ("Lantern PSIRT", "organization", "TLP:AMBER")
    common = {
        "spec_version": "2.1",
        "created": "2026-02-01T01:00:00.000Z",
        "modified": "2026-02-02T01:00:00.500Z",
        "created_by_ref": author["id"],
        "lang": "en",
        "object_marking_refs": [TLP_2[Tlp.AMBER]],
    }
    assert flaw == common | {
        "type": "vulnerability",
        "id": flaw["id"],
        "name": "CVE-2026-0001",
        "description": (
            "Path traversal\n\nWhat\nAny file can be read.\n\nImpact: Secrets leak.\n\n"
            "Vendor fix: Install 2.1. https://lantern.example/2.1"
        ),
        "labels": ["fixed", "known_affected", "vulnerable_code_not_present"],
        "external_references": [
            {"source_name": "cve", "external_id": "CVE-2026-0001"},
            {"source_name": "Lantern bug", "external_id": "LB-7"},
            {"source_name": "cwe", "description": "Path Traversal", "external_id": "CWE-22"},
            {"source_name": "lantern.example", "description": "Details", "url": "https://lantern.example/flaw"},
        ],
        "x_cvss_score": 9.8,
        "x_cvss_vector": "CVSS:3.1/AV:L",
    }
    assert report == common | {
        "type": "report",
        "id": report["id"],
        "name": "Lantern Gate reads too much",
        "description": "Install 2.1 now.",
        "report_types": ["vulnerability"],
        "published": "2026-02-01T01:00:00.000Z",
        "object_refs": [flaw["id"]],
        "labels": ["csaf_security_advisory", "final"],
        "external_references": [
            {"source_name": "Lantern PSIRT", "external_id": "LSA-1", "url": "https://lantern.example/LSA-1"},
            {"source_name": "blog.example", "description": "Blog", "url": "https://blog.example/1"},
        ],
        "x_csaf_distribution": "For customers.",
        "x_csaf_severity": "Critical",
        "x_csaf_version": "2",
    }
    assert faults(found.objects) == []


def test_every_loss_is_named() -> None:
    found = read(json.dumps(ADVISORY).encode())
    assert [(line.subject, line.outcome) for line in found.lines] == [
        ("LSA-1", Outcome.CHANGED),
        ("CVE-2026-0001", Outcome.TAKEN),
    ]
    assert [problem.path for problem in found.lines[0].problems] == ["product_tree", "document.references[2].url"]


def test_a_later_revision_is_a_later_version_of_the_same_objects() -> None:
    first = read(as_json(DOCUMENT, FLAW)).objects
    tracking = DOCUMENT["tracking"]
    assert isinstance(tracking, dict)
    later = DOCUMENT | {"title": "Better", "tracking": tracking | {"current_release_date": "2026-03-01T00:00:00Z"}}
    second = read(as_json(later, FLAW | {"title": "Better"})).objects
    assert [one["id"] for one in first] == [one["id"] for one in second]
    assert [one["modified"] for one in second[2:]] == ["2026-03-01T00:00:00.000Z"] * 2
    others = DOCUMENT | {"tracking": tracking | {"id": "LSA-2"}}
    third = read(as_json(others, FLAW)).objects
    assert {str(one["id"]) for one in third[2:]} & {str(one["id"]) for one in first} == set()


def test_vulnerabilities_without_a_cve_are_told_apart_by_other_numbers_or_titles_or_refused() -> None:
    nameless = {"notes": [{"category": "description", "text": "Something."}]}
    numbered = {"ids": [{"system_name": "Bugs", "text": "B-1"}], "cve": "CVE-soon"}
    found = read(as_json(DOCUMENT, FLAW, FLAW, numbered, {"title": "A hole"}, nameless))
    flaws = [one for one in found.objects if one["type"] == "vulnerability"]
    assert [one["name"] for one in flaws] == ["CVE-2026-0001", "B-1", "A hole"]
    assert [(line.subject, line.outcome.value) for line in found.lines[1:]] == [
        ("CVE-2026-0001", "taken"),
        ("CVE-2026-0001", "refused"),
        ("B-1", "changed"),
        ("A hole", "taken"),
        ("vulnerabilities[4]", "refused"),
    ]
    assert found.objects[-1]["object_refs"] == [one["id"] for one in flaws]
    assert faults(found.objects) == []


def test_a_report_without_vulnerabilities_refers_to_its_publisher() -> None:
    author, _marking, report = read(as_json()).objects
    assert report["object_refs"] == [author["id"]]


@pytest.mark.parametrize(
    ("label", "tlp"),
    [
        ("WHITE", Tlp.CLEAR),
        ("CLEAR", Tlp.CLEAR),
        ("GREEN", Tlp.GREEN),
        ("AMBER+STRICT", Tlp.AMBER_STRICT),
        ("RED", Tlp.RED),
    ],
)
def test_the_level_of_the_advisory_marks_all_it_says(label: str, tlp: Tlp) -> None:
    found = read(as_json(DOCUMENT | {"distribution": {"tlp": {"label": label}}}, FLAW))
    assert found.tlp is tlp
    assert [one.get("object_marking_refs") for one in found.objects[2:]] == [[TLP_2[tlp]]] * 2


@pytest.mark.parametrize("distribution", [{}, {"text": "Freely."}])
def test_without_a_level_nothing_is_marked_and_the_caller_decides(distribution: object) -> None:
    for document in (
        DOCUMENT | {"distribution": distribution},
        {k: v for k, v in DOCUMENT.items() if k != "distribution"},
    ):
        found = read(as_json(document, FLAW))
        assert found.tlp is None
        assert not any("object_marking_refs" in one for one in found.objects)


@pytest.mark.parametrize(
    "distribution",
    [
        *({"tlp": {"label": "PURPLE"}}, {"tlp": {"label": ""}}, {"tlp": {"label": None}}, {"tlp": {"url": "x"}}),
        *(
            {"tlp": "RED?"},
            {"tlp": ["RED"]},
            {"tlp": {}},
            {"tlp": None},
            {"tlp": 0},
            {"tlp": []},
            {"tlp": ""},
            "RED?",
            ["RED"],
            None,
        ),
    ],
)
def test_a_level_that_is_not_understood_closes_the_advisory(distribution: object) -> None:
    found = csaf.read(as_json(DOCUMENT | {"distribution": distribution}, FLAW))
    assert isinstance(found, Problem)
    assert found.path == "document.distribution.tlp.label"


@pytest.mark.parametrize("missing", ["csaf_version", "publisher", "tracking"])
def test_what_is_no_advisory_says_so(missing: str) -> None:
    document = {name: part for name, part in DOCUMENT.items() if name != missing}
    for raw in (as_json(document, FLAW), b"", b"[]", b"{}", b'{"document": 1}'):
        assert isinstance(csaf.read(raw), Problem)


@given(st.binary(max_size=200))
def test_hostile_bytes_do_not_raise(raw: bytes) -> None:
    assert isinstance(csaf.read(raw), Advisory | Problem)


@given(mutated(ADVISORY))
def test_hostile_fields_do_not_raise_and_whatever_is_made_is_stix(advisory: object) -> None:
    found = csaf.read(json.dumps(advisory).encode())
    if isinstance(found, Advisory):
        assert parsed(found.objects) == found.objects
        assert all(line.subject for line in found.lines)
