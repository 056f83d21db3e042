"""Indicators as machines exchange them, by the hundred thousand, in two collections, added as a machine's are."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import transaction

from infohub.config.bench.population import Town
from infohub.config.bench.values import value
from infohub.intel.actions.adding import add
from infohub.intel.models import Collection, CollectionKind
from infohub.members.models import Membership
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.standards.stix21 import spelling
from infohub.standards.stix21.parse import Stated, stated
from infohub.standards.tlp import Tlp

BATCH, SMALL_EVERY, FREQUENT_EVERY = 5000, 100, 2000
FREQUENT = "192.0.2.77"
"""In one of so many objects."""

_SPELLERS: dict[str, Callable[[str], tuple[spelling.Sought, ...]]] = {
    "ipv4": spelling.address,
    "domain": spelling.host,
    "url": spelling.url,
    "sha256": lambda text: spelling.digest("SHA256", text),
}
_PATTERNS = {
    "ipv4": "ipv4-addr:value",
    "domain": "domain-name:value",
    "url": "url:value",
    "sha256": "file:hashes.'SHA-256'",
}


def write_objects(number: int, town: Town) -> Iterator[int]:
    """So many objects; one batch in a hundred into what everybody reads, the others for all but the narrow reader."""
    narrow = Membership.objects.get(person=town.narrow).organisation
    without = frozenset({narrow.organisation_class})
    large = _collection("bench-large", Clause(everyone=True, except_classes=without))
    small = _collection("bench-small", Clause(everyone=True))
    dice = random.Random(13)  # noqa: S311  (the same objects every time)
    for turn, start in enumerate(range(0, number, BATCH)):
        stop = min(start + BATCH, number)
        some = [_object(one, dice) for one in range(start, stop)]
        with transaction.atomic():
            add((large if turn % SMALL_EVERY else small).pk, some, source="bench")
        yield stop


def _collection(alias: str, clause: Clause) -> Collection:
    return Collection.objects.create(
        alias=alias,
        kind=CollectionKind.NAMED,
        titles={"en": alias},
        audience=Audience.objects.intern(clause),
        ceiling=Tlp.AMBER.value,
    )


def _object(number: int, dice: random.Random) -> Stated:
    """An indicator of some 500 characters."""
    kind, written = value(number) if number % FREQUENT_EVERY else ("ipv4", FREQUENT)
    given = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{UUID(int=dice.getrandbits(128), version=4)}",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": "2026-01-01T00:00:00.000Z",
        "name": f"Seen by a sensor: {number}",
        "description": "Measured. " * 20,
        "pattern": f"[{_PATTERNS[kind]} = '{written}']",
        "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
    }
    return stated(given, values=_SPELLERS[kind](written))
