"""From a theme's text to a piece's Markdown: the variables filled in, the shared advice and the indicators added."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from infohub.programme.demonstration.almanac import day_words, month_words
from infohub.programme.demonstration.dice import dice
from infohub.programme.demonstration.marks import Mark
from infohub.programme.demonstration.themes import Episode, Theme

_HEADINGS = {
    "en": ("Do this first", "How to detect it", "Indicators"),
    "zh-hant": ("先做這幾件事", "如何察覺", "入侵指標"),
    "zh-hans": ("请先这样做", "如何发现", "入侵指标"),
}
_URGENT = {"alert", "advisory", "incident"}
_VARIABLE = re.compile(r"\{(\w+)(?::([\w-]+))?\}")


@dataclass(frozen=True)
class Setting:
    """What is known when a piece is written: its story, its place in it, its moment and its indicators."""

    theme: Theme
    key: str
    turn: int
    copy: int
    published: datetime
    previous: datetime
    marks: tuple[Mark, ...] = field(default=())

    def fill(self, text: str, place: str) -> str:
        """The text with its variables replaced; the same place always gets the same numbers."""
        roll = dice("words", self.key, place)

        def value(match: re.Match[str]) -> str:
            name, detail = match[1], match[2] or ""
            if name == "n":
                low, high = map(int, detail.split("-"))
                return str(roll.randint(low, high))
            return self._named(name, detail)

        return _VARIABLE.sub(value, text)

    def _named(self, name: str, detail: str) -> str:
        language = self.theme.language
        if name == "day":
            return day_words(self.published - timedelta(days=int(detail)), language)
        if name == "before":
            return day_words(self.previous, language)
        if name == "month":
            return month_words(self.published, language)
        if name == "cve":
            return f"CVE-{self.published.year}-99{dice('cve', self.theme.key, detail).randint(100, 998)}"
        if name[0] in "dahmuv" and name[1:].isdigit():
            return self._shown(name)
        return self.theme.values(name)[self.copy]

    def _shown(self, name: str) -> str:
        chosen = [mark for mark in self.marks if mark.letter == name[0]]
        return f"`{chosen[int(name[1:]) - 1].shown}`"


def _advice(theme: Theme, episode: Episode, turn: int) -> list[str]:
    """All of it for the public; three points, not always the same, for those who have read it before."""
    if "public" in episode.settings.targets or len(theme.first) <= 3:
        return theme.first
    start = turn % (len(theme.first) - 2)
    chosen = theme.first[start : start + 3]
    return [f"{place}. {line.partition('. ')[2]}" for place, line in enumerate(chosen, 1)]


def _section(heading: str, lines: list[str]) -> list[str]:
    return ["", f"## {heading}", "", *lines] if lines else []


def markdown(episode: Episode, setting: Setting) -> str:
    """The body of a piece: its opening, what to do, its own sections, how to detect it, its indicators."""
    theme = setting.theme
    first, detect, indicators = _HEADINGS[theme.language]
    urgent = episode.kind in _URGENT and not episode.settings.plain
    lines = list(episode.body)
    cut = next((place for place, line in enumerate(lines) if line.startswith("### ")), len(lines))
    opening, own = lines[:cut], [line.removeprefix("#") for line in lines[cut:]]
    text = [*opening]
    if urgent:
        text += _section(first, _advice(theme, episode, setting.turn))
    text += [""] * bool(own) + own
    if urgent and setting.turn % 3 != 2:
        text += _section(detect, theme.detect)
    text += _section(indicators, [f"- `{mark.shown}` ({mark.sort})" for mark in setting.marks])
    filled = setting.fill("\n".join(text), "body")
    return re.sub(r"\n{3,}", "\n\n", filled).strip()
