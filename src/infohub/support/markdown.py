"""The one Markdown renderer: CommonMark, no raw HTML, no images, links only to http, https and mailto."""

import html

import nh3
from markdown_it import MarkdownIt

_RENDERER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table").disable("image")
_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_HEADINGS = (("<h5>", "<h6>"), ("<h4>", "<h5>"), ("<h3>", "<h4>"), ("<h2>", "<h3>"), ("<h1>", "<h2>"))


def render(text: str) -> str:
    """Safe HTML of a member's Markdown; headings start at h2 because the page's title is the h1."""
    page = _RENDERER.render(text)
    for was, becomes in _HEADINGS:
        page = page.replace(was, becomes).replace(was.replace("<", "</"), becomes.replace("<", "</"))
    return nh3.clean(
        page,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def plain(text: str, length: int) -> str:
    """The first words of a Markdown text without its marks, for lists and messages."""
    words = " ".join(html.unescape(nh3.clean(_RENDERER.render(text[: length * 4]), tags=set())).split())
    return words if len(words) <= length else words[: length - 1].rsplit(" ", 1)[0] + "…"
