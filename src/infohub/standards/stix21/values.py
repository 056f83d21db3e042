"""Checks of STIX values by their data type (section 2): a check takes a value and tells what is wrong with it.

A check that finds nothing returns the one empty tuple; paths grow on the way back, so what is fine costs no memory.
"""

import re
from collections.abc import Callable, Collection, Mapping
from sys import float_info
from typing import TypeAlias, TypeGuard

from infohub.standards.jsontext import DEEPEST, Json, depth_of
from infohub.standards.problem import Problem

from . import sentences
from .timestamp import moment_of

Problems: TypeAlias = tuple[Problem, ...]
Check: TypeAlias = Callable[[Json], Problems]

FINE: Problems = ()
MOST = 20
SHOWN = 80
_LARGEST = 2**53 - 1
UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
TYPE = "(?!.*--)[a-z][a-z0-9-]{2,249}"


def refused(sentence: str, value: Json) -> Problems:
    """One problem with the value itself."""
    return (Problem("", sentence, shown(value)),)


def shown(value: Json) -> str:
    """The beginning of a value, for the one who has to find it."""
    if isinstance(value, str):
        return value[:SHOWN]
    if isinstance(value, list | dict):
        return "[…]" if isinstance(value, list) else "{…}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    # Python refuses to write whole numbers of thousands of digits.
    return str(value)[:SHOWN] if isinstance(value, float) or value.bit_length() < 256 else "…"


def under(place: str, problems: Problems) -> Problems:
    """The problems of a part as they look from the whole."""
    place = place[:SHOWN]
    return tuple(
        Problem(f"{place}{'.' if one.path and one.path[0] != '[' else ''}{one.path}", one.message, one.found)
        for one in problems
    )


def matching(pattern: str, sentence: str, flags: int = 0) -> Check:
    """A text that a regular expression matches from end to end."""
    match = re.compile(pattern, flags).fullmatch

    def check(value: Json) -> Problems:
        return FINE if type(value) is str and match(value) else refused(sentence, value)

    return check


_key = matching("[A-Za-z0-9_-]{0,250}", sentences.KEY)


def one_of(words: Collection[str]) -> Check:
    """A word of a closed vocabulary (section 2.4)."""
    return lambda value: FINE if type(value) is str and value in words else refused(sentences.WORD, value)


def text(value: Json) -> Problems:
    """A string (section 2.15), and so an open vocabulary (section 2.14)."""
    return FINE if type(value) is str else refused(sentences.TEXT, value)


def flag(value: Json) -> Problems:
    """A boolean (section 2.2)."""
    return FINE if type(value) is bool else refused(sentences.FLAG, value)


def _is_number(value: Json) -> TypeGuard[int | float]:
    return type(value) is int or type(value) is float


def number_within(least: float, most: float, sentence: str) -> Check:
    """A float in bounds (section 2.6)."""

    def check(value: Json) -> Problems:
        return FINE if _is_number(value) and least <= value <= most else refused(sentence, value)

    return check


def whole_within(least: int, most: int, sentence: str) -> Check:
    """An integer in bounds (section 2.10); 5.0 is the number 5 in JSON."""

    def check(value: Json) -> Problems:
        if _is_number(value) and value == value // 1 and least <= value <= most:
            return FINE
        return refused(sentence, value)

    return check


number = number_within(-float_info.max, float_info.max, sentences.NUMBER)
whole = whole_within(-_LARGEST, _LARGEST, sentences.WHOLE)
count = whole_within(0, _LARGEST, sentences.COUNT)


def _time(fraction: str, sentence: str) -> Check:
    """A timestamp (section 2.16); the calendar is asked only about days that not every month has."""
    match = re.compile(
        r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
        rf"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]{fraction}Z"
    ).fullmatch

    def check(value: Json) -> Problems:
        is_time = type(value) is str and match(value) and (value[8:10] < "29" or moment_of(value))
        return FINE if is_time else refused(sentence, value)

    return check


