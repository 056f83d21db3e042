"""A web address has one meaning or none, and what is not public is known whatever way it is written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.standards.targets import Allowance, Target, allowance, is_public, target_of

NOT_PUBLIC = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16
    169.254.169.254 169.254.0.23 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1
    192.88.99.1 192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::169.254.169.254 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
    64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1
    2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe::1 2620:4f:8000::1 3ffe::1 3fff::1 4000::1 5f00::1
    fc00::1 fd00:ec2::254 fd20:ce::254 fe80::1 fe80::1%eth0 2606:4700::1%1 feb0::1 fec0::1 feff::1 ff02::1 ff0e::1
"""
PUBLIC = "1.1.1.1 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 168.63.129.17 172.32.0.1 192.0.1.1 223.255.255.255"
PUBLIC_6 = "2001:200::1 2003::1 2606:4700:4700::1111 2a00:1450:4001::1 3ff0::1"


def address(written: str) -> IPv4Address | IPv6Address:
    return IPv6Address(written) if ":" in written else IPv4Address(written)


@pytest.mark.parametrize("written", NOT_PUBLIC.split())
def test_what_is_special_is_not_public(written: str) -> None:
    assert not is_public(address(written))


@pytest.mark.parametrize("written", [*PUBLIC.split(), *PUBLIC_6.split()])
def test_what_everybody_may_reach_is_public(written: str) -> None:
    assert is_public(address(written))


@given(st.ip_addresses())
def test_nothing_is_public_here_that_python_takes_for_special(one: IPv4Address | IPv6Address) -> None:
    assert not is_public(one) or (one.is_global and not one.is_multicast)


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("https://feeds.example/a?b=c#d", Target("https", "feeds.example", 443, "/a?b=c")),
        ("HTTPS://Feeds.Example.:8443", Target("https", "feeds.example", 8443, "/")),
        ("http://xn--fiqs8s.example?q=(1|2)", Target("http", "xn--fiqs8s.example", 80, "/?q=(1|2)")),
        ("https://198.51.100.7:443/%41/^", Target("https", "198.51.100.7", 443, "/%41/^")),
        ("https://[2001:DB8:0::1]:9/", Target("https", "2001:db8::1", 9, "/")),
        ("https://_dmarc.a-b.example/公告 1", Target("https", "_dmarc.a-b.example", 443, "/%E5%85%AC%E5%91%8A%201")),
    ],
)
def test_an_address_is_taken_apart(written: str, target: Target) -> None:
    assert target_of(written) == target


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("https://a.example", "a.example"),
        ("http://a.example:443/", "a.example:443"),
        ("https://a.example:443/", "a.example"),
        ("https://[::1]:8443/", "[::1]:8443"),
    ],
)
def test_the_host_is_said_with_its_port_where_that_is_not_the_usual_one(written: str, said: str) -> None:
    target = target_of(written)
    assert target is not None
    assert target.authority == said


@given(st.one_of(st.text(max_size=60), st.from_regex(r"\Ahttps?://[!-~]{0,30}(:[0-9]{1,5})?(/[!-~]{0,10})?\Z")))
def test_what_is_taken_means_the_same_to_the_standard_library(written: str) -> None:
    target = target_of(written)
    if target is not None:
        parts = urlsplit(written)
        assert (parts.username, parts.password) == (None, None)
        assert (parts.hostname or "").removesuffix(".") in {target.host, written.lower().split("[")[-1].split("]")[0]}
        assert target.path.isascii()
        assert target.path.isprintable()


@given(st.text(max_size=40))
def test_a_redirect_leads_somewhere_or_nowhere_but_never_astray(location: str) -> None:
    begun = Target("https", "a.example", 443, "/x/y")
    following = begun.joined(location)
    assert following is None or target_of(f"{following.scheme}://{following.authority}{following.path}") == following
    assert begun.joined("../z?q") == Target("https", "a.example", 443, "/z?q")
    assert begun.joined("//b.example/") == Target("https", "b.example", 443, "/")
    assert begun.joined("/a\r\nHost: b") is begun.joined("https://[::1") is None


A = Target("https", "a.example", 443, "/")


@pytest.mark.parametrize(
    ("entry", "target", "at", "covered"),
    [
        ("a.example", A, "10.0.0.1", True),
        ("a.example", A, "2001:db8::1", True),
        ("A.Example.", A, "10.0.0.1", True),
        ("b.example", A, "10.0.0.1", False),
        ("example", A, "10.0.0.1", False),
        ("10.0.0.0/8", A, "10.9.9.9", True),
        ("10.0.0.0/8", A, "11.0.0.0", False),
        ("10.0.0.0/8", A, "::ffff:10.0.0.1", False),
        ("10.0.0.1", A, "10.0.0.2", False),
        ("fd00::/8", A, "fd12::1", True),
        ("[fd00::/8]:9443", A, "fd12::1", False),
        ("[fd00::/8]:9443", Target("https", "x", 9443, "/"), "fd12::1", True),
        ("::1", Target("http", "::1", 8080, "/"), "::1", True),
        ("::1", Target("http", "::1", 8081, "/"), "::1", False),
        ("127.0.0.1:8000", Target("http", "127.0.0.1", 8000, "/"), "127.0.0.1", True),
        ("127.0.0.1:8000", Target("http", "127.0.0.1", 80, "/"), "127.0.0.1", False),
    ],
)
def test_an_allowance_covers_what_it_names_and_nothing_else(entry: str, target: Target, at: str, covered: bool) -> None:
    assert allowance(entry).covers(target, address(at)) is covered


@pytest.mark.parametrize(
    "entry",
    ["", "*", "*.example", "10.0.0.1/8", "a.example:0", "a.example:65536", "a.example:x", "a/b", "0x7f.1", "https://a"],
)
def test_an_allowance_that_says_nothing_clear_stops_the_start(entry: str) -> None:
    with pytest.raises(ValueError, match=r"host|port"):
        allowance(entry)
    assert allowance(" peer.internal ") == Allowance("peer.internal")
