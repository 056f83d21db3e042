"""What a writer is not shown tells it nothing: answers, reads and their cost are the same with it and without it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.intel.actions import ensure_collections, spread
from infohub.intel.actions.adding import add
from infohub.intel.listing import Ended, listing
from infohub.intel.models import Collection, Placement
from infohub.intel.showing import shown_object
from infohub.members.models import Organisation, Token
from infohub.policy.viewer import token_viewer
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.stix21.parse import stated
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import Stix, indicator
from tests.intel.sending import agreed
from tests.taxii.machine import Machine

pytestmark = pytest.mark.django_db

SCOPES = ("taxii", "taxii-write", "read", "misp")
VERSIONS = "match[version]=all"


def machine(of: Organisation, *, ceiling: Tlp = Tlp.AMBER_STRICT, scopes: tuple[str, ...] = SCOPES) -> Machine:
    return Machine(pieces.token(of, scopes=scopes, ceiling=ceiling)[1])


@dataclass
class World:
    """A collection in which something may be hidden, and who writes to it without being shown that."""

    collection: Collection
    id: str
    writer: Machine
    told: list[str] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"collections/{self.collection.alias}/"

    def do(self, method: str, path: str, body: object = None) -> None:
        """Ask, and keep the answer and what the database was asked for it, without what is of this world alone."""
        headers = {"authorization": f"Bearer {self.writer.secret}", "accept": "*/*"}
        sent = b"" if body is None else orjson.dumps(body)
        kind = "application/taxii+json" if path.startswith("/taxii2/") else "application/json"
        with CaptureQueriesContext(connection) as captured:
            response = Client().generic(method, path, sent, content_type=kind, headers=headers)
        told = {"status": response.status_code, "headers": dict(response.headers), "body": response.getvalue().decode()}
        self.told.append(self.plain(str(told)))
        self.asked.append([self.shape(query["sql"]) for query in captured.captured_queries])

    def plain(self, text: str) -> str:
        """Without names, dates and keys of this world; of long lists the same number of digits is left to be seen."""
        for name in (self.id, self.collection.alias, self.collection.title, str(self.collection.uuid)):
            text = text.replace(name, "HERE")
        text = re.sub(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|\+00:00)?(?!Z\")", "DATE", text)
        text = re.sub(r"(?<!--)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID", text)
        text = re.sub(r"\"[0-9a-f]{64}\"|[0-9a-f]{32,64}", "DIGEST", text)
        return re.sub(r"[0-9]+", "N", text)

    def shape(self, sql: str) -> str:
        """A statement without its values: that a row is apart, or whose it is, makes it no slower."""
        return re.sub(r"= (true|false)\b", "= N", self.plain(sql)).replace("'org-N'", "''")


def marked(one: Stix, tlp: Tlp) -> Stix:
    return one | {"object_marking_refs": [TLP_2[tlp]]}


def green(one: Stix) -> Stix:
    return marked(one, Tlp.GREEN)


def put(cast: Cast, collection: Collection, *objects: Stix) -> None:
    """The bank adds it."""
    for one in objects:
        assert machine(cast.bank).add(f"collections/{collection.alias}/objects/", one).body["success_count"] == 1


def hidden_from_a_writer(cast: Cast, collection: Collection, *objects: Stix) -> Machine:
    """It may add to the collection, and not read it."""
    put(cast, collection, *objects)
    collection.audience = agreed(f"of-bank-{collection.alias}", cast.bank).audience
    collection.save(update_fields=["audience"])
    return machine(cast.clinic)


def hidden_above(cast: Cast, collection: Collection, *objects: Stix) -> Machine:
    """It reads up to GREEN."""
    put(cast, collection, *(marked(one, Tlp.AMBER) for one in objects))
    return machine(cast.clinic, ceiling=Tlp.GREEN)


def hidden_piece(cast: Cast, collection: Collection, *objects: Stix) -> Machine:
    """What is hidden belongs to a piece."""
    add(collection.pk, [stated(marked(one, Tlp.AMBER)) for one in objects], source="IH-HIDDEN")
    return machine(cast.clinic, ceiling=Tlp.GREEN)


def hidden_by_scope(cast: Cast, collection: Collection, *objects: Stix) -> Machine:
    """Its token has no scope that reads."""
    put(cast, collection, *objects)
    return machine(cast.clinic, scopes=("taxii-write",))


Hide = Callable[..., Machine]
HIDING = (hidden_from_a_writer, hidden_above, hidden_piece, hidden_by_scope)


def add_against(world: World) -> None:
    """Add all that would be refused beside what may be hidden, over TAXII and REST."""
    of = UUID(world.id.partition("--")[2])
    for one in (
        indicator("false", of=of, day=2),
        indicator("false", of=of, day=2),
        indicator("false again", of=of, day=2),
        indicator("later", of=of, day=3),
        indicator("earlier", of=of, day=1),
        indicator("of another", of=of, day=4) | {"created_by_ref": f"identity--{pieces.uuid()}"},
        indicator("revoked", of=of, day=5, revoked=True),
        indicator("too late", of=of, day=6),
    ):
        of_here = green(one) | {"x_world": world.collection.alias}  # texts are stored once, and this one is new
        world.do("POST", f"/taxii2/api/{world.path}objects/", {"objects": [of_here]})
        world.do("POST", f"/api/v1/{world.path}objects", {"objects": [of_here]})


def add_the_same(world: World, known: Stix) -> None:
    """Add what may be hidden word for word, and with another marking."""
    for one in (known, green(known)):
        world.do("POST", f"/api/v1/{world.path}objects", {"objects": [one]})
        world.asked.pop()  # it tells whether exactly this text is stored somewhere


def look(world: World, *others: str) -> None:
    """Read what is there in every way, take some of it back and look again."""
    taxii, rest, misp = f"/taxii2/api/{world.path}", f"/api/v1/{world.path}", f"/misp/{world.path}"
    there = f"{taxii}objects/{world.id}/"
    for method, path in (
        ("GET", f"{taxii}objects/?{VERSIONS}"),
        ("HEAD", f"{taxii}objects/?{VERSIONS}"),
        ("GET", f"{taxii}manifest/"),
        ("GET", f"{there}?{VERSIONS}"),
        ("GET", f"{there}?match[version]=first"),
        ("GET", f"{there}versions/"),
        ("GET", f"{rest}objects?version=all"),
        ("GET", f"{rest}objects/{world.id}"),
        ("GET", rest.removesuffix("/")),
        ("GET", f"{misp}manifest.json"),
        ("GET", f"{misp}hashes.csv"),
        ("PUT", f"{rest}objects/{world.id}/false-positive"),
        ("DELETE", f"{there}?match[version]=last"),
        ("GET", there),
        ("DELETE", there),
        ("GET", there),
        *(("DELETE", f"{taxii}objects/{other}/") for other in others),
    ):
        world.do(method, path, {"reason": "none of ours"} if method == "PUT" else None)


@pytest.mark.parametrize("hide", HIDING)
def test_a_writer_learns_nothing_of_what_it_is_not_shown(hide: Hide, cast: Cast) -> None:
    ensure_collections()
    full, bare = agreed("full", cast.bank, cast.clinic), agreed("bare", cast.bank, cast.clinic)
    secret, known = indicator("true", day=2), indicator("known word for word", day=2)
    with_it = World(full, str(secret["id"]), hide(cast, full, secret, known))
    without_it = World(bare, str(indicator()["id"]), hide(cast, bare))
    for world in (with_it, without_it):
        # Something stricter than the writer reads stands in both.
        add(world.collection.pk, [stated(marked(indicator(), Tlp.AMBER))], source="org-0")
        add_against(world)
    spread()
    for world in (with_it, without_it):
        add_the_same(world, known)
        look(world, str(known["id"]))
    for told, also in zip(with_it.told, without_it.told, strict=True):
        assert told == also
    for asked, too in zip(with_it.asked, without_it.asked, strict=True):
        assert asked == too


def names(one: Machine, path: str, **query: str) -> list[str]:
    return [str(row["name"]) for row in one.ask(path, "GET", **query).objects]


@pytest.mark.parametrize("hide", HIDING[:2])
def test_what_is_kept_apart_changes_nothing_for_who_reads_more(hide: Hide, cast: Cast) -> None:
    ensure_collections()
    shared, of = agreed("shared", cast.bank, cast.clinic), pieces.uuid()
    writer = hide(cast, shared, indicator("true", of=of, day=2))
    bank, objects = machine(cast.bank), "collections/shared/objects/"
    before = bank.ask(objects, "GET", match_version="all").body
    for one in (indicator("false", of=of, day=2), indicator("false", of=of, day=9, revoked=True)):
        assert writer.add(objects, green(one)).body["success_count"] == 1
    assert bank.ask(objects, "GET", match_version="all").body == before
    assert names(bank, f"{objects}indicator--{of}/") == ["true"]
    spread()
    assert names(bank, "collections/everything/objects/", match_version="all") == ["true"]
    assert bank.add(objects, indicator("corrected", of=of, day=3)).body["failure_count"] == 0
    assert names(bank, objects) == ["corrected"]
    looked = (
        Client()
        .get("/api/v1/lookup", {"value": "198.51.100.3"}, headers={"authorization": f"Bearer {bank.secret}"})
        .json()
    )
    assert [(row["revoked"], row["false_positive"]) for row in looked["objects"]] == [(False, False)]


def test_a_false_positive_of_who_is_shown_less_is_nobody_else_s(cast: Cast) -> None:
    ensure_collections()
    shared, of = agreed("shared", cast.bank, cast.clinic), pieces.uuid()
    writer, bank = hidden_above(cast, shared, indicator("true", of=of)), machine(cast.bank)
    writer.add("collections/shared/objects/", green(indicator("false", of=of)))

    def is_false(one: Machine) -> list[bool]:
        headers = {"authorization": f"Bearer {one.secret}"}
        rows = Client().get("/api/v1/lookup", {"value": "198.51.100.3"}, headers=headers).json()["objects"]
        return [row["false_positive"] for row in rows]

    def say(one: Machine, method: str) -> int:
        path = f"/api/v1/collections/shared/objects/indicator--{of}/false-positive"
        headers = {"authorization": f"Bearer {one.secret}"}
        body = orjson.dumps({"reason": ""})
        return Client().generic(method, path, body, content_type="application/json", headers=headers).status_code

    assert (is_false(writer), is_false(bank)) == ([False], [False])
    assert say(writer, "PUT") == 204
    assert (is_false(writer), is_false(bank)) == ([True], [False])
    assert say(bank, "PUT") == 204
    assert say(writer, "DELETE") == 204
    assert (is_false(writer), is_false(bank)) == ([False], [True])


def test_nothing_is_lost_what_is_apart_stands_once_nothing_is_against_it(cast: Cast) -> None:
    ensure_collections()
    shared, of = agreed("shared", cast.bank, cast.clinic), pieces.uuid()
    writer = hidden_above(cast, shared, indicator("true", of=of, day=2))
    bank, objects = machine(cast.bank), "collections/shared/objects/"
    writer.add(objects, green(indicator("second", of=of, day=2)), green(indicator("third", of=of, day=3)))
    other = machine(make.organisation("Other"), ceiling=Tlp.CLEAR)
    assert names(machine(cast.clinic, ceiling=Tlp.GREEN), objects) == ["third"]
    assert names(bank, objects) == ["true"]
    assert bank.ask(f"{objects}indicator--{of}/", "DELETE").status == 200
    assert names(bank, objects, match_version="all") == ["second", "third"]
    assert not Placement.objects.filter(is_apart=True).exists()
    assert "Only who added" in str(bank.add(objects, indicator("fourth", of=of, day=4)).body)
    assert other.ask(objects).status == 404


def test_two_that_are_apart_do_not_stand_for_each_other(cast: Cast) -> None:
    ensure_collections()
    lab = make.organisation("Lab")
    shared, of = agreed("shared", cast.bank, cast.clinic, lab), pieces.uuid()
    green_writer = hidden_above(cast, shared, indicator("true", of=of))
    clear_writer = machine(lab, ceiling=Tlp.CLEAR)
    objects = "collections/shared/objects/"
    green_writer.add(objects, green(indicator("green", of=of, day=2)))
    clear = indicator("clear", of=of, day=9, revoked=True) | {"object_marking_refs": [TLP_2[Tlp.CLEAR]]}
    assert clear_writer.add(objects, clear).body["success_count"] == 1
    readers = {tlp: machine(cast.bank, ceiling=tlp) for tlp in (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER)}
    assert {tlp: names(one, objects) for tlp, one in readers.items()} == {
        Tlp.CLEAR: ["clear"],
        Tlp.GREEN: ["green"],
        Tlp.AMBER: ["true"],
    }


def test_who_is_shown_what_stands_there_is_told_as_ever(cast: Cast) -> None:
    ensure_collections()
    shared, of = agreed("shared", cast.bank, cast.clinic), pieces.uuid()
    hidden_above(cast, shared, indicator("true", of=of))
    clinic = machine(cast.clinic, ceiling=Tlp.AMBER)
    said = clinic.add("collections/shared/objects/", green(indicator("false", of=of)))
    assert "later `modified`" in str(said.listed("failures"))


def test_a_false_positive_of_who_is_shown_more_tells_who_is_shown_less_nothing(cast: Cast) -> None:
    ensure_collections()
    shared, of = agreed("shared", cast.bank, cast.clinic), pieces.uuid()
    path = f"/api/v1/collections/shared/objects/indicator--{of}/false-positive"
    writer, bank = hidden_above(cast, shared, indicator("true", of=of)), machine(cast.bank)
    writer.add("collections/shared/objects/", green(indicator("false", of=of)))
    viewer = token_viewer(Token.objects.get(organisation=cast.clinic))
    shared.refresh_from_db()

    def told() -> tuple[object, list[Ended | None]]:
        shown = shown_object(viewer, shared, f"indicator--{of}")
        assert shown is not None
        return shown.retraction, [one.ended for one in listing(viewer, shared, at=now()).values]

    before = told()
    body = orjson.dumps({"reason": "our own canary"})
    headers = {"authorization": f"Bearer {bank.secret}"}
    assert Client().put(path, body, content_type="application/json", headers=headers).status_code == 204
    assert told() == before
