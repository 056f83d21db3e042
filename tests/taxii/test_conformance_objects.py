"""STIX 2.1 through TAXII: what is kept as it was given, what markings of others mean, and what has its limits."""

from __future__ import annotations

from copy import deepcopy

import orjson
import pytest

from infohub.standards.jsontext import DEEPEST
from infohub.standards.stix21.markings import TLP_1, TLP_2
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import Stix, indicator
from tests.taxii.machine import Machine
from tests.taxii.rights import BOTH, bank, clinic
from tests.taxii.test_writing import machine, messages

__all__ = ["bank", "clinic"]

pytestmark = pytest.mark.django_db

RULES = {
    "stix": "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
    "pcre": r"^GET /(?<name>[a-z]+)\.php\x00$",
    "sigma": "title: x\nlogsource:\n  product: windows\ndetection:\n  a:\n    Image: '*\\x.exe'\n  condition: a\n",
    "snort": 'alert tcp any any -> any 80 (msg:"x"; content:"|00 01|"; sid:1;)',
    "suricata": 'alert dns any any -> any any (msg:"x"; dns.query; content:"evil.example"; sid:2;)',
    "yara": 'rule x { strings: $a = "\\x00漢" condition: $a }',
}


def added(bank: Machine, *sent: Stix) -> list[Stix]:
    """What comes back of objects that are all taken."""
    assert messages(bank.add(BOTH, *sent)) == {}
    return bank.ask(BOTH).objects


@pytest.mark.parametrize("language", RULES)
def test_rules_of_every_language_travel_as_they_are_written(language: str, bank: Machine) -> None:
    sent = indicator() | {"pattern": RULES[language], "pattern_type": language, "pattern_version": "1.0"}
    assert added(bank, sent) == [sent]


def test_what_the_standard_does_not_know_is_kept_with_all_its_values(bank: Machine) -> None:
    definition = f"extension-definition--{pieces.uuid()}"
    values: list[object] = [
        None,
        True,
        0,
        -1,
        2**63,
        -(2**63),
        0.1,
        1e-300,
        1.7976931348623157e308,
        "",
        "\u0000\u2028漢😀",
        [],
        {},
    ]
    extended = indicator() | {
        "extensions": {definition: {"extension_type": "toplevel-property-extension", "deep": {"a": [{"b": None}]}}},
        "rank": 5,
        "x_values": values,
        "x_empty": {"a": {}},
    }
    own: Stix = {"type": "x-own-thing", "spec_version": "2.1", "id": f"x-own-thing--{pieces.uuid()}", "version": [1, 2]}
    sent = [extended, own]
    before = deepcopy(sent)
    assert added(bank, *sent) == before
    told = bank.client.get(f"/taxii2/api/{BOTH}", headers={"authorization": f"Bearer {bank.secret}"}).content
    assert [list(one) for one in orjson.loads(told)["objects"]] == [list(one) for one in before]


def test_one_object_may_be_too_deep_and_the_others_are_taken(bank: Machine) -> None:
    def nested(levels: int) -> Stix:
        value: object = "x"
        for _ in range(levels):
            value = [value]
        return indicator() | {"x_own": value}

    fine, deep, other = nested(DEEPEST - 1), nested(DEEPEST + 1), indicator()
    assert list(messages(bank.add(BOTH, fine, deep, other))) == [deep["id"]]
    assert bank.ask(BOTH).objects == [fine, other]


@pytest.mark.parametrize("body", ['{"objects":[],"objects":[]}', '{"objects":[{"type":"x-a","type":"x-a","id":"x"}]}'])
def test_a_key_that_stands_twice_is_refused_wherever_it_stands(body: str, bank: Machine) -> None:
    answer = bank.send(BOTH, body.encode())
    assert answer.status == 400
    assert "twice" in str(answer.body["description"])


@pytest.mark.parametrize("ref", [*TLP_1, *TLP_2.values()])
def test_the_markings_of_both_versions_of_tlp_mean_what_they_say(
    ref: str, bank: Machine, clinic: Machine, cast: Cast
) -> None:
    level = {**TLP_1, **{ref: tlp for tlp, ref in TLP_2.items()}}[ref]
    sent = indicator() | {"object_marking_refs": [ref]}
    assert list(messages(bank.add(BOTH, sent))) == ([] if level <= Tlp.AMBER else [sent["id"]])
    for ceiling in (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER):
        shown = machine(cast.clinic, ceiling=ceiling).ask(BOTH).objects
        assert shown == ([sent] if level <= ceiling else [])


def opencti(kind: str, word: str) -> Stix:
    """A definition as its connectors write it, under an id of their own."""
    statement: Stix = {"definition_type": "statement", "definition": {"statement": "custom"}}
    return statement | {"x_opencti_definition_type": kind, "x_opencti_definition": word}


@pytest.mark.parametrize(
    ("said", "level"),
    [
        *((opencti("TLP", tlp.mark), tlp) for tlp in Tlp),
        ({"definition_type": "tlp", "definition": {"tlp": "AMBER+STRICT"}}, Tlp.AMBER_STRICT),
        ({"definition_type": "TLP", "name": "TLP:CLEAR"}, Tlp.CLEAR),
        (opencti("PAP", "PAP:GREEN"), None),
        (opencti("statement", "Ours"), None),
        ({"definition_type": "statement", "definition": {"statement": "Ours"}, "name": "TLP:CLEAR"}, None),
        (opencti("TLP", "TLP:PURPLE"), "unknown"),
        (opencti("IEP", "TLP:CLEAR"), "unknown"),
        ({"definition_type": "iep", "definition": {"tlp": "clear"}}, "unknown"),
    ],
)
def test_the_markings_of_opencti_mean_what_they_say_and_unknown_ones_open_nothing(
    said: Stix, level: Tlp | str | None, bank: Machine, cast: Cast
) -> None:
    """What restricts nobody is read at the level of the collection, AMBER."""
    ref = f"marking-definition--{pieces.uuid()}"
    head = {"type": "marking-definition", "spec_version": "2.1", "id": ref, "created": "2026-01-01T00:00:00.000Z"}
    sent = indicator() | {"object_marking_refs": [ref]}
    refused = messages(bank.add(BOTH, head | said, sent))
    reads = Tlp.AMBER if level is None else level
    for ceiling in (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER):
        shown = sent["id"] in machine(cast.clinic, ceiling=ceiling).ask(BOTH).ids
        assert shown == (isinstance(reads, Tlp) and reads <= ceiling)
    assert (sent["id"] in refused) == (not isinstance(reads, Tlp) or reads > Tlp.AMBER)


def test_the_strictest_marking_of_any_part_decides(bank: Machine, cast: Cast) -> None:
    def marked(*refs: str, part: str = "") -> Stix:
        parts = [{"selectors": ["name"], "marking_ref": part}, {"selectors": ["name"], "lang": "en"}] if part else []
        made = indicator() | ({"object_marking_refs": list(refs)} if refs else {})
        return made | ({"granular_markings": parts} if parts else {})

    clear, green, amber, red = (TLP_2[tlp] for tlp in (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.RED))
    mild, mixed, hidden = marked(clear, part=clear), marked(clear, part=green), marked(clear, green, part=amber)
    never = marked(clear, part=red)
    assert list(messages(bank.add(BOTH, mild, mixed, hidden, never))) == [never["id"]]
    expected = {Tlp.CLEAR: [mild], Tlp.GREEN: [mild, mixed], Tlp.AMBER: [mild, mixed, hidden]}
    for ceiling, shown in expected.items():
        assert machine(cast.clinic, ceiling=ceiling).ask(BOTH).objects == shown
