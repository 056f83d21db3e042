"""The pages of plain text: what to do, what the programme is, what it promises. Their words are Markdown files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from infohub.members.programme import this_programme
from infohub.support.markdown import plain
from infohub.support.markdown import render as rendered
from infohub.web.languages import language_of
from infohub.web.public.page import public_page

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one language."""

    title: str
    summary: str
    body: SafeString


def guidance(page: str, *, nav: str = "guidance") -> Callable[..., HttpResponseBase]:
    """A view that shows the text of this name in the language of the page."""

    @public_page
    def view(request: HttpRequest) -> HttpResponse:
        programme = this_programme()
        name = (programme.name if programme else "") or settings.SITE_NAME
        text = text_of(page, language_of(get_language()).code, name)
        return render(request, "public/text.html", {"nav": nav, "text": text, "page": page})

    return view


@lru_cache(maxsize=64)
def text_of(page: str, language: str, programme: str) -> Text:
    """The text with the programme's name and contact put in; its first line is the title, the next its summary."""
    written = (TEXTS / f"{page}.{language}.md").read_text(encoding="utf-8")
    contact = settings.CONTACT.removeprefix("mailto:")
    written = written.replace("[programme]", programme).replace("[contact]", f"<{contact}>")
    title, _, rest = written.removeprefix("# ").partition("\n")
    summary, _, body = rest.strip().partition("\n\n")
    body = mark_safe(rendered(body))  # noqa: S308  (our own words, and nh3 has cleaned them)
    return Text(title=title.strip(), summary=plain(summary, 400), body=body)
