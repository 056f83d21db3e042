"""Indicators found in a text: every kind, every way of writing, right beside Chinese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infohub.analysis.extract import extract, finding_of
from infohub.analysis.findings import Finding, Kind
from infohub.standards.refang import refang

MD5 = "9f86d081884c7d659a2feaa0c55ad015"
SHA1 = "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SSDEEP = "192:7Zx3uAbCdEfGhIjKlMnOp:7Zx3uAbCdEfGh"

EVERY_KIND = [
    ("45.77.1.9", Kind.IPV4, "45.77.1.9"),
    ("45.77.0.0/16", Kind.IPV4, "45.77.0.0/16"),
    ("2a0a:9524:9f51:2c17::b81", Kind.IPV6, "2a0a:9524:9f51:2c17::b81"),
    ("2A0A:9524:0051:0000:0000:0000:0000:0B81", Kind.IPV6, "2a0a:9524:51::b81"),
    ("cdn.evil.co.uk", Kind.DOMAIN, "cdn.evil.co.uk"),
    ("Evil.COM.hk", Kind.DOMAIN, "evil.com.hk"),
    ("_dmarc.evil.com", Kind.DOMAIN, "_dmarc.evil.com"),
    ("https://Evil.com/A?b=C#d", Kind.URL, "https://evil.com/A?b=C#d"),
    ("http://45.77.1.9:8080/x.php", Kind.URL, "http://45.77.1.9:8080/x.php"),
    ("http://[2a0a:9524::1]:8080/x", Kind.URL, "http://[2a0a:9524::1]:8080/x"),
    ("ftp://evil.com", Kind.URL, "ftp://evil.com"),
    ("evil.com/gate.php", Kind.URL, "evil.com/gate.php"),
    ("evil.com/drop.py", Kind.URL, "evil.com/drop.py"),
    ("http://bad2xyzabcdefghijklmnopq.onion/", Kind.URL, "http://bad2xyzabcdefghijklmnopq.onion/"),
    ("Bob.Lee+x@mail.evil.com", Kind.EMAIL, "bob.lee+x@mail.evil.com"),
    (MD5.upper(), Kind.MD5, MD5),
    (SHA1, Kind.SHA1, SHA1),
    (SHA256, Kind.SHA256, SHA256),
    (SSDEEP, Kind.SSDEEP, SSDEEP),
    ("cve-2021-44228", Kind.CVE, "CVE-2021-44228"),
    ("CVE 2021-44228", Kind.CVE, "CVE-2021-44228"),
    ("CVE‑2021‑44228", Kind.CVE, "CVE-2021-44228"),
    ("CVE–2021—44228", Kind.CVE, "CVE-2021-44228"),
    ("CWE-079", Kind.CWE, "CWE-79"),
    ("AS20473", Kind.ASN, "AS20473"),
    ("ASN 20473", Kind.ASN, "AS20473"),
    ("Autonomous System 20473", Kind.ASN, "AS20473"),
    ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", Kind.BTC, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
    ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", Kind.BTC, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
    (
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        Kind.BTC,
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    ),
    ("0x" + "Ab" * 20, Kind.ETH, "0x" + "ab" * 20),
    ("Invoke-Evil.ps1", Kind.FILE, "Invoke-Evil.ps1"),
    ("report.zip", Kind.FILE, "report.zip"),
    ("C:\\Users\\Public\\a.exe", Kind.PATH, "C:\\Users\\Public\\a.exe"),
    ("C:\\Program Files (x86)\\Evil Corp\\a.exe", Kind.PATH, "C:\\Program Files (x86)\\Evil Corp\\a.exe"),
    ("%APPDATA%\\Evil\\a.dll", Kind.PATH, "%APPDATA%\\Evil\\a.dll"),
    ("\\\\server\\share\\a.bat", Kind.PATH, "\\\\server\\share\\a.bat"),
    ("/tmp/.x/a.sh", Kind.PATH, "/tmp/.x/a.sh"),
    ("~/.ssh/authorized_keys", Kind.PATH, "~/.ssh/authorized_keys"),
    ("HKLM\\Software\\Microsoft\\Run\\x1", Kind.REGISTRY, "HKLM\\Software\\Microsoft\\Run\\x1"),
    (
        "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows NT\\Run",
        Kind.REGISTRY,
        "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows NT\\Run",
    ),
    ("T1059.001", Kind.ATTACK, "T1059.001"),
    ("TA0011", Kind.ATTACK, "TA0011"),
    ("S0154", Kind.ATTACK, "S0154"),
    ("G0016", Kind.ATTACK, "G0016"),
]
AROUND = [
    ("Seen: ", " today"),
    ("(", ")"),
    ('"', '"'),
    ("", "."),
    ("", ", then"),
    ("- ", "\n- next"),
    ("惡意指標", "已被封鎖"),
    ("指標：", "。下一句"),
    ("「", "」"),
    ("**", "**"),
    ("[", "]"),
    ("`", "`;"),
]


def only(text: str) -> Finding:
    found = extract(text)
    assert len(found) == 1, found
    return found[0]


def values(text: str) -> list[tuple[Kind, str]]:
    return [(finding.kind, finding.value) for finding in extract(text)]


@pytest.mark.parametrize(("written", "kind", "value"), EVERY_KIND)
def test_every_kind_is_found_in_any_surroundings(written: str, kind: Kind, value: str) -> None:
    for before, after in AROUND:
        found = only(f"{before}{written}{after}")
        assert (found.kind, found.value) == (kind, value)
        assert (found.start, found.end) == (len(before), len(before) + len(written))
        assert found.live


@pytest.mark.parametrize(("written", "kind", "value"), EVERY_KIND)
def test_a_query_that_is_one_indicator_is_that_finding(written: str, kind: Kind, value: str) -> None:
    for query in (written, f"  {written} ", f"「{written}」"):
        found = finding_of(query)
        assert found is not None
        assert (found.kind, found.value) == (kind, value)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("hxxp://evil[.]com/a", "http://evil.com/a"),
        ("hXXps://45.77.1[.]9/a.js", "https://45.77.1.9/a.js"),
        ("h**ps://update [.] evil [.] xyz/r8/gate.php", "https://update.evil.xyz/r8/gate.php"),
        ("https[:]//update\\.evil\\.co\\.uk/gate.php", "https://update.evil.co.uk/gate.php"),
        ("hxxps://evil[.net/a?b=1", "https://evil.net/a?b=1"),
        ("https://evil.]io/a", "https://evil.io/a"),
        ("45[.]77[.]1[.]9", "45.77.1.9"),
        ("45{.}77{.}1{.}9", "45.77.1.9"),
        ("45.77.1(.)9", "45.77.1.9"),
        ("45 . 77 . 1 . 9", "45.77.1.9"),
        ("４５．７７．１．９", "45.77.1.9"),
        ("45․77․1․9", "45.77.1.9"),
        ("45。77。1。9", "45.77.1.9"),
        ("cdn[dot]evil[dot]com[dot]hk", "cdn.evil.com.hk"),
        ("cdn (dot) evil (dot) com", "cdn.evil.com"),
        ("evil。com", "evil.com"),
        ("ｅｖｉｌ．ｃｏｍ", "evil.com"),
        ("ev\u200bil.com", "evil.com"),
        ("a1[at]mail.evil.cn", "a1@mail.evil.cn"),
        ("a1 [@] evil[.]com", "a1@evil.com"),
        ("2a0a[:]9524[:]9f51[:][:]b81", "2a0a:9524:9f51::b81"),
    ],
)
def test_defanged_indicators_are_found_where_they_stand(written: str, value: str) -> None:
    for before, after in (("", ""), ("C2: ", " again"), ("惡意網址", "已被封鎖"), ("指標：", "。完")):
        found = only(f"{before}{written}{after}")
        assert found.value == value
        assert (before + written + after)[found.start : found.end] == written
        assert not found.live


def test_a_defanged_zip_or_sh_is_a_domain_because_its_author_meant_one() -> None:
    assert values("temp[.]sh and evil[.]zip") == [(Kind.DOMAIN, "temp.sh"), (Kind.DOMAIN, "evil.zip")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("see http://evil.com/a.", "http://evil.com/a"),
        ("see http://evil.com.", "http://evil.com"),
        ("see (http://evil.com/a).", "http://evil.com/a"),
        ("[link](http://evil.com/a_(b))", "http://evil.com/a_(b)"),
        ("![](http://evil.com/a_(b)_(c)), x", "http://evil.com/a_(b)_(c)"),
        ("<a href='http://evil.com/?a=1&amp;b=2'>", "http://evil.com/?a=1&b=2"),
        ("&lt;http://evil.com/a&gt; x", "http://evil.com/a"),
        ("http://evil.com/路徑", "http://evil.com/"),
        ("http://evil.com，及其他", "http://evil.com"),
        ("http://evil.com/a。http://", "http://evil.com/a"),
        ("http://user:pass@evil.com/a", "http://user:pass@evil.com/a"),
        ("http://例子.中国/a", "http://xn--fsqu00a.xn--fiqs8s/a"),
        ("evil.com/a, b", "evil.com/a"),
    ],
)
def test_a_web_address_ends_where_the_sentence_goes_on(text: str, value: str) -> None:
    assert only(text).value == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"SHA-1{SHA1}", [(Kind.SHA1, SHA1)]),
        (f"MD5{MD5.upper()}", [(Kind.MD5, MD5)]),
        (f"{MD5}Backdoor", [(Kind.MD5, MD5)]),
        (f"{MD5}added", []),
        (f"{MD5.upper()}loader.exe", [(Kind.MD5, MD5)]),
        ("DiscoveryT1083File and Directory", [(Kind.ATTACK, "T1083")]),
        ("ExecutionT1059.001 PowerShell", [(Kind.ATTACK, "T1059.001")]),
        ("EvenT1234x and partT10 and ST1083", []),
        ("downloads fromhttps://evil.com/a", [(Kind.URL, "https://evil.com/a")]),
        ("connects tohxxps://evil[.]com/a", [(Kind.URL, "https://evil.com/a")]),
        ("C&Ctcp://45.77.1.9:443", [(Kind.URL, "tcp://45.77.1.9:443")]),
        ("http://evil.com/ahttp://evil.com/b", [(Kind.URL, "http://evil.com/a"), (Kind.URL, "http://evil.com/b")]),
        ("45.77.1[.]9Port", [(Kind.IPV4, "45.77.1.9")]),
        ("45.77.1.9Port", []),
        ("45.77.1.9/span>", [(Kind.IPV4, "45.77.1.9")]),
    ],
)
def test_what_lost_its_space_is_found_where_its_end_shows(text: str, found: list[tuple[Kind, str]]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("in ~\\AppData\\Roaming\\a.exe now", Kind.PATH, "~\\AppData\\Roaming\\a.exe"),
        ("in $home\\tools\\a.ps1 now", Kind.PATH, "$home\\tools\\a.ps1"),
        ("in \\\\files.evil.com\\share now", Kind.PATH, "\\\\files.evil.com\\share"),
        ("`HKLM\\SYSTEM\\Control\\Session Manager` is", Kind.REGISTRY, "HKLM\\SYSTEM\\Control\\Session Manager"),
        ("<code>HKLM\\Control\\Security Packages</code>", Kind.REGISTRY, "HKLM\\Control\\Security Packages"),
        ("* HKLM\\Control\\Security Packages\n* next", Kind.REGISTRY, "HKLM\\Control\\Security Packages"),
        ("It sets HKLM\\Control\\Lsa\nThen", Kind.REGISTRY, "HKLM\\Control\\Lsa"),
        ("wrote app.asmx today", Kind.FILE, "app.asmx"),
        ("wrote users’_list.hwp today", Kind.FILE, "users’_list.hwp"),
    ],
)
def test_paths_keys_and_files_are_found_whole(text: str, kind: Kind, value: str) -> None:
    assert values(text) == [(kind, value)]


def test_two_keys_joined_by_a_chinese_word_are_two() -> None:
    assert [value for _, value in values("HKCU\\Software\\Run和HKLM\\Software\\Run")] == [
        "HKCU\\Software\\Run",
        "HKLM\\Software\\Run",
    ]


def test_two_markdown_links_in_a_row_are_two() -> None:
    assert [value for _, value in values("[http://a.com/x](http://a.com/x)[http://b.com](http://b.com)")] == [
        "http://a.com/x",
        "http://a.com/x",
        "http://b.com",
        "http://b.com",
    ]


def test_an_address_and_a_domain_joined_by_a_slash_are_two() -> None:
    assert values("45.77.1.9/evil.com") == [(Kind.IPV4, "45.77.1.9"), (Kind.DOMAIN, "evil.com")]


def test_a_range_of_addresses_is_its_two_ends() -> None:
    assert [value for _, value in values("45.77.1.1-45.77.1.9")] == ["45.77.1.1", "45.77.1.9"]


def test_an_address_is_not_found_again_inside_a_larger_one() -> None:
    assert values(f"http://45.77.1.9/{MD5}/report.zip?m=a@evil.com") == [
        (Kind.URL, f"http://45.77.1.9/{MD5}/report.zip?m=a@evil.com")
    ]


def test_a_sentence_may_begin_without_a_space() -> None:
    assert values("It calls evil.com.Then 45.77.1.9.Later a@evil.com.Done") == [
        (Kind.DOMAIN, "evil.com"),
        (Kind.IPV4, "45.77.1.9"),
        (Kind.EMAIL, "a@evil.com"),
    ]
    assert values("封鎖evil.com。net流量") == [(Kind.DOMAIN, "evil.com")]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "phishing at banks",
        "45.77.1.9 45.77.1.10",
        "evil.com and more",
        "釣魚",
        "a.b",
        "[",
        "x" * 5000,
        "a\nb",
    ],
)
def test_a_query_that_is_more_or_less_is_no_indicator(query: str) -> None:
    assert finding_of(query) is None


def test_a_defanged_query_is_understood_and_not_called_live() -> None:
    found = finding_of("hxxps://evil[.]example/x")
    assert found == Finding(Kind.URL, "https://evil.example/x", 0, 24, live=False, note="documentation name")


@given(st.text(max_size=400))
def test_findings_of_any_text_lie_in_order_inside_it(text: str) -> None:
    position = 0
    for found in extract(text):
        assert position <= found.start < found.end <= len(text)
        assert found.value
        position = found.end


@given(st.lists(st.sampled_from([written for written, _, _ in EVERY_KIND]), max_size=6))
def test_several_indicators_are_found_beside_each_other(written: list[str]) -> None:
    assert len(extract("\n".join(written))) == len(written)


@given(st.sampled_from([value for _, kind, value in EVERY_KIND if kind in {Kind.URL, Kind.DOMAIN, Kind.IPV4}]))
def test_what_is_found_is_found_again_in_its_own_value(value: str) -> None:
    assert only(refang(value)).value == value


def alone(text: str) -> str | None:
    """The value of the only finding of a text, if nothing but signs and spaces stands around it."""
    found = extract(text)
    around = text[: found[0].start] + text[found[0].end :] if len(found) == 1 else text
    return found[0].value if len(found) == 1 and not any(map(str.isalnum, around)) else None


@given(
    st.lists(st.sampled_from([written for written, _, _ in EVERY_KIND]) | st.text(max_size=3), max_size=3).map("".join)
)
def test_a_query_is_an_indicator_where_a_text_of_it_has_that_finding_and_nothing_else(query: str) -> None:
    found = finding_of(query)
    expected = None if "\n" in query or not query.strip() else alone(query) or alone(refang(query.strip()))
    assert (found.value if found else None) == expected
