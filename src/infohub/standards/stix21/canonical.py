"""The JSON canonicalisation scheme (RFC 8785): one spelling for one value, so that it can be hashed."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

_LARGEST_SAFE = 2**53 - 1


def canonical(value: Json) -> str:
    """The value in canonical JSON: no spaces, names in UTF-16 order, numbers as ECMAScript writes them."""
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_string(name)}:{canonical(value[name])}" for name in names) + "}"
    return "[" + ",".join(map(canonical, value)) + "]"


def _string(text: str) -> str:
    text.encode()  # a lone surrogate has no canonical form: refused here
    return json.dumps(text, ensure_ascii=False)


def _integer(number: int) -> str:
    if abs(number) > _LARGEST_SAFE:
        return _number(float(number))
    return str(number)


def _number(number: float) -> str:
    """A number the way ECMAScript's Number::toString writes it."""
    if not isfinite(number):
        message = "not a number JSON knows"
        raise ValueError(message)
    if number == 0:
        return "0"
    sign = "-" if number < 0 else ""
    digits, _, exponent = f"{abs(number)!r}".lower().partition("e")
    whole, _, part = digits.partition(".")
    point = len(whole) + int(exponent or 0)
    figures = (whole + part).lstrip("0")
    point -= len(whole + part) - len(figures)
    figures = figures.rstrip("0")
    return sign + _placed(figures, point)


def _placed(figures: str, point: int) -> str:
    """Significant figures with the decimal point after the first `point` of them."""
    count = len(figures)
    if count <= point <= 21:
        return figures + "0" * (point - count)
    if 0 < point <= 21:
        return f"{figures[:point]}.{figures[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + figures
    exponent = f"e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return figures[0] + (f".{figures[1:]}" if count > 1 else "") + exponent
