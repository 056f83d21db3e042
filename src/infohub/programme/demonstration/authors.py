"""Who wrote a piece of the demonstration: somebody who could, from a house to which the story fits."""

from datetime import datetime
from functools import cache

from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.organisations import OFFICE, Organisation
from infohub.programme.demonstration.standing import Standing
from infohub.programme.demonstration.themes import Episode, Settings, Theme

_WRITERS = {"desk_agent", "programme_manager", "expert", "moderator"}


@cache
def _talkative(person: str) -> float:
    """A few people write much, most write little."""
    return min(dice("talkative", person).paretovariate(1.1), 9.0)


def choose(people: list[str], standing: Standing, language: str, *names: object) -> str:
    """Somebody of these people, rather one who writes in the language."""
    speakers = [person for person in people if standing.people[person].language == language]
    pool = speakers if speakers and (language != "en" or dice("speak", *names).random() < 0.7) else people
    return dice("choose", *names).choices(pool, [_talkative(person) for person in pool])[0]


def _homes(standing: Standing, moment: datetime) -> dict[str, Organisation]:
    """Every member of the moment with the organisation."""
    stays = ((person, standing.stay(person, moment)) for person in standing.people)
    return {person: standing.organisations[stay.organisation] for person, stay in stays if stay is not None}


def _office(homes: dict[str, Organisation], standing: Standing) -> list[str]:
    """Those of the office whose work is to write; its site administrator writes only in the moderator's stead."""
    staff = [person for person, home in homes.items() if home.id == OFFICE]
    roles = {person: set(standing.people[person].roles) for person in staff}
    return [person for person in staff if roles[person] & _WRITERS and "site_administrator" not in roles[person]]


def _may_tell(home: Organisation, theme: Theme, settings: Settings) -> bool:
    """Members and, except among small firms, vendors; nobody whom the audience leaves out."""
    classes = {"member", "association"} | ({"vendor"} if "smes" not in theme.groups else set())
    shown = home.rank in classes - set(settings.except_classes) and home.id not in settings.except_organisations
    return shown and home.id == (settings.home or home.id)


def _nearer(pool: list[str], homes: dict[str, Organisation], theme: Theme) -> list[str]:
    """Of these, the people of the story's sectors, then of houses of its size, where there are any."""
    sector = [person for person in pool if set(theme.sectors) & set(homes[person].sectors)] or pool
    low, high = theme.size
    return [person for person in sector if low <= homes[person].size <= high] or sector


def author(theme: Theme, episode: Episode, standing: Standing, moment: datetime, key: str) -> str:
    """The author: the one the text names, the office, or a member to whom the story could have happened."""
    settings, homes = episode.settings, _homes(standing, moment)
    if settings.author == "office":
        return choose(_office(homes, standing), standing, theme.language, "author", key)
    if settings.author is not None:
        return settings.author
    pool = [person for person, home in homes.items() if _may_tell(home, theme, settings)]
    if {"group", "people"} & set(settings.targets):
        pool = [person for person in pool if standing.seated(person, theme.groups[0], moment)]
    return choose(_nearer(pool, homes, theme), standing, theme.language, "author", key)
