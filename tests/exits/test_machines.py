"""Every machine gets exactly what the table says: tokens of each kind at each ceiling, personal feeds, the public."""

from __future__ import annotations

import json
from collections.abc import Iterator

import orjson
import pytest
from django.test import Client

from infohub.members.models import Token
from infohub.policy.viewer import SYSTEM
from infohub.releases.actions import bring_in
from infohub.releases.models import Release
from infohub.standards.taxii21.media import TAXII
from infohub.standards.tlp import Tlp
from tests.exits.meeting import Met, Reader, differences, expected, names_author, together, unpacked
from tests.exits.table import (
    AUDIENCES,
    CEILINGS,
    FORMS,
    KNOW_SEALED,
    MACHINES,
    MACHINES_KNOW_UNLISTED,
    MEMBERS,
    OF_COLLECTIONS,
    PEER,
    PEER_CEILINGS,
    RED,
    SENSORS,
    STRICT,
    Canary,
    told,
)
from tests.exits.world import COMMON_WORD, SENSED_VALUE, UNLISTED, VEIL, Piece, World, word
from tests.intel import peering
from tests.intel.pieces import token

CHILDREN = ("", "comments", "attachments", "related", "indicators", "sightings", "stix", "misp")
NAMES = {"stix": "STIX", "misp": "MISP", "": "item"}
RELATED = 20
LISTS = {
    "API items": "items?limit=200",
    "API search": f"search?q={COMMON_WORD}",
}
CLOSED = "closed"
"""The suspended organisation, whose token is dead."""

pytestmark = pytest.mark.django_db


class Machine:
    """A token of one relation at one ceiling."""

    def __init__(self, reader: Reader, relation: str, ceiling: Tlp) -> None:
        self.reader, self.relation, self.ceiling = reader, relation, ceiling
        world = reader.world
        holder = None if relation == PEER else world.organisations.get(relation) or world.people[relation]
        self.token, self.secret = token(holder, scopes=("read", "taxii", "misp", "feed"), ceiling=ceiling)
        self.client = Client(HTTP_AUTHORIZATION=f"Bearer {self.secret}", HTTP_ACCEPT="*/*")
        within = [one for one in reader.readable(relation) if one.tlp <= ceiling]
        self.readable = [one for one in within if one.tlp is not RED]
        self.texts: dict[str, str] = {}

    def ask(self, path: str) -> Met:
        answer = self.client.get(path)
        content = answer.getvalue()
        self.texts[path] = unpacked(content) if answer["Content-Type"] == "application/zip" else content.decode()
        return self.reader.met(self.texts[path])

    def look_up(self) -> Met:
        """All values at once; the value asked for stands in the answer itself. No object tells of a piece."""
        values = [word(Canary.VALUE, piece.number) for piece in self.reader.world.pieces]
        answer = self.client.post("/api/v1/lookup", {"values": values}, content_type="application/json")
        return self.reader.met(str([[one["items"], one["objects"], one["around"]] for one in answer.json()["items"]]))

    def look_at(self) -> Met:
        """Everything in every collection, page by page."""
        found: list[Met] = []
        for one in self.client.get("/api/v1/collections").json()["items"]:
            path: str | None = f"/api/v1/collections/{one['id']}/objects?limit=100"
            while path:
                found.append(self.ask(path))
                path = json.loads(self.texts[path])["next"]
        return together(*found)

    def take(self, form: str) -> Met:
        """Every collection as lists of values."""
        listed = self.client.get("/api/v1/collections").json()["items"]
        return together(*(self.ask(f"/api/v1/collections/{one['id']}/values?form={form}") for one in listed))

    def pull(self) -> tuple[Met, Met]:
        """Everything in every collection, and what the manifests say."""
        root, headers = "/taxii2/api/collections/", {"accept": TAXII}
        listed = self.client.get(root, headers=headers)
        self.texts[root] = listed.content.decode()
        objects: list[Met] = []
        manifest: list[Met] = []
        for one in listed.json().get("collections", []):
            for what, kept in (("objects", objects), ("manifest", manifest)):
                path = f"{root}{one['id']}/{what}/"
                answer = self.client.get(path, headers=headers)
                assert answer.status_code == 200
                self.texts[path] = answer.content.decode()
                assert '"more": true' not in self.texts[path]
                kept.append(self.reader.met(self.texts[path]))
        return together(*objects), together(*manifest)

    def pull_feeds(self) -> dict[str, Met]:
        """Every file of every feed, by what sort of file it is."""
        told: dict[str, list[Met]] = {"MISP manifest": [], "MISP events": [], "MISP digests": []}
        for one in self.client.get("/api/v1/collections").json()["items"]:
            root = f"/misp/collections/{one['id']}"
            told["MISP manifest"].append(self.ask(f"{root}/manifest.json"))
            told["MISP digests"].append(self.ask(f"{root}/hashes.csv"))
            uuids = orjson.loads(self.texts[f"{root}/manifest.json"])
            told["MISP events"] += [self.ask(f"{root}/{uuid}.json") for uuid in uuids]
        return {channel: together(*several) for channel, several in told.items()}

    def ask_server(self) -> dict[str, Met]:
        """What the questions of a MISP are answered with, asked as widely as can be."""
        told: dict[str, Met] = {}
        for channel, path in (
            *(("MISP index", "events/index"), ("MISP search", "events/restSearch")),
            ("MISP attributes", "attributes/restSearch"),
        ):
            answer = self.client.post(f"/misp/{path}", {"published": 1}, content_type="application/json")
            assert answer.status_code == 200
            self.texts[path] = answer.content.decode()
            told[channel] = self.reader.met(self.texts[path])
        seen = [self.ask(f"/misp/events/view/{row['uuid']}") for row in orjson.loads(self.texts["events/index"])]
        told["MISP view"] = together(*seen)
        told["MISP tags"] = self.ask("/misp/tags/index")
        return told


