"""Reads the XML of news feeds: no document type, no depths, no entities but the five of XML, or nothing is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from xml.parsers import expat

from infohub.standards.mail import CHARSETS
from infohub.standards.problem import Problem

MOST_ELEMENTS, MOST_ENTRIES, DEEPEST = 200_000, 1000, 64
NO_XML = "this is not well-formed XML"
NO_FEED = "this is neither RSS nor Atom"
NO_CHARACTER_SET = "this character set is not read"
A_TYPE = "a document type could hide endless or foreign text, so this feed is not read"
TOO_MUCH = "this feed has more elements, or deeper ones, than are read"
SENTENCES = (NO_XML, NO_FEED, NO_CHARACTER_SET, A_TYPE, TOO_MUCH)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
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


class _StopError(Exception):
    """Leaves the parser from inside one of its calls; never leaves this module."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.problem = Problem("", message)


def entries(raw: bytes) -> Document | Problem:
    """The entries of the feed in these bytes, or why it is not read."""
    text = _text(raw)
    if isinstance(text, Problem):
        return text
    reader = _Reader()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = _no_type
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as problem:
        return Problem(f"line {problem.lineno}", NO_XML, expat.ErrorString(problem.code) or "")
    except _StopError as stopped:
        return stopped.problem
    return reader.document if reader.is_feed else Problem("", NO_FEED)


def _text(raw: bytes) -> str | Problem:
    """The text in the character set that the document names; what no byte order and no declaration tells is UTF-8."""
    marked = next((charset for mark, charset in _MARKS if raw.startswith(mark)), "")
    declared = _DECLARED.match(raw)
    charset = marked or (declared[1].decode().lower() if declared else "utf-8")
    try:
        if charset in CHARSETS:
            return raw.decode(charset, errors="replace").removeprefix("\ufeff").lstrip()
    except LookupError:  # a name that other programs know
        pass
    return Problem("", NO_CHARACTER_SET, charset)


def _no_type(*_declared: object) -> None:
    raise _StopError(A_TYPE)


class _Reader:
    """Follows the elements; an entry's fields are its direct children, with all the words inside them."""

    def __init__(self) -> None:
        self.document = Document()
        self.is_feed = False
        self.depth = self.count = 0
        self.entry: Entry | None = None
        self.entry_depth = self.field_depth = 0
        self.name = self.markup = ""
        self.parts: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise _StopError(TOO_MUCH)
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
