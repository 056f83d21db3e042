"""A text cut into its sentences, each with its place: English and Chinese, Markdown's headings and lists apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 2_000
"""Characters after which a sentence ends, whatever follows: what has no full stop is no sentence."""


class Form(StrEnum):
    """What a stretch of text is."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text[start:end]`, without the spaces and signs around it."""

    start: int
    end: int
    form: Form


_LINE = re.compile(r"[^\n]*\n?")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+")
_ITEM = re.compile(r"[ \t]*(?:[-*+•·]|[0-9]{1,3}[.)、])[ \t]+")
_FENCE = re.compile(r"[ \t]{0,3}(?:`{3,}(?=[^`]*$)|~{3,})")
_TABLE = re.compile(r"[ \t]*\|")
# A full stop ends a sentence before a space and something that may begin one; not after one letter, as in "e.g. this".
_END = re.compile(
    r"(?<![ .][A-Za-z])[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9\u4e00-\u9fff*_`]|\s*$)|[。！？][」』”’）]*"
)
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|Mr|Mrs|Ms|Dr|Inc|Ltd|Corp|Co|No|Fig|approx|ver|v)\.$")


def sentences(text: str) -> Iterator[Sentence]:
    """All sentences in their order. Lines of prose that follow each other belong together."""
    paragraph: list[tuple[int, int]] = []
    fenced = False
    for start, end in _lines(text):
        line = text[start:end]
        fence = _FENCE.match(line) is not None
        form = Form.CODE if fenced or fence else _form(line)
        if form is Form.PROSE and line.strip():
            paragraph.append((start, end))
            continue
        yield from _ended(text, paragraph)
        paragraph = []
        if fence:
            fenced = not fenced
        yield from _parts(text, start + _marker(line, form), end, form)
    yield from _ended(text, paragraph)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for found in _LINE.finditer(text):
        if found.end() > found.start():
            yield found.span()


def _form(line: str) -> Form:
    if _HEADING.match(line):
        return Form.HEADING
    if _TABLE.match(line):
        return Form.TABLE
    if line.startswith(("    ", "\t")) and not _ITEM.match(line):
        return Form.CODE
    return Form.ITEM if _ITEM.match(line) else Form.PROSE


def _marker(line: str, form: Form) -> int:
    """How long the sign is with which the line begins; what a fence says after it is part of the code."""
    found = {Form.HEADING: _HEADING, Form.ITEM: _ITEM, Form.CODE: _FENCE}.get(form)
    match = found.match(line) if found else None
    return match.end() if match else 0


def _ended(text: str, paragraph: list[tuple[int, int]]) -> Iterator[Sentence]:
    if paragraph:
        yield from _parts(text, paragraph[0][0], paragraph[-1][1], Form.PROSE)


def _parts(text: str, start: int, end: int, form: Form) -> Iterator[Sentence]:
    """A stretch cut at the ends of its sentences; headings, code and tables stay whole."""
    begun = start
    if form in (Form.PROSE, Form.ITEM):
        for found in _END.finditer(text, start, end):
            if _ABBREVIATION.search(text, max(begun, found.end() - 12), found.end()) is None:
                yield from _cut(text, begun, found.end(), form)
                begun = found.end()
    yield from _cut(text, begun, end, form)


def _cut(text: str, start: int, end: int, form: Form) -> Iterator[Sentence]:
    for begun in range(start, end, LONGEST):
        first, last = begun, min(end, begun + LONGEST)
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            yield Sentence(first, last, form)
