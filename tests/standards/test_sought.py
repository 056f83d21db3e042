"""Which values an object speaks of, in the spelling in which somebody asks for them."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.analysis.extract import finding_of
from infohub.analysis.findings import Kind
from infohub.standards.problem import Problem
from infohub.standards.stix21.canonical import Json
from infohub.standards.stix21.patterns import pattern
from infohub.standards.stix21.render import Indicator, render_report
from infohub.standards.stix21.sought import NO_VALUE, RULE, TOGETHER, enough, sought
from infohub.standards.stix21.spelling import Sought
from tests.standards.test_render import NOW, PIECE

MACHINES_ALONE = {"network", "mac", "sha512", "sha3-256", "sha3-512", "tlsh"}
MD5, SHA1, SHA256 = (
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
)
SSDEEP = "192:AbCdEfGhIj:KlMnOpQr"
WRITTEN = [
    # kind of observable, property, as it is written there, kind and value that are sought
    ("ipv4-addr", "value", "198.51.100.7", "ipv4", "198.51.100.7"),
    ("ipv4-addr", "value", "198.51.100.7/32", "ipv4", "198.51.100.7"),
    ("ipv4-addr", "value", "198.51.100.7/24", "network", "198.51.100.0/24"),
    ("ipv6-addr", "value", "2001:0DB8::0001", "ipv6", "2001:db8::1"),
    ("ipv6-addr", "value", "2001:0db8:1::/48", "network", "2001:db8:1::/48"),
    ("domain-name", "value", "WWW.Evil.Example.", "domain", "www.evil.example"),
    ("domain-name", "value", "bücher.example", "domain", "xn--bcher-kva.example"),
    ("domain-name", "value", "惡意。公司.hk", "domain", "xn--7euxd.xn--55qx5d.hk"),
    ("url", "value", "HTTPS://Evil.Example:8443/A?b=C#D", "url", "https://evil.example:8443/A?b=C#D"),
    ("url", "value", "http://[2001:DB8::1]:80/x", "url", "http://[2001:db8::1]:80/x"),
    ("url", "value", "http://evil.example", "url", "http://evil.example"),
    ("url", "value", "http://evil.example/a_(b)?c=d&amp;e=f.", "url", "http://evil.example/a_(b)?c=d&e=f"),
    ("url", "value", "Evil.example/x.php", "url", "evil.example/x.php"),
    ("email-addr", "value", "Ann.B@Evil.Example", "email", "ann.b@evil.example"),
    ("file", "name", "Evil.exe", "file", "Evil.exe"),
    ("file", "name", "C:\\Temp\\Evil.exe", "path", "C:\\Temp\\Evil.exe"),
    ("directory", "path", "C:\\Windows\\Temp", "path", "C:\\Windows\\Temp"),
    ("windows-registry-key", "key", "HKEY_LOCAL_MACHINE\\Soft\\Run", "registry", "HKEY_LOCAL_MACHINE\\Soft\\Run"),
    ("windows-registry-key", "key", "HKEY_LOCAL_MACHINE\\Soft\\Run", "registry", "HKLM\\Soft\\Run"),
    ("autonomous-system", "number", 64500, "asn", "AS64500"),
]


def of(kind: str, **properties: Json) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in sought({"type": kind, **properties})]


def asked(rule: str) -> list[tuple[str, str]]:
    return of("indicator", pattern=rule, pattern_type="stix")


@pytest.mark.parametrize(("observable", "name", "written", "kind", "value"), WRITTEN)
def test_an_observable_and_a_pattern_for_it_say_the_value_somebody_asks_for(
    observable: str, name: str, written: Json, kind: str, value: str
) -> None:
    assert (kind, value) in of(observable, **{name: written})
    constant = written if isinstance(written, int) else "'" + str(written).replace("\\", "\\\\") + "'"
    assert (kind, value) in asked(f"[x:y = 1 OR {observable}:{name} = {constant}]")
    assert (kind, value) in asked(f"[{observable}:{name} IN ({constant}, {constant})]")
    finding = finding_of(value)
    assert finding is not None
    assert finding.value == value
    assert kind in {finding.kind.value, "network"}


@pytest.mark.parametrize(
    ("algorithm", "written", "kind"),
    [("MD5", MD5, "md5"), ("md5", MD5, "md5"), ("SHA-1", SHA1, "sha1"), ("SHA-256", SHA256, "sha256")],
)
def test_hashes_are_sought_in_lower_case(algorithm: str, written: str, kind: str) -> None:
    finding = finding_of(written.upper())
    assert finding is not None
    expected = [(finding.kind.value, finding.value)]
    assert finding.kind == kind
    for holder in ("file", "artifact", "x509-certificate"):
        assert of(holder, hashes={algorithm: written.upper()}) == expected
        assert asked(f"[{holder}:hashes.'{algorithm}' = '{written.upper()}']") == expected
    assert asked(f"[process:image_ref.hashes.'{algorithm}' = '{written}']") == expected
    assert of("file", hashes={algorithm: written[1:]}) == []


def test_a_fuzzy_hash_is_sought_as_it_is_written() -> None:
    finding = finding_of(SSDEEP)
    assert finding is not None
    assert of("file", hashes={"SSDEEP": SSDEEP}) == [(finding.kind.value, finding.value)]


@pytest.mark.parametrize(
    "rule",
    [
        "[ipv4-addr:value != '198.51.100.7']",
        "[ipv4-addr:value NOT = '198.51.100.7']",
        "[ipv4-addr:value NOT IN ('198.51.100.7')]",
        "[domain-name:value LIKE 'evil.example']",
        "[domain-name:value MATCHES 'evil.example']",
        "[domain-name:value > 'evil.example']",
        "[domain-name:value ISSUBSET 'evil.example']",
        "[EXISTS domain-name:value]",
        "[EXISTS file:name AND file:parent_directory_ref.path = '/tmp']",
        "[domain-name:value = true OR domain-name:value = 5]",
        "[domain-name:x_note = 'evil.example']",
        "[x-own:value = 'evil.example']",
        "[ipv4-addr:value = 'nobody knows']",
        "[ipv4-addr:value = '198.51.100.7'",
        "[network-traffic:dst_port = 443]",
    ],
)
def test_what_a_pattern_denies_or_describes_or_misspells_is_not_sought(rule: str) -> None:
    assert asked(rule) == []


def test_values_of_referenced_objects_are_sought_by_their_look() -> None:
    rule = (
        "[network-traffic:dst_ref.value IN ('198.51.100.7', 'evil.example')]"
        " AND [email-message:from_ref.value = 'A@evil.example' OR email-message:to_refs[*].value = 'b@evil.example']"
        " AND [domain-name:resolves_to_refs[*].value = '2001:db8::/32']"
    )
    assert asked(rule) == [
        ("ipv4", "198.51.100.7"),
        ("domain", "evil.example"),
        ("email", "a@evil.example"),
        ("email", "b@evil.example"),
        ("network", "2001:db8::/32"),
    ]


def test_a_network_may_be_asked_for_as_a_subset() -> None:
    assert asked("[ipv4-addr:value ISSUBSET '198.51.100.0/24']") == [("network", "198.51.100.0/24")]


def test_numbers_known_elsewhere_are_sought_whatever_object_names_them() -> None:
    cve = {"source_name": "cve", "external_id": "cve-2021-44228"}
    technique = {"source_name": "mitre-attack", "external_id": "T1059.001"}
    other = {"source_name": "capec", "external_id": "CAPEC-66"}
    claim = {"source_name": "somebody", "external_id": "T1059.001"}
    assert of("vulnerability", name="CVE-2021-44228", external_references=[cve]) == [("cve", "CVE-2021-44228")]
    assert of("attack-pattern", external_references=[other, technique, claim]) == [("attack", "T1059.001")]
    assert of("report", name="CVE-2021-44228 at large", external_references=[cve, technique]) == [
        ("cve", "CVE-2021-44228"),
        ("attack", "T1059.001"),
    ]


def test_rules_in_other_languages_say_nothing() -> None:
    rule = "[ipv4-addr:value = '198.51.100.7']"
    assert of("indicator", pattern=rule, pattern_type="yara") == []
    assert of("indicator", pattern=rule) == [("ipv4", "198.51.100.7")]  # as STIX 2.0 writes it


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ipv4", "198.51.100.3"),
        ("ipv6", "2001:db8::1"),
        ("domain", "evil.example"),
        ("url", "https://evil.example/it's?a=1"),
        ("email", "a@b.example"),
        ("md5", MD5),
        ("sha1", SHA1),
        ("sha256", SHA256),
        ("ssdeep", SSDEEP),
        ("asn", "AS64500"),
        ("file", "evil.exe"),
        ("path", "C:\\Users\\Public\\e.exe"),
        ("path", "/tmp/x"),
        ("path", "/x"),
        ("registry", "HKLM\\Software\\Run\\x"),
    ],
)
def test_our_own_patterns_are_read_back(kind: str, value: str) -> None:
    assert (kind, value) in asked(pattern(kind, value))


def test_our_own_references_are_read_back() -> None:
    known = [("cve", "CVE-2021-44228"), ("attack", "T1059.001")]
    rows = tuple(Indicator(UUID(int=at, version=4), *one, NOW, None) for at, one in enumerate(known))
    rendered: Any = render_report(replace(PIECE, indicators=rows))
    assert [(one.kind, one.value) for given in rendered for one in sought(given)] == known


@given(st.ip_addresses(), st.ip_addresses(), st.integers(0, 127))
def test_the_points_of_addresses_say_whether_they_lie_in_a_network(
    address: IPv4Address | IPv6Address, other: IPv4Address | IPv6Address, length: int
) -> None:
    network = ip_network(f"{other}/{min(length, other.max_prefixlen - 1)}", strict=False)
    (one,) = sought({"type": "ipv4-addr", "value": str(address)})
    (all_of_it,) = sought({"type": "ipv6-addr", "value": str(network)})
    assert (one.kind, all_of_it.kind) == (f"ipv{address.version}", "network")
    assert (all_of_it.key <= one.key <= all_of_it.upper) == (address in network)


def test_the_keys_of_names_find_what_is_under_a_domain() -> None:
    def key(kind: str, value: str) -> str:
        return sought({"type": kind, "value": value})[0].key

    assert sought({"type": "ipv4-addr", "value": "198.51.100.7"}) == (Sought("ipv4", "198.51.100.7", "4:c6336407"),)
    assert key("ipv6-addr", "2001:db8::1") == "6:20010db8000000000000000000000001"
    assert key("domain-name", "www.Evil.Example") == "example.evil.www"
    assert key("url", "https://a@www.evil.example:8443/x") == "example.evil.www"
    assert key("url", "http://198.51.100.7/x") == "4:c6336407"
    assert key("email-addr", "a@evil.example") == ""


@given(
    st.from_regex(r"[a-z0-9]{1,6}(\.[A-Za-z0-9]{1,6}){0,2}\.(example|com|co\.uk|hk|info)", fullmatch=True), st.data()
)
def test_names_of_every_spelling_meet_those_who_look_them_up(name: str, data: st.DataObject) -> None:
    mail = f"{data.draw(st.from_regex('[A-Za-z][A-Za-z0-9._+-]{0,8}[a-z]', fullmatch=True))}@{name}"
    scheme = data.draw(st.sampled_from(["http", "https", "HTTP", "ftp"]))
    rest = data.draw(st.text("aB9._~:/?#@!$&'*+,;=%-", max_size=12))
    for kind, written in (("domain-name", name), ("email-addr", mail), ("url", f"{scheme}://{name}/{rest}")):
        finding = finding_of(written)
        if finding is not None and finding.kind in {Kind.DOMAIN, Kind.EMAIL, Kind.URL}:
            assert of(kind, value=written) == [(finding.kind.value, finding.value)]


def test_an_object_has_a_thousand_values_of_six_hundred_characters() -> None:
    many = ",".join(f"'{number}'" for number in range(1500))
    assert len(asked(f"[file:name IN ({many})]")) == 1000
    assert of("file", name="x" * 600) == [("file", "x" * 600)]
    assert of("file", name="x" * 601) == []
    assert of("domain-name", value="ü" * 40 + ".example" * 150) == []


VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("aé%:/@[]'.\\1 ", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["MD5", "external_id"]), inner),
    max_leaves=4,
)


@given(
    st.sampled_from([kind for kind, *_ in WRITTEN] + ["indicator", "vulnerability", "attack-pattern"]),
    st.dictionaries(
        st.sampled_from(["value", "name", "path", "key", "number", "hashes", "pattern", "external_references"]),
        VALUES,
    ),
)
def test_whatever_an_object_holds_nothing_breaks(kind: str, properties: dict[str, Json]) -> None:
    for one in sought({"type": kind, **properties}):
        assert one.value
        assert one.kind in {*Kind, *MACHINES_ALONE}


def listable(rule: str, **more: Json) -> list[tuple[str, str]] | str:
    """The values of an indicator that a list may hold, or why it holds none."""
    found = enough({"type": "indicator", "pattern": rule, "pattern_type": "stix", **more})
    return found.message if isinstance(found, Problem) else [(one.kind, one.value) for one in found]


HOST, OTHER = "domain-name:value = 'a.example'", "domain-name:value = 'b.example'"
TWO = [("domain", "a.example"), ("domain", "b.example")]


@pytest.mark.parametrize("rule", [f"[{HOST} OR {OTHER}]", f"[{HOST}] OR [{OTHER}]", f"([{HOST}] OR [{OTHER}])"])
def test_a_list_holds_values_each_of_which_is_enough(rule: str) -> None:
    assert listable(rule) == TWO
    assert listable("[domain-name:value IN ('a.example', 'b.example')]") == TWO


@pytest.mark.parametrize(
    "rule",
    [
        *(f"[{HOST} AND {OTHER}]", f"[{HOST}]AND[{OTHER}]", f"[{HOST}] FOLLOWEDBY [{OTHER}]"),
        *(
            f"[{HOST} OR ({OTHER} AND domain-name:x = 1)]",
            f"[{HOST}] REPEATS 5 TIMES",
            f"([{HOST}] OR [{OTHER}]) WITHIN 9 SECONDS",
        ),
        f"[{HOST}] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'",
        "[file:name = 'a.exe' AND file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']",
    ],
)
def test_values_that_count_only_together_are_in_no_list(rule: str) -> None:
    assert listable(rule) == TOGETHER


def test_a_word_inside_a_value_ties_nothing() -> None:
    assert listable("[file:name = 'this AND that.exe']") == [("file", "this AND that.exe")]
    assert listable(r"[file:name = 'it\'s AND.exe']") == [("file", "it's AND.exe")]


def test_a_file_in_its_folder_is_one_path_and_not_its_name() -> None:
    rule = "[file:name = 'a.exe' AND file:parent_directory_ref.path = 'C:\\\\Temp']"
    assert listable(rule) == [("path", "C:\\Temp\\a.exe")]
    assert listable(f"{rule[:-1]} AND file:size = 3]") == TOGETHER


def test_what_names_no_value_and_what_is_only_referred_to_is_in_no_list() -> None:
    assert listable("[domain-name:value MATCHES '.*']") == NO_VALUE
    assert listable(f"[NOT {HOST}]".replace("NOT domain-name:value =", "domain-name:value NOT =")) == NO_VALUE
    assert listable("no pattern") == NO_VALUE
    assert listable("rule a { condition: true }", pattern_type="yara") == RULE
    refers: Json = [{"source_name": "cve", "external_id": "CVE-2026-1234"}]
    assert listable(f"[{HOST}]", external_references=refers, hashes={"MD5": MD5}) == TWO[:1]
