"""What a text still says that its public copy perhaps should not: members' names, people, inside addresses."""

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
_DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}([ .-]?)(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
    r"|[0-3]?[0-9]([ .-])[0-3]?[0-9]\2(?:19|20)[0-9]{2})(?: [0-9]{1,2})?"
)
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
    for start, end in _phones(text):
        if not any(finding.start < end and start < finding.end for finding in findings):
            yield Trace.PHONE, start, end


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
