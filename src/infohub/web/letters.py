"""Lays out the mails: the words come from delivery, which knows how much a mail may say."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from infohub.delivery.letters import Letter, Written
from infohub.members.models import Programme
from infohub.support.markdown import render
from infohub.web.context import Site
from infohub.web.languages import language_of

_rendered = lru_cache(maxsize=16)(render)  # one text goes to many readers


def write(letter: Letter) -> Written:
    """The letter as HTML and as plain text, in the language now active."""
    programme = Programme.objects.first()
    context: dict[str, object] = {
        "site": Site((programme.name if programme else "") or settings.SITE_NAME, ""),
        "language": language_of(letter.language).html,
        "subject": letter.subject,
        "marking": letter.marking,
        "letter": letter,
        "body": _safe(letter.body),
        "body_language": language_of(letter.body_language).html,
        "link": letter.link,
        "reason": letter.reason,
        "unsubscribe_url": letter.mail_off,
    }
    return Written(
        html=render_to_string("mail/notice.html", context), plain=render_to_string("mail/notice.txt", context)
    )


def _safe(text: str) -> SafeString:
    return mark_safe(_rendered(text))  # noqa: S308  the one Markdown renderer, whose output is safe
