"""Keeps what public catalogues say of CVE numbers; runs inside its caller's transaction."""

from __future__ import annotations

from infohub.intel import bulk
from infohub.intel.models import CveFacts, Source, SourceKind
from infohub.intel.models.facts import CveFactsQuerySet
from infohub.standards.feeds.facts import Catalogued, Facts, Rated, Scored

_EXPLOITED = ("cve", "exploited_since", "due", "by_ransomware")
_SCORED = ("cve", "epss", "percentile", "scored_on")
_RATED = ("cve", "cvss", "cvss_vector")


def keep_facts(facts: Facts) -> int:
    """Write down what a catalogue says now, and forget what it says no more; how many scores came."""
    if isinstance(facts, Catalogued):
        _forget_exploited()
        bulk.upsert(CveFacts, _EXPLOITED, facts.rows)
    elif isinstance(facts, Scored):
        bulk.upsert(CveFacts, _SCORED, [(*row, facts.on) for row in facts.rows])
        if facts.is_last:
            _forget_scores(CveFacts.objects.scored().exclude(scored_on=facts.on))
        return len(facts.rows)
    elif isinstance(facts, Rated):
        bulk.upsert(CveFacts, _RATED, facts.rows)
    return 0


def forget_facts(source: Source) -> None:
    """Nobody keeps up any more what this source said, unless another of its kind does."""
    if Source.objects.filter(kind=source.kind).exclude(pk=source.pk).exists():
        return
    if source.kind == SourceKind.KEV:
        _forget_exploited()
    elif source.kind == SourceKind.EPSS:
        _forget_scores(CveFacts.objects.scored())


def _forget_exploited() -> None:
    CveFacts.objects.exploited().update(exploited_since=None, due=None, by_ransomware=False)


def _forget_scores(rows: CveFactsQuerySet) -> None:
    rows.update(epss=None, percentile=None, scored_on=None)
