"""The first page: the advisory that matters most now, what is new, where to find help, and the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from infohub.members.models import named
from infohub.programme.figures import FEWEST, Figures, published_figures
from infohub.releases.models import Release
from infohub.web.chart import Month, chart_of
from infohub.web.moments import month_in_words
from infohub.web.public.page import public_page
from infohub.web.public.rows import rows_of, telling_of

LATEST = 6
_LOOKED_AT = 30
_LEADS_FOR = timedelta(days=14)


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """News and help first, the programme after them."""
    newest = list(Release.objects.public()[:_LOOKED_AT])
    lead = _lead(newest)
    figures = published_figures()
    context = {
        "nav": "home",
        "lead": telling_of(lead) if lead else None,
        "rows": rows_of([release for release in newest if release != lead][:LATEST]),
        **_numbers(figures),
    }
    return render(request, "public/home.html", context)


@public_page
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures as tables."""
    return render(request, "public/statistics.html", {"nav": "about", **_numbers(published_figures())})


@public_page
def help_pages(request: HttpRequest) -> HttpResponse:
    """Where to find help, all of it in one place."""
    return render(request, "public/guidance.html", {"nav": "guidance"})


def _lead(newest: Sequence[Release]) -> Release | None:
    """The most severe of the last fortnight that had a release; among equals one in the page's language, the newest."""
    if not newest:
        return None
    since = newest[0].published_at - _LEADS_FOR
    lately = [release for release in newest if release.published_at >= since]
    language = get_language()

    def weight(release: Release) -> tuple[int, bool, datetime]:
        return release.severity, release.text_in(language or "").language == language, release.published_at

    return max(lately, key=weight)


def _numbers(figures: Figures) -> dict[str, object]:
    told = [(named(sector.names), sector.organisations) for sector in figures.sectors]
    return {
        "figures": figures,
        "numbers": [
            (_("organisations"), _shown(figures.organisations)),
            (_("representatives"), _shown(figures.representatives)),
            (_("pieces shared by members"), _shown(figures.shared)),
            (_("released to the public"), _shown(figures.released)),
        ],
        "chart": chart_of([Month(month.first, month.shared, month.released) for month in figures.months]),
        "months": [
            {"name": month_in_words(month.first), "shared": month.shared, "released": month.released}
            for month in reversed(figures.months)
        ],
        "sectors": told,
        "most": max((number for _, number in told if number is not None), default=0),
        "fewest": FEWEST,
    }


def _shown(number: int | None) -> str:
    """A figure in words; one that may not be told says why it is missing."""
    return _("too few to tell") if number is None else f"{number:,}"
