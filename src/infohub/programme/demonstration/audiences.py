"""Who wrote a piece of the demonstration and whom it reaches: somebody who could, and as the policy allows."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.organisations import OFFICE
from infohub.programme.demonstration.standing import Reach, Standing
from infohub.programme.demonstration.themes import Settings, Theme

_SHOWN_CLASSES = {"member", "vendor", "association"}


@cache
def _talkative(person: str) -> float:
    """A few people write much, most write little."""
    return min(dice("talkative", person).paretovariate(1.1), 9.0)


def choose(people: list[str], standing: Standing, language: str, *names: object) -> str:
    """Somebody of these people, rather one who writes in the language."""
    speakers = [person for person in people if standing.people[person].language == language]
    pool = speakers if speakers and (language != "en" or dice("speak", *names).random() < 0.7) else people
    return dice("choose", *names).choices(pool, [_talkative(person) for person in pool])[0]


def _fits(person: str, settings: Settings, standing: Standing, moment: datetime) -> bool:
    stay = standing.stay(person, moment)
    if stay is None:
        return False
    home = standing.organisations[stay.organisation]
    return home.rank in (_SHOWN_CLASSES - set(settings.except_classes)) and home.id not in settings.except_organisations


def _sectors(person: str, standing: Standing, moment: datetime) -> tuple[str, ...]:
    stay = standing.stay(person, moment)
    return () if stay is None else standing.organisations[stay.organisation].sectors


def _office(standing: Standing, moment: datetime) -> list[str]:
    stays = ((person, standing.stay(person, moment)) for person in standing.people)
    return [person for person, stay in stays if stay is not None and stay.organisation == OFFICE]


def author(theme: Theme, settings: Settings, standing: Standing, moment: datetime, key: str) -> str:
    """The author: the one the text names, the office, or a member of the sector who sits in the group."""
    if settings.author == "office":
        return choose(_office(standing, moment), standing, theme.language, "author", key)
    if settings.author is not None:
        return settings.author
    pool = [person for person in standing.people if _fits(person, settings, standing, moment)]
    if theme.groups and settings.targets != ["public"] and "everyone" not in settings.targets:
        pool = [person for person in pool if standing.seated(person, theme.groups[0], moment)]
    wanted = set(theme.sectors)
    nearest = [person for person in pool if wanted & set(_sectors(person, standing, moment))]
    return choose(nearest or pool, standing, theme.language, "author", key)


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
