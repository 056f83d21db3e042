"""When each person hears of an event by mail, from what they wished: at once, with the day's digest, or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import Enum

from infohub.catalogue.models import Entry, Severity
from infohub.delivery.models import Event, Following, GroupPace, Pace, Preference, Stance
from infohub.delivery.rules import SOONEST, Met, met_by
from infohub.members.programme import clock

# What asks something of the person, or addresses them, is heard through every mute.
_ALWAYS = frozenset(
    {
        *(Event.CONSENT, Event.RETURNED, Event.RELEASED, Event.DOUBTED, Event.MENTIONED),
        *(Event.UNSEALED, Event.REPORTED, Event.SUGGESTED),
    }
)


class Way(Enum):
    """What becomes of a notice."""

    MAIL = "mail"
    DIGEST = "digest"
    PORTAL = "portal"
    NOT_AT_ALL = "not_at_all"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the people concerned wished; who wished nothing is told at once."""

    preferences: dict[int, Preference]
    group_paces: dict[int, list[str]]
    muted: frozenset[int]
    rules: dict[int, Met]
    clock: tzinfo

    def way(self, person: int, *, entry: Entry, event: Event, by_name: bool) -> Way:
        """How this person hears of the event. Being addressed by name is heard through every mute."""
        if person in self.muted and not by_name and event not in _ALWAYS:
            return Way.NOT_AT_ALL
        pace = self._pace(person)
        if pace == Pace.NONE:
            return Way.PORTAL
        urgent = entry.severity >= Severity.CRITICAL or event in _ALWAYS
        return Way.DIGEST if pace == Pace.DIGEST and not urgent else Way.MAIL

    def reason(self, person: int, reason: dict[str, str]) -> dict[str, str]:
        """Why this person hears of it, with the name of the rule that asks for it."""
        return reason | {"rule": self.rules[person].name} if person in self.rules else reason

    def mail_at(self, person: int, moment: datetime, *, entry: Entry) -> datetime:
        """When the mail goes: not in the person's quiet hours, unless the piece is critical."""
        wish = self.preferences.get(person)
        if wish is None or wish.quiet_from is None or wish.quiet_to is None or entry.severity >= Severity.CRITICAL:
            return moment
        return after_quiet(moment.astimezone(self.clock), start=wish.quiet_from, end=wish.quiet_to)

    def digest_at(self, person: int, moment: datetime) -> datetime:
        """The person's next digest after this moment."""
        hour = self.preferences[person].digest_hour if person in self.preferences else 18
        return next_hour(moment.astimezone(self.clock), hour)

    def _pace(self, person: int) -> str:
        """The soonest of what was wished for the groups of the piece, else in general, and of what rules ask for."""
        preference = self.preferences.get(person)
        wished = self.group_paces.get(person) or [preference.pace if preference else Pace.AT_ONCE]
        asked = [self.rules[person].pace] if person in self.rules else []
        return min((*wished, *asked), key=lambda pace: SOONEST.index(Pace(pace)))


def wishes_of(people: Collection[int], *, entry: Entry, event: Event) -> Wishes:
    """Six queries, however many people and rules; rules are about new pieces, and a mute is stronger."""
    groups: dict[int, list[str]] = {}
    rows = GroupPace.objects.filter(group__in=entry.groups.values("pk"), person__in=list(people))
    for person, pace in rows.values_list("person_id", "pace"):
        groups.setdefault(person, []).append(pace)
    muted = frozenset(Following.objects.about(entry, Stance.MUTE).values_list("person_id", flat=True))
    return Wishes(
        preferences={row.person_id: row for row in Preference.objects.filter(person__in=list(people))},
        group_paces=groups,
        muted=muted,
        rules=met_by(entry, set(people) - muted) if event == Event.SHARED else {},
        clock=clock(),
    )


def after_quiet(moment: datetime, *, start: int, end: int) -> datetime:
    """The moment, or the end of the quiet hours it falls into on its own clock; they may span midnight."""
    hour = moment.hour
    quiet = start <= hour < end if start <= end else hour >= start or hour < end
    return next_hour(moment, end) if quiet else moment


def next_hour(moment: datetime, hour: int) -> datetime:
    """The next time the moment's own clock strikes this hour, after it."""
    at = moment.replace(hour=hour, minute=0, second=0, microsecond=0)
    return at if at > moment else at + timedelta(days=1)
