"""Lays out the chart of the programme's months: numbers in, the places of bars and words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from infohub.programme.figures import Month
from infohub.web.moments import month_in_words

WIDTH, HEIGHT, TOP, BASE = 640, 154, 18, 132


@dataclass(frozen=True, slots=True)
class Bar:
    """A month as two bars, one before the other; a height of None is a month that is not told."""

    x: float
    width: float
    shared_y: float
    shared_height: float
    released_y: float
    released_height: float
    is_told: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A word under or over the bars."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    words: tuple[Word, ...]
    latest: Month


def chart_of(months: Sequence[Month]) -> Chart | None:
    """The chart of these months, nothing where there is nothing to see."""
    most = max((max(month.shared or 0, month.released) for month in months), default=0)
    if not most:
        return None
    step = WIDTH / len(months)
    bars = tuple(_bar(place, month, step, (BASE - TOP) / most) for place, month in enumerate(months))
    highest = max(range(len(months)), key=lambda place: months[place].shared or 0)
    return Chart(bars, (*_highest(bars, months, highest), *_axis(months)), months[-1])


def _bar(place: int, month: Month, step: float, scale: float) -> Bar:
    shared, released = round((month.shared or 0) * scale, 1), round(month.released * scale, 1)
    width = min(step * 0.8, 40)
    return Bar(
        x=round(place * step + (step - width) / 2, 1),
        width=round(width, 1),
        shared_y=round(BASE - shared, 1),
        shared_height=shared,
        released_y=round(BASE - released, 1),
        released_height=released,
        is_told=month.shared is not None,
    )


def _highest(bars: Sequence[Bar], months: Sequence[Month], place: int) -> list[Word]:
    number = months[place].shared
    if not number:
        return []
    bar = bars[place]
    middle = min(max(bar.x + bar.width / 2, 12), WIDTH - 12)
    return [Word(x=round(middle, 1), y=bar.shared_y - 5, anchor="middle", text=str(number))]


def _axis(months: Sequence[Month]) -> list[Word]:
    """The first and the last month, and between them the one in the middle where there is room."""
    words = [Word(x=2, y=HEIGHT - 5, anchor="start", text=month_in_words(months[0].first))]
    if len(months) > 8:
        middle = len(months) // 2
        place = (middle + 0.5) * WIDTH / len(months)
        words.append(Word(x=round(place, 1), y=HEIGHT - 5, anchor="middle", text=month_in_words(months[middle].first)))
    if len(months) > 1:
        words.append(Word(x=WIDTH - 2, y=HEIGHT - 5, anchor="end", text=month_in_words(months[-1].first)))
    return words
