"""The container of observables within observed data (section 2.13), deprecated and still in use.

It may hold observables of STIX 2.0, whose ids are its keys: they are checked for what both versions share.
"""

from collections.abc import Iterator, Mapping

from infohub.standards.jsontext import Json

from . import sentences
from .properties import ANYWHERE
from .shape import part
from .values import FINE, MOST, Problems, entries, refused, shallow, under
from .vocabulary import RELATION

_observable = part("type", type=ANYWHERE["type"])
_entries = entries(lambda _key, value: _observable(value))
_RELATIONS = tuple(f"{kind}--" for kind in sorted(RELATION))


def container(value: Json) -> Problems:
    """A dictionary of observables."""
    return shallow(value) or _entries(value)


def local_references(given: Mapping[str, Json]) -> Problems:
    """What an observable in the container refers to is in the container."""
    objects = given.get("objects")
    if not isinstance(objects, dict):
        return FINE
    problems = FINE
    for key, observable in objects.items():
        assert isinstance(observable, dict)
        for path, reference in _references(observable):
            if not isinstance(reference, str) or reference not in objects:
                problems += under("objects", under(key, under(path, refused(sentences.LOCAL, reference))))
                if len(problems) >= MOST:
                    return problems
    return problems


def _references(observable: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for name, value in observable.items():
        if name.endswith("_ref") and name not in ANYWHERE:
            yield name, value
        if name.endswith("_refs") and name not in ANYWHERE:
            places = value if isinstance(value, list) else [value]
            yield from ((f"{name}[{place}]", one) for place, one in enumerate(places))


def some_observable(given: Mapping[str, Json]) -> Problems:
    """Observed data refers to one observable at least, whatever relationships it adds (section 4.14)."""
    found = given.get("object_refs")
    if isinstance(found, list) and all(str(one).startswith(_RELATIONS) for one in found):
        return under("object_refs", refused(sentences.SCO, found))
    return FINE
