"""Takes a programme file apart without holding it: the long lists are spooled row by row, the rest is small."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TextIO

from infohub.standards.jsontext import DEEPEST, ONCE, PLAIN, Json, TwiceError, depth_of

FORMAT = "infohub-programme/1"
LISTS = ("sectors", "organisations", "people", "groups", "tokens", "collections", "items")
CHUNK = 1 << 18
ROW_CHARACTERS = 64 << 20
KEPT_IN_MEMORY = 8 << 20


class UnreadableError(Exception):
    """The file as a whole cannot be taken."""


@dataclass(slots=True)
class Spool:
    """The rows of one list, one JSON text per line; on disk when they are many."""

    file: SpooledTemporaryFile[str]

    def add(self, row: Json) -> None:
        self.file.write(json.dumps(row) + "\n")

    def rows(self) -> Iterator[Json]:
        self.file.seek(0)
        for line in self.file:
            yield json.loads(line)


@dataclass(slots=True)
class File:
    """A programme file: what stands in it once, its lists, and which of its rows are refused as they are written."""

    head: dict[str, Json] = field(default_factory=dict)
    lists: dict[str, Spool] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


@contextmanager
def opened(path: Path) -> Iterator[File]:
    """The file taken apart, for as long as it is needed. Raises UnreadableError with the reason."""
    with ExitStack() as spools:
        content = File()
        with path.open(encoding="utf-8-sig") as file:
            _Reader(file, content, spools).read()
        if content.head.get("format") != FORMAT:
            raise UnreadableError(f"{path}: this is no {FORMAT} file")
        yield content


class _Reader:
    """Reads one JSON object from a text that comes in pieces."""

    def __init__(self, file: TextIO, content: File, spools: ExitStack) -> None:
        self.file, self.content, self.spools = file, content, spools
        self.text, self.at = "", 0

    def read(self) -> None:
        """The whole file, and nothing behind it."""
        try:
            self._object()
        except (UnicodeDecodeError, ValueError) as problem:
            raise UnreadableError(f"{self.file.name}: {problem}") from problem
        except RecursionError as problem:
            raise UnreadableError(f"{self.file.name}: nested too deeply") from problem

    def _object(self) -> None:
        self._take("{")
        if self._sign() != "}":
            self._member()
            while self._sign() == ",":
                self._take(",")
                self._member()
        self._take("}")
        if self._sign():
            raise ValueError("something stands behind the end")

    def _member(self) -> None:
        """One name and what it stands for."""
        if self._sign() != '"':
            raise ValueError("a name is needed")
        name = str(self._value("a name"))
        if name in self.content.head or name in self.content.lists:
            raise TwiceError(f"{name} stands twice")
        self._take(":")
        if name in LISTS and self._sign() == "[":
            file = SpooledTemporaryFile(KEPT_IN_MEMORY, "w+", encoding="ascii")  # noqa: SIM115  (the stack closes it)
            self.content.lists[name] = Spool(self.spools.enter_context(file))
            self._rows(name, self.content.lists[name])
        else:
            self.content.head[name] = self._value(name)

    def _rows(self, name: str, spool: Spool) -> None:
        """The rows of one of the long lists."""
        self._take("[")
        number = 0
        while self._sign() != "]":
            if number:
                self._take(",")
            self._row(f"{name}[{number}]", spool)
            number += 1
        self._take("]")

    def _row(self, where: str, spool: Spool) -> None:
        """One row; where it cannot be taken as it is written, only its id is kept."""
        try:
            row = self._value(where)
        except TwiceError as problem:
            row = self._value(where, once=False)
            self.content.refused[where] = str(problem)
        if depth_of(row) > DEEPEST:
            self.content.refused[where] = f"nested deeper than {DEEPEST} levels"
        if where in self.content.refused:
            row = {"id": row.get("id")} if isinstance(row, dict) else None
        spool.add(row)

    def _sign(self) -> str:
        """The next character that is no blank, still to be taken; empty at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more(CHUNK):
                return ""

    def _take(self, wanted: str) -> None:
        found = self._sign()
        if found != wanted:
            raise ValueError(f"{wanted} is needed, not {found or 'the end'}")
        self.at += 1

    def _value(self, where: str, *, once: bool = True) -> Json:
        """The next value, however many pieces of text it spans."""
        self._sign()
        decoder, size = ONCE if once else PLAIN, CHUNK
        while True:
            value, end, problem = _decoded(decoder, self.text, self.at)
            if end < len(self.text) or not self._more(size):  # a number may go on behind what was read
                break
            size *= 2
            if len(self.text) > ROW_CHARACTERS:
                raise ValueError(f"{where} is longer than {ROW_CHARACTERS} characters, or cannot be read")
        if problem:
            raise ValueError(f"{where} cannot be read: {problem}")
        self.at = end
        return value

    def _more(self, size: int) -> bool:
        """Read on and forget what was taken; whether there was more."""
        piece = self.file.read(size)
        self.text, self.at = self.text[self.at :] + piece, 0
        return bool(piece)


def _decoded(decoder: json.JSONDecoder, text: str, start: int) -> tuple[Json, int, str]:
    """The value that begins here, where it ends, and what is wrong with it as far as it was read."""
    try:
        value, end = decoder.raw_decode(text, start)
    except json.JSONDecodeError as problem:
        return None, len(text), problem.msg
    return value, end, ""