time = _time(r"(?:\.[0-9]{1,18})?", sentences.TIME)
second = _time("", sentences.SECOND)

_hex = matching("[0-9a-fA-F]+", sentences.HEX)


def hexadecimal(value: Json) -> Problems:
    """Octets as hexadecimal digits (section 2.8); capitals are read too, as they mean the same."""
    found = _hex(value)
    return refused(sentences.HEX, value) if not found and len(str(value)) % 2 else found


def ref(*kinds: str) -> Check:
    """The identifier (section 2.9) of an object of one of these types; of any type without them."""
    return matching(f"(?:{'|'.join(kinds) or '[a-z][a-z0-9-]{2,249}?'})--{UUID}", sentences.REFERENCE)


def ref_but(*kinds: str) -> Check:
    """The identifier of an object of any type but these, so that custom types pass."""
    return matching(f"(?!(?:{'|'.join(kinds)})--)[a-z][a-z0-9-]{{2,249}}?--{UUID}", sentences.REFERENCE)


def listed(part: Check) -> Check:
    """A list (section 2.12), never empty."""

    def check(value: Json) -> Problems:
        if type(value) is not list or not value:
            return refused(sentences.LIST, value)
        problems = FINE
        for place, one in enumerate(value):
            if wrong := part(one):
                problems += under(f"[{place}]", wrong)
                if len(problems) >= MOST:
                    break
        return problems

    return check


def entries(judge: Callable[[str, Json], Problems]) -> Check:
    """A dictionary (section 2.3), never empty; each key is judged with its value."""

    def check(value: Json) -> Problems:
        if type(value) is not dict or not value:
            return refused(sentences.DICTIONARY, value)
        problems = FINE
        for name, one in value.items():
            if wrong := judge(name, one):
                problems += under(name, wrong)
                if len(problems) >= MOST:
                    break
        return problems

    return check


def dictionary(part: Check) -> Check:
    """A dictionary whose values are all of one type."""
    return entries(lambda name, one: _key(name) or part(one))


def shallow(value: Json) -> Problems:
    """Any value that is not nested too deep."""
    if isinstance(value, list | dict) and depth_of(value) > DEEPEST:
        return refused(sentences.DEEP, value)
    return FINE


def entry(value: Json) -> Problems:
    """The value of a dictionary that may hold everything but nothing."""
    return refused(sentences.ENTRY, value) if value is None else shallow(value)


def text_or_whole(value: Json) -> Problems:
    """A string or an integer."""
    return FINE if type(value) is str or not whole(value) else refused(sentences.TEXT_OR_WHOLE, value)


_DIGESTS: Mapping[str, Check] = {
    **{
        name: matching(f"[0-9a-fA-F]{{{digits}}}", sentences.HASH)
        for name, digits in (("MD5", 32), ("SHA-1", 40), ("SHA-256", 64), ("SHA-512", 128))
    },
    "SHA3-256": matching("[0-9a-fA-F]{64}", sentences.HASH),
    "SHA3-512": matching("[0-9a-fA-F]{128}", sentences.HASH),
    "SSDEEP": matching("[0-9]{1,20}:[A-Za-z0-9+/]{0,128}:[A-Za-z0-9+/]{0,128}", sentences.HASH),
    # Since its fourth version the algorithm writes T1 before the 35 bytes.
    "TLSH": matching("(?:T1)?[0-9a-fA-F]{70}", sentences.HASH),
}


def _hashes(named: Check) -> Check:
    """Hashes by their algorithm (section 2.7); those of the vocabulary have a form."""
    return entries(lambda name, digest: named(name) or _DIGESTS.get(name, text)(digest))


hashes = _hashes(matching("[A-Za-z0-9_-]{3,250}", sentences.KEY))
listed_hashes = _hashes(lambda name: FINE if name in _DIGESTS else refused(sentences.HASH_NAME, name))
