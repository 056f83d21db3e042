"""Lays out a graph in three columns: a thing, what it is tied by, and what that leads to; places of boxes and lines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

WIDTH, TOP, PITCH, BOX = 964, 28, 36, 28
COLUMNS = ((0, 200), (280, 320), (680, 280))
"""Where each column begins, and how wide its boxes are."""

_INSIDE, _LATIN, _WIDE = 8, 6.6, 12.0
_CHINESE_FROM = 0x2E80


@dataclass(frozen=True, slots=True)
class Node:
    """What stands in a box: words, in which language where it is not the page's, and where it leads."""

    words: str
    url: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A node in its place; `short` is as much of its words as fits in."""

    node: Node
    short: str
    x: int
    y: int
    width: int
    is_own: bool = False

    @property
    def text_x(self) -> int:
        """Where its words begin."""
        return self.x + _INSIDE

    @property
    def text_y(self) -> int:
        """On which line they stand."""
        return self.y + 18

    @property
    def middle(self) -> int:
        """At which height lines leave it and reach it."""
        return self.y + BOX // 2


@dataclass(frozen=True, slots=True)
class Graph:
    """The same graph gives the same picture; a line is the path of a curve."""

    height: int
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]


def graph_of(own: Node, ties: Sequence[Node], others: Sequence[Node], leads: Collection[tuple[int, int]]) -> Graph:
    """The picture of a thing, its ties, and the others that they lead to: pairs of places in both lists."""
    rows = max(len(ties), len(others), 1)
    (first,), middle, last = (_column(place, nodes, rows) for place, nodes in enumerate(([own], ties, others)))
    lines = [_line(first, box) for box in middle] + [_line(middle[tie], last[other]) for tie, other in sorted(leads)]
    return Graph(TOP + rows * PITCH, (first, *middle, *last), tuple(lines))


def shortened(words: str, width: int) -> str:
    """As much of the words as fits into so many units, with a sign that there were more."""
    left = float(width)
    for place, letter in enumerate(words):
        left -= _WIDE if ord(letter) >= _CHINESE_FROM else _LATIN
        if left < 0:
            return words[: max(0, place - 1)].rstrip() + "…"
    return words


def _column(place: int, nodes: Sequence[Node], rows: int) -> list[Box]:
    x, width = COLUMNS[place]
    top = TOP + (rows - len(nodes)) * PITCH // 2
    return [
        Box(node, shortened(node.words, width - 2 * _INSIDE), x, top + number * PITCH, width, is_own=place == 0)
        for number, node in enumerate(nodes)
    ]


def _line(one: Box, other: Box) -> str:
    begin, end = one.x + one.width, other.x
    half = (begin + end) // 2
    return f"M{begin} {one.middle}C{half} {one.middle} {half} {other.middle} {end} {other.middle}"
