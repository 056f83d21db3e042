"""The sentences of a text that say most, as they stand in it: no word of a summary is a machine's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log, sqrt

from infohub.analysis.document import Document
from infohub.analysis.sentences import Form, Sentence, sentences
from infohub.analysis.tokens import search_text

MOST_SENTENCES = 400
"""Of a longer text only the beginning is weighed: there reports say what they are about."""

SHORTEST, LONGEST = 25, 450  # characters; Chinese counts twice
_ALIKE = 0.55  # from here on two sentences say the same
_TELLING = (
    *(
        "exploit",
        "attack",
        "compromis",
        "vulnerab",
        "ransom",
        "phish",
        "malware",
        "stole",
        "stolen",
        "breach",
        "victim",
    ),
    *("impact", "affect", "patch", "update", "mitigat", "recommend", "should", "must", "block", "disable", "customers"),
    *(
        "漏洞",
        "攻擊",
        "攻击",
        "勒索",
        "釣魚",
        "钓鱼",
        "惡意",
        "恶意",
        "受影響",
        "受影响",
        "更新",
        "修補",
        "修补",
        "應",
        "应",
        "建議",
        "建议",
    ),
)


def summary_of(document: Document, title: int = 0, *, most: int = 3) -> list[tuple[int, int]]:
    """Spans of at most so many sentences, in the order of the text; none where it has no more than that anyway.

    The first `title` characters sum nothing up.
    """
    text = document.text[title:]
    told = [one for one in _weighable(text) if one.form in (Form.PROSE, Form.ITEM)]
    if len(told) <= most:
        return []
    words = [Counter(search_text(text[one.start : one.end]).split()) for one in told]
    listed = _indicators(document)[title:]
    weights = [_weight(text, one, place, listed) for place, one in enumerate(told)]
    centre = _centre(words)
    scores = [weight * _likeness(own, centre) for weight, own in zip(weights, words, strict=True)]
    chosen: list[int] = []
    for place in sorted(range(len(told)), key=lambda place: (-scores[place], place)):
        if len(chosen) == most or scores[place] <= 0:
            break
        if all(_likeness(words[place], words[other]) < _ALIKE for other in chosen):
            chosen.append(place)
    return [(told[place].start + title, told[place].end + title) for place in sorted(chosen)]


def _weighable(text: str) -> Sequence[Sentence]:
    found: list[Sentence] = []
    for one in sentences(text[: MOST_SENTENCES * 500]):
        length = sum(2 if sign > "\u2e80" else 1 for sign in text[one.start : one.end])
        if SHORTEST <= length <= LONGEST:
            found.append(one)
            if len(found) == MOST_SENTENCES:
                break
    return found


def _centre(words: Sequence[Counter[str]]) -> Counter[str]:
    """What the text is about: each word as often as sentences have it, less where all of them do."""
    having = Counter(word for own in words for word in own)
    return Counter({word: count * log(1 + len(words) / count) for word, count in having.items() if len(word) > 1})


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The cosine of two lists of words."""
    common = sum(count * other[word] for word, count in one.items() if word in other)
    size = sqrt(sum(count * count for count in one.values()) * sum(count * count for count in other.values()))
    return common / size if size else 0.0


def _indicators(document: Document) -> bytes:
    """A one for each character of an indicator."""
    marked = bytearray(len(document.text))
    for one in document.findings:
        marked[one.start : one.end] = b"\x01" * (one.end - one.start)
    return bytes(marked)


def _weight(text: str, one: Sentence, place: int, listed: bytes) -> float:
    """More at the beginning and where something is said to be done; less where a sentence is a list of indicators."""
    words = text[one.start : one.end]
    lower = words.lower()
    weight = 1.0 + 1.0 / (1 + place / 3) + 0.15 * min(3, sum(word in lower for word in _TELLING))
    if one.form is Form.ITEM:
        weight *= 0.8
    covered = listed.count(1, one.start, one.end)
    return weight * max(0.1, 1 - 2 * covered / len(words))
