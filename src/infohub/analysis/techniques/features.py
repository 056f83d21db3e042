"""What the models know a sentence by: stems, pairs of neighbours, and the letters that words are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

_MASKS = (
    (re.compile(r"(?i)\b(?:h(?:tt|xx)ps?://|www\.)\S+"), " urlx "),
    (re.compile(r"\b\d{1,3}(?:\[?\.\]?\d{1,3}){3}\b"), " ipx "),
    (re.compile(r"\b[0-9a-fA-F]{32,64}\b"), " hashx "),
)
_WORD = re.compile(r"[a-zA-Z]+|\d+")
_HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_VOWEL = re.compile(r"[aeiouy]")
_NOBODY = "Namex"
_FEWEST_LETTERS, _MOST_LETTERS = 2, 5
_LONGEST_WORD = 40


def unnamed(text: str, name: str) -> str:
    """The text without a name: the models are to learn what is done, not who is known for it."""
    return text.replace(name, _NOBODY) if name else text


def masked(text: str) -> str:
    """The text with addresses and hashes each written as one word: which one it is says nothing of the technique."""
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return text


def word_features(text: str) -> list[str]:
    """Stems and pairs of neighbouring stems of a masked text."""
    stems = list(_stems(text))
    return stems + [f"{one} {other}" for one, other in pairwise(stems)]


def plain_words(text: str) -> list[str]:
    """The words of a masked text in small letters, whose letters `letters_of` gives."""
    return [word.lower() if word.isalpha() else "0" for word in _WORD.findall(text)]


def letters_of(word: str) -> Sequence[str]:
    """Runs of two to five letters of a word; its ends are marked with blanks."""
    marked = f" {word[:_LONGEST_WORD]} "
    longest = min(_MOST_LETTERS, len(marked))
    return [
        marked[start : start + length]
        for length in range(_FEWEST_LETTERS, longest + 1)
        for start in range(len(marked) - length + 1)
    ]


def _stems(text: str) -> Iterator[str]:
    """Words without their endings; names like `CreateRemoteThread` also by their parts."""
    for word in _WORD.findall(text):
        if not word.isalpha():
            yield "0" if len(word) > 2 else word
            continue
        yield stem(word.lower())
        parts = _HUMP.findall(word) if 5 < len(word) <= _LONGEST_WORD else ()
        if len(parts) > 1:
            yield from (stem(part.lower()) for part in parts if len(part) > 1)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without the endings of English verbs and nouns; crude, but the same for all forms of a word."""
    if len(word) < 4:
        return word
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ied", "y")):
        if word.endswith(ending):
            word = word[: -len(ending)] + instead
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    word = _without_verb_ending(word)
    if word.endswith("e") and len(word) > 4:
        word = word[:-1]
    for ending, least in (("ation", 9), ("ion", 7), ("ly", 6)):
        if word.endswith(ending) and len(word) >= least:
            return word[: -len(ending)]
    return word


def _without_verb_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and _VOWEL.search(rest):
            doubled = len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz"
            return rest[:-1] if doubled else rest
    return word
