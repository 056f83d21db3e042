"""A client from the shelf, PyMISP, reads events that the product itself made; a MISP event comes round."""

from __future__ import annotations

from dataclasses import replace
from typing import cast as as_type

import orjson
import pytest
from pymisp import MISPAttribute, MISPEvent, MISPTag, PyMISP
from pymisp.exceptions import PyMISPError
from pytest_django.live_server_helper import LiveServer

from infohub.intel.actions import ensure_collections
from infohub.standards.misp.reading import read_event
from infohub.standards.misp.writing import Cover, write_event
from infohub.standards.stix21.render import render_report
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import placed
from tests.misp.machine import Machine
from tests.standards.misp_events import LANTERN, rich
from tests.taxii.test_client import PIECE

GREEN_PIECE = replace(PIECE, tlp=Tlp.GREEN)


def test_the_usual_library_reads_a_piece_within_its_ceiling(
    transactional_db: None, cast: Cast, live_server: LiveServer
) -> None:
    ensure_collections()
    placed("IH-1", *render_report(GREEN_PIECE))
    secret = pieces.token(cast.bank, scopes=("misp",), ceiling=Tlp.GREEN)[1]
    client = PyMISP(f"{live_server.url}/misp/", secret)
    assert client.event_exists(str(PIECE.uuid))
    event = client.get_event(str(PIECE.uuid), pythonify=True)
    assert isinstance(event, MISPEvent)
    assert (event.info, event.orgc.name, len(event.attributes)) == (PIECE.title, "Bank", 3)
    for found in (
        client.search(value="198.51.100.3", pythonify=True),
        client.search(type_attribute="domain", pythonify=True),
        client.search(tags="tlp:green", timestamp=1, pythonify=True),
    ):
        assert [as_type(MISPEvent, one).uuid for one in found] == [str(PIECE.uuid)]
    (attribute,) = list(client.search(controller="attributes", value="treasury.example", pythonify=True))
    assert isinstance(attribute, MISPAttribute)
    assert (attribute.type, attribute.to_ids, attribute.Event.info) == ("domain", True, PIECE.title)
    (listed,) = client.search_index(published=True, pythonify=True)
    assert isinstance(listed, MISPEvent)
    assert (listed.uuid, listed.info, str(listed.date)) == (str(PIECE.uuid), PIECE.title, str(event.date))
    assert [as_type(MISPTag, tag).name for tag in client.tags(pythonify=True)] == ["alert", "tlp:green"]
    assert "ip-dst" in client.types
    assert not client.search(value="198.51.100.4")
    refused: object = client.search(value="198.51.100.3", quick_filter="x")
    assert isinstance(refused, dict)
    assert refused["errors"][0] == 400
    low = PyMISP(f"{live_server.url}/misp/", pieces.token(cast.bank, scopes=("misp",), ceiling=Tlp.CLEAR)[1])
    assert not low.event_exists(str(PIECE.uuid))
    assert low.search() == low.search_index() == low.tags() == []
    with pytest.raises(PyMISPError):
        PyMISP(f"{live_server.url}/misp/", "x" * 40)


@pytest.mark.django_db
def test_an_event_comes_round_through_a_collection(bank: Machine) -> None:
    """What a MISP event says arrives again; what is lost between MISP and STIX the codec loses, and names."""
    given = rich()
    read = read_event(given)
    placed("org-1", *read.objects, tlp=Tlp.AMBER)
    uuid = str(given["Event"]["uuid"])
    answer = bank.feed(f"{uuid}.json")
    told, wanted = MISPEvent(), MISPEvent()
    told.load(answer.content)
    wanted.load(orjson.dumps(given))
    assert (told.uuid, told.info, told.date, told.orgc.name) == (uuid, wanted.info, wanted.date, LANTERN["name"])
    assert told.timestamp == wanted.timestamp
    assert {tag.name for tag in told.tags} == {tag.name for tag in wanted.tags}
    assert {(one.uuid, one.type, one.value, one.to_ids) for one in told.attributes if not one.deleted} == {
        (one.uuid, one.type, one.value, one.to_ids) for one in wanted.attributes if not one.deleted
    }
    assert {one.name for one in told.objects} == {one.name for one in wanted.objects}
    report = next(one for one in read.objects if one["type"] == "report")
    cover = Cover(PIECE.uuid, "", Tlp.AMBER, "", PIECE.uuid, PIECE.modified)
    assert answer.json == write_event(report, read.objects, cover=cover).event
    again = read_event(orjson.loads(answer.content))
    assert {str(one["id"]) for one in read.objects} >= {str(one["id"]) for one in again.objects}
