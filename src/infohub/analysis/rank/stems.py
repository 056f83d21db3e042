"""The words ranking compares: English without its endings, Chinese in pairs, no words that say nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from infohub.analysis.tokens import words_of

_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "ly", "al")
_FEWEST = 4
_EMPTY = frozenset(
    _WORD.findall(
        "a an the of to in on for and or by with is are was were be been may can that this these those as at from it "
        "its their such other which used using use adversaries adversary will not have has also into they within more "
        "than when what who how does do did where why me my we our you your about tell there any know"
    )
)
ASKING = frozenset(
    "should must could would shall might need please 如何 怎样 怎么 什么 应该 我们 请问".split()  # noqa: SIM905  (a word a line is harder to read)
)
"""Words of asking: a text that shares no other with a question does not answer it."""


def plain_words(text: str) -> list[str]:
    """All words in small letters; Chinese in pairs, written one way."""
    return _WORD.findall(text.lower()) if text.isascii() else list(words_of(text))


def stems_of(words: list[str]) -> list[str]:
    """The stems of words, those that say nothing left out."""
    return [found for found in map(_stem, words) if found]


def stems(text: str) -> list[str]:
    """The stems of a text."""
    return stems_of(plain_words(text))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if word in _EMPTY:
        return ""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _FEWEST:
            return word[: -len(ending)]
    return word
