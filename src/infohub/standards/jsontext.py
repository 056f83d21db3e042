"""Reads JSON from outside: keys once, no NaN, not too deep; what is wrong comes back as a value."""

from __future__ import annotations

import json

import orjson

from infohub.standards.problem import Problem

DEEPEST = 64

NO_JSON = "this is no JSON"
TWICE = "a key stands twice in one object"
TOO_DEEP = "this is nested deeper than is read"
SENTENCES = (NO_JSON, TWICE, TOO_DEEP)

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class TwiceError(ValueError):
    """A key stands twice in one object: the second would silently replace the first, a widened audience perhaps."""


def read(raw: bytes, *, deepest: int | None = DEEPEST) -> Json | Problem:
    """The value in these bytes (UTF-8), or why it is not taken: RFC 8259 and, for what that leaves open, I-JSON.

    Without `deepest` whoever goes on looks at each part's depth.
    """
    try:
        value: Json = orjson.loads(raw)
        ONCE.decode(raw.decode())
    except RecursionError:
        return Problem("", TOO_DEEP, str(deepest or DEEPEST))
    except TwiceError:
        return Problem("", TWICE)
    except ValueError as problem:
        return Problem("", NO_JSON, str(problem))
    if deepest is None or depth_of(value) <= deepest:
        return value
    return Problem("", TOO_DEEP, str(deepest))


def depth_of(value: Json) -> int:
    """How many objects and lists stand in each other."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, dict | list):
            deepest = max(deepest, depth)
            inside = one.values() if isinstance(one, dict) else one
            waiting.extend((part, depth + 1) for part in inside)
    return deepest


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TwiceError(TWICE)
    return found


def _no_number(word: str) -> Json:
    raise ValueError(f"{word} is no JSON")


ONCE = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
PLAIN = json.JSONDecoder(parse_constant=_no_number)
