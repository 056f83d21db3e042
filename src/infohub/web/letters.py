"""Lays out the mails: the words come from delivery, which knows how much a mail may say."""

from __future__ import annotations

import re
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from infohub.delivery.letters import DigestLetter, Letter, Written
from infohub.members.programme import this_programme
from infohub.support.markdown import render
from infohub.web.context import Site
from infohub.web.languages import language_of

# Mail programs drop style sheets, so what members write gets its measures on the spot.
_STYLES = (
    (re.compile(r"<(h[2-6])>"), r'<\1 style="margin:18px 0 8px;font-size:17px;line-height:1.3">'),
    (re.compile("<pre>"), '<pre style="white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px">'),
    (re.compile("<table>"), '<table cellpadding="6" style="border-collapse:collapse;text-align:left">'),
)
_BLANK_LINES = re.compile(r"\n{3,}")


def write(letter: Letter) -> Written:
    """The letter as HTML and as plain text, in the language now active."""
    programme = this_programme()
    context: dict[str, object] = {
        "site": Site((programme.name if programme else "") or settings.SITE_NAME, ""),
        "language": language_of(letter.language).html,
        "subject": letter.subject,
        "marking": letter.marking,
        "letter": letter,
        "body": _body(letter.body),
        "body_language": language_of(letter.body_language).html,
        "link": letter.link,
        "reason": letter.reason,
        "unsubscribe_url": letter.mail_off,
    }
    plain = _BLANK_LINES.sub("\n\n", render_to_string("mail/notice.txt", context))
    return Written(html=render_to_string("mail/notice.html", context), plain=f"{plain.strip()}\n")


def write_digest(letter: DigestLetter) -> Written:
    """The mail of a day as HTML and as plain text."""
    programme = this_programme()
    context: dict[str, object] = {
        "site": Site((programme.name if programme else "") or settings.SITE_NAME, ""),
        "language": language_of(letter.language).html,
        "subject": letter.subject,
        "marking": letter.marking,
        "letter": letter,
        "link": f"{settings.BASE_URL}/member/notices/",
        "reason": letter.reason,
        "unsubscribe_url": letter.mail_off,
    }
    plain = _BLANK_LINES.sub("\n\n", render_to_string("mail/digest.txt", context))
    return Written(html=render_to_string("mail/digest.html", context), plain=f"{plain.strip()}\n")


@lru_cache(maxsize=16)  # one text goes to many readers
def _body(text: str) -> SafeString:
    html = render(text)
    for tag, styled in _STYLES:
        html = tag.sub(styled, html)
    return mark_safe(html)  # noqa: S308  the one Markdown renderer, whose output is safe, and our own styles
