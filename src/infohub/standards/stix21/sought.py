"""Which observable values a STIX object speaks of: in its pattern, as an observable, by a number it has elsewhere."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

from infohub.standards.problem import Problem

from . import spelling
from .canonical import Json
from .grammar import Comparison, comparisons
from .literals import TEXT, WORD_END, constants_of, said
from .spelling import Sought

MOST, LONGEST = 1000, 600  # longer values fit into no index row of PostgreSQL
"""Values of one object, and characters of a value: what is more or longer is left out."""

_Speller = Callable[[str], tuple[Sought, ...]]
_OBSERVABLES: dict[str, tuple[str, _Speller]] = {
    "autonomous-system": ("number", spelling.system),
    "directory": ("path", spelling.path),
    "domain-name": ("value", spelling.host),
    "email-addr": ("value", spelling.email),
    "file": ("name", spelling.file),
    "ipv4-addr": ("value", spelling.address),
    "ipv6-addr": ("value", spelling.address),
    "mac-addr": ("value", spelling.mac),
    "url": ("value", spelling.url),
    "windows-registry-key": ("key", spelling.registry),
}
_FOLDER = "parent_directory_ref.path"
_HASHES = re.compile(r"(?:.*\.)?hashes\.(?:'([^']*)'|(\w+))", re.DOTALL)
_REFERENCE = re.compile(r".*_refs?(?:\[[0-9*]+\])?\.value", re.DOTALL)
_EXACT = frozenset({"=", "==", "IN", "ISSUBSET"})
_CVE = re.compile("CVE-(?:19|20)[0-9]{2}-[0-9]{4,9}", re.IGNORECASE | re.ASCII)
_ATTACK = re.compile(r"(?:TA?|[SGMC])[0-9]{4}(?:\.[0-9]{3})?")
_TEXT = re.compile(TEXT)
_TIED = re.compile(rf"(?<![0-9A-Za-z_-])(?:AND|FOLLOWEDBY|WITHIN|REPEATS|START){WORD_END}")

RULE = "It is a rule for a program. No list of values can say it."
TOGETHER = "Its values count only together. A list would mean more than it does."
NO_VALUE = "It names no value as it is, so no list can hold it."
SENTENCES = (RULE, TOGETHER, NO_VALUE)


def sought(given: Mapping[str, Json], *, compared: Sequence[Comparison] | None = None) -> tuple[Sought, ...]:
    """The values in the order of the object, each once; none of what the object denies or only describes.

    A pattern says its values by `=`, `IN` and, for networks, `ISSUBSET`; never by NOT, `!=`, `LIKE` or `MATCHES`. One
    that is misspelt says nothing. Whoever has read the pattern already hands over what it compares.
    """
    spoken = _own(given) if compared is None else _in_pattern(compared)
    if "hashes" in given:
        spoken += _digests(given["hashes"])
    if "external_references" in given:
        spoken += _references(given["external_references"])
    return tuple(dict.fromkeys([one for one in spoken if len(one.value) <= LONGEST]))[:MOST]


def enough(given: Mapping[str, Json]) -> tuple[Sought, ...] | Problem:
    """The values of an indicator of which each is enough by itself, or why a list can hold none of them.

    Whatever stands in a list is blocked wherever it is met, so what the pattern ties to something else is left out;
    but for a file in its folder, which is one path.
    """
    written = given.get("pattern")
    if given.get("pattern_type", "stix") != "stix" or not isinstance(written, str):
        return Problem("pattern", RULE)
    read = comparisons(written)
    if isinstance(read, Problem):
        return Problem("pattern", NO_VALUE)
    if not _TIED.search(_TEXT.sub("''", written)):
        spoken = _in_pattern(read)
    elif len(read) == 2 and (path := _whole_path(*read)):
        spoken = list(path)
    else:
        return Problem("pattern", TOGETHER)
    found = tuple(dict.fromkeys(one for one in spoken if len(one.value) <= LONGEST))[:MOST]
    return found or Problem("pattern", NO_VALUE)


def _own(given: Mapping[str, Json]) -> list[Sought]:
    """What belongs to the type of the object."""
    kind = given.get("type")
    if kind == "indicator":
        pattern, language = given.get("pattern"), given.get("pattern_type", "stix")
        read = comparisons(pattern) if language == "stix" and isinstance(pattern, str) else []
        return [] if isinstance(read, Problem) else _in_pattern(read)
    if kind == "vulnerability":
        return _numbered("", given.get("name"))
    name, speller = _OBSERVABLES.get(str(kind), ("", None))
    value = given.get(name)
    if speller is spelling.system:
        value = str(value)
    return list(_spelt(speller, value)) if speller and isinstance(value, str) else []


def _digests(hashes: Json) -> list[Sought]:
    if not isinstance(hashes, Mapping):
        return []
    written = ((algorithm, value) for algorithm, value in hashes.items() if isinstance(value, str))
    return [one for algorithm, value in written for one in spelling.digest(algorithm, value)]


def _references(references: Json) -> list[Sought]:
    if not isinstance(references, list | tuple):
        return []
    known = (reference for reference in references if isinstance(reference, Mapping))
    return [one for ref in known for one in _numbered(ref.get("source_name"), ref.get("external_id"))]


def _numbered(source: Json, number: Json) -> list[Sought]:
    """A vulnerability by its CVE number, and what ATT&CK has a number for: techniques, groups, software and so on."""
    if not isinstance(number, str):
        return []
    if _CVE.fullmatch(number):
        return [Sought("cve", number.upper())]
    known = isinstance(source, str) and source.startswith("mitre-") and _ATTACK.fullmatch(number)
    return [Sought("attack", number)] if known else []


def _in_pattern(read: Sequence[Comparison]) -> list[Sought]:
    found: list[Sought] = []
    for place, comparison in enumerate(read):
        if comparison.path == _FOLDER and comparison.joined == "AND":
            found += _whole_path(read[place - 1], comparison)
        if not comparison.negated and comparison.operator in _EXACT:
            speller = _speller(comparison.kind, comparison.path)
            if speller and (comparison.operator != "ISSUBSET" or speller is spelling.address):
                for constant in constants_of(comparison.value):
                    if constant[0] == "'" or speller is spelling.system:
                        found += _spelt(speller, said(constant))
    return found


@lru_cache(maxsize=256)
def _speller(kind: str, path: str) -> _Speller | None:
    """How the values of a property are spelt; None of one that has no values to look up."""
    name, speller = _OBSERVABLES.get(kind, ("", None))
    if path == name:
        return speller
    if found := _HASHES.fullmatch(path):
        return partial(spelling.digest, found[1] or found[2])
    return spelling.named if _REFERENCE.fullmatch(path) else None


def _spelt(speller: _Speller, text: str) -> tuple[Sought, ...]:
    """What a text says in one spelling; one that is too long is not even looked at."""
    return speller(text) if len(text) <= LONGEST else ()


def _whole_path(name: Comparison, folder: Comparison) -> tuple[Sought, ...]:
    """The path of a file whose name and folder a pattern asks for together."""
    asked = [(one.kind, one.path, one.operator, one.negated, one.value[:1]) for one in (name, folder)]
    if asked != [("file", "name", "=", False, "'"), ("file", _FOLDER, "=", False, "'")]:
        return ()
    path = said(folder.value)
    separator = "\\" if "\\" in path else "/"
    return spelling.path(f"{path.removesuffix(separator)}{separator}{said(name.value)}")
