"""What a text says that its readers perhaps should not learn: names, people, inside addresses, numbers of persons."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .addresses import PRIVATE
from .extract import extract
from .findings import Finding, Kind
from .known import INTERNAL_ENDINGS
from .machines import first_label, machines_in, own_machines_in
from .named import acronyms_in, comparable, organisations_in, people_in
from .personal import identities_in, is_likely_phone, phones_in

_INSIDE = re.compile(rf"\.(?:{'|'.join(sorted(INTERNAL_ENDINGS - {'onion'}))}|home\.arpa)(?=[/:?#]|\Z)", re.IGNORECASE)
_PRIVATELY = r"(?:10|172\.(?:1[6-9]|2[0-9]|3[01])|192\.168)"
# 10.20.x.x, and where a path begins with an address: \\10.20.0.5\share
_NETWORK = re.compile(
    rf"(?:(?<![\w.]){_PRIVATELY}(?:\.[0-9]{{1,3}}){{1,2}}(?:\.[xX*]){{1,2}}"
    rf"|(?<=\\\\){_PRIVATELY}(?:\.[0-9]{{1,3}}){{2,3}})(?![\w*]|\.[\w*])"
)
_SHARE = "\\\\"
# Services where everybody's own part of the name begins with the name of the organisation.
_TENANTS = (".onmicrosoft.com", ".sharepoint.com", ".okta.com", ".service-now.com", ".atlassian.net", ".zendesk.com")


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
    same = comparable(text)
    return [
        one
        for one in remarks(text, known)
        if one.trace in OWN and (one.trace is not Trace.PHONE or is_likely_phone(same, one.start, one.end))
    ]


def is_full_name(name: str) -> bool:
    """First names alone are everywhere; a name of two words, or of three Chinese characters, means somebody."""
    return " " in name.strip() or not name.isascii()


def remarks(text: str, known: Known) -> list[Remark]:
    """Everything to look at, in the order of the text; of two that overlap the first proposed stays."""
    found: list[Remark] = []
    taken = bytearray(len(text))
    for trace, start, end in _proposed(text, known):
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\x01" * (end - start)
            found.append(Remark(trace, start, end, text[start:end]))
    return sorted(found, key=lambda remark: remark.start)


def _proposed(text: str, known: Known) -> Iterator[tuple[Trace, int, int]]:
    findings, same = extract(text), comparable(text)
    for finding in findings:
        if finding.kind in {Kind.DOMAIN, Kind.URL, Kind.EMAIL} and _of_member(finding, known.domains):
            yield Trace.DOMAIN, finding.start, finding.end
    yield from _of_register(same, known)
    for finding in findings:
        if finding.note == PRIVATE or _inside(finding):
            yield Trace.INSIDE, finding.start, finding.end
        elif finding.kind is Kind.EMAIL:
            yield Trace.EMAIL, finding.start, finding.end
    for trace, start, end in _by_looks(same):
        if text[max(0, start - 2) : start] == _SHARE or not _inside_of(findings, start, end):
            yield trace, start, end


def _of_register(same: str, known: Known) -> Iterator[tuple[Trace, int, int]]:
    """What the register has names for, and what is called after them."""
    for trace, places in (
        (Trace.HOST, own_machines_in(same, known.organisations, known.domains)),
        (Trace.ORGANISATION, organisations_in(same, known.organisations)),
        (Trace.ORGANISATION, acronyms_in(same, known.organisations, map(first_label, known.domains))),
        (Trace.PERSON, people_in(same, known.people)),
        (Trace.INSIDE, (found.span() for found in _NETWORK.finditer(same))),
    ):
        yield from ((trace, start, end) for start, end in places)


def _by_looks(same: str) -> Iterator[tuple[Trace, int, int]]:
    for trace, places in (
        (Trace.HOST, machines_in(same)),
        (Trace.IDENTITY, identities_in(same)),
        (Trace.PHONE, phones_in(same)),
    ):
        yield from ((trace, start, end) for start, end in places)


def _inside_of(findings: Iterable[Finding], start: int, end: int) -> bool:
    """Whether the place belongs to something that is found already, such as the digits of a hash."""
    return any(finding.start < end and start < finding.end for finding in findings)


def _of_member(finding: Finding, domains: Iterable[str]) -> bool:
    host = finding.value.partition("://")[2] or finding.value
    host = re.split(r"[/?#:]", host.rpartition("@")[2])[0].lower()
    tenant = host.partition(".")[0] if host.endswith(_TENANTS) else ""
    return any(
        host == domain.lower() or host.endswith(f".{domain.lower()}") or (tenant and tenant == first_label(domain))
        for domain in domains
        if domain
    )


def _inside(finding: Finding) -> bool:
    return finding.kind in {Kind.DOMAIN, Kind.URL, Kind.EMAIL} and bool(_INSIDE.search(finding.value))
