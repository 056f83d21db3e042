"""What rules ask for: what each would have found, and which of them a new piece meets, by the same conditions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Value

from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.catalogue.search import having_all, matching
from infohub.delivery.models import Pace, Rule
from infohub.policy.viewer import Viewer

SOONEST = (Pace.AT_ONCE, Pace.DIGEST, Pace.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a piece must meet, all of it; an empty one is none."""

    kinds: tuple[str, ...] = ()
    severity: int = 0
    sectors: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    words: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.kinds or self.severity or self.sectors or self.groups or self.words)


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that a new piece meets: its name, and how its person wants to hear."""

    name: str
    pace: Pace


def conditions_of(rule: Rule) -> Conditions:
    """The conditions of a rule; of several rules prefetch sectors and groups."""
    return Conditions(
        kinds=tuple(rule.kinds),
        severity=rule.severity,
        sectors=frozenset(sector.pk for sector in rule.sectors.all()),
        groups=frozenset(group.pk for group in rule.groups.all()),
        words=rule.words,
    )


def found_by(conditions: Conditions, viewer: Viewer, *, since: datetime) -> EntryQuerySet:
    """What a rule of the viewer would have found since then: of others' pieces, those the viewer may read now."""
    own = Q(label__author=viewer.membership) | Q(label__seal__in=viewer.seals)
    rows = Entry.objects.readable(viewer).filter(published_at__gte=since, severity__gte=conditions.severity)
    rows = rows.exclude(own)
    if conditions.kinds:
        rows = rows.filter(kind__in=conditions.kinds)
    if conditions.sectors:
        there = Entry.sectors.through.objects.filter(sector__in=conditions.sectors)
        rows = rows.filter(pk__in=there.values("entry"))
    if conditions.groups:
        seated = Entry.groups.through.objects.filter(group__in=conditions.groups & viewer.groups)
        rows = rows.filter(pk__in=seated.values("entry"))
    return matching(rows, conditions.words) if conditions.words else rows


def numbers_found(rules: Sequence[Rule], viewer: Viewer, *, since: datetime) -> dict[int, int]:
    """How many pieces each rule would have found, in one query for all; a rule that found none is left out."""
    counts = [
        found_by(conditions_of(rule), viewer, since=since)
        .order_by()
        .values(rule=Value(rule.pk))
        .annotate(number=Count("pk"))
        .values_list("rule", "number")
        for rule in rules
    ]
    return dict(counts[0].union(*counts[1:], all=True)) if counts else {}


def met_by(entry: Entry, people: Collection[int]) -> dict[int, Met]:
    """Of each of these people the rule a new entry meets, of several the soonest.

    Two queries, however many people and rules: the entry's words are read once, and the rules' were taken apart when
    the rules were made.
    """
    rows = Rule.objects.asking_for(entry).filter(person__in=list(people)).order_by("pk")
    told = rows.values_list("person_id", "name", "pace", "kinds", "terms")
    asking = [
        (person, Met(name, Pace(pace)), tuple(terms))
        for person, name, pace, kinds, terms in told
        if not kinds or entry.kind in kinds
    ]
    found = having_all(entry, {terms for _person, _met, terms in asking if terms}) | {()}
    first: dict[int, Met] = {}
    for person, met, terms in sorted(asking, key=lambda row: SOONEST.index(row[1].pace)):
        if terms in found:
            first.setdefault(person, met)
    return first
