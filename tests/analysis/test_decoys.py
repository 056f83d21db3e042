"""What only looks like an indicator, and what is one but says little."""

import pytest

from infohub.analysis.extract import extract
from infohub.analysis.findings import Kind

DIGITS = "9f86d081884c7d659a2feaa0c55ad015"
DECOYS = [
    "Chrome 126.0.64.114 is affected.",
    "version 4.2.1.0 of the agent",
    "versions 4.2.1.0, 4.2.1.1 and 4.2.1.2",
    "v4.2.1.0",
    "fixed in 9.8.7.6 and later",
    "9.8.7.6 版本",
    "請更新至版本9.8.7.6",
    "See section 3.2.1.4 of the guide.",
    "OID 1.3.6.1.4.1.311 in the certificate",
    "nginx-1.2.3.4",
    "1.2.3.4-beta",
    "the stack before 6.0.1.66",
    "prior to 9.8.7.6",
    "up to 12.4.0.1",
    "1.2.3.4.5",
    "256.1.1.1",
    "45.077.001.009",
    "the loader calls System.IO.File.Open before exit",
    "built with ASP.NET and VB.NET",
    "node.js",
    "os.name, this.id and window.open()",
    "com.android.vending",
    "BehavesLike.Win32.Trojan.kh",
    "e.g.the sample i.e.loader",
    "etc.In the end.It stopped",
    "GUID 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "serial 0123456789 commit deadbeefcafe",
    "0" * 32,
    f"?session={DIGITS}",
    f"&sid={DIGITS}",
    f"aes_key = '{DIGITS}'",
    f"token: {DIGITS}",
    f"GUID={DIGITS}",
    "built as win32.exe",
    "12345678901234567890123456789012",
    "at 12:30:45 and 10:20:30:40:50:60",
    "00:11:22:33:44:55",
    "00:11:22:33:44:55:66:77",
    "std::vector<dead::beef>",
    "CVE-2021",
    "XCVE-2021-44228",
    "AS400",
    "AS 2023 began",
    "as 500 people said",
    "T1000 and T9999",
    "1BoatSLRHtKNngkdXEeobR76b53LETtpyX",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "user@host",
    "http://",
    "http://localhost/x",
    "https://例子/",
    "and/or TCP/IP",
    "either /tmp/ or C:\\",
    "HKCR\\",
    "a.b.c",
    "price is 3.50.It",
    "evil.notatld",
    "co.uk",
    "-.com",
]


@pytest.mark.parametrize("text", DECOYS)
def test_decoys_are_refused(text: str) -> None:
    assert extract(text) == []


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("198.51.100.7", "documentation range"),
        ("2001:db8::7", "documentation range"),
        ("AS64500", "documentation range"),
        ("192.168.1.15", "private range"),
        ("fd00::1", "private range"),
        ("AS64512", "private range"),
        ("127.0.0.1", "reserved range"),
        ("0.0.0.0", "reserved range"),
        ("::1", "reserved range"),
        ("::ffff:127.0.0.1", "reserved range"),
        ("fe80::1", "reserved range"),
        ("255.255.255.0", "reserved range"),
        ("8.8.8.8", "well known"),
        ("evil.example", "documentation name"),
        ("www.example.com", "documentation name"),
        ("shop.test", "documentation name"),
        ("http://evil.example/x", "documentation name"),
        ("http://10.0.0.1/x", "private range"),
        ("a@evil.example", "documentation name"),
        ("printer.corp.local", "internal name"),
        ("xn--80ak6aa92e.com", "punycode"),
        ("bücher.de", "punycode"),
        ("pаypal.com", "look-alike letters"),
        ("hkcert.org", "well known"),
        ("https://www.microsoft.com/x", "well known"),
        ("cmd.exe", "weak on its own"),
        ("C:\\Windows\\System32\\svchost.exe", "weak on its own"),
        ("C:\\Windows\\Temp\\svchost.exe", ""),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "weak on its own"),
        ("45.77.1.9", ""),
        ("before 45.177.1.9", ""),
        ("45.77.1.9/span>", ""),
        ("evil.com", ""),
        ("whois.nic.io", "well known"),
        ("cdn.fortinet.com", "well known"),
        ("evil.com/?md5=" + DIGITS, ""),
        ("readme.md", "weak on its own"),
    ],
)
def test_what_says_little_is_found_with_a_note(text: str, note: str) -> None:
    (found,) = extract(text)
    assert found.note == note


def test_letters_of_other_scripts_are_shown_as_they_go_over_the_wire() -> None:
    (found,) = extract("pаypal.com")
    assert (found.kind, found.value) == (Kind.DOMAIN, "xn--pypal-4ve.com")
