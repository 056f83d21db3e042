"""The same for cyber-observable objects and what all types share with them."""

from collections.abc import Iterator

from infohub.standards.jsontext import Json
from tests.standards.stix_cases import EVERYWHERE, KEPT, WRONG_TYPE, Case, bad, case, extended, good
from tests.standards.stix_objects import DEFINITION, TIME, ref

SHOULD = "the standard says should"
OLDER = "its schema is of an earlier draft: 2.1 says otherwise"
ADDRESS = "its expression for addresses is too narrow"
BITS = "section 2.10 allows 53 bits"
FORGOTTEN = "its list of properties of which one must be there is incomplete"


def addresses() -> Iterator[Case]:
    """Sections 6.4, 6.5, 6.8 to 6.10 and 6.15."""
    yield from good("ipv4-addr", "value", ["198.51.100.3/32", "198.51.100.0/24"])
    yield from bad(
        "ipv4-addr", "value", ["198.51.100.3/33", "198.51.100.256", "198.51.100", "198.51.100.03", "::1", ""]
    )
    yield from good("ipv6-addr", "value", ["::", "2001:db8::/32", "2001:DB8::1", "fe80::1%eth0"])
    yield from good("ipv6-addr", "value", ["::ffff:198.51.100.3"], differs=ADDRESS)
    yield from bad("ipv6-addr", "value", ["2001:db8::/129", "2001:db8:::1", "198.51.100.3", "1:2:3:4:5:6:7:8:9", "", 6])
    yield from bad(
        "mac-addr", "value", ["D2:fb:49:24:37:18", "d2-fb-49-24-37-18", "d2:fb:49:24:37", "d2:fb:49:24:37:1"]
    )
    yield from good(
        "domain-name", "value", ["EXAMPLE.com", "example.com.", "例子.example", "xn--fsqu00a.example", "com"]
    )
    yield from good("domain-name", "value", ["_dmarc.example.com"], differs="RFC 1034 lets a label hold any octet")
    wrong = ("-a.example", "a-.example", "a..example", "a b.example", f"{'a' * 64}.example", "", ".", "*.example.com")
    yield from bad("domain-name", "value", [*wrong, ".".join(["a" * 50] * 6), "evil[.]example"])
    quoted = ('"a b"@c.example', "a@[198.51.100.3]", "用戶@例子.example", "a@localhost")
    yield from good("email-addr", "value", quoted, differs="its expression knows plain ASCII addresses only")
    yield from bad(
        "email-addr", "value", ["a", "Ann <a@b.example>", "a b@c.example", "a@b@c.example", "@b.example", "a@"]
    )
    urls = ("http://a:b@c.example:80/?a=b&c=%5B", "http://198.51.100.3", "data:text/plain;base64,VGVzdA==")
    yield from good("url", "value", urls)
    yield from bad("url", "value", ["www.evil.example/x", ""])
    yield from good("url", "value", ["https://b.example/a|b", "http://b.example/#a#b"], differs=EVERYWHERE)
    for kind, value in (
        ("url", "hxxp://evil[.]example"),
        ("domain-name", "evil[.]example"),
        ("ipv4-addr", "1[.]2.3.4"),
    ):
        yield case(kind, None, "section 3.2 lets it be spelt so", value=value, defanged=True)


