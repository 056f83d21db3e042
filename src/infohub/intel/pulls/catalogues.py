"""Pulls what is publicly known of CVE numbers: CISA's catalogue of exploited ones, and FIRST's scores."""

from __future__ import annotations

from infohub.intel.models import CveFacts, Source
from infohub.intel.pulls.asking import unreadable
from infohub.intel.pulls.files import Content, Part, shrunk
from infohub.standards.feeds import epss, kev
from infohub.standards.feeds.facts import Catalogued, Scored
from infohub.standards.problem import Problem
from infohub.support import clock

SCORES_AT_ONCE = 10_000
"""Few enough that others wait only a moment to write on SQLite."""


def of_exploited(raw: bytes, _source: Source) -> Content:
    """A vulnerability for each entry of the catalogue, and with the last of them the facts of all."""
    found = kev.read(raw)
    if isinstance(found, Problem):
        raise unreadable(found)
    return Content(
        number=len(found.objects),
        part=lambda start, until: Part(found.objects[start:until]),
        lines=found.lines,
        has_shrunk=lambda: shrunk(CveFacts.objects.exploited().count(), len(found.facts)),
        rest=lambda: [Part(facts=Catalogued(found.facts))],
    )


def of_scores(raw: bytes, _source: Source) -> Content:
    """The scores of a day, which become facts and no objects: there are a third of a million."""
    found = epss.read(raw)
    if isinstance(found, Problem):
        raise unreadable(found)
    rows, day = found.rows, (found.scored or clock.now()).date()
    return Content(
        number=len(rows),
        part=lambda start, until: Part(facts=Scored(rows[start:until], day, is_last=until == len(rows))),
        lines=found.lines,
        step=SCORES_AT_ONCE,
        has_shrunk=lambda: shrunk(CveFacts.objects.scored().count(), len(rows)),
    )
