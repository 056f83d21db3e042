"""TLP markings in STIX objects."""

import pytest
import stix2

from infohub.standards.stix21.markings import TLP_2, Unknown, marking_definition, tlp_of
from infohub.standards.tlp import Tlp

OFFICIAL = {
    "clear": "94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "e828b379-4e03-4974-9ac4-e53a884c97c1",
}
EARLIER = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
}
STRANGE = "marking-definition--11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize("tlp", list(Tlp))
def test_definitions_are_the_published_ones(tlp: Tlp) -> None:
    definition = marking_definition(tlp)
    word = tlp.word.lower()
    assert definition["id"] == TLP_2[tlp] == f"marking-definition--{OFFICIAL[word]}"
    assert definition["created"] == "2022-10-01T00:00:00.000Z"
    assert word in str(definition["extensions"])
    assert stix2.parse(definition).name == f"TLP:{tlp.word}"
    assert tlp_of([str(definition["id"])]) is tlp


@pytest.mark.parametrize(("identifier", "tlp"), EARLIER.items())
def test_earlier_markings_are_recognised(identifier: str, tlp: Tlp) -> None:
    assert tlp_of([f"marking-definition--{identifier}"]) is tlp


def test_the_strictest_marking_counts_and_none_is_none() -> None:
    assert tlp_of([TLP_2[Tlp.GREEN], TLP_2[Tlp.AMBER_STRICT], TLP_2[Tlp.CLEAR]]) is Tlp.AMBER_STRICT
    assert tlp_of([]) is None


def test_an_unknown_marking_opens_nothing_whatever_stands_beside_it() -> None:
    assert tlp_of([STRANGE]) == Unknown(STRANGE)
    assert tlp_of([TLP_2[Tlp.CLEAR], STRANGE]) == Unknown(STRANGE)


def test_a_mere_statement_restricts_nobody() -> None:
    assert tlp_of([STRANGE], levels={STRANGE: None}) is None
    assert tlp_of([STRANGE, TLP_2[Tlp.RED]], levels={STRANGE: None}) is Tlp.RED
