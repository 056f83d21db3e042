"""What the tagger sees of each word: itself, its neighbours, its shape, and what the rules say of it."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from zlib import crc32

from .gazetteer import ordinary_words
from .sentence import Sentence, Span

_RUNS = ((re.compile(r"[A-Z]+"), "A"), (re.compile(r"[a-z]+"), "a"), (re.compile(r"[0-9]+"), "0"))
_WIDTH = 24
_NOBODY: frozenset[int] = frozenset()


def shape(word: str) -> str:
    """`Aa` for Emotet, `A0` for APT28, `AaA` for BlackByteRAT."""
    for runs, letter in _RUNS:
        word = runs.sub(letter, word)
    return word[:8]


def features(sentence: Sentence, said: Iterable[Span], unknown: AbstractSet[int] = _NOBODY) -> list[list[int]]:
    """The features of each word as numbers, equally many for each; `said` is what the rules found in the sentence.

    Words at the places that are `unknown` are not told: so a tagger learns what a name looks like of which it has
    never heard.
    """
    rules = _rules(sentence, said)
    shapes = ["<", *map(shape, sentence.words), ">"]
    words = ["<", "<", *("?" if place in unknown else word for place, word in enumerate(sentence.folded)), ">", ">"]
    return [
        _numbers(
            place,
            sentence,
            words=words[place : place + 5],
            rules=rules[place : place + 5],
            shapes=shapes[place : place + 3],
        )
        for place in range(len(sentence))
    ]


def _rules(sentence: Sentence, said: Iterable[Span]) -> list[str]:
    rules = ["O"] * len(sentence)
    for span in said:
        for place in range(span.start, span.end):
            rules[place] = f"{'B' if place == span.start else 'I'}{span.kind.value}"
    return ["<", "<", *rules, ">", ">"]


def _numbers(
    place: int, sentence: Sentence, *, words: Sequence[str], rules: Sequence[str], shapes: Sequence[str]
) -> list[int]:
    """Two words to either side, and their rules; the shapes of one."""
    two_before, before, word, after, two_after = words
    rule, looks, ending = rules[2], shapes[1], sentence.folded[place]
    common = ending in ordinary_words()
    told = [
        f"p{before}", f"n{after}", f"P{two_before}", f"N{two_after}", f"x{before} {after}",
        f"q{two_before} {before}", f"m{after} {two_after}", f"s{ending[-3:]}", f"S{ending[-4:]}", f"f{ending[:3]}",
        f"h{looks}", f"H{shapes[0]} {looks}", f"J{looks} {shapes[2]}", f"c{common}{looks}",
        f"r{rule}", f"R{rules[1]} {rule}", f"T{rule} {rules[3]}", f"ra{rule} {after}", f"rb{rule} {before}",
        f"a{place in sentence.addressed}{rule}", f"hx{looks} {after}", f"hy{before} {looks}",
    ]  # fmt: skip
    if word != "?":
        told += (f"w{word}", f"v{rule} {word}")
    return [crc32(one.encode()) for one in told] + [0] * (_WIDTH - len(told))
