"""The discussion below a piece: who says what, and when; only people who can read it speak."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from infohub.programme.demonstration.almanac import opening_hours, written
from infohub.programme.demonstration.authors import choose
from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.standing import Reach, Standing
from infohub.programme.demonstration.words import Setting

_AUTHOR = "@author"


def _moments(setting: Setting, count: int, now: datetime) -> list[datetime]:
    """When the comments were written: hours apart, in working hours where there is room for that before now."""
    roll = dice("talk", setting.key)
    moment, found = setting.published, []
    for _ in range(count):
        moment = opening_hours(moment + timedelta(minutes=roll.randint(17, 1100)))
        found.append(moment)
    if found and found[-1] > now - timedelta(minutes=10):
        step = (now - setting.published) / (count + 1)
        found = [setting.published + step * (place + 1) for place in range(count)]
    return [moment.replace(second=0, microsecond=0) for moment in found]


def _speakers(reach: Reach, standing: Standing, moment: datetime, now: datetime) -> list[str]:
    """Who could read it then and, as the same member, still can."""
    return [
        person
        for person in standing.people
        if standing.stay(person, moment) == standing.stay(person, now)
        and standing.reads(person, reach, moment)
        and standing.reads(person, reach, now)
    ]


def _lines(setting: Setting, lines: list[str], sealed: bool) -> Iterator[tuple[str, str]]:
    """Who speaks, where the text says so, and the words; an author who is not named does not answer under a name."""
    for place, line in enumerate(lines):
        voice, _, words = line.partition(" ") if line.startswith("@") else ("", "", line)
        if not (sealed and voice == _AUTHOR):
            yield voice, setting.fill(words, f"talk-{place}")


def _speaker(
    voice: str, able: list[str], writer: str, spoken: set[str], standing: Standing, now: datetime
) -> list[str]:
    """Those who may say this line: the author, somebody of the organisation named, or whoever has not spoken yet."""
    if voice == _AUTHOR:
        return [person for person in able if person == writer]
    fresh = [person for person in able if person not in spoken]
    if voice:
        stays = {person: standing.stay(person, now) for person in fresh}
        return [person for person, stay in stays.items() if stay is not None and stay.organisation == voice[1:]]
    return fresh


def comments(
    lines: list[str], setting: Setting, reach: Reach, writer: str, sealed: bool, standing: Standing, now: datetime
) -> list[dict[str, object]]:
    """The comments of a piece, oldest first; a line whose speaker could not read the piece is left out."""
    said = list(_lines(setting, lines, sealed))
    found: list[dict[str, object]] = []
    spoken = {writer}
    for place, ((voice, line), moment) in enumerate(zip(said, _moments(setting, len(said), now), strict=True)):
        pool = _speaker(voice, _speakers(reach, standing, moment, now), writer, spoken, standing, now)
        if pool:
            speaker = choose(pool, standing, setting.theme.language, "talk", setting.key, place)
            spoken.add(speaker)
            found.append({"author": speaker, "at": written(moment), "body": line})
    return found
