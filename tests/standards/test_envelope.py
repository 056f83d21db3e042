"""The bodies of TAXII answers."""

import json

from infohub.standards.taxii21 import envelope
from infohub.standards.taxii21.envelope import ManifestEntry

ADDED = "2026-02-02T01:00:00.000007Z"
RAW = '{"type": "indicator",  "x_own": 1.50, "name": "假網站"}'


def test_stored_objects_leave_as_the_text_they_are() -> None:
    page = envelope.envelope([RAW.encode(), b"{}"])
    assert page.decode() == f'{{"more":false,"objects":[{RAW},{{}}]}}'


def test_more_and_next_come_together() -> None:
    page = json.loads(envelope.envelope([b"{}"], next='a"b'))
    assert page == {"more": True, "next": 'a"b', "objects": [{}]}
    assert "next" not in json.loads(envelope.envelope([b"{}"]))
    assert json.loads(envelope.manifest([ManifestEntry("a", ADDED, "v")], next="n"))["more"] is True
    assert json.loads(envelope.versions(["v"], next="n"))["next"] == "n"


def test_an_empty_list_has_no_key() -> None:
    for page in (envelope.envelope([]), envelope.manifest([]), envelope.versions([])):
        assert json.loads(page) == {"more": False}
    assert envelope.collections([]) == {}


def test_a_manifest_names_each_version_with_its_time_of_arrival() -> None:
    page = json.loads(envelope.manifest([ManifestEntry("indicator--1", ADDED, "2026-01-01T00:00:00.000Z")]))
    assert page["objects"] == [
        {
            "id": "indicator--1",
            "date_added": "2026-02-02T01:00:00.000007Z",
            "version": "2026-01-01T00:00:00.000Z",
            "media_type": "application/stix+json;version=2.1",
        }
    ]


def test_versions_are_listed() -> None:
    assert json.loads(envelope.versions(["a", "b"])) == {"more": False, "versions": ["a", "b"]}


def test_an_error_says_its_status_as_a_string() -> None:
    assert json.loads(envelope.error(404, "Not found", "No such collection")) == {
        "title": "Not found",
        "http_status": "404",
        "description": "No such collection",
    }
    assert "description" not in json.loads(envelope.error(406, "Not acceptable"))


def test_resources_say_what_the_standard_asks_for() -> None:
    told = envelope.discovery("Hub", description="", contact="office@hub.example", api_roots=["/taxii2/api/"])
    assert told == {
        "title": "Hub",
        "contact": "office@hub.example",
        "default": "/taxii2/api/",
        "api_roots": ["/taxii2/api/"],
    }
    root = envelope.api_root("Hub", description="All", max_content_length=9)
    assert root["versions"] == ["application/taxii+json;version=2.1"]
    assert root["max_content_length"] == 9
    one = envelope.collection("id", "Banking", description="", alias="banking", can_read=True, can_write=False)
    assert one == {
        "id": "id",
        "title": "Banking",
        "alias": "banking",
        "can_read": True,
        "can_write": False,
        "media_types": ["application/stix+json;version=2.1"],
    }
    assert json.loads(envelope.resource(envelope.collections([one]))) == {"collections": [one]}
