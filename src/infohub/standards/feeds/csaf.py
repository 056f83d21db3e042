"""A security advisory in CSAF 2.0 (OASIS) as a STIX report with its vulnerabilities and its publisher."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from infohub.standards import jsontext
from infohub.standards.feeds.facts import Severity
from infohub.standards.feeds.fields import CUT, NAME, NO_CVE, TEXT, TWICE, Fields, cve_of, done, refused
from infohub.standards.feeds.objects import Stix, identity, made, reference, references
from infohub.standards.losses import Line
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import TLP_2, marking_definition
from infohub.standards.stix21.timestamp import milliseconds
from infohub.standards.targets import target_of
from infohub.standards.tlp import Tlp, tlp_from

MOST_VULNERABILITIES = 2000
NO_ADVISORY = Problem("document", "this is no advisory in CSAF 2.0")
NO_LEVEL = "this is no level of the Traffic Light Protocol"
NO_NAME = "this vulnerability has neither a number nor a title"
PRODUCTS = "which products are affected is not taken over"
SENTENCES = (NO_ADVISORY.message, NO_LEVEL, NO_NAME, PRODUCTS)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)
_STATUSES = (
    *("first_affected", "first_fixed", "fixed", "known_affected", "known_not_affected", "last_affected"),
    *("recommended", "under_investigation"),
)


@dataclass(frozen=True, slots=True)
class Advisory:
    """What an advisory says of itself, its objects, and a line for it and for each vulnerability.

    `tlp` is None where it names no level; then no object carries a marking, and the caller decides. Whose advisory it
    is stands in the advisory alone: the caller compares `namespace` with the provider it was fetched from.
    """

    namespace: str
    number: str
    status: str
    tlp: Tlp | None
    created: datetime
    modified: datetime
    objects: tuple[Stix, ...]
    lines: tuple[Line, ...]

    @property
    def severities(self) -> tuple[Severity, ...]:
        """How severe it says that CVEs are."""
        scored = [one for one in self.objects if "x_cvss_score" in one and cve_of(str(one["name"]))]
        return tuple(
            Severity(str(one["name"]), float(str(one["x_cvss_score"])), str(one.get("x_cvss_vector", "")))
            for one in scored
        )


@dataclass(frozen=True, slots=True)
class _Origin:
    """What all objects of one advisory have in common."""

    namespace: str
    number: str
    status: str
    created: datetime
    modified: datetime
    language: str
    author: Stix
    tlp: Tlp | None

    def made(self, kind: str, key: str, **parts: object) -> Stix:
        return made(
            kind,
            f"csaf {self.namespace} {self.number} {key}",
            created=self.created,
            modified=self.modified,
            created_by_ref=self.author["id"],
            lang=self.language,
            object_marking_refs=[] if self.tlp is None else [TLP_2[self.tlp]],
            **parts,
        )


def read(raw: bytes) -> Advisory | Problem:
    """The advisory in these bytes, or why they are none; one whose marking is not known is refused."""
    found = jsontext.read(raw)
    if isinstance(found, Problem):
        return found
    top = Fields(found if isinstance(found, dict) else {}, "", [])
    document = top.inside("document")
    origin = _origin(document)
    if isinstance(origin, Problem):
        return origin
    if top.holder.get("product_tree"):
        top.note("product_tree", PRODUCTS)
    flaws: dict[str, Stix] = {}
    lines = list(_flaws(top, origin, flaws))
    report = _report(document, origin, [flaw["id"] for flaw in flaws.values()])
    marking = [] if origin.tlp is None else [marking_definition(origin.tlp)]
    return Advisory(
        namespace=origin.namespace,
        number=origin.number,
        status=origin.status,
        tlp=origin.tlp,
        created=origin.created,
        modified=origin.modified,
        objects=(origin.author, *marking, *flaws.values(), report),
        lines=(done(origin.number, top.problems), *lines),
    )


def _origin(document: Fields) -> _Origin | Problem:
    """Publisher, number, times and level, without which an advisory is none."""
    publisher, tracking = document.inside("publisher"), document.inside("tracking")
    tlp = _level(document)
    if isinstance(tlp, Problem):
        return tlp
    space, name, number = publisher.text("namespace"), publisher.text("name"), tracking.text("id")
    created, modified = tracking.moment("initial_release_date"), tracking.moment("current_release_date")
    told = document.text("csaf_version").startswith("2.") and name and space and number
    if not told or " " in space or created is None or modified is None:
        return NO_ADVISORY
    language = document.text("lang")
    return _Origin(
        namespace=space,
        number=number,
        status=tracking.text("status"),
        created=min(created, modified),
        modified=modified,
        language=language if _LANGUAGE.fullmatch(language) else "",
        author=identity(space, name),
        tlp=tlp,
    )


def _level(document: Fields) -> Tlp | Problem | None:
    """The level an advisory names; None only where it names none at all, for what is not understood stays closed."""
    distribution = document.holder.get("distribution", {})
    if isinstance(distribution, dict) and "tlp" not in distribution:
        return None
    stated = distribution["tlp"] if isinstance(distribution, dict) else distribution
    label = stated.get("label") if isinstance(stated, dict) else stated
    level = tlp_from(label) if isinstance(label, str) else None
    return Problem("document.distribution.tlp.label", NO_LEVEL, str(label)[:NAME]) if level is None else level


def _report(document: Fields, origin: _Origin, flaws: list[object]) -> Stix:
    links = [(row.text("category"), row.link("url"), row.text("summary")) for row in document.each("references")]
    own = next((url for category, url, _summary in links if category == "self"), "")
    return origin.made(
        "report",
        "report",
        name=document.needed("title") or origin.number,
        description=_told(document, "notes", _notes(document)),
        report_types=["vulnerability"],
        published=milliseconds(origin.created),
        object_refs=flaws or [origin.author["id"]],
        labels=[label for label in (document.text("category"), origin.status) if label],
        external_references=references(
            reference(str(origin.author["name"]), number=origin.number, url=own),
            *(_link(url, summary) for category, url, summary in links if category != "self"),
        ),
        x_csaf_distribution=document.inside("distribution").text("text", most=TEXT),
        x_csaf_severity=document.inside("aggregate_severity").text("text"),
        x_csaf_version=document.inside("tracking").text("version"),
    )


def _flaws(top: Fields, origin: _Origin, made_of: dict[str, Stix]) -> Iterator[Line]:
    """Put the vulnerabilities under their names, and say what became of each."""
    for shared in top.each("vulnerabilities", most=MOST_VULNERABILITIES):
        flaw = Fields(shared.holder, shared.path, [])
        written = flaw.text("cve")
        cve = cve_of(written)
        if written and not cve:
            flaw.note("cve", NO_CVE, written)
        numbers = [(row.text("system_name"), row.text("text")) for row in flaw.each("ids")]
        title = flaw.text("title")
        name = cve or next((number for _system, number in numbers if number), title)
        if not name or name in made_of:
            flaw.note("cve", TWICE if name else NO_NAME)
            yield refused(name or flaw.path, flaw.problems)
            continue
        known = [reference("cve", number=cve), *(reference(system, number=number) for system, number in numbers)]
        made_of[name] = _vulnerability(flaw, origin, name, title, known)
        yield done(name, flaw.problems)


def _vulnerability(flaw: Fields, origin: _Origin, name: str, title: str, known: list[Stix]) -> Stix:
    score, vector = max(_scores(flaw), default=(0.0, ""))
    weakness = flaw.inside("cwe")
    links = [(row.link("url"), row.text("summary")) for row in flaw.each("references")]
    statuses = [status for status in _STATUSES if flaw.inside("product_status").holder.get(status)]
    flags = [row.text("label") for row in flaw.each("flags")]
    words = (title if title != name else "", *_notes(flaw), *_advice(flaw, "threats"), *_advice(flaw, "remediations"))
    return origin.made(
        "vulnerability",
        name,
        name=name,
        description=_told(flaw, "notes", words),
        labels=list(dict.fromkeys(label for label in (*statuses, *flags) if label)),
        external_references=references(
            *known,
            reference("cwe", number=weakness.text("id"), words=weakness.text("name")),
            *(_link(url, summary) for url, summary in links),
        ),
        x_cvss_score=score or None,
        x_cvss_vector=vector,
    )


def _scores(flaw: Fields) -> Iterator[tuple[float, str]]:
    for row in flaw.each("scores"):
        for standard in ("cvss_v4", "cvss_v3", "cvss_v2"):
            score = row.inside(standard)
            base = score.holder.get("baseScore")
            if isinstance(base, int | float) and 0 < base <= 10:
                yield float(base), score.text("vectorString")


def _notes(holder: Fields) -> Iterator[str]:
    for row in holder.each("notes"):
        yield "\n".join(part for part in (row.text("title"), row.text("text", most=TEXT)) if part)


def _advice(flaw: Fields, name: str) -> Iterator[str]:
    """What it does to you, or what helps: `Vendor fix: Update to 1.2. https://…`."""
    for row in flaw.each(name, most=1000):
        kind = row.text("category").replace("_", " ").capitalize()
        words = (f"{kind}:" if kind else "", row.text("details", most=TEXT), row.link("url"))
        yield " ".join(part for part in words if part)


def _told(holder: Fields, name: str, parts: Iterable[str]) -> str:
    """Paragraphs, each once."""
    told = "\n\n".join(dict.fromkeys(part for part in parts if part))
    if len(told) > TEXT:
        holder.note(name, CUT)
    return told[:TEXT].rstrip()


def _link(url: str, summary: str) -> Stix:
    """A reference named by the host it leads to."""
    target = target_of(url)
    return reference(target.host[:NAME], url=url, words=summary) if target else {}
