"""Lets the sensors of the demonstration add what they have seen, so that machines find something to pull."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import uuid5

from infohub.intel.actions import submit
from infohub.intel.models import Collection
from infohub.members.models import Organisation, Token
from infohub.policy.viewer import token_viewer
from infohub.standards.jsontext import Json
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.stix21.patterns import pattern
from infohub.standards.stix21.timestamp import milliseconds
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

_SEEN, _KEPT = 60, timedelta(days=90)
_FIRST = ("parcel", "redelivery", "octo-fare", "toll", "tax-refund", "bank-notice", "wallet", "reward", "e-cheque")
_SECOND = ("verify", "secure", "hk-pay", "confirm", "update", "portal", "alert")

Given = dict[str, Json]


def fill_collections() -> None:
    """Each organisation with a token that adds does so in the collections that are open to it."""
    for token in Token.objects.of_machines().order_by("pk"):
        viewer = token_viewer(token)
        for collection in Collection.objects.writable(viewer):
            if token.organisation is not None:
                submit(viewer, collection=collection, objects=_seen(token.organisation, now()))


def _seen(by: Organisation, at: datetime) -> list[Given]:
    """The organisation, and hosts of invented phishing pages that it saw in the past weeks."""
    dice = random.Random(by.name)  # noqa: S311  (the same in every demonstration)
    named = {f"{dice.choice(_FIRST)}-{dice.choice(_SECOND)}{dice.randrange(100)}.example" for _ in range(_SEEN)}
    days = sorted((dice.randrange(1, 40 * 24), name) for name in named)
    return [_identity(by), *(_indicator(by, name, at - timedelta(hours=hours)) for hours, name in reversed(days))]


def _identity(by: Organisation) -> Given:
    made = milliseconds(by.since)
    head: Given = {"type": "identity", "spec_version": "2.1", "id": _named(by), "created": made, "modified": made}
    return head | {"name": by.name, "identity_class": "organization"}


def _indicator(by: Organisation, host: str, at: datetime) -> Given:
    seen = milliseconds(at)
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid5(by.uuid, host)}",
        "created_by_ref": _named(by),
        "created": seen,
        "modified": seen,
        "name": host,
        "indicator_types": ["malicious-activity"],
        "labels": ["phishing"],
        "pattern": pattern("domain", host),
        "pattern_type": "stix",
        "valid_from": seen,
        "valid_until": milliseconds(at + _KEPT),
        "object_marking_refs": [TLP_2[Tlp.GREEN]],
    }


def _named(by: Organisation) -> str:
    return f"identity--{by.uuid}"
