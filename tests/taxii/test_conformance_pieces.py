"""STIX 2.1, section 3.6, through TAXII: one version of an object of ours has one content, whatever changes here."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest

from infohub.intel.tasks import place_due
from infohub.policy.viewer import SYSTEM
from infohub.register.actions import correct_organisation, describe_programme
from infohub.sharing.actions import revise, withdraw
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast
from tests.intel.pieces import Stix
from tests.sharing.acts import shared, text
from tests.taxii.machine import Machine

pytestmark = pytest.mark.django_db

MEMBERS, EVERYTHING = "collections/members/objects/", "collections/everything/objects/"


def share(cast: Cast, *, unattributed: bool = False) -> Item:
    """A piece for all members, where machines find it."""
    piece = shared(cast.as_(cast.ann), Choice(everyone=True), text(tlp=Tlp.GREEN, unattributed=unattributed))
    place_due(now() + timedelta(hours=1))
    return piece


def rename(cast: Cast, name: str, *sectors: str) -> None:
    correct_organisation(
        SYSTEM,
        organisation=cast.bank,
        name=name,
        organisation_class=cast.bank.organisation_class,
        sectors=[make.sector(key) for key in sectors],
        domains=cast.bank.domains,
        since=cast.bank.since,
        status=cast.bank.status,
    )


def call(cast: Cast, name: str) -> None:
    describe_programme(
        cast.as_(cast.opal),
        names={"en": name},
        taglines={},
        languages=["en"],
        time_zone="Asia/Hong_Kong",
        review=False,
    )


def pulled(bank: Machine) -> list[Stix]:
    """Every version of every object in two collections; what has one id and version is the same in all of them."""
    place_due(now() + timedelta(hours=1))
    found: dict[tuple[object, object], Stix] = {}
    for path in (MEMBERS, EVERYTHING):
        for one in bank.ask(path, match_version="all").objects:
            key = one["id"], one.get("modified")
            assert found.setdefault(key, one) == one
    return list(found.values())


def identities(bank: Machine) -> list[object]:
    """What those who made the pieces were called, from the oldest version on."""
    made = [one for one in pulled(bank) if one["type"] == "identity"]
    return [one["name"] for one in sorted(made, key=lambda one: str(one["modified"]))]


def test_an_organisation_that_is_renamed_is_a_later_version_of_its_identity(bank: Machine, cast: Cast) -> None:
    first = share(cast)
    rename(cast, "Lantern Trust")
    share(cast)
    rename(cast, "Lantern Trust", "finance")
    share(cast)
    assert identities(bank) == ["Bank", "Lantern Trust", "Lantern Trust"]
    rename(cast, "Lantern Trust")
    withdraw(cast.as_(cast.ann), item=first, reason="")
    assert identities(bank) == ["Lantern Trust"] * 3
    (latest,) = bank.ask(MEMBERS, match_type="identity").objects
    assert (latest["id"], latest["name"], "sectors" in latest) == (
        f"identity--{cast.bank.uuid}",
        "Lantern Trust",
        False,
    )


def test_a_programme_that_is_renamed_is_a_later_version_of_its_identity(bank: Machine, cast: Cast) -> None:
    for name in ("Harbour", "Harbour", "Lighthouse"):
        call(cast, name)
        share(cast, unattributed=True)
    assert identities(bank) == ["Harbour", "Lighthouse"]
    assert all(one.get("created_by_ref") != f"identity--{cast.bank.uuid}" for one in pulled(bank))
    assert str(cast.bank.uuid).encode() not in orjson.dumps(pulled(bank))


def test_what_is_corrected_and_withdrawn_is_always_a_later_version(bank: Machine, cast: Cast) -> None:
    piece = share(cast)
    seen = [pulled(bank)]
    revise(cast.as_(cast.ann), item=piece, text=text("Calls, corrected", tlp=Tlp.GREEN))
    seen.append(pulled(bank))
    withdraw(cast.as_(cast.ann), item=piece, reason="")
    seen.append(pulled(bank))
    before: dict[tuple[object, object], Stix] = {}
    for objects in seen:
        for one in objects:
            assert before.setdefault((one["id"], one.get("modified")), one) == one
    versions = sorted(str(modified) for identifier, modified in before if str(identifier).startswith("report--"))
    assert len(versions) == len(set(versions)) == 3