EVERY_CEILING = frozenset({"named", "seated", "veiled", "bank", "clinic", "observatory"})
EVERY_FORM = frozenset({"named", "seated", "observatory", PEER})
HOLDERS = [
    (one, ceiling)
    for one in sorted(MEMBERS | MACHINES)
    for ceiling in (CEILINGS if one in EVERY_CEILING else (STRICT,))
]
HOLDERS += [(PEER, ceiling) for ceiling in PEER_CEILINGS]


@pytest.fixture(scope="module", params=HOLDERS, ids=lambda pair: f"{pair[0]}-{pair[1].word}")
def machine(request: pytest.FixtureRequest, reader: Reader) -> Machine:
    return Machine(reader, *request.param)


def answers(machine: Machine) -> Iterator[tuple[str, Met, Met]]:
    """Name of the channel, what it says, what it should say."""
    readable = machine.readable
    for channel, path in LISTS.items():
        yield channel, machine.ask(f"/api/v1/{path}"), expected(channel, readable)
    for audience in AUDIENCES if machine.ceiling is STRICT else ():
        hinted = [one for one in readable if one.audience.startswith(audience)][:6]
        yield "API suggest", machine.ask(f"/api/v1/suggest?q={audience}"), expected("API suggest", hinted)
    for form in FORMS if machine.relation in EVERY_FORM else FORMS[:2]:
        channel = f"API export {form}"
        yield channel, machine.ask(f"/api/v1/export?form={form}"), expected(channel, readable)
    for form in OF_COLLECTIONS if machine.relation in EVERY_FORM else OF_COLLECTIONS[:2]:
        yield f"API values {form}", machine.take(form), expected(f"API values {form}", readable)
    yield "API lookup", machine.look_up(), expected("API lookup", readable)
    yield "API objects", machine.look_at(), expected("API objects", readable)
    heard = [one for one in readable if told(machine.relation, one.audience, one.tlp)]
    person = machine.relation in MEMBERS
    yield "API notices", machine.ask("/api/v1/notices"), expected("API notices", heard if person else [])
    objects, manifest = machine.pull()
    yield "TAXII objects", objects, expected("TAXII objects", readable)
    yield "TAXII manifest", manifest, expected("TAXII manifest", readable)
    for channel, got in (machine.pull_feeds() | machine.ask_server()).items():
        yield channel, got, expected(channel, readable)
    for channel, ending in (("Atom", "atom"), ("JSON feed", "json")):
        path = f"/feeds/mine/{machine.secret}.{ending}"
        yield channel, machine.ask(path), expected(channel, readable if person else [])