def files() -> Iterator[Case]:
    """Sections 2.1, 2.7, 2.8, 6.1 and 6.7."""
    for name, digits in (("MD5", 32), ("SHA-1", 40), ("SHA-256", 64), ("SHA-512", 128)):
        yield from bad("file", "hashes", [{name: "ab" * digits}, {name: "z" * digits}, {name: 1}], inside=f".{name}")
    yield from good(
        "file", "hashes", [{"TLSH": "T1" + "AB" * 35}], differs="its fourth version writes T1 before a TLSH"
    )
    yield from bad("file", "hashes", [{"SSDEEP": "x"}], inside=".SSDEEP", differs="section 2.7 asks for the form")
    yield from bad("file", "hashes", [{"x": "ab"}], inside=".x")
    yield from bad("file", "hashes", [{"a b c": "ab"}], inside=".a b c")
    yield from good("file", "hashes", [{"sha256": "ab"}, {"x_own": "ab"}])
    yield from bad("file", "size", [-1, 1.5, "1", True])
    yield from bad("file", "size", [2**53], differs=BITS)
    yield from good("file", "size", [1.0, 2**53 - 1])
    yield from bad("file", "magic_number_hex", ["ABC", "", "zz"])
    yield from bad("file", "name_enc", ["x y", "x"])
    yield case(
        "file", "name", "section 3.1 ties an encoding to its text", name=None, name_enc="UTF-8", hashes={"xyz": ""}
    )
    yield case("file", "", name=None)
    yield from good("file", "contains_refs", [[ref("x-own")]])
    yield from bad("file", "contains_refs", [[ref("indicator")]], differs=WRONG_TYPE, inside="[0]")
    yield from bad("file", "parent_directory_ref", [ref("file")], differs=WRONG_TYPE)
    yield from good("artifact", "payload_bin", ["AAAA", "AAA=", "AA=="])
    yield from good("artifact", "payload_bin", ["AAAAA", "AAAA ..."], differs=EVERYWHERE)
    yield from bad("artifact", "payload_bin", [1])
    yield from good("artifact", "mime_type", ["own"], differs=SHOULD)
    yield from bad("artifact", "encryption_algorithm", ["AES128"])
    yield case("artifact", "encryption_algorithm", decryption_key="infected")
    yield case("artifact", "", url="https://b.example/", hashes={"MD5": "ab" * 16})
    yield case("artifact", payload_bin=None, url="https://b.example/", hashes={"MD5": "ab" * 16})
    yield case("artifact", "hashes", payload_bin=None, url="https://b.example/")
    yield case("artifact", "", payload_bin=None, hashes={"MD5": "ab" * 16})
    yield extended("file", "archive-ext", "contains_refs", {"contains_refs": []})
    yield extended("file", "ntfs-ext", "", {"x_own": 1})
    yield extended("file", "windows-pebinary-ext", "", {"pe_type": "exe"})
    yield extended("file", "windows-pebinary-ext", "time_date_stamp", {"pe_type": "exe", "time_date_stamp": TIME})
    yield extended("file", "windows-pebinary-ext", None, {"pe_type": "own", "imphash": "x"})
    header: Json = {"pe_type": "exe", "optional_header": {"magic_hex": "ab", "x_own": 1}}
    yield extended("file", "windows-pebinary-ext", None, header, differs=KEPT)
    yield extended("file", "raster-image-ext", None, {"exif_tags": {"make": "x"}}, differs="keys may be small letters")
    yield extended("file", "raster-image-ext", "exif_tags.Make", {"exif_tags": {"Make": 1.5}})


def extensions() -> Iterator[Case]:
    """Sections 3.2 and 11.3."""
    for kind in ("identity", "ipv4-addr", "process"):
        yield from good(kind, "extensions", [{"x-own-ext": {"rank": 1}}, {DEFINITION: {"extension_type": "new-sdo"}}])
        yield extended(kind, "own", "", {"rank": 1})
        yield extended(kind, "x-own-ext", "", {})
        yield extended(kind, DEFINITION, "extension_type", {"rank": 1})
        yield extended(kind, DEFINITION, "extension_type", {"extension_type": "own"})
        yield extended(kind, "x-own-ext", None, {"rank": None}, differs=KEPT)


