"""What to do about a misspelt STIX pattern, in plain words; every sentence is fixed, so that it can be translated."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from infohub.standards.problem import Problem

from .literals import GAP

LONGEST, DEEPEST = 16_384, 50
"""Bytes of a pattern in UTF-8, and parentheses in each other."""

LONG = f"a pattern may have {LONGEST:,} bytes at most"
DEEP = f"parentheses may stand in each other {DEEPEST} deep at most"
OBSERVATION = "an observation in square brackets is needed here, such as [ipv4-addr:value = '198.51.100.7']"
UNOPENED = "this parenthesis was not opened"
UNCLOSED = "a parenthesis that was opened is not closed"
TWICE = "an observation has one WITHIN, one REPEATS and one START with STOP at most"
DIFFERENT = "what AND joins must hold for one object: join different types of objects with OR"
JOINT = "AND, OR or the closing bracket is needed here, words in capitals"
DAY = "the calendar has no such day"
LIST = "IN needs a list in parentheses, such as ('a', 'b')"
MIXED = "the values of a list must all be of one type"
ONE = "a list needs the operator IN"
TEXT = "this operator needs text in apostrophes"
ORDER = "true and false have no order: compare them with = or !="

Remedies = Mapping[str, str]
Remedy = str | Remedies
# What the wrong place begins with, and the remedy; the empty beginning comes last and fits always.
FOLLOWING: Remedies = MappingProxyType(
    {
        "WITHIN": "write WITHIN with a number above 0 and no plus sign, as in WITHIN 300 SECONDS",
        "REPEATS": "write REPEATS with a whole number above 0 and no plus sign, as in REPEATS 5 TIMES",
        "START": "write START t'2026-01-31T12:00:00Z' STOP t'2026-02-01T12:00:00Z'",
        "": "AND, OR, FOLLOWEDBY, WITHIN, REPEATS, START or the end is needed here, words in capitals",
    }
)
OPERAND: Remedies = MappingProxyType(
    {
        "NOT": "NOT stands before the operator, as in file:name NOT = 'a', or before EXISTS",
        "": "an object path is needed here, such as file:name or file:hashes.'SHA-256'",
    }
)
OPERATOR: Remedies = MappingProxyType(
    {
        "-": "a name with a hyphen stands in apostrophes, as in file:hashes.'SHA-256'",
        ".": "a name is needed after the full stop, in apostrophes where it has other signs than letters, digits and _",
        "[": "a place in a list is [0], [1] and so on, or [*] for any",
        "": "an operator is needed here: = != < <= > >= IN LIKE MATCHES ISSUBSET ISSUPERSET, words in capitals",
    }
)
VALUE: Remedies = MappingProxyType(
    {
        "'": r"text ends with an apostrophe; inside, write \' for an apostrophe and \\ for a backslash",
        "t'": "a moment is written t'2026-01-31T12:00:00Z'",
        "h'": "h'…' holds pairs of hexadecimal digits",
        "b'": "b'…' holds Base64, its padding included",
        "(": "a list has constants with commas between them, such as ('a', 'b')",
        "+": "a number is written without a plus sign",
        "": "a value is needed here: text in apostrophes, a number, true, false, t'…', h'…' or b'…'",
    }
)

SENTENCES = (
    *(LONG, DEEP, OBSERVATION, UNOPENED, UNCLOSED, TWICE, DIFFERENT, JOINT, DAY, LIST, MIXED, ONE, TEXT, ORDER),
    *(words for remedies in (FOLLOWING, OPERAND, OPERATOR, VALUE) for words in remedies.values()),
)

_SHOWN = re.compile(rf"{GAP}(\S{{0,40}})")


def problem(text: str, at: int, remedy: Remedy) -> Problem:
    """The problem at a place of a pattern, with what stands there instead."""
    shown = _SHOWN.search(text, at)
    assert shown is not None  # it fits the end of a text as well
    start = shown.start(1)
    if not isinstance(remedy, str):
        remedy = next(words for beginning, words in remedy.items() if text.startswith(beginning, start))
    return Problem(f"character {start + 1}", remedy, shown[1])
