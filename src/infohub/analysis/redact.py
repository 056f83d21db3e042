"""What a text says that its readers perhaps should not learn: names, people, inside addresses, numbers of persons."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from .addresses import PRIVATE
from .extract import extract
from .findings import Finding, Kind
from .known import INTERNAL_ENDINGS, TENANT_SERVICES
from .machines import first_label, machines_in, own_machines_in
from .named import accounts_in, acronyms_in, comparable, lowered, occurrences, organisations_in, people_in
from .personal import identities_in, is_likely_phone, phones_in

_INSIDE = re.compile(rf"\.(?:{'|'.join(sorted(INTERNAL_ENDINGS - {'onion'}))}|home\.arpa)(?=[/:?#]|\Z)", re.IGNORECASE)
_PRIVATELY = r"(?:10|172\.(?:1[6-9]|2[0-9]|3[01])|192\.168)"
# 10.20.x.x, the last number of a range, and where a path begins with an address: \\10.20.0.5\share
_NETWORK = re.compile(
    rf"(?:(?<![\w.]){_PRIVATELY}(?:\.[0-9]{{1,3}}){{1,2}}(?:\.(?:[xX]{{1,3}}|\*)){{1,2}}"
    rf"|(?<![\w.])(?=[0-9]+(?:\.[0-9]+){{3}}-){_PRIVATELY}(?:\.[0-9]{{1,3}}){{2,3}}-[0-9]{{1,3}}"
    rf"|(?<=\\\\){_PRIVATELY}(?:\.[0-9]{{1,3}}){{2,3}})(?![\w*]|\.[\w*])"
)
_SHARE = "\\\\"
_TENANTS = tuple(f".{service}" for service in sorted(TENANT_SERVICES))
_BEHIND_TENANT = ("", "-my", "-admin")
_IN_A_HOST, _BEFORE_HOST = re.compile(r"[\w-]|\.\w"), frozenset("/?=&@:%,;.\"'<>( ")
# \\fs01.harbour.local\share; OU=IT,DC=harbour,DC=local
_IN_PARTS = re.compile(
    r"(?<=\\\\)[A-Za-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){1,8}|\bDC=[\w-]{1,63}(?:, ?DC=[\w-]{1,63}){1,8}"
)
_NEXT_PART = re.compile(r", ?DC=")
_ACCOUNT = re.compile(r"\\[A-Za-z][\w.-]{1,30}\b\$?")


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
    yield from _hosts_in(findings, text, known.domains)
    yield from _in_paths(same, known.domains)
    yield from _of_register(same, known)
    for finding in findings:
        if finding.note == PRIVATE:
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
        (Trace.PERSON, accounts_in(same, known.people)),
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


def _hosts_in(findings: Iterable[Finding], text: str, domains: Iterable[str]) -> Iterator[tuple[Trace, int, int]]:
    for finding in findings:
        if finding.kind in {Kind.DOMAIN, Kind.URL, Kind.EMAIL} and _of_member(_host_of(finding), domains):
            wildcard = 2 * (text[max(0, finding.start - 2) : finding.start] == "*.")
            account = _ACCOUNT.match(text, finding.end)
            yield Trace.DOMAIN, finding.start - wildcard, account.end() if account else finding.end
        elif _inside(finding):
            yield Trace.INSIDE, finding.start, finding.end


def _in_paths(same: str, domains: Iterable[str]) -> Iterator[tuple[Trace, int, int]]:
    """Own domains inside the addresses of others, hosts of network paths and of directories."""
    lower = lowered(same)
    for domain in (domain.lower() for domain in domains if domain):
        for at in occurrences(domain, lower):
            if not _IN_A_HOST.match(lower, at + len(domain)) and lower[max(0, at - 1) : at] in _BEFORE_HOST:
                yield Trace.DOMAIN, at, at + len(domain)
    for found in _IN_PARTS.finditer(same):
        host = _NEXT_PART.sub(".", found.group().removeprefix("DC=")).lower()
        if _INSIDE.search(host):
            yield Trace.INSIDE, found.start(), found.end()
        elif _of_member(host, domains):
            yield Trace.DOMAIN, found.start(), found.end()


def _host_of(finding: Finding) -> str:
    host = finding.value.partition("://")[2] or finding.value
    return re.split(r"[/?#:]", host.rpartition("@")[2])[0].lower()


def _of_member(host: str, domains: Iterable[str]) -> bool:
    tenant = host.partition(".")[0] if host.endswith(_TENANTS) else ""
    return any(
        host == domain.lower() or host.endswith(f".{domain.lower()}") or (tenant and tenant in _tenants_of(domain))
        for domain in domains
        if domain
    )


@lru_cache(4096)
def _tenants_of(domain: str) -> frozenset[str]:
    """What the organisation of a domain may be called by a service: `harbour`, `harbour-my`, `harbour-com-hk`."""
    return frozenset(
        {*(f"{first_label(domain)}{behind}" for behind in _BEHIND_TENANT), domain.lower().replace(".", "-")}
    )


def _inside(finding: Finding) -> bool:
    return finding.kind in {Kind.DOMAIN, Kind.URL, Kind.EMAIL} and bool(_INSIDE.search(finding.value))