def messages_and_traffic() -> Iterator[Case]:
    """Sections 6.6 and 6.12."""
    part: Json = [{"body": "x"}]
    yield case("email-message", is_multipart=True, body_multipart=part)
    yield case("email-message", "body_multipart", body_multipart=part)
    yield case("email-message", "body", is_multipart=True, body="x")
    twice: Json = [{"body": "x", "body_raw_ref": ref("file")}]
    yield case("email-message", "body_multipart[0]", is_multipart=True, body_multipart=twice)
    yield from bad("email-message", "from_ref", [ref("identity")], differs=WRONG_TYPE)
    yield from good("email-message", "additional_header_fields", [{"X": "y"}, {"X": ["y", "z"]}])
    yield from good("email-message", "additional_header_fields", [{"X": ["y"]}], differs=OLDER)
    yield from bad("email-message", "additional_header_fields", [{"X Y": ["y"]}], inside=".X Y")
    yield case("network-traffic", "", src_ref=None)
    yield case("network-traffic", "end", is_active=True, end=TIME)
    yield case("network-traffic", end=TIME)
    yield from bad("network-traffic", "src_port", [-1, 65536])
    yield from bad("network-traffic", "src_packets", [-1], differs="section 6.12 counts")
    yield from bad("network-traffic", "src_ref", [ref("url")], differs=WRONG_TYPE)
    yield from bad("network-traffic", "ipfix", [{"a": 1.5}, {"a": True}], inside=".a")
    yield extended("network-traffic", "socket-ext", "address_family", {"address_family": "AF_OWN"})
    options: Json = {"address_family": "AF_INET", "options": {"own": 1}}
    yield extended("network-traffic", "socket-ext", None, options, differs=SHOULD)
    yield extended("network-traffic", "icmp-ext", "icmp_type_hex", {"icmp_type_hex": "8", "icmp_code_hex": "00"})


def machines() -> Iterator[Case]:
    """Sections 6.13, 6.14 and 6.16 to 6.18."""
    yield case("process", "", pid=None)
    yield case("process", pid=None, extensions={"windows-service-ext": {"service_name": "x"}})
    yield case("process", None, FORGOTTEN, pid=None, created_time=TIME)
    yield from bad("process", "environment_variables", [{"A": 1}], inside=".A", differs="section 6.13 asks for texts")
    yield extended("process", "windows-process-ext", None, {"integrity_level": "low"}, differs=FORGOTTEN)
    yield extended("process", "windows-process-ext", "integrity_level", {"integrity_level": "own"})
    yield extended("process", "windows-process-ext", None, {"startup_info": {"x": 1}}, differs="its names are its own")
    yield extended("process", "windows-service-ext", "start_type", {"start_type": "own"})
    yield extended("user-account", "unix-account-ext", "gid", {"gid": 1.5}, differs="section 6.16 asks for an integer")
    yield from good("software", "cpe", ["cpe:2.3:a:b\\:d:c:1.0:*:*:en-us:*:*:x64:*"])
    yield from bad("software", "cpe", ["cpe:/a:b:c", "cpe:2.3:a:b:c", "cpe:2.3:x:b:c:*:*:*:*:*:*:*:*"])
    yield from good("software", "languages", [["eng"]])
    yield from good("software", "languages", [["en"], ["zh-HK"]], differs=OLDER)
    yield from bad("windows-registry-key", "key", ["HKLM\\x", "hklm\\x", "HKCU"])
    yield from good(
        "windows-registry-key", "key", ["HKEY_USERS\\HKU\\x", "HKLMX"], differs="it looks for hives anywhere"
    )
    yield from bad("windows-registry-key", "values", [[]])
    yield from bad("windows-registry-key", "values", [[{}]], inside="[0]")
    yield from bad("windows-registry-key", "values", [[{"data_type": "REG_OWN"}]], inside="[0].data_type")
    yield case("windows-registry-key", "", key=None)
    yield case("windows-registry-key", None, FORGOTTEN, key=None, modified_time=TIME)
    yield case("user-account", "", user_id=None)
    yield case("x509-certificate", "", serial_number=None)
    yield case("x509-certificate", "x509_v3_extensions", x509_v3_extensions={})
