"""The five markings."""

import pytest

from infohub.standards.tlp import Tlp, demanded_by, tlp_from


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


@pytest.mark.parametrize(
    ("text", "above", "demanded"),
    [
        ("TLP:GREEN, then tlp：amber + strict below", None, Tlp.AMBER_STRICT),
        ("TLP:AMBER", Tlp.GREEN, Tlp.AMBER),
        ("TLP:AMBER", Tlp.AMBER, None),
        ("標示為TLP：RED，請勿轉發", Tlp.AMBER, Tlp.RED),
        ("TLP:WHITE", Tlp.RED, None),
        ("TLP:REDACTED, TLP: none", None, None),
        ("", None, None),
    ],
)
def test_a_text_demands_the_strictest_marking_it_carries_and_never_a_weaker_one(
    text: str, above: Tlp | None, demanded: Tlp | None
) -> None:
    assert demanded_by(text, above=above) is demanded
