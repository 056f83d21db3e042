"""Measures what machines do: add objects by the thousand, and pull them page by page, with all checks and rights."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.test import Client
from rich.progress import track

from infohub.config.bench.asking import Ask, Clock, Figure, Goal, Sheet, browser, console, timed
from infohub.intel.models import Collection, Placement
from infohub.members.models import Organisation, TokenKind
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.policy.viewer import SYSTEM
from infohub.register import actions as register
from infohub.standards.stix21.ids import observable_id
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.stix21.timestamp import milliseconds
from infohub.standards.taxii21.media import TAXII
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

ENVELOPE = 1000
ROOT = "/taxii2/api/collections/bench/"
PAGE, OBJECT = Goal("a page", 5, "p50"), Goal("one object", 1, "p50")
ADDING = {"sqlite": Goal("adding 1,000", 100, "p50"), "postgresql": Goal("adding 1,000", 167, "p50")}

_START = datetime(2026, 1, 1, tzinfo=UTC)
_TEXTS = 50  # characters of a description come from so many words
_MARKINGS = (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER)


def measure(objects: int) -> int:
    """Add so many objects, pull them, print; 0 when every figure is within its goal."""
    return measured(objects, progress=True).told(console())


def measured(objects: int, *, progress: bool = False, times: int = 50) -> Sheet:
    """Fill a collection through its door, and ask it everything as the machine that filled it."""
    machine = _machine()
    sheet = Sheet(f"{objects:,} objects of some 750 bytes")
    envelopes = _envelopes(objects)
    steps = track(envelopes, "adding", total=objects // ENVELOPE, transient=True) if progress else envelopes
    adding, bare, one = Clock(), Clock(), b""
    for one in steps:
        with adding.running():
            answer = machine.post(f"{ROOT}objects/", one, content_type=TAXII)
        assert answer.json()["success_count"] == one.count(b'"id":'), answer.content[:300]
        with bare.running():
            _insert_bare(one)
    goal = ADDING[connection.vendor]
    sheet.add("baseline", [bare.figure("1,000 texts into a bare table", 1)], goal)
    sheet.add("machine", [adding.figure("add 1,000", 0)], goal)
    again = partial(machine.post, f"{ROOT}objects/", one, content_type=TAXII)
    sheet.add("machine", [timed("add the same 1,000 again", again, times=min(times, 10))], goal)
    if connection.vendor == "postgresql":  # as its own housekeeping does within a minute
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    sheet.add("machine", list(_pulling(machine, times)), PAGE)
    known = Placement.objects.order_by("pk")[objects // 2].stix_id
    for name, path in {"one object": "", "its versions": "versions/"}.items():
        ask = partial(machine.get, f"{ROOT}objects/{known}/{path}")
        sheet.add("machine", [timed(name, ask, times=times)], OBJECT)
    return sheet


def _pulling(machine: Client, times: int) -> Iterator[Figure]:
    """Pages of a thousand: the first, one near the end, filtered, and all of them one after the other."""
    dates = Placement.objects.order_by("pk").values_list("date_added", flat=True)
    late = dates[int(dates.count() * 0.99)]
    first = f"{ROOT}objects/?limit={ENVELOPE}"
    asked: dict[str, Ask] = {
        "first page": partial(machine.get, first),
        "page near the end": partial(machine.get, f"{first}&added_after={late:%Y-%m-%dT%H:%M:%S.%fZ}"),
        "one frequent type": partial(machine.get, f"{first}&match[type]=indicator"),
        "one rare type": partial(machine.get, f"{first}&match[type]=malware"),
        "all versions": partial(machine.get, f"{first}&match[version]=all"),
        "manifest": partial(machine.get, f"{ROOT}manifest/?limit={ENVELOPE}"),
    }
    for name, ask in asked.items():
        yield timed(name, ask, times=times)
    walk, following = Clock(), first
    while following:
        with walk.running():
            answer = machine.get(following)
        cursor = orjson.loads(answer.content).get("next")
        following = f"{first}&next={cursor}" if cursor else ""
    yield walk.figure("each page of a full walk", 2)


def _machine() -> Client:
    """A token that reads and adds, of an organisation that is alone with its collection."""
    holder = Organisation.objects.create(ref="OR-BENCH", name="Bench", status="active", since=now())
    own = Audience.objects.intern(Clause(organisations=frozenset({holder.pk})))
    Collection.objects.create(alias="bench", kind="named", titles={"en": "Bench"}, audience=own, writers=own)
    _, secret = register.issue_token(
        SYSTEM,
        kind=TokenKind.ORGANISATION,
        organisation=holder,
        name="bench",
        scopes=["taxii", "taxii-write"],
        ceiling=Tlp.AMBER_STRICT,
        expires=None,
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (id INTEGER PRIMARY KEY, raw TEXT)")
    machine = browser()
    machine.defaults |= {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_ACCEPT": TAXII}
    return machine


def _insert_bare(envelope: bytes) -> None:
    """The least a store can do: read the JSON and write each text with its number, durably."""
    rows = [(orjson.dumps(given).decode(),) for given in orjson.loads(envelope)["objects"]]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM bench_bare")
        last = cursor.fetchone()[0]
        numbered = [(last + number, raw) for number, (raw,) in enumerate(rows, 1)]
        cursor.executemany("INSERT INTO bench_bare (id, raw) VALUES (%s, %s)", numbered)


def _envelopes(objects: int) -> Iterator[bytes]:
    dice = random.Random(7)  # noqa: S311  (the same objects in every run)
    for start in range(0, objects, ENVELOPE):
        numbers = range(start, min(start + ENVELOPE, objects))
        yield orjson.dumps({"objects": [_made(dice, number) for number in numbers]})


def _made(dice: random.Random, number: int) -> dict[str, object]:
    """One of the objects machines exchange: mostly indicators, their values, what ties them, and malware."""
    kind = dice.choices(("indicator", "domain-name", "relationship", "malware"), (50, 25, 22, 3))[0]
    name = f"host{number}.{dice.choice(('shop', 'pay', 'mail'))}.example"
    marking = [TLP_2[dice.choice(_MARKINGS)]]
    if kind == "domain-name":
        identifier = observable_id(kind, {"value": name})
        return {"type": kind, "spec_version": "2.1", "id": identifier, "value": name, "object_marking_refs": marking}
    at = milliseconds(_START + timedelta(seconds=number))
    head: dict[str, object] = {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{_uuid(dice)}",
        "created": at,
        "modified": at,
        "object_marking_refs": marking,
        "created_by_ref": f"identity--{UUID(int=7, version=4)}",
        "description": " ".join(
            dice.choices(("beacon", "loader", "courier", "invoice", "勒索軟件", "relay"), k=_TEXTS)
        ),
    }
    if kind == "relationship":
        ends = {"source_ref": f"indicator--{_uuid(dice)}", "target_ref": f"malware--{_uuid(dice)}"}
        return head | ends | {"relationship_type": "indicates"}
    if kind == "malware":
        return head | {"name": f"Family {number}", "is_family": True}
    rule = {"pattern": f"[domain-name:value = '{name}']", "pattern_type": "stix", "valid_from": at}
    return head | rule | {"name": name, "indicator_types": ["malicious-activity"], "labels": ["phishing", "finance"]}


def _uuid(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)