def test_a_machine_gets_what_its_holder_reads_within_its_ceiling_and_no_red(machine: Machine) -> None:
    wrong = []
    for channel, got, wanted in answers(machine):
        wrong += differences({channel: (got, wanted)})
    assert wrong == []


def test_a_machine_gets_a_piece_and_its_children_or_none_of_them(machine: Machine) -> None:
    """One piece of each TLP that it reads and one that it does not, with all that hangs on them."""
    wrong = []
    for piece, may in one_each(machine):
        for child in CHILDREN if machine.ceiling is STRICT or machine.relation == PEER else CHILDREN[:1]:
            path = f"/api/v1/items/{piece.item.ref}{'/' if child else ''}{child}"
            channel = f"API {NAMES.get(child, child)}"
            wanted = expected(channel, related(machine.readable, piece) if child == "related" else [piece])
            hears = may and not (machine.relation == PEER and child in OF_MEMBERS)
            wrong += differences({path: (machine.ask(path), wanted if hears else {})})
        (handle,) = piece.item.attachments.as_system("the test asks for all").values_list("handle", flat=True)
        path = f"/api/v1/items/{piece.item.ref}/attachments/{handle}"
        wrong += differences({path: (machine.ask(path), expected("API attachment", [piece]) if may else {})})
    assert wrong == []


def test_a_machine_looks_up_what_lies_in_its_collections_within_its_ceiling(machine: Machine) -> None:
    sensed = machine.reader.world.sensed if machine.relation in SENSORS else {}
    wanted = {str(one["id"]) for tlp, one in sensed.items() if tlp <= machine.ceiling}
    looked = machine.client.get(f"/api/v1/lookup?value={SENSED_VALUE}").json()
    assert (looked["known"], {one["id"] for one in looked["objects"]}) == (bool(wanted), wanted)
    many = machine.client.post("/api/v1/lookup", {"values": [SENSED_VALUE]}, content_type="application/json").json()
    assert many["items"] == [looked]
    sensors = {one["alias"]: one["id"] for one in machine.client.get("/api/v1/collections").json()["items"]}
    assert ("sensors" in sensors) == (machine.relation in SENSORS)
    for one in machine.reader.world.sensed.values():
        answer = machine.client.get(f"/api/v1/collections/sensors/objects/{one['id']}")
        assert answer.status_code == (200 if one["id"] in wanted else 404)


OF_MEMBERS = ("comments", "sightings")
"""A peer programme hears nothing of members: what they say below a piece, and what they saw."""


def one_each(machine: Machine) -> list[tuple[Piece, bool]]:
    """The newest of each TLP that is read, and of each that is not."""
    chosen: dict[tuple[Tlp, bool], Piece] = {}
    for piece in machine.reader.world.pieces:
        chosen[piece.tlp, piece in machine.readable] = piece
    return [(piece, may) for (_tlp, may), piece in chosen.items()]


def related(readable: list[Piece], piece: Piece) -> list[Piece]:
    """All have one indicator in common, so the references decide."""
    others = sorted(readable, key=lambda one: one.item.ref, reverse=True)
    return [one for one in others if one is not piece][:RELATED]


