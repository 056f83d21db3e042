"""Rows of lists: what a tide list shows of an entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, ngettext

from infohub.catalogue.models import Entry, Severity
from infohub.sharing.models import ItemKind
from infohub.standards.tlp import Tlp
from infohub.web.languages import language_of


@dataclass(frozen=True, slots=True)
class Row:
    """One dated row, ready to show."""

    url: str
    title: str
    summary: str
    severity: str
    tlp: Tlp
    published_at: datetime
    author_name: str
    kind_label: str
    counts: tuple[str, ...]
    lang: str
    unread: bool | None = None


def severity_word(severity: int) -> str:
    """The severity as the component wants it; empty where there is none."""
    return Severity(severity).name.lower() if severity else ""


def foreign(language: str) -> str:
    """The HTML language of a text, where it differs from the page's."""
    return "" if language_of(language) == language_of(get_language()) else language_of(language).html


def row_of(entry: Entry, *, unread: bool | None = None) -> Row:
    """The row of one entry, in the reader's language as far as it has words in it."""
    title, summary, language = entry.told_in(get_language() or "en")
    return Row(
        url=reverse("items:item", args=[entry.ref]),
        title=title,
        summary=summary,
        severity=severity_word(entry.severity),
        tlp=entry.tlp,
        published_at=entry.published_at,
        author_name=entry.author,
        kind_label=str(ItemKind(entry.kind).label),
        counts=_counts(entry),
        lang=foreign(language),
        unread=unread,
    )


def rows_of(entries: Iterable[Entry], *, unread: frozenset[int] | None = None) -> list[Row]:
    """The rows of several entries; `unread` holds the ids that are new to the viewer."""
    return [row_of(entry, unread=None if unread is None else entry.pk in unread) for entry in entries]


def _counts(entry: Entry) -> tuple[str, ...]:
    counts = []
    if entry.indicator_count:
        counts.append(
            ngettext("%(n)d indicator", "%(n)d indicators", entry.indicator_count) % {"n": entry.indicator_count}
        )
    if entry.comment_count:
        counts.append(ngettext("%(n)d reply", "%(n)d replies", entry.comment_count) % {"n": entry.comment_count})
    return tuple(counts)
