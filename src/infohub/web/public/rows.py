"""Releases as the public pages and feeds show them: in the reader's language, else in another that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from infohub.analysis.card import Card, card_of
from infohub.members.models import Sector
from infohub.releases.models import Origin, Release, ReleaseText
from infohub.support.markdown import plain
from infohub.web.languages import Language, language_of, offered

_STEP, _POINTS, _MOST = 200, 3, 400
_LANGUAGES = {"en": _("in English"), "zh-hant": _("in Traditional Chinese"), "zh-hans": _("in Simplified Chinese")}
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
    card: Card
    lang: str
    severity: str
    url: str
    indicators: int
    sectors: tuple[str, ...]
    others: tuple[Language, ...]

    @property
    def kind(self) -> str:
        return self.release.get_kind_display()

    @property
    def language(self) -> Language:
        return language_of(self.text.language)

    @property
    def advice(self) -> list[tuple[str, str]]:
        """What each kind of reader should do, as far as somebody wrote it down."""
        written = [
            (_("Everyone"), self.text.everyone),
            (_("Shops and small firms"), self.text.small_firms),
            (_("Security teams"), self.text.teams),
        ]
        return [(str(who), what) for who, what in written if what]

    @property
    def points(self) -> list[tuple[str, str]]:
        """At most three things to do, filled up from the first steps of the text."""
        steps = [("", plain(step, _STEP)) for step in self.card.steps]
        return [*self.advice, *steps][:_POINTS]

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """The advice that the text below does not give in the same words under a heading of its own."""
        repeated = {plain(part, _MOST) for part in (self.card.everyone, self.card.small_firms, self.card.teams)}
        return [(who, what) for who, what in self.advice if what not in repeated]

    @property
    def has_own_summary(self) -> bool:
        """Whether the summary says more than the beginning of the text."""
        return not plain(self.card.opening, _MOST).startswith(self.text.summary.rstrip("…"))

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
        counts=(*_sectors(release), *((indicators,) if count else ()), *_only_in(text)),
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
        card=card_of(text.body),
        lang=_foreign(text),
        severity=SEVERITIES.get(release.severity, ""),
        url=reverse("public:advisory", args=[release.ref]),
        indicators=len(release.indicators),
        sectors=_sectors(release),
        others=tuple(each for each in offered() if each.code in written and each.code != text.language),
    )


def _sectors(release: Release) -> tuple[str, ...]:
    sectors: Iterable[Sector] = release.sectors.all()
    return tuple(sector.name for sector in sectors)


def _only_in(text: ReleaseText) -> tuple[str, ...]:
    """The language of a text that is not there in the page's."""
    return () if text.language == get_language() else (str(_LANGUAGES[text.language]),)


def _foreign(text: ReleaseText) -> str:
    """The HTML language of the text, where it differs from the page's."""
    return "" if text.language == get_language() else language_of(text.language).html
