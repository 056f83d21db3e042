"""The one Markdown renderer: CommonMark, no raw HTML, no images, links only to http, https and mailto.

Pages get it as safe HTML, paper as a flat row of blocks.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from unicodedata import east_asian_width

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from infohub.support.marks import Mark, Painter

_RENDERER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "a", "table", "thead", "tbody", "tr", "th", "td", "mark"),
}
_CHANGED = frozenset("\r\x00")  # characters that Markdown replaces before it counts


def render(text: str, marks: Sequence[Mark] = ()) -> str:
    """Safe HTML of a member's Markdown; headings start at h2 because the page's title is the h1.

    Marks count in the text; a text with line ends of another kind than ours is shown without.
    """
    tokens = _RENDERER.parse(text)
    if marks and not _CHANGED.intersection(text):
        Painter(text, marks).paint(tokens)
    _level(tokens)
    return nh3.clean(
        _RENDERER.renderer.render(tokens, _RENDERER.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "mark": {"title", "id", "class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def plain(text: str, width: int) -> str:
    """The first words of a Markdown text without its marks, for lists and messages; `width` in Latin letters."""
    words = " ".join(html.unescape(nh3.clean(_RENDERER.render(text[: width * 4]), tags=set())).split())
    taken = 0
    for place, letter in enumerate(words):
        taken += 2 if east_asian_width(letter) in "WF" else 1
        if taken > width:
            short = words[:place]
            return (short.rsplit(" ", 1)[0] if " " in short[-40:] else short) + "…"
    return words


def fences(text: str) -> list[tuple[str, str]]:
    """The code blocks between fences: what stands behind the first fence, and the code."""
    return [(token.info, token.content) for token in _RENDERER.parse(text) if token.type == "fence"]


def _level(tokens: Sequence[Token]) -> None:
    """Headings start at h2 and go down one step at a time, so that a page's outline has no gaps."""
    steps: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            wanted = int(token.tag[1])
            while steps and steps[-1] >= wanted:
                steps.pop()
            steps.append(wanted)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(len(steps) + 1, 6)}"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one look; a line break is a span of its own."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, code, a rule or a table (its first row is the head); `indent` counts lists around it."""

    kind: str
    level: int = 1
    indent: int = 0
    mark: str = ""
    quote: int = 0
    spans: tuple[Span, ...] = ()
    rows: tuple[tuple[tuple[Span, ...], ...], ...] = ()


@dataclass(slots=True)
class _Place:
    """Where in the text we are: the number of the next item of each list around, and what stands before the block."""

    numbers: list[int | None] = field(default_factory=list)
    mark: str = ""
    quote: int = 0
    level: int = 0
    rows: list[list[tuple[Span, ...]]] | None = None

    def block(self, kind: str, spans: Sequence[Span] = ()) -> Block:
        mark, self.mark = self.mark, ""
        indent = len(self.numbers) - (1 if mark else 0)
        rows = tuple(tuple(row) for row in self.rows or ())
        return Block(kind, max(self.level, 1), indent, mark, self.quote, tuple(spans), rows)


def blocks(text: str) -> Iterator[Block]:
    """The text without HTML: every link says where it leads, and nothing leads anywhere."""
    tokens = _RENDERER.parse(text)
    _level(tokens)
    place = _Place()
    for token in tokens:
        _move(place, token)
        if token.type == "inline" and place.rows is not None:
            place.rows[-1].append(tuple(_spans(token)))
        elif token.type == "inline":
            yield place.block("heading" if place.level else "text", list(_spans(token)))
        elif token.type in {"fence", "code_block"}:
            yield place.block("code", _lines(token.content.rstrip("\n")))
        elif token.type == "hr":
            yield place.block("rule")
        elif token.type == "table_close":
            yield place.block("table")
            place.rows = None


def _move(place: _Place, token: Token) -> None:
    match token.type:
        case "blockquote_open" | "blockquote_close":
            place.quote += token.nesting
        case "heading_open":
            place.level = int(token.tag[1])
        case "heading_close":
            place.level = 0
        case "table_open":
            place.rows = []
        case "tr_open" if place.rows is not None:
            place.rows.append([])
        case _:
            _move_in_lists(place, token)


def _move_in_lists(place: _Place, token: Token) -> None:
    match token.type:
        case "bullet_list_open":
            place.numbers.append(None)
        case "ordered_list_open":
            place.numbers.append(int(token.attrs.get("start", 1)))
        case "bullet_list_close" | "ordered_list_close":
            place.numbers.pop()
        case "list_item_open":
            number = place.numbers[-1]
            place.mark = "•" if number is None else f"{number}."
            place.numbers[-1] = None if number is None else number + 1


_LOOKS = {"strong_open": (1, 0), "strong_close": (-1, 0), "em_open": (0, 1), "em_close": (0, -1)}
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def _spans(token: Token) -> Iterator[Span]:
    bold = italic = 0
    href, words = "", ""
    for child in token.children or ():
        more_bold, more_italic = _LOOKS.get(child.type, (0, 0))
        bold, italic = bold + more_bold, italic + more_italic
        if child.type == "link_open":
            href, words = str(child.attrs.get("href", "")), ""
        elif child.type == "link_close" and href.removeprefix("mailto:") != words:
            yield Span(f" ({href})")
        elif child.type in _BREAKS:
            yield Span(_BREAKS[child.type])
        elif child.content:
            words += child.content
            yield Span(child.content, bold=bold > 0, italic=italic > 0, code=child.type == "code_inline")


def _lines(text: str) -> list[Span]:
    lines = [part for line in text.split("\n") for part in (Span(line, code=True), Span("\n"))]
    return lines[:-1]
