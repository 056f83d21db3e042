"""Where a CSAF provider keeps its advisories: its metadata, and the three kinds of lists it may have (section 7.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from infohub.standards import jsontext
from infohub.standards.feeds.fields import (
    NAME,
    NO_LINK,
    NO_MOMENT,
    TOO_MANY,
    Fields,
    cells_of,
    done,
    lines_of,
    link_of,
    moment_of,
    refused,
)
from infohub.standards.losses import Line
from infohub.standards.problem import Problem
from infohub.standards.tlp import Tlp, tlp_from

MOST = 100_000
NO_PATH = "this is no path below the list's folder"
NO_LEVEL = "this is no level of the Traffic Light Protocol"
NO_PROVIDER = "this is no metadata of a CSAF provider"
NO_ROLIE = "this is no ROLIE feed"
SENTENCES = (NO_PATH, NO_LEVEL, NO_PROVIDER, NO_ROLIE)
_PART = re.compile(r"(?!\.{1,2}\Z)[^\x00-\x1f\x7f/\\?#:%]+\Z")


class Kind(StrEnum):
    """How a place lists its advisories: a ROLIE feed, or a folder with `index.txt` and `changes.csv`."""

    ROLIE = "rolie"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Place:
    """One place with advisories; `tlp` is what the provider says of all of them, None where it says nothing."""

    kind: Kind
    url: str
    tlp: Tlp | None


@dataclass(frozen=True, slots=True)
class Provider:
    """Who provides advisories, and where. A place whose level is not understood is refused."""

    url: str
    publisher: str
    namespace: str
    role: str
    places: tuple[Place, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One advisory to fetch; `updated` is None where the list says no times. A ROLIE feed may lead to other hosts."""

    url: str
    updated: datetime | None
    hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """The advisories of one place, each once, and a line for each entry that was refused or has no usable time."""

    documents: tuple[Document, ...]
    lines: tuple[Line, ...]


def provider(raw: bytes) -> Provider | Problem:
    """The provider that these bytes of a `provider-metadata.json` describe."""
    top = _object(raw)
    if isinstance(top, Problem):
        return top
    publisher, url = top.inside("publisher"), top.link("canonical_url")
    if not url or not publisher.text("name"):
        return Problem("", NO_PROVIDER)
    places: list[Place] = []
    lines = [line for row in top.each("distributions") for line in _places(row, places)]
    return Provider(
        url=url,
        publisher=publisher.text("name"),
        namespace=publisher.text("namespace"),
        role=top.text("role"),
        places=tuple(places),
        lines=tuple(lines),
    )


def _places(distribution: Fields, places: list[Place]) -> Iterator[Line]:
    folder = distribution.text("directory_url", most=4000)
    if folder and link_of(folder):
        places.append(Place(Kind.FOLDER, link_of(folder), None))
    elif folder:
        yield refused(folder, [Problem(f"{distribution.path}.directory_url", NO_LINK)])
    for shared in distribution.inside("rolie").each("feeds"):
        feed = Fields(shared.holder, shared.path, [])
        url, label = feed.link("url"), feed.holder.get("tlp_label")
        level = tlp_from(label) if isinstance(label, str) else None
        if level is None and label is not None and label != "UNLABELED":
            feed.note("tlp_label", NO_LEVEL, str(label))
        if url and not feed.problems:
            places.append(Place(Kind.ROLIE, url, level))
        else:
            yield refused(url or feed.path, feed.problems or [Problem(feed.path, NO_LINK)])


def index(raw: bytes, *, folder: str) -> Listing:
    """The advisories of an `index.txt`: one path below its folder on each line."""
    return _listing(_Entry(path, _below(folder, path)) for line in lines_of(raw) if (path := line.strip()))


def changes(raw: bytes, *, folder: str) -> Listing:
    """The advisories of a `changes.csv`: path and time of the last change, the newest first."""
    return _listing(_changed(line, folder) for line in lines_of(raw) if line.strip())


def rolie(raw: bytes) -> Listing | Problem:
    """The advisories of a ROLIE feed (RFC 8322) in JSON."""
    top = _object(raw)
    if isinstance(top, Problem):
        return top
    feed = top.inside("feed")
    if not isinstance(feed.holder.get("entry"), list):
        return Problem("feed.entry", NO_ROLIE)
    return _listing(_rolie_entry(row) for row in feed.each("entry", most=MOST + 1))


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry as it stands in a list; `url` is empty where what is `written` is no place of an advisory."""

    written: str
    url: str
    when: str = ""
    hashes: tuple[str, ...] = ()


def _changed(line: str, folder: str) -> _Entry:
    path, when, *more = [*cells_of(line), "", ""]
    return _Entry(path or line, _below(folder, path) if when and more == ["", ""] else "", when)


def _rolie_entry(row: Fields) -> _Entry:
    links = [(link.text("rel"), link.text("href", most=4000)) for link in row.each("link")]
    own = row.inside("content").text("src", most=4000) or next((href for rel, href in links if rel == "self"), "")
    hashes = tuple(found for rel, href in links if rel == "hash" and (found := link_of(href)))
    return _Entry(row.text("id") or own or row.path, link_of(own), row.text("updated"), hashes)


def _listing(entries: Iterable[_Entry]) -> Listing:
    documents: dict[str, Document] = {}
    lines: list[Line] = []
    for number, entry in enumerate(entries):
        if number == MOST:
            lines.append(refused("", [Problem("", TOO_MANY)]))
            break
        if not entry.url:
            lines.append(refused(entry.written[:NAME], [Problem("", NO_PATH)]))
        elif entry.url not in documents:
            updated = moment_of(entry.when)
            documents[entry.url] = Document(entry.url, updated, entry.hashes)
            if entry.when and updated is None:
                lines.append(done(entry.written[:NAME], [Problem("", NO_MOMENT, entry.when[:NAME])]))
    return Listing(tuple(documents.values()), tuple(lines))


def _below(folder: str, path: str) -> str:
    """The address of a file below a folder; empty where the path leads out of it or names no advisory."""
    inside = path.endswith(".json") and all(_PART.match(part) for part in path.split("/"))
    return link_of(f"{folder.rstrip('/')}/{quote(path)}") if inside else ""


def _object(raw: bytes) -> Fields | Problem:
    found = jsontext.read(raw)
    return found if isinstance(found, Problem) else Fields(found if isinstance(found, dict) else {}, "", [])
