"""A provider's metadata and lists lead to its advisories, and nowhere else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.feeds import csaf_lists
from infohub.standards.feeds.csaf_lists import Document, Kind, Listing, Place, Provider
from infohub.standards.problem import Problem
from infohub.standards.tlp import Tlp
from tests.standards.feeds.hostile import mutated

FOLDER = "https://psirt.lantern.example/csaf/"
METADATA: dict[str, object] = {
    "canonical_url": "https://psirt.lantern.example/.well-known/csaf/provider-metadata.json",
    "publisher": {"name": "Lantern PSIRT", "namespace": "https://lantern.example", "category": "vendor"},
    "role": "csaf_trusted_provider",
    "distributions": [
        {"directory_url": FOLDER},
        {
            "rolie": {
                "feeds": [
                    {"tlp_label": "AMBER", "url": f"{FOLDER}amber.json"},
                    {"tlp_label": "WHITE", "url": f"{FOLDER}white.json"},
                    {"tlp_label": "UNLABELED", "url": f"{FOLDER}all.json"},
                    {"tlp_label": "PURPLE", "url": f"{FOLDER}purple.json"},
                    {"tlp_label": ["RED"], "url": f"{FOLDER}red.json"},
                    {"tlp_label": "RED", "url": "file:///etc/passwd"},
                ]
            }
        },
        {"directory_url": "ftp://psirt.lantern.example/"},
    ],
}


def entry(name: str, **more: object) -> dict[str, object]:
    link = [{"rel": "self", "href": f"{FOLDER}{name}"}, {"rel": "hash", "href": f"{FOLDER}{name}.sha512"}]
    return {"id": name, "link": link, "updated": "2026-02-02T01:00:00Z"} | more


def test_metadata_say_who_and_where_and_a_level_that_is_not_understood_stays_closed() -> None:
    found = csaf_lists.provider(json.dumps(METADATA).encode())
    assert isinstance(found, Provider)
    assert (found.publisher, found.namespace) == ("Lantern PSIRT", "https://lantern.example")
    assert found.role == "csaf_trusted_provider"
    assert found.places == (
        Place(Kind.FOLDER, FOLDER, None),
        Place(Kind.ROLIE, f"{FOLDER}amber.json", Tlp.AMBER),
        Place(Kind.ROLIE, f"{FOLDER}white.json", Tlp.CLEAR),
        Place(Kind.ROLIE, f"{FOLDER}all.json", None),
    )
    assert [line.subject for line in found.lines] == [
        f"{FOLDER}purple.json",
        f"{FOLDER}red.json",
        "distributions[1].rolie.feeds[5]",
        "ftp://psirt.lantern.example/",
    ]


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", json.dumps(METADATA | {"canonical_url": 1}).encode()])
def test_what_is_no_metadata_says_so(raw: bytes) -> None:
    assert isinstance(csaf_lists.provider(raw), Problem)


def test_an_index_and_the_changes_lead_below_their_folder() -> None:
    found = csaf_lists.index(b"2026/a 1.json\r\n\n2026/a 1.json\n2025/b.json", folder=FOLDER)
    assert found.documents == (Document(f"{FOLDER}2026/a%201.json", None), Document(f"{FOLDER}2025/b.json", None))
    found = csaf_lists.changes(
        b'"2026/a.json","2026-02-02T09:00:00+08:00"\n2025/b.json,soon\nc.json\n', folder=FOLDER[:-1]
    )
    assert found.documents == (
        Document(f"{FOLDER}2026/a.json", datetime(2026, 2, 2, 1, tzinfo=UTC)),
        Document(f"{FOLDER}2025/b.json", None),
    )
    assert [(line.subject, line.outcome.value) for line in found.lines] == [
        ("2025/b.json", "changed"),
        ("c.json", "refused"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        *("../secret.json", "a/../../secret.json", "/etc/secret.json", "//b.example/a.json", "https://b/a.json"),
        *("a/./b.json", "a\\b.json", "a%2e%2e/b.json", "a?b.json", "a#b.json", "a//b.json", "a.txt", "a.json\x00"),
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    for found in (
        csaf_lists.index(path.encode(), folder=FOLDER),
        csaf_lists.changes(f'"{path}",2026-02-02T01:00:00Z'.encode(), folder=FOLDER),
    ):
        assert found.documents == ()
        assert len(found.lines) == 1


def test_a_rolie_feed_gives_addresses_times_and_hashes() -> None:
    rows = [
        entry("a.json", content={"src": f"{FOLDER}a.json", "type": "application/json"}),
        entry("b.json", updated="soon"),
        entry("a.json"),
        entry("c", content={"src": "javascript:alert(1)"}),
        {},
        7,
    ]
    found = csaf_lists.rolie(json.dumps({"feed": {"id": "x", "entry": rows}}).encode())
    assert isinstance(found, Listing)
    at = datetime(2026, 2, 2, 1, tzinfo=UTC)
    assert found.documents == (
        Document(f"{FOLDER}a.json", at, (f"{FOLDER}a.json.sha512",)),
        Document(f"{FOLDER}b.json", None, (f"{FOLDER}b.json.sha512",)),
    )
    assert [line.subject for line in found.lines] == ["b.json", "c", "feed.entry[4]"]
    assert isinstance(csaf_lists.rolie(b'{"feed": {}}'), Problem)


@given(mutated(METADATA), mutated({"feed": {"id": "x", "entry": [entry("a.json")]}}))
def test_hostile_fields_do_not_raise(metadata: object, feed: object) -> None:
    assert isinstance(csaf_lists.provider(json.dumps(metadata).encode()), Provider | Problem)
    assert isinstance(csaf_lists.rolie(json.dumps(feed).encode()), Listing | Problem)


@given(st.binary(max_size=300))
def test_hostile_bytes_do_not_raise(raw: bytes) -> None:
    assert isinstance(csaf_lists.provider(raw), Provider | Problem)
    assert isinstance(csaf_lists.rolie(raw), Listing | Problem)
    for found in (csaf_lists.index(raw, folder=FOLDER), csaf_lists.changes(raw, folder=FOLDER)):
        assert all(document.url.startswith(FOLDER) for document in found.documents)
