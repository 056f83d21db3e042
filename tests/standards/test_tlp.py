"""The five markings."""

import pytest

from infohub.standards.tlp import Tlp, tlp_from


def test_the_strictest_is_the_largest() -> None:
    assert max(Tlp.GREEN, Tlp.AMBER_STRICT, Tlp.AMBER) is Tlp.AMBER_STRICT
    assert [level.mark for level in sorted(Tlp)] == [
        "TLP:CLEAR",
        "TLP:GREEN",
        "TLP:AMBER",
        "TLP:AMBER+STRICT",
        "TLP:RED",
    ]


@pytest.mark.parametrize(
    ("text", "tlp"),
    [
        ("tlp:amber", Tlp.AMBER),
        ("TLP:WHITE", Tlp.CLEAR),
        (" Amber+Strict ", Tlp.AMBER_STRICT),
        ("AMBER_STRICT", Tlp.AMBER_STRICT),
        ("red", Tlp.RED),
        ("purple", None),
        ("", None),
    ],
)
def test_usual_spellings_are_read(text: str, tlp: Tlp | None) -> None:
    assert tlp_from(text) is tlp


@pytest.mark.parametrize("level", list(Tlp))
def test_every_level_reads_its_own_name(level: Tlp) -> None:
    assert tlp_from(str(level)) is level
    assert tlp_from(level.mark) is level
