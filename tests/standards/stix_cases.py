"""Small changes to the smallest objects of STIX 2.1, and what they make of them.

`at` is where the first problem is expected; None where the object stays valid. `differs` says why the validator of
OASIS (3.2.0) judges otherwise; where it is empty, it judges the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from infohub.standards.jsontext import Json
from tests.standards.stix_objects import DEFINITION, LATER, MARKING, TIME, UUID, Object, ref, smallest

FIVE = UUID.replace("-4f6a-", "-5f6a-")
MAC: Json = {"type": "mac-addr", "id": ref("mac-addr"), "value": "d2:fb:49:24:37:18"}
TLP_1 = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
GREEN: Object = {
    "id": TLP_1,
    "created": "2017-01-20T00:00:00.000Z",
    "name": "TLP:GREEN",
    "definition_type": "tlp",
    "definition": {"tlp": "green"},
}

LENIENT = "milliseconds are asked for; programs that write seconds are everywhere, and nothing is lost"
NEWLINE = "its expressions let a line end after the value"
TAGS = "it keeps a fixed list of language codes instead of asking RFC 5646"
WRONG_TYPE = "it checks ids, but not always the type of what they refer to"
CATALOGUES = "sections 4.1.1 and 4.19.1 ask it of attack patterns and vulnerabilities only"
KEPT = "what is not the standard's own is kept, whatever it holds"
INDEXING = "it takes a letter of a text for a list item"
STRINGS = "it compares times as texts"
CONTAINER = "section 2.13 lets the container hold observables of STIX 2.0, whose ids are their keys"
EVERYWHERE = "objects that break this are everywhere, and it harms nobody"
PATTERNS = "patterns are read elsewhere"
CONSTANT = "the ids of TLP are constants here, whatever else the object says"


@dataclass(frozen=True, slots=True)
class Case:
    """An object, and where its first problem is expected."""

    given: Mapping[str, Json]
    at: str | None
    differs: str


def case(kind: str, at: str | None = None, differs: str = "", /, **change: Json) -> Case:
    """The smallest object of a type with these properties, and without those that are None here."""
    given = smallest(kind) | change
    return Case({name: value for name, value in given.items() if value is not None}, at, differs)


def good(kind: str, name: str, values: Iterable[Json], *, differs: str = "") -> Iterator[Case]:
    """Values that a property may have."""
    return (case(kind, None, differs, **{name: value}) for value in values)


def bad(kind: str, name: str, values: Iterable[Json], *, differs: str = "", inside: str = "") -> Iterator[Case]:
    """Values that a property may not have."""
    return (case(kind, name + inside, differs, **{name: value}) for value in values)


def extended(kind: str, name: str, inside: str | None, content: Json, *, differs: str = "") -> Case:
    """The smallest object of a type with one extension."""
    path = f"extensions.{name}"
    at = f"{path}.{inside}" if inside else path
    return case(kind, None if inside is None else at, differs, extensions={name: content})


def ids() -> Iterator[Case]:
    """Section 2.9."""
    yield from good("identity", "id", [f"identity--{UUID.upper()}", f"identity--{FIVE}"])
    wrong = ["", UUID, f"tool--{UUID}", f"Identity--{UUID}", f"identity-{UUID}", f"identity--{{{UUID}}}"]
    yield from bad("identity", "id", [*wrong, f"identity--{UUID.replace('-9d8e-', '-cd8e-')}"])
    yield from bad("identity", "id", [f"identity--{'0' * 8}-0000-0000-0000-{'0' * 12}", f"identity--{UUID}0"])
    yield from bad("identity", "id", [f"identity--{UUID}\n"], differs=NEWLINE)
    for kind in ("artifact", "user-account", "x509-certificate"):
        yield case(kind, id=f"{kind}--{FIVE}")
    for kind in ("process", "email-message"):
        yield case(kind, None, EVERYWHERE, id=f"{kind}--{FIVE}")
    yield case("windows-registry-key", id=f"windows-registry-key--{FIVE}", key=None, values=[{"name": ""}])


def times() -> Iterator[Case]:
    """Sections 2.16 and 3.2."""
    for stamp in ("2026-02-02T01:00:00Z", "2026-02-02T01:00:00.12Z"):
        yield case("identity", None, LENIENT, created=stamp, modified=stamp)
    for stamp in ("2024-02-29T01:00:00.000Z", "2026-02-02T01:00:00.123456789Z"):
        yield case("identity", created=stamp, modified=stamp)
    for stamp in (
        *("2026-02-02t01:00:00.000z", "2026-02-02 01:00:00.000Z"),
        *("2026-02-02T01:00:00.000+00:00", "2026-02-30T01:00:00.000Z", "2023-02-29T01:00:00.000Z", "now", ""),
        *(
            "2026-02-02T24:00:00.000Z",
            "2026-02-02T23:59:60.000Z",
            "0000-02-02T01:00:00.000Z",
            "２026-02-02T01:00:00.000Z",
        ),
    ):
        yield case("identity", "created", created=stamp, modified=stamp)
    yield case("identity", "created", NEWLINE, created=f"{TIME}\n", modified=f"{TIME}\n")
    yield case("identity", "modified", created=LATER)
    yield case("identity", created="2026-02-02T01:00:00.0000Z")
    yield case("identity", None, STRINGS, modified="2026-02-02T01:00:00.0001Z")
    for kind in ("campaign", "infrastructure", "intrusion-set", "malware", "threat-actor", "sighting"):
        yield case(kind, "last_seen", first_seen=LATER, last_seen=TIME)
        yield case(kind, first_seen=TIME, last_seen=TIME)
    yield case("observed-data", "last_observed", first_observed=LATER, last_observed=TIME)
    yield case("network-traffic", "end", start=LATER, end=TIME)
    yield from bad("indicator", "valid_until", [TIME])
    yield from bad("indicator", "valid_until", ["2026-02-02T01:00:00Z"], differs=STRINGS)
    yield case("indicator", valid_until=LATER)
    yield case("relationship", "stop_time", start_time=TIME, stop_time=TIME)
    yield case("directory", ctime="2026-02-02T01:00:00Z", mtime="2026-02-02T01:00:00.1Z")


def common() -> Iterator[Case]:
    """Section 3.2."""
    yield from good("identity", "lang", ["zh-HK", "en"])
    yield from good("identity", "lang", ["zh-Hant-HK", "de-CH-1996", "x-own", "i-klingon"], differs=TAGS)
    yield from bad("identity", "lang", ["en_US", "x", "", "en-", "traditional chinese"])
    yield from good("identity", "confidence", [0, 100, 50.0])
    yield from bad("identity", "confidence", [-1, 101, 50.5, True, "50"])
    yield from bad("identity", "labels", [[], "x"])
    yield from bad("identity", "labels", [["a", 1], ["a", None]], inside="[1]")
    yield from bad("identity", "created_by_ref", ["identity--x"])
    yield from bad("identity", "created_by_ref", [ref("tool")], differs=WRONG_TYPE)
    yield from bad("identity", "object_marking_refs", [[], MARKING])
    yield from bad("identity", "object_marking_refs", [[MARKING, ref("identity")]], differs=WRONG_TYPE, inside="[1]")
    yield from bad("identity", "spec_version", ["2.2", 2.1, ""])
    yield from bad("ipv4-addr", "spec_version", ["2.0"], differs="it has schemas for STIX 2.0 too")
    yield from good("identity", "x_foo", [1, {"A": []}])
    yield from good("identity", "version", ["1", 1])
    yield from good("identity", "foo", [[]], differs=KEPT)
    yield from good("identity", "foo", [{"a": None}])
    for name, value in (("a", 1), ("1foo", 1), ("severity", "high"), ("foo_bin", "!"), ("foo_hex", "x")):
        yield case("ipv4-addr", None, KEPT, **{name: value})
    for name in ("Foo", "é", "FOO"):
        yield case("identity", name, **{name: 1})
    for name in ("foo-bar", "f" * 251):
        yield case("identity", name[:80], "its expression begins at the beginning but ends nowhere", **{name: 1})


def references() -> Iterator[Case]:
    """Section 2.5."""

    def cited(inside: str | None = None, differs: str = "", kind: str = "identity", **more: Json) -> Case:
        at = None if inside is None else f"external_references[0]{inside}"
        cites: Json = [{"source_name": "x", **more}]
        return case(kind, at, differs, external_references=cites)

    for url in ("https://b.example/a?b=c#d", "mailto:a@b.example", f"urn:uuid:{UUID}", "http://[2001:db8::1]:80/"):
        yield cited(url=url)
    for url in ("", "/a", "b.example"):
        yield cited(".url", url=url)
    for url in ("https://b.example/ü", "https://b.example/a b", "https://b.example/%zz", "http://b.example:80a/"):
        yield cited(None, EVERYWHERE, url=url)
    yield case("identity", "external_references[0]", external_references=[{"source_name": "x"}])
    yield cited(".hashes.x_hash", description="-", hashes={"x_hash": "ab"})
    yield cited(".hashes.MD5", description="-", hashes={"MD5": "ab"})
    yield cited(description="-", x_other=1)
    yield cited(".Other", "it looks at names in objects only", description="-", Other=1)
    number = ".external_id"
    yield cited(kind="vulnerability", source_name="cve", external_id="CVE-2021-44228")
    yield cited(kind="attack-pattern", source_name="capec", external_id="CAPEC-163")
    yield cited(number, kind="vulnerability", source_name="nvd", external_id="CVE-2021-44228")
    yield cited(number, kind="vulnerability", source_name="cve", external_id="2021-44228")
    yield cited(number, kind="vulnerability", source_name="cve", description="-")
    yield cited(number, kind="attack-pattern", source_name="capec", external_id="163")
    yield cited(None, CATALOGUES, source_name="nvd", external_id="CVE-2021-44228")
    yield cited(None, CATALOGUES, source_name="capec", external_id="163")


def markings() -> Iterator[Case]:
    """Sections 7.2.1 and 7.2.3."""

    def marked(*selectors: Json, inside: str | None = None, differs: str = "", **more: Json) -> Case:
        at = None if inside is None else f"granular_markings[0]{inside}"
        marking: Object = {"selectors": [*selectors], "marking_ref": MARKING, **more}
        own: Json = {"x-own-ext": {"rank": {"Rank-1": [5]}}}
        return case("identity", at, differs, labels=["a"], extensions=own, granular_markings=[marking])

    yield marked("name", "labels.[0]", "labels", "id", "granular_markings")
    yield marked("extensions.x-own-ext.rank.Rank-1.[0]", differs="section 7.2.3 lets a selector name a dictionary key")
    wrong = ("nam", "labels.[1]", "labels[0]", "labels.0", "labels.name", "", "labels.[01]", "labels.[-1]", "name.x")
    yield from (marked("name", selector, inside=".selectors[1]") for selector in wrong)
    yield marked("name.[0]", inside=".selectors[0]", differs=INDEXING)
    yield marked(inside=".selectors")
    yield marked("name", inside=".marking_ref", marking_ref=ref("identity"))
    lang: Json = {"selectors": ["name"], "lang": "zh-HK"}
    yield case("identity", None, "its schema forgets that a language may be marked", granular_markings=[lang])
    yield marked("name", inside="", differs="its schema forgets that a language may be marked", lang="zh-HK")
    yield case("identity", "granular_markings[0]", granular_markings=[{"selectors": ["name"]}])
    yield case("identity", "granular_markings[0].selectors", granular_markings=[{"marking_ref": MARKING}])
    kind = "marking-definition"
    yield case(kind, **GREEN)
    yield case(kind, "definition", **GREEN | {"definition": {"tlp": "red"}})
    yield case(kind, "definition", definition_type="tlp", definition={"tlp": "green"})
    yield case(kind, None, CONSTANT, **GREEN | {"name": None})
    yield case(kind, definition_type="iep", definition={"id": "x"})
    yield case(kind, "definition.statement", definition={"text": "x"})
    yield case(kind, definition=None, definition_type=None, extensions={DEFINITION: {"extension_type": "new-sdo"}})
    yield case(kind, "", definition=None, definition_type=None)
    yield case(kind, "definition", definition=None)
    yield case(kind, "definition_type", definition_type=None)
    yield case(kind, "object_marking_refs[0]", object_marking_refs=[ref(kind)])
    yield case(kind, created="2026-02-02T01:00:00Z")


def domain() -> Iterator[Case]:
    """Sections 4, 5, 7.1 and 7.3."""
    yield from good("indicator", "pattern_type", ["sigma", "own-kind"])
    yield from good("indicator", "pattern", ["nothing"], differs=PATTERNS)
    yield from good("location", "region", ["nowhere"])
    yield from good("malware", "malware_types", [["own-kind"]])
    yield from bad("opinion", "opinion", ["maybe"])
    yield case("location", "", region=None)
    yield case("location", "", region=None, city="Hong Kong")
    yield case("location", region=None, country="HK")
    yield case("location", region=None, latitude=22.28, longitude=-180, precision=-1)
    yield case("location", "longitude", latitude=22.28)
    yield case("location", "latitude", longitude=22.28)
    yield case("location", "latitude", precision=1)
    yield case("location", "latitude", latitude=90.1, longitude=0)
    yield case("location", "longitude", latitude=0, longitude=180.5)
    yield case("malware", "name", is_family=True)
    yield case("malware", is_family=True, name="Emotet")
    yield case("malware", "sample_refs[0]", WRONG_TYPE, sample_refs=[ref("url")])
    yield case("malware-analysis", "", result=None)
    yield case("malware-analysis", result=None, analysis_sco_refs=[ref("url"), ref("x-own")])
    yield case("malware-analysis", "analysis_sco_refs[0]", WRONG_TYPE, analysis_sco_refs=[ref("indicator")])
    yield from bad("malware-analysis", "sample_ref", [ref("url")])
    yield from bad("observed-data", "number_observed", [0, 10**9])
    yield from bad("observed-data", "object_refs", [[ref("identity")]], differs=WRONG_TYPE, inside="[0]")
    yield from bad("observed-data", "object_refs", [[ref("relationship")]], differs=WRONG_TYPE)
    yield case("observed-data", "", object_refs=None)
    yield from bad("relationship", "relationship_type", ["Uses", "", "uses_it"])
    for name in ("source_ref", "target_ref"):
        yield from good("relationship", name, [ref("x-own"), ref("file")])
        yield from bad("relationship", name, [ref("sighting"), ref("bundle"), ref("marking-definition"), "x"])
        yield from bad("relationship", name, [ref("extension-definition")], differs=WRONG_TYPE)
    yield from good("sighting", "sighting_of_ref", [ref("x-own"), ref("malware")])
    yield from bad("sighting", "sighting_of_ref", [ref("relationship"), ref("language-content")])
    yield from bad("sighting", "sighting_of_ref", [ref("file")], differs=WRONG_TYPE)
    yield from bad("sighting", "count", [-1, 10**9])
    yield from bad("sighting", "where_sighted_refs", [[ref("tool")]], inside="[0]")
    yield from good("language-content", "contents", [{"de": {"goals": ["a", ""], "own_map": {"a": "b"}}}])
    yield from good("language-content", "contents", [{"zh-Hant": {"name": "x"}}], differs=TAGS)
    yield from bad("language-content", "contents", [{"zh_HK": {"name": "x"}}], inside=".zh_HK")
    yield from bad("language-content", "contents", [{"de": {"Name": "x"}}], inside=".de.Name")
    yield from bad("language-content", "contents", [{"de": {}}], inside=".de", differs="section 2.3 forbids empty ones")
    yield from bad("language-content", "object_ref", [ref("bundle"), ref("language-content")])
    yield case("extension-definition", extension_properties=["rank"])
    yield case("extension-definition", "extension_types[0]", extension_types=["own"])
    yield case(
        "extension-definition", "extension_properties", extension_types=["new-sdo"], extension_properties=["rank"]
    )


def contained() -> Iterator[Case]:
    """Section 2.13."""
    address: Object = {"type": "ipv4-addr", "id": ref("ipv4-addr"), "value": "198.51.100.3"}
    linked: Object = {**address, "resolves_to_refs": ["1"]}
    both: Json = {"0": linked, "1": MAC}
    yield case("observed-data", object_refs=None, objects=both)
    yield case("observed-data", "", objects=both)
    yield case("observed-data", "objects.0.resolves_to_refs[0]", object_refs=None, objects={"0": linked})
    yield case("observed-data", "objects.0.type", object_refs=None, objects={"0": {"value": "198.51.100.3"}})
    yield case("observed-data", "objects", object_refs=None, objects={})
    old: Json = {"0": {"type": "process", "id": "0", "arguments": ["-v"], "created": "2016-01-20T14:11:25.55Z"}}
    yield case("observed-data", None, CONTAINER, object_refs=None, objects=old)
