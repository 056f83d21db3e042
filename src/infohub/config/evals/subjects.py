"""Subjects of texts as the product makes them, and a register of them in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from infohub.analysis.extract import extract
from infohub.analysis.names.find import names_in
from infohub.analysis.relate.subjects import MOST_CHARACTERS, Subject, subject_of


def subject(text: str) -> Subject:
    """What a text is about."""
    read = text[:MOST_CHARACTERS]
    return subject_of(read, extract(read), names_in(read))


class MemoryRegister:
    """Subjects by their number."""

    def __init__(self) -> None:
        self._subjects: dict[int, Subject] = {}
        self._having = Counter[str]()

    def add(self, piece: int, subject: Subject) -> None:
        """Put one in."""
        self._subjects[piece] = subject
        self._having.update(subject.keys)

    def pieces(self) -> int:
        """How many there are."""
        return len(self._subjects)

    def having(self, keys: Collection[str]) -> Mapping[str, int]:
        """In how many of them each key stands."""
        return {key: self._having[key] for key in keys}

    def with_any(self, keys: Collection[str], *, most: int) -> Iterable[tuple[int, Subject]]:
        """Those with some of these keys."""
        asked = set(keys)
        shared = {piece: len(asked & subject.keys) for piece, subject in self._subjects.items()}
        best = sorted((piece for piece in shared if shared[piece]), key=lambda piece: (-shared[piece], piece))
        return [(piece, self._subjects[piece]) for piece in best[:most]]
