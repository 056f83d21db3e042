"""What public catalogues say of CVE numbers, in sentences for whoever sees the number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from infohub.intel.models import CveFacts
from infohub.web.moments import day_in_words


def facts_of(numbers: Iterable[str]) -> dict[str, list[str]]:
    """The sentences for each of these numbers of which something is known."""
    return {cve: sentences(row) for cve, row in CveFacts.objects.of(numbers).items()}


def sentences(row: CveFacts) -> list[str]:
    """What matters most comes first."""
    said: list[str] = []
    if row.exploited_since is not None:
        said.append(_exploited(row.due))
        if row.by_ransomware:
            said.append(_("Known from ransomware."))
    if row.epss is not None and row.scored_on is not None:
        words = _("Likely exploited in the next 30 days: %(share)s (EPSS, %(day)s).")
        said.append(words % {"share": _share(row.epss), "day": _day(row.scored_on)})
    if row.cvss is not None:
        said.append(_("CVSS %(score)s of 10.") % {"score": f"{row.cvss:.1f}"})
    return said


def _exploited(due: date | None) -> str:
    if due is None:
        return _("Exploited: yes, says CISA.")
    return _("Exploited: yes, says CISA; to be mended by %(day)s.") % {"day": _day(due)}


def _share(epss: float) -> str:
    """As a percentage; what is rounded to nothing is still something."""
    return _("less than 1%%") % {} if epss < 0.005 else f"{round(epss * 100)}%"


def _day(day: date) -> str:
    return day_in_words(datetime.combine(day, time(12), timezone.get_current_timezone()))
