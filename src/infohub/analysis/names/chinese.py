"""Names written in Chinese characters, in either script: places, organisations, attackers, malicious software."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from infohub.analysis.tokens import simplified

from .gazetteer import Entry, gazetteer, read_list
from .kinds import Method, Name, NameKind

_CONFIDENCE = 0.9
_HAN = re.compile(r"[\u3400-\u9fff]")
_LISTS = (
    ("places.txt", NameKind.PLACE),
    ("organisations.txt", NameKind.ORGANISATION),
    ("actors.txt", NameKind.ACTOR),
    ("malware.txt", NameKind.MALWARE),
)
_DATE = re.compile(r"(?:(?:19|20)\d\d ?年)(?: ?[01]?\d ?月(?: ?[0-3]?\d ?[日號号])?)?|[01]?\d ?月 ?[0-3]?\d ?[日號号]")


def chinese_names(text: str) -> Iterator[Name]:
    """The names of the lists and the dates; in order of the lists' kinds, not of the text."""
    if not _HAN.search(text):
        return
    plain = simplified(text)
    if len(plain) != len(text):  # a conversion that moved the rest would give wrong places
        plain = text
    for found in _pattern().finditer(plain):
        entry = _entries()[found.group()]
        surface = text[found.start() : found.end()]
        yield Name(entry.kind, surface, entry.canonical, entry.attack, *found.span(), _CONFIDENCE, Method.LIST)
    for found in _DATE.finditer(text):
        yield Name(NameKind.DATE, found.group(), found.group(), "", *found.span(), _CONFIDENCE, Method.PATTERN)


@cache
def _entries() -> dict[str, Entry]:
    """By the name in simplified characters."""
    found: dict[str, Entry] = {}
    for file, kind in _LISTS:
        for names in read_list(file):
            entry = _known(kind, names) or Entry(kind, names[0])
            found |= {simplified(name): entry for name in names if _HAN.match(name)}
    return found


def _known(kind: NameKind, names: list[str]) -> Entry | None:
    """The entry that the Latin names of the line have already, with its id."""
    forms = (gazetteer().entries(name) for name in names)
    return next((entry for entry in chain.from_iterable(forms) if entry.kind is kind), None)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _entries()), key=len, reverse=True)))
