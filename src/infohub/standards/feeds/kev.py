"""CISA's catalogue of known exploited vulnerabilities, as JSON or CSV, as STIX vulnerabilities."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from infohub.standards import jsontext
from infohub.standards.feeds.facts import Exploited
from infohub.standards.feeds.fields import NO_CVE, TEXT, TOO_MANY, TWICE, Fields, cve_of, done, link_of, refused
from infohub.standards.feeds.objects import Stix, made, reference, references
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line
from infohub.standards.problem import Problem

SOURCE = "cisa-kev"
MOST = 50_000
_WORD = re.compile(r"\S+")
_CWE = re.compile(r"CWE-[0-9]{1,6}", re.ASCII)
NO_CATALOGUE = Problem("", "this is no catalogue of known exploited vulnerabilities")
NO_UTF8 = "this is not UTF-8"
NO_END = "a row of this table does not end"
SENTENCES = (NO_CATALOGUE.message, NO_UTF8, NO_END)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The vulnerabilities, as objects and as facts, and a line for each entry. The CSV says neither version nor date.

    `modified` of each is the day it was added; where CISA betters an entry later, the caller gives the object the
    moment of `released`, for one version of an object has one content.
    """

    version: str
    released: datetime | None
    objects: tuple[Stix, ...]
    facts: tuple[Exploited, ...]
    lines: tuple[Line, ...]


def read(raw: bytes) -> Catalogue | Problem:
    """The catalogue in these bytes, or why they are none."""
    found = jsontext.read(raw) if raw.lstrip()[:1] == b"{" else _table(raw)
    if isinstance(found, Problem):
        return found
    head = Fields(found if isinstance(found, dict) else {}, "", [])
    if not isinstance(head.holder.get("vulnerabilities"), list):
        return NO_CATALOGUE
    objects: dict[str, Stix] = {}
    facts: list[Exploited] = []
    lines = list(_entries(head.each("vulnerabilities", most=MOST), objects, facts))
    if head.problems:
        lines.append(refused("vulnerabilities", head.problems))
    return Catalogue(
        version=head.text("catalogVersion"),
        released=head.moment("dateReleased"),
        objects=tuple(objects.values()),
        facts=tuple(facts),
        lines=tuple(lines),
    )


def _entries(entries: Iterable[Fields], objects: dict[str, Stix], facts: list[Exploited]) -> Iterator[Line]:
    for shared in entries:
        entry = Fields(shared.holder, shared.path, [])
        written = entry.needed("cveID")
        cve, added = cve_of(written), entry.moment("dateAdded")
        if not cve or cve in objects:
            entry.note("cveID", TWICE if cve else NO_CVE, written)
        elif added is None:
            entry.needed("dateAdded")
        else:
            fact = _fact(entry, cve, added)
            facts.append(fact)
            objects[cve] = _vulnerability(entry, fact, added)
            yield done(cve, entry.problems)
            continue
        yield refused(written or entry.path, entry.problems)


def _fact(entry: Fields, cve: str, added: datetime) -> Exploited:
    due = entry.moment("dueDate")
    by_ransomware = entry.text("knownRansomwareCampaignUse").lower() == "known"
    return Exploited(cve, added.date(), due.date() if due else None, by_ransomware)


def _vulnerability(entry: Fields, fact: Exploited, added: datetime) -> Stix:
    cve, title, told = fact.cve, entry.text("vulnerabilityName"), entry.text("shortDescription", most=TEXT)
    notes = entry.text("notes", most=TEXT)
    return made(
        "vulnerability",
        f"{SOURCE} {cve}",
        created=added,
        modified=added,
        name=cve,
        description="\n\n".join(part for part in (title, told) if part),
        labels=["known-exploited", *(["used-by-ransomware"] if fact.by_ransomware else [])],
        external_references=references(
            reference("cve", number=cve),
            reference(SOURCE, words=title),
            *(reference("cwe", number=number) for number in entry.words("cwes") if _CWE.fullmatch(number)),
            *(reference(SOURCE, url=link) for link in _links(notes)),
        ),
        x_cisa_kev_vendor=entry.text("vendorProject"),
        x_cisa_kev_product=entry.text("product"),
        x_cisa_kev_required_action=entry.text("requiredAction", most=TEXT),
        x_cisa_kev_due_date=fact.due.isoformat() if fact.due else "",
        x_cisa_kev_notes=notes,
    )


def _links(notes: str) -> list[str]:
    """The web addresses among the notes, which stand between semicolons."""
    words = (word.rstrip(";,.)") for word in _WORD.findall(notes))
    return [link for word in words if word.startswith("http") and (link := link_of(word))][:20]


def _table(raw: bytes) -> Json | Problem:
    """The rows of the CSV as the JSON would hold them."""
    try:
        rows = csv.reader(StringIO(raw.decode("utf-8-sig"), newline=""), strict=True)
        head = next(rows, [])
        if "cveID" not in head:
            return NO_CATALOGUE
        entries: list[Json] = []
        for row in rows:
            if len(entries) > MOST:
                return Problem("", TOO_MANY)
            entry: dict[str, Json] = dict(zip(head, row, strict=False))
            entry["cwes"] = [word.strip() for word in str(entry.get("cwes", "")).split(",")]
            entries.append(entry)
    except UnicodeDecodeError:
        return Problem("", NO_UTF8)
    except csv.Error:
        return Problem("", NO_END)
    return {"vulnerabilities": entries}
