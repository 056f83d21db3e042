"""A client from the shelf, taxii2-client, pulls a piece that the product itself rendered."""

from pathlib import Path
from uuid import UUID

import pytest
import stix2
from django.conf import settings
from pytest_django.live_server_helper import LiveServer
from taxii2client.v21 import Server, as_pages

from infohub.intel.actions import ensure_collections
from infohub.members.models import Seat
from infohub.policy.clause import Clause
from infohub.standards.stix21.render import Author, Indicator, Piece, render_report
from infohub.standards.tlp import Tlp
from tests import make
from tests.cast import Cast
from tests.intel import pieces

PIECE = Piece(
    ref="IH-7K3QXM",
    uuid=UUID("8b8c2f3e-6f0e-4b62-9d2a-8f4f5a1f0c11"),
    kind="alert",
    title="Phishing of treasury staff",
    body="They call first. 他們先致電。",
    language="en",
    tlp=Tlp.AMBER,
    author=Author(UUID("0d6c3a4e-2f0b-4a1b-9c55-3a1de7a6f001"), "Bank", ("financial-services",)),
    created=make.START,
    modified=make.START,
    published=make.START,
    indicators=(
        Indicator(UUID("0d6c3a4e-2f0b-4a1b-9c55-3a1de7a6f002"), "ipv4", "198.51.100.3", make.START, None),
        Indicator(UUID("0d6c3a4e-2f0b-4a1b-9c55-3a1de7a6f003"), "domain", "treasury.example", make.START, None),
    ),
    external_url="https://infohub.example/items/IH-7K3QXM",
    revoked=False,
)


@pytest.fixture(scope="module")
def static_folder() -> None:
    """The server warns where nobody has laid out the static files; machines need none."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)


def test_a_stock_client_pulls_a_piece_of_its_group_and_a_stranger_does_not(
    static_folder: None, transactional_db: None, cast: Cast, live_server: LiveServer
) -> None:
    group = make.group("Banking", cast.ann)
    Seat.objects.create(group=group, organisation=cast.bank, started=make.START)
    ensure_collections()
    rendered = render_report(PIECE)
    pieces.placed(PIECE.ref, *rendered, tlp=Tlp.AMBER, clauses=[Clause(groups=frozenset({group.pk}))])
    address, alias = f"{live_server.url}/taxii2/", f"group-{group.ref.lower()}"

    def listed(secret: str) -> dict[str, list[str]]:
        """What a client with this token finds: the ids in each collection, page by page."""
        collections = Server(address, user="misp", password=secret).default.collections
        return {
            row.alias: [made["id"] for page in as_pages(row.get_objects, per_request=2) for made in page["objects"]]
            for row in collections
            if row.get_manifest().get("objects")
        }

    definitions_first = sorted(rendered, key=lambda made: made["type"] != "marking-definition")
    ids = [made["id"] for made in definitions_first]
    bank = pieces.token(cast.bank, ceiling=Tlp.AMBER_STRICT)[1]
    assert listed(bank) == {"everything": ids, alias: ids}
    assert listed(pieces.token(cast.clinic, ceiling=Tlp.AMBER_STRICT)[1]) == {}
    with pytest.raises(OSError, match="401"):
        listed("not a token")

    (feed,) = [row for row in Server(address, user="x", password=bank).default.collections if row.alias == alias]
    envelope = feed.get_object(f"report--{PIECE.uuid}")
    report = stix2.parse(envelope["objects"][0], allow_custom=False)
    assert (report.name, report.description) == (PIECE.title, PIECE.body)
    assert report.object_marking_refs == ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"]
    found = feed.get_objects(type=["indicator"])["objects"]
    assert {made["name"] for made in found} == {"198.51.100.3", "treasury.example"}
