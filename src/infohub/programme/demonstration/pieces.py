"""The pieces of the demonstration: every story told, each piece at its moment, by its author, to its readers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from infohub.programme.demonstration.almanac import before, slots, written
from infohub.programme.demonstration.attachments import attachment
from infohub.programme.demonstration.audiences import reach
from infohub.programme.demonstration.authors import author
from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.marks import Mark, new_marks
from infohub.programme.demonstration.standing import Reach, Standing
from infohub.programme.demonstration.talk import comments
from infohub.programme.demonstration.themes import Episode, Theme, themes
from infohub.programme.demonstration.words import Setting, markdown

_STRICTNESS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
_PAP = {"CLEAR": "CLEAR", "GREEN": "GREEN", "AMBER": "AMBER", "AMBER+STRICT": "AMBER", "RED": "RED"}


@dataclass(frozen=True)
class _Part:
    """A piece waiting for its moment: its story, its turn in it, and how far along the two years it stands."""

    theme: Theme
    episode: Episode
    turn: int
    copy: int
    along: float

    @property
    def dated(self) -> bool:
        return self.episode.settings.state in {"published", "withdrawn"}


def _parts() -> list[_Part]:
    """Every piece of every story, spread evenly over the story's span of time."""
    found = []
    for theme in themes():
        told = [(episode, copy) for episode in theme.episodes for copy in range(episode.settings.copies)]
        low, high = map(float, theme.header["span"].split("-"))
        roll = dice("span", theme.key)
        for turn, (episode, copy) in enumerate(told):
            place = turn + roll.uniform(-0.25, 0.25) if 0 < turn < len(told) - 1 else turn
            along = low + (high - low) * (place / (len(told) - 1) if len(told) > 1 else 0.5)
            found.append(_Part(theme, episode, turn, copy, along))
    return found


def _settings(now: datetime) -> Iterator[tuple[_Part, Setting]]:
    """Each piece with its moment and its indicators, oldest first."""
    parts = sorted(_parts(), key=lambda part: part.along)
    moments = iter(slots(now, sum(part.dated for part in parts)))
    latest: dict[str, tuple[datetime, Mark | None, str]] = {}
    for part in parts:
        moment = next(moments) if part.dated else before(now, 0.2)
        seen, shared, marking = latest.get(part.theme.key, (moment - timedelta(days=9), None, "RED"))
        key = f"{part.theme.key}-{part.turn + 1}"
        settings = part.episode.settings
        marks = new_marks(settings.marks, part.theme.header.get("bait", "notice").split(), dice("marks", key))
        if marks and shared is not None and _STRICTNESS.index(settings.tlp) >= _STRICTNESS.index(marking):
            marks.append(shared)
        if part.dated:
            latest[part.theme.key] = (moment, marks[0] if marks else None, settings.tlp)
        yield part, Setting(part.theme, key, part.turn, part.copy, moment, seen, tuple(dict.fromkeys(marks)))


def _audience(to: Reach) -> dict[str, object]:
    return {
        "people": list(to.people),
        "organisations": list(to.organisations),
        "sectors": list(to.sectors),
        "groups": list(to.groups),
        "everyone": to.everyone,
        "public": to.public,
        "frozen": to.frozen,
        "except": {"classes": list(to.except_classes), "organisations": list(to.except_organisations)},
    }


def _item(part: _Part, setting: Setting, standing: Standing, now: datetime) -> dict[str, object]:
    theme, episode, moment, key = part.theme, part.episode, setting.published, setting.key
    settings = episode.settings
    writer = author(theme, episode, standing, moment, key)
    to = reach(theme, settings, writer, standing, moment, now, key)
    talk = episode.talk if settings.state == "published" else []
    return {
        "id": key,
        "kind": episode.kind,
        "language": theme.language,
        "title": setting.fill(episode.title, "title"),
        "body": markdown(episode, setting),
        "severity": settings.severity,
        "sectors": list(theme.sectors),
        "tlp": settings.tlp,
        "pap": _PAP[settings.tlp],
        "audience": _audience(to),
        "author": writer,
        "unattributed": settings.unattributed,
        "state": settings.state,
        "published_at": written(moment) if part.dated else None,
        "indicators": [mark.value for mark in setting.marks],
        "attachments": [attachment(settings.file, setting)] if settings.file else [],
        "comments": comments(talk, setting, to, writer, settings.unattributed, standing, now),
    }


def items(standing: Standing, now: datetime) -> list[dict[str, object]]:
    """All pieces, oldest first; what is not published yet stands where its story has come to."""
    return [_item(part, setting, standing, now) for part, setting in _settings(now)]
