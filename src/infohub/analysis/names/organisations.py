"""Organisations and places: listed, or told by the words that make their names."""

import re
from collections.abc import Iterator

from .kinds import Method, NameKind
from .sentence import Sentence, Span

_CAP = r"(?:[A-Z][\w&’'-]*)"
_SHORT = r"(?: (?:of|for|the|de|’ s))*"
_JOIN = r"(?: (?:of|and|&|for|the|de|’ s))*"
_MINISTRY = (
    r"(?:Ministr(?:y|ies)|Department|Bureau|Institute|University|Agency|Council|Committee|Commission|Embassy|Office|Bank"
    r"|College|Federation)"
)
_END = (
    r"(?:University|Bank|Institute|Corporation|Corp|Inc|Ltd|LLC|GmbH|Agency|Authority|Ministry|Commission|Council|Clinic|Hospital"
    r"|Airlines|Airways|Association|Foundation|Police|Technologies|Networks|Administration|Bureau|Committee|Institution"
    r"|Post|Times|Party|Corps|Department|Labs|Limited|Army|Navy)"
)
_NAMED = re.compile(
    rf"\b(?:(?:(?:[A-Z][a-z]+ )?{_MINISTRY} (?:of|for) (?:the )?{_CAP}(?:{_JOIN} {_CAP}){{0,5}})"
    rf"|{_CAP}(?:{_SHORT} {_CAP}){{0,4}} {_END}(?: Department| Clinic)?"
    rf"|{_CAP}(?: [\w’]+){{0,6}} Co \. ?, (?:Ltd|LTD|ltd)"
    rf")(?![\w])"
)
_STATE = re.compile(
    r"(?i:government|governments|military|army|navy|federal government|intelligence services?|intelligence agency"
    r"|security services?|national security|naval military)"
)
_OF_STATE = re.compile(r"(?:[Gg]overnment|[Mm]ilitary) of ")
_ARTICLE = frozenset({"The", "Our", "This", "In", "If", "For", "At", "Target", "Your", "From", "To"})
_ACRONYM = re.compile(r"[A-Z][A-Za-z&]{1,7}")


def described_organisations(sentence: Sentence) -> Iterator[Span]:
    """Ministries, universities, companies and the like by the words of their names."""
    for first, last in sentence.matches(_NAMED):
        start, end = first + (sentence.words[first] in _ARTICLE), _before_another(sentence, first, last)
        if end - start > 1:
            yield Span(start, end, NameKind.ORGANISATION, Method.PATTERN)


def _before_another(sentence: Sentence, start: int, end: int) -> int:
    """The end of the name, before "and the Bureau of …" or "and Interpol"."""
    for place in range(start + 1, end - 1):
        following = sentence.words[place + 1]
        if sentence.words[place] == "and" and (
            following in ("the", "Bureau", "Department", "Ministry") or place + 2 == end
        ):
            return place
    return end


def states(sentence: Sentence, place: Span) -> Span | None:
    """The government, army and the like that the words beside a country make of it."""
    before = " ".join(sentence.words[max(0, place.start - 2) : place.start]) + " "
    if _OF_STATE.fullmatch(before):
        return Span(place.start - 2, place.end, NameKind.ORGANISATION, Method.PATTERN)
    for length in (2, 1):
        following = " ".join(sentence.words[place.end : place.end + length])
        if _STATE.fullmatch(following):
            return Span(place.start, min(place.end + length, len(sentence)), NameKind.ORGANISATION, Method.PATTERN)
    return None


def acronym_of(sentence: Sentence, organisation: Span) -> Span | None:
    """The short form that stands in brackets right after the full name: `… Administration ( POEA )`."""
    place = organisation.end + 1
    if organisation.end - organisation.start < 2 or sentence.word(place - 1) != "(" or sentence.word(place + 1) != ")":
        return None
    word = sentence.words[place]
    letters = [one[0].upper() for one in sentence.words[organisation.start : organisation.end] if one[0].isupper()]
    if _ACRONYM.fullmatch(word) and word[0] == letters[0] and word[-1].upper() in letters:
        return Span(place, place + 1, NameKind.ORGANISATION, Method.NEARBY)
    return None
