"""Marks in rendered Markdown: the words of the source between two offsets, wherever they are shown.

Marks never change what the text says: each is put around characters that were followed from the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from markdown_it.token import Token

from infohub.support.places import Lines, LostError, Places, followed


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands between two offsets of a text; `leads_to` is an address on the same page, `title` says what it is.

    A mark with a `name` is a place that addresses lead to, and may hold other marks; one that `is_broad` is a passage
    that says something, not some words that name it.
    """

    start: int
    end: int
    leads_to: str = ""
    title: str = ""
    name: str = ""
    is_broad: bool = False

    def moved(self, by: int) -> Mark:
        """The same in a text that begins elsewhere."""
        return replace(self, start=self.start + by, end=self.end + by)


class Painter:
    """Puts marks into the tokens of one text. Of two marks on the same words the shorter one counts."""

    def __init__(self, source: str, marks: Sequence[Mark]) -> None:
        self._lines = Lines(source)
        self._marks = marks
        self._inner, self._outer = [-1] * len(source), [-1] * len(source)
        for number, mark in sorted(enumerate(marks), key=lambda one: one[1].start - one[1].end):
            start, end = max(0, mark.start), min(mark.end, len(source))
            if start < end:
                (self._outer if mark.name else self._inner)[start:end] = [number] * (end - start)
        self._begun: set[int] = set()

    def paint(self, tokens: Sequence[Token]) -> None:
        """Mark what can be marked; tokens that hold no mark stay as they are."""
        row = False
        for token in tokens:
            row = (row and token.type != "tr_close") or token.type == "tr_open"
            if token.map is None:
                continue
            try:
                if token.type == "inline":
                    self._inline(token, row=row)
                elif token.type in {"fence", "code_block"}:
                    self._block(token)
            except LostError:
                continue

    def _inline(self, token: Token, *, row: bool) -> None:
        assert token.map is not None
        first = token.map[0]
        there = self._lines.of_cell(token.content, first) if row else self._lines.of_block(token.content, first)
        children = list(token.children or ())
        depth = 0
        linked = []
        for child in children:
            depth += child.nesting if child.type in {"link_open", "link_close"} else 0
            linked.append(depth > 0)
        for number, places in followed(token.content, children):
            child = children[number]
            marked = self._marked(child.content, [there[place] for place in places], linked=linked[number])
            if marked:
                content = f"<code>{marked}</code>" if child.type == "code_inline" else marked
                children[number] = Token("html_inline", "", 0, content=content)
        token.children = children

    def _block(self, token: Token) -> None:
        assert token.map is not None
        first = token.map[0] + (1 if token.type == "fence" else 0)
        there = self._lines.of_block(token.content.removesuffix("\n"), first)
        ending = "\n" if token.content.endswith("\n") else ""
        marked = self._marked(token.content.removesuffix("\n"), there, linked=False)
        if marked:
            token.type, token.content = "html_block", f"<pre><code>{marked}{ending}</code></pre>\n"

    def _marked(self, words: str, places: Places, *, linked: bool) -> str:
        """The words as HTML with their marks; empty where there are none."""
        size = len(self._inner)
        owners = [(self._outer[place], self._inner[place]) if place < size else (-1, -1) for place in places]
        if all(owner == (-1, -1) for owner in owners):
            return ""
        return "".join(self._parts(words, owners, linked=linked))

    def _parts(self, words: str, owners: Sequence[tuple[int, int]], *, linked: bool) -> Iterator[str]:
        position = 0
        for (outer, inner), same in groupby(owners):
            length = len(list(same))
            part = escape(words[position : position + length])
            position += length
            if inner >= 0:
                part = self._found(inner, part, linked=linked)
            yield self._named(outer, part) if outer >= 0 else part

    def _found(self, number: int, part: str, *, linked: bool) -> str:
        """The first stretch of a mark is a link, the others follow it without a stop for the keyboard."""
        mark = self._marks[number]
        broad = ' class="broad"' if mark.is_broad else ""
        marked = f'<mark{broad} title="{escape(mark.title)}">{part}</mark>'
        if linked or number in self._begun or not mark.leads_to:
            return marked
        self._begun.add(number)
        return f'<a href="{escape(mark.leads_to)}">{marked}</a>'

    def _named(self, number: int, part: str) -> str:
        name = "" if number in self._begun else f' id="{escape(self._marks[number].name)}"'
        self._begun.add(number)
        return f'<mark class="key"{name}>{part}</mark>'
