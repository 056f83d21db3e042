"""What a text says that its readers perhaps should not learn: names, people, inside addresses, numbers of persons."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .addresses import PRIVATE
from .extract import extract
from .findings import Finding, Kind

_PHONE = re.compile(
    r"(?<![0-9A-Za-z_.+-])\+?(?:\([0-9]{1,4}\)[ -]?)?[0-9]{1,11}(?:[ \u00a0.-][0-9]{2,5}){0,4}"
    r"(?![0-9A-Za-z_]|[.-][0-9])"
)
_LIKELY_PHONE = re.compile(r"\+[0-9 ()-]{8,}|(?:\(?852\)?[ -]?)?[2-9][0-9]{3}[ -][0-9]{4}")
_DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}([ .-]?)(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
    r"|[0-3]?[0-9]([ .-])[0-3]?[0-9]\2(?:19|20)[0-9]{2})(?: [0-9]{1,2})?"
)
_HOST = re.compile(
    r"(?<![A-Za-z0-9_-])(?!(?:APT|UNC|TA|FIN|CVE|CWE|TLP|STAC|UTF|ISO)-)[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]{1,9}){0,3}-[A-Z]{1,6}[0-9]{1,4}(?![A-Za-z0-9_-])"
)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])([A-Z]{1,2})([0-9]{6}) ?\(?([0-9A])\)?(?![0-9A-Za-z])")
_INSIDE = (".local", ".lan", ".internal", ".intranet", ".corp", ".home.arpa")
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15
_SHORTEST_NAME = 3


class Trace(StrEnum):
    """What was found."""

    ORGANISATION = "organisation"
    DOMAIN = "domain"
    PERSON = "person"
    EMAIL = "email"
    INSIDE = "inside"
    HOST = "host"
    IDENTITY = "identity"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Known:
    """What the programme knows of its members and would not like to read in public."""

    organisations: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at; `text[start:end]` is how it stands there."""

    trace: Trace
    start: int
    end: int
    text: str


OWN = frozenset(Trace) - {Trace.EMAIL}
"""What an author would not say of the own organisation; other people's mail addresses are findings, not details."""


def own_remarks(text: str, known: Known) -> list[Remark]:
    """Where the text says something of the author's own.

    Reports are full of numbers: a telephone number is one that is written like one.
    """
    return [
        one
        for one in remarks(text, known)
        if one.trace in OWN and (one.trace is not Trace.PHONE or _LIKELY_PHONE.fullmatch(one.text))
    ]


def is_full_name(name: str) -> bool:
    """First names alone are everywhere; a name of two words, or of three Chinese characters, means somebody."""
    return " " in name.strip() or not name.isascii()


def remarks(text: str, known: Known) -> list[Remark]:
    """Everything to look at, in the order of the text; of two that overlap the first named in `Trace` stays."""
    found: list[Remark] = []
    taken = bytearray(len(text))
    for trace, start, end in _proposed(text, known):
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\x01" * (end - start)
            found.append(Remark(trace, start, end, text[start:end]))
    return sorted(found, key=lambda remark: remark.start)


def _proposed(text: str, known: Known) -> Iterator[tuple[Trace, int, int]]:
    findings = extract(text)
    for finding in findings:
        if finding.kind in {Kind.DOMAIN, Kind.URL, Kind.EMAIL} and _of_member(finding, known.domains):
            yield Trace.DOMAIN, finding.start, finding.end
    yield from _named(text, known.organisations, Trace.ORGANISATION)
    yield from _named(text, known.people, Trace.PERSON)
    for finding in findings:
        if finding.kind is Kind.EMAIL:
            yield Trace.EMAIL, finding.start, finding.end
        elif finding.note == PRIVATE or _inside(finding):
            yield Trace.INSIDE, finding.start, finding.end
    for trace, places in ((Trace.HOST, _hosts), (Trace.IDENTITY, _identities), (Trace.PHONE, _phones)):
        yield from ((trace, start, end) for start, end in places(text) if not _inside_of(findings, start, end))


def _inside_of(findings: Iterable[Finding], start: int, end: int) -> bool:
    """Whether the place belongs to something that is found already, such as the digits of a hash."""
    return any(finding.start < end and start < finding.end for finding in findings)


def _hosts(text: str) -> Iterator[tuple[int, int]]:
    """Machines as companies name them: LTB-FS02, HK-DC-SRV01; groups of attackers are called alike and left out."""
    return (found.span() for found in _HOST.finditer(text))


def _identities(text: str) -> Iterator[tuple[int, int]]:
    """Hong Kong identity card numbers whose check digit is right."""
    return (found.span() for found in _IDENTITY.finditer(text) if _check_digit(found[1], found[2]) == found[3])


def _check_digit(letters: str, digits: str) -> str:
    """Letters count from A = 10, a missing first one as 36; weights 9 to 2; the sum with the digit is 0 modulo 11."""
    values = [36, *(ord(letter) - 55 for letter in letters)][-2:] + [int(digit) for digit in digits]
    rest = -sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True)) % 11
    return "A" if rest == 10 else str(rest)


def _named(text: str, names: Iterable[str], trace: Trace) -> Iterator[tuple[Trace, int, int]]:
    """Names as whole words, whatever their capitals; Chinese has no word boundaries."""
    spelt = sorted({name.strip() for name in names if len(name.strip()) >= _SHORTEST_NAME}, key=len, reverse=True)
    folded = text.casefold()
    present = [name for name in spelt if name.casefold() in folded]
    if not present:
        return
    pattern = "|".join(_whole(name) for name in present)
    for found in re.finditer(pattern, text, re.IGNORECASE):
        yield trace, found.start(), found.end()


def _whole(name: str) -> str:
    before = r"(?<!\w)" if name[0].isascii() else ""
    after = r"(?!\w)" if name[-1].isascii() else ""
    return f"{before}{re.escape(name)}{after}"


def _of_member(finding: Finding, domains: Iterable[str]) -> bool:
    host = finding.value.partition("://")[2] or finding.value
    host = re.split(r"[/?#:]", host.rpartition("@")[2])[0].lower()
    return any(host == domain.lower() or host.endswith(f".{domain.lower()}") for domain in domains if domain)


def _inside(finding: Finding) -> bool:
    return finding.kind in {Kind.DOMAIN, Kind.URL} and any(part in finding.value.lower() for part in _INSIDE)


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for found in _PHONE.finditer(text):
        digits = sum(sign.isdigit() for sign in found.group())
        if _FEWEST_DIGITS <= digits <= _MOST_DIGITS and not _DATE.fullmatch(found.group()):
            yield found.span()
