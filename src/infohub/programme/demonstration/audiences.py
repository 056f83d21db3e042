"""Whom a piece of the demonstration reaches: as its text says, and as the policy allows."""

from collections.abc import Iterable
from datetime import datetime

from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.standing import Reach, Standing
from infohub.programme.demonstration.themes import Settings, Theme


def _staying(people: Iterable[str], standing: Standing, moment: datetime, now: datetime) -> list[str]:
    """Those whose membership of that moment is still the one they have."""
    found = []
    for person in people:
        then, present = standing.stay(person, moment), standing.stay(person, now)
        if then is not None and then == present:
            found.append(person)
    return found


def _named(theme: Theme, writer: str, standing: Standing, moment: datetime, now: datetime, key: str) -> tuple[str, ...]:
    """The author and a handful of others of the group."""
    seated = [person for person in standing.people if standing.seated(person, theme.groups[0], moment)]
    others = [person for person in _staying(seated, standing, moment, now) if person != writer]
    roll = dice("named", key)
    return (writer, *sorted(roll.sample(others, min(len(others), roll.randint(3, 6)))))


def _homes(writer: str, standing: Standing, moment: datetime, key: str) -> tuple[str, ...]:
    """The author's organisation and some of the same sector."""
    stay = standing.stay(writer, moment)
    assert stay is not None, "an author is a member when the piece is published"
    mine = standing.organisations[stay.organisation]
    others = [
        home.id
        for home in standing.organisations.values()
        if home != mine and home.status == "active" and home.since < moment and set(home.sectors) & set(mine.sectors)
    ]
    roll = dice("homes", key)
    return (mine.id, *sorted(roll.sample(others, min(len(others), roll.randint(2, 4)))))


def reach(
    theme: Theme, settings: Settings, writer: str, standing: Standing, moment: datetime, now: datetime, key: str
) -> Reach:
    """The audience as the text's settings say it."""
    targets = set(settings.targets)
    return Reach(
        tlp=settings.tlp,
        published=moment,
        people=_named(theme, writer, standing, moment, now, key) if "people" in targets else (),
        organisations=_homes(writer, standing, moment, key) if "organisations" in targets else (),
        sectors=theme.sectors if "sectors" in targets else (),
        groups=theme.groups if "group" in targets else (),
        everyone=bool(targets & {"everyone", "public"}),
        public="public" in targets,
        frozen=settings.frozen or settings.tlp == "RED",
        except_classes=tuple(settings.except_classes),
        except_organisations=tuple(settings.except_organisations),
    )