def test_a_machine_hears_of_no_unlisted_group_and_of_no_sealed_author(machine: Machine) -> None:
    knows = machine.relation in MACHINES_KNOW_UNLISTED
    ref = machine.reader.world.unlisted.ref
    for path in ("/api/v1/groups", f"/api/v1/suggest?q={UNLISTED[:6]}", "/api/v1/collections"):
        machine.ask(path)
    betrayed = machine.reader.betrays_group
    assert betrayed(machine.texts["/api/v1/groups"]) == knows
    assert betrayed(machine.texts[f"/api/v1/suggest?q={UNLISTED[:6]}"]) == knows
    for path in (f"/api/v1/groups/{ref}", f"/api/v1/items?group={ref}"):
        machine.ask(path)
    if not knows:
        assert [path for path, text in machine.texts.items() if betrayed(text)] == []
    if machine.relation not in KNOW_SEALED:
        assert [path for path, text in machine.texts.items() if names_author(text)] == []


@pytest.mark.parametrize("ceiling", PEER_CEILINGS, ids=str)
def test_a_peer_is_sent_what_a_token_of_its_own_would_read_and_nothing_else(reader: Reader, ceiling: Tlp) -> None:
    readable = [one for one in reader.readable(PEER) if one.tlp <= ceiling]
    with peering.peer() as outside:
        made = peering.turn(peering.push(outside.url, ceiling=ceiling))
        text = outside.text
    assert made.problem == ""
    assert differences({"sent": (reader.met(text), expected("sent to a peer", readable))}) == []
    assert not reader.betrays_group(text)
    assert not names_author(text)


def test_a_token_of_who_lost_the_right_opens_nothing(reader: Reader) -> None:
    """The tokens are of before: of memberships that ended, of people and an organisation that are suspended."""
    world = reader.world
    dead = [issued_before(world, one) for one in ("mover", "returner", "leaver", "suspended", "shut", CLOSED)]
    for secret in dead:
        client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_ACCEPT="*/*")
        assert client.get("/api/v1/items").status_code == 401
        assert client.get("/taxii2/api/collections/", headers={"accept": TAXII}).status_code == 401
        assert client.get("/misp/collections/everything/manifest.json").status_code == 401
        assert client.get(f"/feeds/mine/{secret}.json").status_code == 404


def issued_before(world: World, relation: str) -> str:
    """A token of the first membership, as if it had been issued in its time and never revoked."""
    if relation == CLOSED:
        return token(world.organisations[CLOSED], scopes=("read", "taxii", "misp", "feed"))[1]
    row, secret = token(world.people["named"], scopes=("read", "taxii", "misp", "feed"))
    first = world.people[relation].memberships.order_by("pk")[0]
    Token.objects.filter(pk=row.pk).update(membership=first)
    return secret


def test_the_public_meets_what_was_released_and_nothing_else(reader: Reader) -> None:
    """One CLEAR piece for all members is released; the copy has its words and its indicator, not its reference."""
    (piece,) = [one for one in reader.world.pieces if (one.audience, one.tlp) == ("everyone", Tlp.CLEAR)]
    bring_in(SYSTEM, item=piece.item)
    ref, client, wrong = Release.objects.get().ref, Client(), []
    pages = {"/": "public pages", "/advisories": "public pages", f"/advisories/{ref}": "public advisory"}
    pages |= {"/feeds/public.atom": "public feeds", "/feeds/public.json": "public feeds"}
    pages |= {f"/api/v1/releases/{ref}": "public advisory", "/api/v1/releases": "public pages"}
    for path, channel in pages.items():
        answer = client.get(path)
        assert answer.status_code == 200
        text = answer.getvalue().decode()
        wrong += differences({path: (reader.met(text), expected(channel, [piece]))})
        assert not reader.betrays_group(text)
        assert VEIL[0] not in text
    for path in ("/statistics", "/guidance", "/about", "/api/v1/figures"):
        wrong += differences({path: (reader.met(client.get(path).content.decode()), {})})
    for one in reader.world.pieces:
        assert client.get(f"/advisories/{one.item.ref}").status_code == 404
        assert client.get(f"/api/v1/releases/{one.item.ref}").status_code == 404
        assert client.get(f"/items/{one.item.ref}").status_code == 302
    assert wrong == []
