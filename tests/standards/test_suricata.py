"""Promises about Suricata rules: one a value, its number for good, and nothing hostile gets out of its quotes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards import blocklists, suricata
from infohub.standards.blocklists import Listed
from infohub.standards.losses import Outcome
from infohub.standards.suricata import number_of, suricata_rules
from infohub.standards.tlp import Tlp
from tests.standards.test_blocklists import HOSTILE, KINDS, VALUES, listed, told

PIECES = "hub.example/items/"
RULE = re.compile(
    r"alert (?:ip|dns|tls|http) (?:\$HOME_NET|any) any (?:->|<>) (?:any|[0-9a-f.:/]+) (?:any|\d{1,5}) "
    r'\(msg:"TLP:[A-Z+]+ IH-AAAAAA [a-z0-9]+"; '
    r"(?:(?:dns\.query; dotprefix|tls\.sni|http\.host|http\.uri\.raw); "
    r'content:"(?:[A-Za-z0-9._/~=?&%-]|\|[0-9a-f]{2}(?: [0-9a-f]{2})*\|)+"; '
    r"(?:nocase; endswith|bsize:\d+); (?:nocase; )?)*"
    r"reference:url,hub\.example/items/IH-AAAAAA; metadata:tlp [A-Z+]+, piece IH-AAAAAA; sid:\d{10}; rev:1;\)\Z"
)
SENTENCES = {*blocklists.SENTENCES, *suricata.SENTENCES}


def rules(*values: Listed) -> list[str]:
    return suricata_rules(values, below=PIECES).text.split("\n")[1:-1]


@given(st.lists(VALUES, max_size=6))
def test_no_value_makes_anything_but_a_rule(values: list[Listed]) -> None:
    made = suricata_rules(values, below=PIECES)
    mark, *lines = made.text.split("\n")[:-1]
    assert mark.startswith("# TLP:")
    assert [line for line in lines if not RULE.match(line)] == []
    assert made.taken == len(lines)
    refused = [line for line in made.lines if line.outcome is Outcome.REFUSED]
    assert made.taken + len(refused) == len(values)
    assert {problem.message for line in made.lines for problem in line.problems} <= SENTENCES


@pytest.mark.parametrize(
    ("kind", "value", "header", "looked_for", "reason"),
    [
        ("ipv4", "198.51.100.7", "ip $HOME_NET any <> 198.51.100.7/32 any", "", ""),
        ("ipv6", "2001:db8::/48", "ip $HOME_NET any <> 2001:db8::/48 any", "", ""),
        ("ipv4", "64.0.0.0/2", "", "", blocklists.TOO_WIDE),
        (
            "domain",
            "Evil.example",
            "dns any any -> any any",
            'dns.query; dotprefix; content:".evil.example"; nocase; endswith; ',
            "",
        ),
        (
            "url",
            "http://evil.example/pay?x=1",
            "http $HOME_NET any -> any any",
            'http.host; content:"evil.example"; bsize:12; http.uri.raw; content:"/pay?x=1"; bsize:8; ',
            "",
        ),
        (
            "url",
            'http://evil.example:8080/a;b"|c',
            "http $HOME_NET any -> any 8080",
            'http.host; content:"evil.example"; bsize:12; http.uri.raw; content:"/a|3b|b%22%7Cc"; bsize:11; ',
            "",
        ),
        (
            "url",
            "http://evil.example/",
            "http $HOME_NET any -> any any",
            'http.host; content:"evil.example"; bsize:12; ',
            "",
        ),
        (
            "url",
            "https://evil.example",
            "tls $HOME_NET any -> any any",
            'tls.sni; content:"evil.example"; bsize:12; nocase; ',
            "",
        ),
        (
            "url",
            "https://evil.example/p",
            "http $HOME_NET any -> any any",
            'http.host; content:"evil.example"; bsize:12; http.uri.raw; content:"/p"; bsize:2; ',
            suricata.SEALED,
        ),
        (
            "url",
            "http://u@evil.example/p#q",
            "http $HOME_NET any -> any any",
            'http.host; content:"evil.example"; bsize:12; http.uri.raw; content:"/p"; bsize:2; ',
            suricata.AS_SENT,
        ),
        ("url", "ftp://evil.example/p", "", "", suricata.NOT_HTTP),
        ("md5", "ab" * 16, "", "", suricata.NOT_ON_THE_NETWORK),
        ("email", "a@evil.example", "", "", suricata.NO_SUCH_KIND),
    ],
)
def test_a_rule_looks_for_exactly_the_value(kind: str, value: str, header: str, looked_for: str, reason: str) -> None:
    made = suricata_rules([listed(kind, value)], below=PIECES)
    about = "reference:url,hub.example/items/IH-AAAAAA; metadata:tlp GREEN, piece IH-AAAAAA; "
    number = f"sid:{number_of(kind, value)}; rev:1;"
    rule = f'alert {header} (msg:"TLP:GREEN IH-AAAAAA {kind}"; {looked_for}{about}{number})'
    assert made.text.split("\n")[1:-1] == ([rule] if header else [])
    assert [message for _value, _outcome, message in told(made)] == ([reason] if reason else [])


def test_a_rule_keeps_its_number_whatever_else_is_in_the_file() -> None:
    name = listed("domain", "evil.example")
    (alone,) = rules(name)
    among = rules(listed("domain", "a.example"), name, listed("ipv4", "198.51.100.7"))
    assert alone in among
    assert "sid:1032159805;" in alone


@given(HOSTILE, st.sampled_from(KINDS))
def test_numbers_are_those_of_nobody_else_and_fit_where_numbers_are_signed(value: str, kind: str) -> None:
    assert 1_000_000_000 <= number_of(kind, value) < 2**31


def test_two_values_with_one_number_get_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suricata, "_NUMBERS", 1)
    made = suricata_rules([listed("domain", "a.example"), listed("domain", "b.example")], below=PIECES)
    assert re.findall(r"sid:(\d+)", made.text) == ["1000000000", "1000000001"]
    assert told(made) == [("b.example", Outcome.TAKEN, suricata.NUMBER_TAKEN)]


def test_the_file_says_the_strictest_marking_and_each_rule_its_own() -> None:
    values = [listed("domain", "a.example", Tlp.AMBER_STRICT), listed("ipv4", "198.51.100.7", Tlp.CLEAR)]
    made = suricata_rules(values, below=PIECES)
    assert made.text.splitlines()[0] == "# TLP:AMBER+STRICT"
    assert [line.partition('msg:"')[2].split()[0] for line in made.text.splitlines()[1:]] == [
        "TLP:AMBER+STRICT",
        "TLP:CLEAR",
    ]
