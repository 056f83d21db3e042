"""An OpenIOC document as a STIX report of indicators, with a line on each item: taken, changed or refused, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid5

from infohub.standards.feeds.fields import NAME, TEXT, done, link_of, refused
from infohub.standards.feeds.objects import Stix, identity, reference, references
from infohub.standards.losses import Line
from infohub.standards.misp.facts import said
from infohub.standards.problem import Problem
from infohub.standards.stix21.ids import OWN_NAMESPACE, relationship_id
from infohub.standards.stix21.markings import TLP_2, marking_definition
from infohub.standards.stix21.timestamp import milliseconds
from infohub.standards.tlp import Tlp, tlp_from

from .comparing import Asked
from .logic import Found, ways
from .remarks import Remark
from .tree import Node, parsed

MOST_BYTES, LONGEST_RULE = 20_000_000, 16_000
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.ASCII)
_KNOWN = {
    *("short_description", "description", "keywords", "authored_by", "authored_date", "links"),
    *("metadata", "definition", "criteria"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """The objects, what others refer to first, the report last; and what became of each item of the document."""

    objects: list[Stix]
    lines: list[Line]


@dataclass(slots=True)
class _Document:
    """What holds for everything in a document, and what reading it has brought so far."""

    id: str
    name: str
    created: datetime
    modified: datetime
    author: Stix | None
    tlp: Tlp | None
    objects: dict[str, Stix] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def head(self, kind: str, uuid: str) -> Stix:
        """The properties that every object has."""
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": f"{kind}--{uuid}",
            "created": milliseconds(self.created),
            "modified": milliseconds(self.modified),
            **({"created_by_ref": self.author["id"]} if self.author else {}),
            **self.marked,
        }

    @property
    def marked(self) -> Stix:
        return {} if self.tlp is None else {"object_marking_refs": [TLP_2[self.tlp]]}


def read_openioc(raw: bytes) -> Read | Problem:
    """The document in these bytes, or why it is none; reading it again gives the same objects."""
    root = parsed(raw) if len(raw) <= MOST_BYTES else Problem("", Remark.LARGE)
    if isinstance(root, Problem):
        return root
    about = root.first("metadata") if next(root.each("metadata"), None) else root
    tlp = _level(about)
    if isinstance(tlp, Problem):
        return Read([], [refused(root.attribute("id")[:NAME], [tlp])])
    document = _document(root, about, tlp)
    _take_all(root.first("definition", "criteria"), document)
    found = [one["id"] for one in document.objects.values()]
    problems = list(_losses(root, about))
    if not found:
        return Read([], [*document.lines, refused(document.id, [*problems, Problem("", Remark.NO_CRITERIA)])])
    document.lines.append(done(document.id, problems))
    before = [one for one in (document.author, marking_definition(tlp) if tlp is not None else None) if one]
    return Read([*before, *document.objects.values(), _report(root, about, document, found)], document.lines)


def is_openioc(raw: bytes) -> bool:
    """Whether these bytes may be one: XML, and no JSON."""
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<"))


def _document(root: Node, about: Node, tlp: Tlp | None) -> _Document:
    authored, changed = _moment(about.first("authored_date").text), _moment(root.attribute("last-modified"))
    modified = changed or authored or _FIRST
    author = about.first("authored_by").text[:NAME]
    return _Document(
        id=root.attribute("id")[:NAME],
        name=about.first("short_description").text[:NAME] or root.attribute("id")[:NAME] or "OpenIOC",
        created=min(authored or modified, modified),
        modified=modified,
        author=identity("openioc", author) if author else None,
        tlp=tlp,
    )


def _level(about: Node) -> Tlp | Problem | None:
    """The level that a link or keyword names: OpenIOC has no markings, and whoever writes one means it."""
    told = [link.text for link in about.first("links").each("link") if link.attribute("rel").lower() == "tlp"]
    words = [*about.first("keywords").text.split(), *(link.text for link in about.first("links").each("link"))]
    told += [word for word in words if word.lower().startswith("tlp:")]
    levels: list[Tlp] = []
    for word in told:
        level = tlp_from(word)
        if level is None:
            return Problem("links", Remark.UNKNOWN_TLP, word[:NAME])
        levels.append(level)
    return max(levels, default=None)


def _take_all(criteria: Node, document: _Document) -> None:
    for way in ways(criteria):
        if not isinstance(way, Found):
            document.lines += way
            continue
        key = f"openioc {document.id} {way.id or way.path}"
        uuid = str(uuid5(OWN_NAMESPACE, key))
        wrong = Remark.TWICE if f"indicator--{uuid}" in document.objects else None
        wrong = Remark.ODD_VALUE if len(way.pattern) > LONGEST_RULE else wrong
        if wrong:
            document.lines += [refused(line.subject, [Problem(way.path, wrong)]) for line in way.lines]
            continue
        _take(way, uuid, document)


def _take(way: Found, uuid: str, document: _Document) -> None:
    version = {"pattern_version": "2.1"} if way.language == "stix" else {}
    rule = document.head("indicator", uuid) | {
        "name": (way.item.value if way.item and way.language == "stix" else document.name)[:NAME],
        "pattern": way.pattern,
        "pattern_type": way.language,
        **version,
        "valid_from": milliseconds(document.created),
    }
    document.objects[str(rule["id"])] = rule
    document.lines += way.lines
    for one in _beside(rule, way.item, document):
        document.objects.setdefault(str(one["id"]), one)


def _beside(rule: Stix, item: Asked | None, document: _Document) -> Iterator[Stix]:
    """The observables of an item that is looked for as it stands, and what ties the indicator to them."""
    term = item.term if item and item.condition == "is" and not item.negated else None
    there = said(term.kind, item.value) if term is not None and term.kind and item else None
    if there is None or there.pattern != rule["pattern"]:
        return
    for one in there.observables:
        yield {"type": one.kind, "spec_version": "2.1", "id": one.id, **document.marked, **one.properties}
    for one in there.found:
        tie = relationship_id(str(rule["id"]), "based-on", one.id).partition("--")[2]
        yield document.head("relationship", tie) | {
            "relationship_type": "based-on",
            "source_ref": rule["id"],
            "target_ref": one.id,
        }


def _report(root: Node, about: Node, document: _Document, found: Sequence[object]) -> Stix:
    words = about.first("description").text[:TEXT].rstrip()
    labels = list(dict.fromkeys(about.first("keywords").text.split()))[:100]
    links = references(*map(_link, about.first("links").each("link")))
    written = document.id.lower()
    uuid = written if _UUID.match(written) else str(uuid5(OWN_NAMESPACE, f"openioc {document.id} {document.name}"))
    published = _moment(root.attribute("published-date")) or document.modified
    return (
        document.head("report", uuid)
        | {
            "name": document.name,
            "report_types": ["indicator"],
            "published": milliseconds(published),
            "object_refs": list(found),
        }
        | ({"description": words} if words else {})
        | ({"labels": labels} if labels else {})
        | ({"external_references": links} if links else {})
    )


def _link(link: Node) -> Stix:
    return reference(
        link.attribute("rel")[:NAME] or "link", url=link_of(link.attribute("href")), words=link.text[:NAME]
    )


def _losses(root: Node, about: Node) -> Iterator[Problem]:
    if not root.attribute("id"):
        yield Problem("id", Remark.NO_ID)
    if _moment(root.attribute("last-modified")) is None:
        yield Problem("last-modified", Remark.NO_TIME, root.attribute("last-modified")[:80])
    for one in {id(node): node for node in (*root.inside, *about.inside)}.values():
        if one.name not in _KNOWN and (one.inside or one.text):
            yield Problem(one.name[:80], Remark.LEFT)
    items, groups = [], [*root.first("definition", "criteria").each("Indicator")]
    while groups:
        group = groups.pop()
        groups += group.each("Indicator")
        items += [Asked.of(item) for item in group.each("IndicatorItem")]
        if group.attribute("node-context"):
            yield Problem("node-context", Remark.LEFT, group.attribute("node-context")[:80])
    if any(item.minds_case for item in items):
        yield Problem("", Remark.CASE)


def _moment(written: str) -> datetime | None:
    """A moment of XML Schema; without a zone it is UTC, and what lies before 1970 is a way to say none."""
    try:
        found = datetime.fromisoformat(written)
        moment = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None
    return moment if moment >= _FIRST else None
