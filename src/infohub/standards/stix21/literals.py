"""The words of STIX patterns (section 9.2 of the standard): white space, names and constants, as regular expressions.

Each is written so that it never gives back what it took: reading takes time in proportion to the text.
"""

import re
from datetime import date

GAP = r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*+"
WORD_END = "(?![0-9A-Za-z_-])"
NO_KEYWORD = (
    "(?!(?:AND|OR|NOT|IN|LIKE|MATCHES|ISSUBSET|ISSUPERSET|EXISTS|FOLLOWEDBY|WITHIN|SECONDS|REPEATS|TIMES|START|STOP"
    f"|true|false){WORD_END})"
)
"""Only in apostrophes can a keyword be a name."""

TEXT = r"'[^'\\]*+(?:\\['\\][^'\\]*+)*+'"
MOMENT = (
    r"t'[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]++)?Z'"
)
_OCTETS = "h'(?:[0-9A-Fa-f]{2})*+'"
_DIGIT = r"[0-9A-Za-z+/][\r\n]*+"
_BASE64 = rf"b'[\r\n]*+(?:(?:{_DIGIT}){{4}})*+(?:(?:{_DIGIT}){{2}}(?:{_DIGIT}|=[\r\n]*+)=[\r\n]*+)?'"
_NUMBER = r"-?(?:[0-9]*+\.[0-9]++|0|[1-9][0-9]*+)"
CONSTANT = rf"(?:{TEXT}|{_NUMBER}|(?:true|false){WORD_END}|{MOMENT}|{_OCTETS}|{_BASE64})"

_CONSTANT = re.compile(CONSTANT)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def constants_of(value: str) -> list[str]:
    """The constants of a list, or the one there is."""
    return _CONSTANT.findall(value) if value[0] == "(" else [value]


def moments_in(value: str) -> list[str]:
    return [constant for constant in constants_of(value) if constant.startswith("t'")]


def sort_of(constant: str) -> str:
    """`'` of text, `t` of a moment, `h` and `b` of octets, `1` of a number, `true` of a truth value."""
    if constant in {"true", "false"}:
        return "true"
    return constant[0] if constant[0] in "'thb" else "1"


def said(constant: str) -> str:
    """What a constant of text says; another one stands for itself."""
    if constant[0] != "'":
        return constant
    return _ESCAPED.sub(r"\1", constant[1:-1]) if "\\" in constant else constant[1:-1]


def is_a_day(moment: str) -> bool:
    """Whether the calendar has the day of a moment that is spelt well."""
    try:
        date(int(moment[2:6]), int(moment[7:9]), int(moment[10:12]))
    except ValueError:
        return False
    return True
