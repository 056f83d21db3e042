"""What carries a `tlp:` tag that nobody knows is read for somebody to decide, and opens nothing until then."""

from __future__ import annotations

import pytest

from infohub.standards.losses import Outcome
from infohub.standards.misp.fields import words
from infohub.standards.misp.reading import Read, read_event
from infohub.standards.misp.remarks import Remark
from infohub.standards.stix21.markings import TLP_2, Unknown, levels_of, tlp_of
from infohub.standards.tlp import Tlp

from .misp_events import LANTERN, SECONDS, Row, attribute, event, mapped, rich, uuid
from .test_misp_reading import assert_valid, of_type, remarks

ODD = "tlp:ex:chr"
TECHNIQUE = 'misp-galaxy:mitre-attack-pattern="Phishing - T1566"'


def closed(read: Read) -> set[str]:
    """The ids of what waits, as whoever keeps the objects judges it."""
    levels = levels_of(read.objects)
    judged = {str(one["id"]): tlp_of(words(one, "object_marking_refs"), levels=levels) for one in read.objects}
    return {identifier for identifier, level in judged.items() if isinstance(level, Unknown)}


def ids(read: Read, *, but: str = "") -> set[str]:
    return {str(one["id"]) for one in read.objects if one["type"] not in but.split()}


def test_all_of_an_event_waits_but_who_made_it() -> None:
    given = rich()
    assert not closed(read_event(given, waits=True))
    tags = given["Event"]["Tag"]
    assert isinstance(tags, list)
    tags.append({"name": ODD})
    read = read_event(given, waits=True)
    assert closed(read) == ids(read, but="identity marking-definition")
    assert read.objects[-1]["labels"] == ["tlp:amber", "PAP:GREEN", TECHNIQUE, ODD]
    assert {line.outcome for line in read.lines if line.subject == given["Event"]["uuid"]} == {Outcome.CHANGED}
    assert remarks(read.lines) == [Remark.WAITS]
    assert_valid(read.objects)
    assert not read_event(given).objects


def test_of_an_attribute_all_waits_that_speaks_of_it_and_nothing_else() -> None:
    seen = [{"uuid": uuid(), "type": kind, "date_sighting": SECONDS, "Organisation": LANTERN} for kind in "01"]
    odd = attribute("domain", "odd.example", ODD, TECHNIQUE, Sighting=seen)
    plain = attribute("domain", "plain.example", TECHNIQUE)
    tie: Row = {"uuid": uuid(), "referenced_uuid": odd["uuid"], "relationship_type": "drops", "timestamp": SECONDS}
    whole = mapped("file", attribute("filename", "a.exe"), ObjectReference=[tie])
    read = read_event(event(odd, plain, Object=[whole]), waits=True)
    names = {str(one["id"]): str(one.get("name") or one.get("value")) for one in read.objects}
    waits = closed(read)
    assert sorted(one.partition("--")[0] for one in waits) == [
        *("domain-name", "indicator", "opinion", "relationship", "relationship", "relationship", "sighting")
    ]
    assert {names[one] for one in waits if names[one] != "None"} == {"odd.example"}
    (rule,) = [one for one in of_type(read, "indicator") if one["name"] == "odd.example"]
    assert rule["labels"] == [ODD, TECHNIQUE]
    assert words(rule, "object_marking_refs")[0] == TLP_2[Tlp.AMBER]
    assert_valid(read.objects)


def test_each_unknown_tag_is_a_marking_of_its_own_that_has_its_name() -> None:
    read = read_event(event(attribute("domain", "a.example", ODD, "TLP:Purple"), tags=()), waits=True)
    definitions = of_type(read, "marking-definition")
    assert [one["name"] for one in definitions] == [ODD, "TLP:Purple"]
    assert levels_of(definitions) == {}
    (rule,) = of_type(read, "indicator")
    assert rule["object_marking_refs"] == [one["id"] for one in definitions]
    again = read_event(event(attribute("domain", "b.example", "tlp:purple"), tags=()), waits=True)
    assert of_type(again, "marking-definition")[0]["id"] == definitions[1]["id"]


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_said_openly_too_is_known_openly(order: int) -> None:
    rows = [attribute("domain", "toll.example", ODD), attribute("domain", "toll.example", "tlp:red")][::order]
    read = read_event(event(*rows), waits=True)
    (host,) = of_type(read, "domain-name")
    assert tlp_of(words(host, "object_marking_refs")) is Tlp.RED
