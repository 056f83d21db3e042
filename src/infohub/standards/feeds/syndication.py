"""Reads the XML of news feeds, RSS in its versions and Atom."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from infohub.standards.problem import Problem
from infohub.standards.xmltext import follow

MOST_ENTRIES = 1000
NO_FEED = "this is neither RSS nor Atom"
SENTENCES = (NO_FEED,)
_ATOM = "http://www.w3.org/2005/Atom"
_SPACES = {
    "": "",
    _ATOM: "",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
}
_FIELDS = frozenset(
    {
        *("title", "link", "guid", "id", "description", "summary", "content", "content:encoded", "category"),
        *("pubDate", "dc:date", "published", "updated"),
    }
)


@dataclass(slots=True)
class Entry:
    """The fields of one entry by their names in the standards; `categories` and `link` whatever way they are given."""

    fields: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    link: str = ""


@dataclass(slots=True)
class Document:
    """The title of a feed, its first entries and how many more there are. Texts are HTML, whatever they were."""

    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    more: int = 0


def entries(raw: bytes) -> Document | Problem:
    """The entries of the feed in these bytes, or why it is not read."""
    reader = _Reader()
    problem = follow(raw, reader)
    if problem is not None:
        return problem
    return reader.document if reader.is_feed else Problem("", NO_FEED)


class _Reader:
    """Follows the elements; an entry's fields are its direct children, with all the words inside them."""

    def __init__(self) -> None:
        self.document = Document()
        self.is_feed = False
        self.depth = 0
        self.entry: Entry | None = None
        self.entry_depth = self.field_depth = 0
        self.name = self.markup = ""
        self.parts: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        space, _gap, local = name.rpartition(" ")
        tag = f"{_SPACES[space]}{local}" if space in _SPACES else ""
        if self.depth == 1:
            self.is_feed = local in {"rss", "feed", "RDF"}
        if self.field_depth:
            if self.markup == "xhtml":
                self.parts.append(f'<{local} href="{escape(attributes.get("href", ""))}">')
        elif self.entry is None and tag in {"item", "entry"}:
            self.entry, self.entry_depth = Entry(), self.depth
        elif self._is_field(tag):
            self._begin_field(tag, space, attributes)

    def end(self, name: str) -> None:
        if self.field_depth == self.depth:
            self._end_field("".join(self.parts).strip())
        elif self.field_depth and self.markup == "xhtml":
            self.parts.append(f"</{name.rpartition(' ')[2]}>")
        elif self.entry is not None and self.depth == self.entry_depth:
            if len(self.document.entries) < MOST_ENTRIES:
                self.document.entries.append(self.entry)
            else:
                self.document.more += 1
            self.entry = None
        self.depth -= 1

    def words(self, said: str) -> None:
        if self.field_depth:
            self.parts.append(said if self.markup == "html" else escape(said, quote=False))

    def _is_field(self, tag: str) -> bool:
        if self.entry is not None:
            return self.depth == self.entry_depth + 1 and tag in _FIELDS
        return tag == "title" and self.depth <= 3 and not self.document.title

    def _begin_field(self, tag: str, space: str, attributes: dict[str, str]) -> None:
        self.name, self.field_depth, self.parts = tag, self.depth, []
        kind = attributes.get("type", "text").removeprefix("text/") if space == _ATOM else "html"
        self.markup = kind if kind in {"html", "xhtml"} else "text"
        if self.entry is not None and space == _ATOM:
            if tag == "link" and attributes.get("rel", "alternate") == "alternate":
                self.entry.link = self.entry.link or attributes.get("href", "")
            if tag == "category":
                self.entry.categories.append(attributes.get("label") or attributes.get("term", ""))

    def _end_field(self, said: str) -> None:
        self.field_depth = 0
        if self.entry is None:
            self.document.title = said
        elif self.name == "category":
            self.entry.categories.append(said)
        elif self.name == "link":
            self.entry.link = self.entry.link or said
        elif said:
            self.entry.fields.setdefault(self.name, said)
