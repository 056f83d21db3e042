"""Lays out a chart of months, a part before its whole: numbers in, the places of bars and words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from infohub.web.moments import month_in_words

WIDTH, HEIGHT, TOP, BASE = 640, 154, 18, 132


@dataclass(frozen=True, slots=True)
class Month:
    """What a month brought, and a part of it or what goes beside it; a whole of None is not told."""

    first: datetime
    whole: int | None
    part: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A month as two bars, one before the other."""

    x: float
    width: float
    whole_y: float
    whole_height: float
    part_y: float
    part_height: float
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


def chart_of(months: Sequence[Month]) -> Chart | None:
    """The chart of these months, nothing where there is nothing to see."""
    most = max((max(month.whole or 0, month.part) for month in months), default=0)
    if not most:
        return None
    step = WIDTH / len(months)
    bars = tuple(_bar(place, month, step, (BASE - TOP) / most) for place, month in enumerate(months))
    highest = max(range(len(months)), key=lambda place: months[place].whole or 0)
    return Chart(bars, (*_highest(bars, months, highest), *_axis(months)))


def _bar(place: int, month: Month, step: float, scale: float) -> Bar:
    whole, part = round((month.whole or 0) * scale, 1), round(month.part * scale, 1)
    width = min(step * 0.8, 40)
    return Bar(
        x=round(place * step + (step - width) / 2, 1),
        width=round(width, 1),
        whole_y=round(BASE - whole, 1),
        whole_height=whole,
        part_y=round(BASE - part, 1),
        part_height=part,
        is_told=month.whole is not None,
    )


def _highest(bars: Sequence[Bar], months: Sequence[Month], place: int) -> list[Word]:
    number = months[place].whole
    if not number:
        return []
    bar = bars[place]
    middle = min(max(bar.x + bar.width / 2, 12), WIDTH - 12)
    return [Word(x=round(middle, 1), y=bar.whole_y - 5, anchor="middle", text=str(number))]


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
