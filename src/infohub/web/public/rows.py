"""Releases as the public pages and feeds show them: in the reader's language, else in another that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, ngettext

from infohub.members.models import Sector
from infohub.releases.models import Origin, Release, ReleaseText
from infohub.web.languages import LANGUAGES, Language, language_of

SEVERITIES = {1: "low", 2: "medium", 3: "high", 4: "critical"}


@dataclass(frozen=True, slots=True)
class Row:
    """One dated row of a list, ready to show."""

    url: str
    title: str
    summary: str
    severity: str
    published_at: datetime
    kind_label: str
    counts: tuple[str, ...]
    lang: str
    author_name: str = ""
    tlp: None = None
    unread: None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A release in the words of one language, for its own page and the top of the home."""

    release: Release
    text: ReleaseText
    lang: str
    severity: str
    url: str
    indicators: int
    sectors: tuple[str, ...]
    others: tuple[Language, ...] = field(default=())

    @property
    def kind(self) -> str:
        return self.release.get_kind_display()

    @property
    def is_converted(self) -> bool:
        return self.text.origin == Origin.CONVERTED

    @property
    def is_machine(self) -> bool:
        return self.text.origin == Origin.MACHINE


def row_of(release: Release) -> Row:
    """The row of one release."""
    text = release.text_in(get_language() or "en")
    count = len(release.indicators)
    indicators = ngettext("%(n)d indicator", "%(n)d indicators", count) % {"n": count}
    return Row(
        url=reverse("public:advisory", args=[release.ref]),
        title=text.title,
        summary=text.summary,
        severity=SEVERITIES.get(release.severity, ""),
        published_at=release.published_at,
        kind_label=release.get_kind_display(),
        counts=(*_sectors(release), *((indicators,) if count else ())),
        lang=_foreign(text),
    )


def rows_of(releases: Iterable[Release]) -> list[Row]:
    """The rows of several releases."""
    return [row_of(release) for release in releases]


def telling_of(release: Release) -> Telling:
    """The release as its own page tells it."""
    text = release.text_in(get_language() or "en")
    written = {each.language for each in release.texts.all()}
    return Telling(
        release=release,
        text=text,
        lang=_foreign(text),
        severity=SEVERITIES.get(release.severity, ""),
        url=reverse("public:advisory", args=[release.ref]),
        indicators=len(release.indicators),
        sectors=_sectors(release),
        others=tuple(each for each in LANGUAGES if each.code in written and each.code != text.language),
    )


def _sectors(release: Release) -> tuple[str, ...]:
    sectors: Iterable[Sector] = release.sectors.all()
    return tuple(sector.name for sector in sectors)


def _foreign(text: ReleaseText) -> str:
    """The HTML language of the text, where it differs from the page's."""
    return "" if text.language == get_language() else language_of(text.language).html
