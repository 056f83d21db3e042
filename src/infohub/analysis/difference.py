"""What a new wording removed from a text and what it put in, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_CHARACTERS = 60_000
_MOST_TOKENS = 4_000

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKENS = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|\s+|.", re.DOTALL)


class Fate(StrEnum):
    """What became of a part of the text."""

    KEPT = "kept"
    REMOVED = "removed"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of words with one fate."""

    fate: Fate
    text: str


def difference(old: str, new: str) -> list[Part] | None:
    """The parts of both texts in order; kept and removed make the old one, kept and inserted the new one.

    None where the texts are too long to be compared while somebody waits.
    """
    if len(old) + len(new) > MOST_CHARACTERS:
        return None
    return _joined(_by_lines(old, new))


def _by_lines(old: str, new: str) -> Iterator[Part]:
    """Lines first: what stands unchanged is found cheaply, and words are compared inside changed lines only."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for fate, first, second in _blocks(before, after):
        if fate == "equal":
            yield Part(Fate.KEPT, first)
        else:
            yield from _by_words(first, second)


def _by_words(old: str, new: str) -> Iterator[Part]:
    """A space alone between two changes changes with them, so that a reader sees phrases and not confetti."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    if len(before) + len(after) > _MOST_TOKENS:
        yield from (Part(Fate.REMOVED, old), Part(Fate.INSERTED, new))
        return
    removed = inserted = ""
    for fate, first, second in _blocks(before, after):
        alone = first.isspace() and removed + inserted
        if fate == "equal" and not alone:
            yield from (Part(Fate.REMOVED, removed), Part(Fate.INSERTED, inserted), Part(Fate.KEPT, first))
            removed = inserted = ""
        else:
            removed, inserted = removed + first, inserted + second
    yield from (Part(Fate.REMOVED, removed), Part(Fate.INSERTED, inserted))


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for fate, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        yield fate, "".join(before[a:b]), "".join(after[c:d])


def _joined(parts: Iterator[Part]) -> list[Part]:
    """Neighbours of one fate become one part, and empty ones go."""
    joined: list[Part] = []
    for part in parts:
        if not part.text:
            continue
        if joined and joined[-1].fate is part.fate:
            joined[-1] = Part(part.fate, joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined
