"""Promises about lists that programs obey: every line is meant, none is hostile, and nothing is lost in silence."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards import blocklists
from infohub.standards.blockable import name_of, network_of, target_of
from infohub.standards.blocklists import Listed, Rendered, hosts_file, plain_list, policy_zone
from infohub.standards.losses import Outcome
from infohub.standards.tlp import Tlp

KINDS = ("ipv4", "ipv6", "domain", "url", "email", "sha256", "file", "path", "registry", "cve")
PARTS = [*"ab1.-_*/:@\\;\"'()$#| \t\n\r\x00\x85\u2028。騙", "rpz-ip", "evil.example", "198.51.100.7", "2001:db8::"]
HOSTILE = st.lists(st.sampled_from(PARTS), max_size=12).map("".join)
VALUES = st.builds(
    Listed,
    kind=st.sampled_from(KINDS),
    value=st.one_of(HOSTILE, st.text(), HOSTILE.map("http://{}".format), HOSTILE.map("{}.example".format)),
    tlp=st.sampled_from(Tlp),
    refs=st.just(("IH-AAAAAA",)),
    unblocked=st.booleans(),
)

HOSTS_LINE = re.compile(r"0\.0\.0\.0 (?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\Z")
NAME_RECORD = re.compile(r"(?:\*\.)?(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)+) CNAME \.\Z")
ADDRESS_RECORD = re.compile(r"(?:\d{1,2}(?:\.\d{1,3}){4}|\d{1,3}(?:\.(?:zz|[0-9a-f]{1,4})){2,8})\.rpz-ip CNAME \.\Z")
HEAD = ["$TTL 300", "@ IN SOA localhost. hostmaster.localhost. 7 3600 600 604800 300", "@ IN NS localhost."]


def listed(kind: str, value: str, tlp: Tlp = Tlp.GREEN, *, unblocked: bool = False) -> Listed:
    return Listed(kind, value, tlp, ("IH-AAAAAA",), unblocked)


def told(made: Rendered) -> list[tuple[str, Outcome, str]]:
    return [(line.subject, line.outcome, problem.message) for line in made.lines for problem in line.problems]


def body(made: Rendered) -> list[str]:
    return made.text.split("\n")[1:-1]


@given(st.lists(VALUES, max_size=6))
def test_no_value_puts_anything_but_a_name_into_a_hosts_file(values: list[Listed]) -> None:
    made = hosts_file(values)
    mark, remark, *lines = made.text.split("\n")[:-1]
    assert (mark.startswith("# TLP:"), remark.startswith("# ")) == (True, True)
    for line in lines:
        found = HOSTS_LINE.match(line)
        assert found, line
        assert name_of(found["name"]) == found["name"]
    accounted(values, made)


@given(st.lists(VALUES, max_size=6))
def test_no_value_puts_anything_but_a_record_into_a_zone(values: list[Listed]) -> None:
    made = policy_zone(values, serial=7)
    mark, *lines = made.text.split("\n")[:-1]
    assert mark.startswith("; TLP:")
    assert lines[:3] == HEAD
    for line in lines[3:]:
        found = NAME_RECORD.match(line)
        assert ADDRESS_RECORD.match(line) or (found and name_of(found["name"])), line
    accounted(values, made)


@given(st.lists(VALUES, max_size=6))
def test_a_plain_list_has_a_line_for_each_value_and_no_other(values: list[Listed]) -> None:
    made = plain_list(values)
    lines = [line for line in made.text.splitlines()[1:] if not re.fullmatch(r"# [a-z0-9]+: \d+", line)]
    assert sorted(lines) == sorted(one.value for one in values if one.value and one.value.isprintable())
    accounted(values, made)


def accounted(values: list[Listed], made: Rendered) -> None:
    """Each value is in the file or in the report, with a sentence that the pages can say."""
    refused = [line for line in made.lines if line.outcome is Outcome.REFUSED]
    assert made.taken + len(refused) == len(values)
    said = {problem.message for line in made.lines for problem in line.problems}
    assert said <= set(blocklists.SENTENCES)


def test_the_first_line_says_the_strictest_marking_of_what_is_in_the_file() -> None:
    name, address = listed("domain", "evil.example", Tlp.GREEN), listed("ipv4", "198.51.100.7", Tlp.RED)
    both = [name, address]
    assert plain_list(both).text.splitlines()[0] == "# TLP:RED"
    assert plain_list(both, kind="domain").text.splitlines()[0] == "# TLP:GREEN"
    assert (hosts_file(both).text.splitlines()[0], hosts_file(both).tlp) == ("# TLP:GREEN", Tlp.GREEN)
    assert policy_zone(both, serial=7).text.splitlines()[0] == "; TLP:RED"
    assert hosts_file([]).text.splitlines()[0] == "# TLP:CLEAR"


def test_a_plain_list_goes_kind_by_kind_or_is_of_one_kind_alone() -> None:
    values = [listed("ipv4", "198.51.100.7"), listed("domain", "b.example"), listed("ipv4", "203.0.113.9")]
    assert body(plain_list(values)) == ["# domain: 1", "b.example", "# ipv4: 2", "198.51.100.7", "203.0.113.9"]
    assert body(plain_list(values, kind="ipv4")) == ["# ipv4: 2", "198.51.100.7", "203.0.113.9"]
    assert body(plain_list(values, kind="url")) == []
    assert told(plain_list([listed("file", "#readme.txt")])) == [
        ("#readme.txt", Outcome.TAKEN, blocklists.LIKE_A_COMMENT)
    ]


@pytest.mark.parametrize(
    ("kind", "value", "entry", "reason"),
    [
        ("domain", "Evil.Example", "evil.example", ""),
        ("domain", "_dmarc.evil.example", "_dmarc.evil.example", ""),
        ("domain", "xn--fsq.xn--0zwm56d", "xn--fsq.xn--0zwm56d", ""),
        ("domain", "32.7.100.51.198.rpz-ip", "", blocklists.NO_NAME),
        ("domain", "localhost", "", blocklists.NO_NAME),
        ("domain", "198.51.100.7", "", blocklists.NO_NAME),
        ("domain", "evil.example\n0.0.0.0 bank.example", "", blocklists.NO_NAME),
        ("url", "http://evil.example", "evil.example", blocklists.HOST_ALONE),
        ("url", "https://evil.example:8443/", "evil.example", blocklists.HOST_ALONE),
        ("url", "evil.example/", "evil.example", blocklists.HOST_ALONE),
        ("url", "http://evil.example/pay", "", blocklists.ONE_PAGE),
        ("url", "http://evil.example?x=1", "", blocklists.ONE_PAGE),
        ("url", "http://198.51.100.7/", "", blocklists.NAMES_ALONE),
        ("url", "http://evil example/", "", blocklists.NO_NAME),
        ("ipv4", "198.51.100.7", "", blocklists.NAMES_ALONE),
        ("sha256", "ab" * 32, "", blocklists.NAMES_ALONE),
    ],
)
def test_a_hosts_file_holds_whole_names_and_says_what_to_do_with_the_rest(
    kind: str, value: str, entry: str, reason: str
) -> None:
    made = hosts_file([listed(kind, value)])
    assert body(made)[1:] == ([f"0.0.0.0 {entry}"] if entry else [])
    assert [message for _value, _outcome, message in told(made)] == ([reason] if reason else [])
    assert made.taken == bool(entry)


@pytest.mark.parametrize(
    ("kind", "value", "records", "reason"),
    [
        ("domain", "evil.example", ["evil.example", "*.evil.example"], ""),
        ("url", "http://evil.example/", ["evil.example", "*.evil.example"], blocklists.HOST_ALONE),
        ("url", "http://evil.example/pay", [], blocklists.ONE_PAGE),
        ("url", "http://198.51.100.7/", ["32.7.100.51.198.rpz-ip"], blocklists.HOST_ALONE),
        ("ipv4", "198.51.100.7", ["32.7.100.51.198.rpz-ip"], ""),
        ("ipv4", "198.51.100.0/24", ["24.0.100.51.198.rpz-ip"], ""),
        ("ipv4", "0.0.0.0/0", [], blocklists.TOO_WIDE),
        ("ipv4", "198.51.100.7/24", [], blocklists.NO_NAME),
        ("ipv6", "2001:db8::1", ["128.1.zz.db8.2001.rpz-ip"], ""),
        ("ipv6", "2001:db8:0:1::57", ["128.57.zz.1.0.db8.2001.rpz-ip"], ""),
        ("ipv6", "2001:db8::/48", ["48.zz.db8.2001.rpz-ip"], ""),
        ("ipv6", "2001:db8:1:2:3:4:5:6", ["128.6.5.4.3.2.1.db8.2001.rpz-ip"], ""),
        ("ipv6", "::ffff:198.51.100.7", ["32.7.100.51.198.rpz-ip"], ""),
        ("ipv6", "fe80::1%eth0", [], blocklists.NO_NAME),
        ("domain", f"{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.example", [], blocklists.TOO_LONG),
        ("cve", "CVE-2026-1000", [], blocklists.ZONE_KINDS),
    ],
)
def test_a_zone_holds_names_with_all_below_them_and_addresses(
    kind: str, value: str, records: list[str], reason: str
) -> None:
    made = policy_zone([listed(kind, value)], serial=7)
    assert body(made) == [*HEAD, *(f"{record} CNAME ." for record in records)]
    assert [message for _value, _outcome, message in told(made)] == ([reason] if reason else [])


def test_a_name_that_several_values_mean_stands_in_a_file_once() -> None:
    values = [listed("domain", "evil.example"), listed("url", "http://evil.example/")]
    assert body(hosts_file(values))[1:] == ["0.0.0.0 evil.example"]
    assert len(body(policy_zone(values, serial=7))) == len(HEAD) + 2
    assert hosts_file(values).taken == 2


def test_what_its_author_asks_not_to_block_is_told_where_it_would_be_blocked_and_nowhere_else() -> None:
    quiet = listed("domain", "evil.example", unblocked=True)
    for made in (hosts_file([quiet]), policy_zone([quiet], serial=7)):
        assert told(made) == [("evil.example", Outcome.TAKEN, blocklists.NOT_TO_BLOCK)]
    assert told(plain_list([quiet])) == []
    assert told(hosts_file([listed("ipv4", "198.51.100.7", unblocked=True)]))[0][2] == blocklists.NAMES_ALONE


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("http://Evil.Example", ("http", "evil.example", None, "/", False)),
        ("evil.example:8080/a?b=1", ("", "evil.example", 8080, "/a?b=1", False)),
        ("https://u:p@evil.example/a#b", ("https", "evil.example", None, "/a", True)),
        ("evil.example/?next=http://bank.example/", ("", "evil.example", None, "/?next=http://bank.example/", False)),
        ("http://[2001:db8::1]:81/x", ("http", "2001:db8::1", 81, "/x", False)),
        ("http://evil.example/騙", ("http", "evil.example", None, "/%E9%A8%99", False)),
        ("http://evil.example:99999/", None),
        ("http://bank.example\\@evil.example/", None),
        ("http://evil.example/a b", None),
        ("http:///a", None),
    ],
)
def test_a_web_address_is_taken_apart_as_it_goes_over_the_wire(url: str, parts: tuple[object, ...] | None) -> None:
    found = target_of(url)
    got = found and (found.scheme, found.host, found.port, found.path, found.unsent)
    assert got == parts


@given(HOSTILE)
def test_names_and_addresses_are_what_they_are_and_nothing_besides(value: str) -> None:
    name, network = name_of(value), network_of(value)
    assert name is None or re.fullmatch(r"[a-z0-9_.-]{4,253}", name)
    assert network is None or re.fullmatch(r"[0-9a-f.:/]+", str(network))


@pytest.mark.parametrize(("kind", "value"), [("ipv4", "0.0.0.0/0"), ("ipv4", "128.0.0.0/1"), ("ipv6", "::/0")])
def test_no_list_of_addresses_holds_half_of_the_internet(kind: str, value: str) -> None:
    made = plain_list([listed(kind, value), listed("ipv4", "198.51.100.0/24")], kind="")
    assert body(made) == ["# ipv4: 1", "198.51.100.0/24"]
    assert told(made) == [(value, Outcome.REFUSED, blocklists.TOO_WIDE)]
