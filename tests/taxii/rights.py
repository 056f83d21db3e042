"""Four collections, one for each of the rights that a machine may have in it, and one machine of each kind."""

from __future__ import annotations

import re

import pytest

from infohub.intel.actions import ensure_collections
from infohub.intel.models import Collection
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.taxii.machine import Machine
from tests.taxii.test_writing import audience, machine

STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
"""How TAXII writes a time (section 1.5.7)."""

RIGHTS = {"neither": (False, False), "readable": (True, False), "writable": (False, True), "both": (True, True)}
"""Whether the bank may read the collection of this alias, and whether it may add to it."""

BOTH = "collections/both/objects/"


@pytest.fixture
def clinic(cast: Cast) -> Machine:
    """A machine that may do everything in all four collections."""
    ensure_collections()
    all_of_it, clinic_alone = audience(cast.bank, cast.clinic), audience(cast.clinic)
    for alias, (reads, adds) in RIGHTS.items():
        Collection.objects.create(
            alias=alias,
            kind="named",
            titles={"en": alias},
            audience=all_of_it if reads else clinic_alone,
            writers=all_of_it if adds else clinic_alone,
            ceiling=Tlp.AMBER.value,
        )
    return machine(cast.clinic)


@pytest.fixture
def bank(clinic: Machine, cast: Cast) -> Machine:
    """A machine that may in each collection what the collection's name says."""
    return machine(cast.bank)
