"""A document with something in it that nobody expects there."""

from __future__ import annotations

from copy import deepcopy

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

ODD = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    st.sampled_from(["", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-02-31", "https://[", "\x00"]),
    st.sampled_from(["http://a", "CVE-2026-0009", "TLP:RED", "x" * 30_000, "https://a.example/ 中"]),
    st.lists(st.none() | st.integers() | st.text(max_size=5), max_size=3),
    st.dictionaries(st.sampled_from(["text", "url", "id"]), st.none() | st.integers() | st.text(max_size=5)),
)


@st.composite
def mutated(draw: DrawFn, document: object) -> object:
    """Walk down at random a few times, and put something odd in place of what is found there."""
    whole = deepcopy(document)
    for _change in range(draw(st.integers(min_value=0, max_value=4))):
        inside, going = whole, True
        while going:
            place = draw(st.sampled_from(_places(inside)))
            inner = _at(inside, place)
            going = bool(_places(inner)) and draw(st.booleans() | st.just(True))
            if not going:
                _put(inside, place, draw(ODD))
            inside = inner
    return whole


def _places(inside: object) -> list[str | int]:
    if isinstance(inside, dict):
        return list(inside)
    return list(range(len(inside))) if isinstance(inside, list) else []


def _at(inside: object, place: str | int) -> object:
    if isinstance(inside, dict):
        return inside[place]
    return inside[int(place)] if isinstance(inside, list) else None


def _put(inside: object, place: str | int, odd: object) -> None:
    if isinstance(inside, dict):
        inside[str(place)] = odd
    elif isinstance(inside, list):
        inside[int(place)] = odd
