"""Dates as people write them."""

import re
from collections.abc import Iterator

from .kinds import Method, NameKind
from .sentence import Sentence, Span

_MONTH = (
    r"(?:(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b(?: ?\.)?)"
)
_FULL_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"(?:[0-3]?\d(?: ?(?:st|nd|rd|th))?)"
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_ANY = re.compile(
    rf"(?<![\w./-])(?:"
    rf"{_YEAR} ?- ?[01]?\d ?- ?[0-3]?\d(?!\d)"
    rf"|[0-3]?\d ?[/.] ?[0-3]?\d ?[/.] ?20[012]\d(?!\d)"
    rf"|{_DAY} ?-? ?(?:of )?{_MONTH} ?[-,]? ?(?:of )?{_YEAR}"
    rf"|{_MONTH} {_DAY} ?,? ?(?:of )?{_YEAR}"
    rf"|(?:[Mm]id ?- ?)?{_MONTH} ?,? ?(?:of )?{_YEAR}"
    rf"|{_DAY} (?:of )?{_FULL_MONTH}"
    rf"|{_MONTH} {_DAY}(?! ?[\d%:])"
    rf"|[Mm]id ?- ?(?:{_FULL_MONTH}|{_YEAR})"
    rf"|Q[1-4] (?:of )?{_YEAR}"
    rf")(?![\w/]| ?- ?\d)"
)
_MONTH_ALONE = re.compile(
    rf"(?<=\b[Ii]n ){_FULL_MONTH}|(?<=\b[Ss]ince ){_FULL_MONTH}|(?<=early ){_FULL_MONTH}|(?<=late ){_FULL_MONTH}"
    r"|\b(?:January|February|August|September|October|November|December)\b"
)
_UNTIED = r"(?![\w/.-]| [-:.] ?\d| /| ?[:%_=])"
_YEAR_ALONE = re.compile(rf"(?<![\w.,:/=_%#$\\-] )(?<![\w./\\-]){_YEAR}{_UNTIED}|(?<=[a-z] ){_YEAR}{_UNTIED}")
_RELATIVE = re.compile(r"\b(?:[Ll]ast|[Tt]his|past|previous|next|coming) (?:year|month)\b|\byesterday\b")
DATES = (_ANY, _MONTH_ALONE, _YEAR_ALONE, _RELATIVE)


def dates_in(sentence: Sentence) -> Iterator[Span]:
    """Dates, the fuller forms first."""
    for pattern in DATES:
        for start, end in sentence.matches(pattern):
            yield Span(start, end, NameKind.DATE, Method.PATTERN)
