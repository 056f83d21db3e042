"""The one Markdown renderer: CommonMark, no raw HTML, no images, links only to http, https and mailto."""

import html
from collections.abc import Sequence
from unicodedata import east_asian_width

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_RENDERER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "a", "table", "thead", "tbody", "tr", "th", "td"),
}


def render(text: str) -> str:
    """Safe HTML of a member's Markdown; headings start at h2 because the page's title is the h1."""
    tokens = _RENDERER.parse(text)
    _level(tokens)
    return nh3.clean(
        _RENDERER.renderer.render(tokens, _RENDERER.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
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
