"""The properties that every STIX object may have (section 3.2), and the structures they consist of."""

import re
from collections.abc import Mapping

from infohub.standards.jsontext import Json

from . import sentences
from .shape import one, part, some, texts
from .spellings import language, uri
from .values import (
    FINE,
    MOST,
    TYPE,
    UUID,
    Check,
    Problems,
    entries,
    flag,
    listed,
    listed_hashes,
    matching,
    one_of,
    ref,
    refused,
    shallow,
    time,
    under,
    whole_within,
)
from .vocabulary import EXTENSION_TYPES

external_references = listed(
    part(
        "source_name",
        some("description url external_id"),
        text="source_name description external_id",
        url=uri,
        hashes=listed_hashes,
    )
)
kill_chain_phases = listed(part("kill_chain_name phase_name", text="kill_chain_name phase_name"))
_granular_markings = listed(
    part("selectors", one("lang marking_ref"), lang=language, marking_ref=ref("marking-definition"), selectors=texts)
)

_DEFINED = re.compile(f"extension-definition--{UUID}").fullmatch
_NAMED = re.compile("[a-z][a-z0-9-]{0,245}-ext").fullmatch
_defined = part("extension_type", extension_type=one_of(EXTENSION_TYPES))


def _unknown(value: Json) -> Problems:
    return FINE if type(value) is dict and value else refused(sentences.DICTIONARY, value)


def extensions(known: Mapping[str, Check]) -> Check:
    """The extensions of a type (sections 3.2, 7.3, 11.3): the predefined are known, of others only the frame is."""

    def judge(name: str, value: Json) -> Problems:
        if name in known:
            return known[name](value)
        if _DEFINED(name):
            return _defined(value)
        return _unknown(value) if _NAMED(name) else refused(sentences.EXTENSION, name)

    check = entries(judge)
    return lambda value: shallow(value) or check(value)


def own_id(kind: str) -> Check:
    """The id of an object of a type (section 2.9)."""
    return matching(f"{kind}--{UUID}", sentences.ID)


def _version(value: Json) -> Problems:
    if value == "2.1":
        return FINE
    return refused(sentences.OLD if value == "2.0" else sentences.VERSION, value)


ANYWHERE: Mapping[str, Check] = {
    "type": matching(TYPE, sentences.TYPE),
    "spec_version": _version,
    "id": own_id("[a-z][a-z0-9-]{2,249}?"),
    "created_by_ref": ref("identity"),
    "created": time,
    "modified": time,
    "revoked": flag,
    "labels": texts,
    "confidence": whole_within(0, 100, sentences.PERCENT),
    "lang": language,
    "external_references": external_references,
    "object_marking_refs": listed(ref("marking-definition")),
    "granular_markings": _granular_markings,
    "defanged": flag,
    "extensions": extensions({}),
}


def selected(given: Mapping[str, Json]) -> Problems:
    """Selectors of granular markings point at something that is there (section 7.2.3)."""
    markings = given.get("granular_markings")
    if not isinstance(markings, list):
        return FINE
    problems = FINE
    for place, marking in enumerate(markings):
        assert isinstance(marking, dict)
        selectors = marking["selectors"]
        assert isinstance(selectors, list)
        for number, selector in enumerate(selectors):
            if not _points(given, str(selector)):
                path = f"granular_markings[{place}].selectors[{number}]"
                problems += under(path, refused(sentences.SELECTOR, selector))
                if len(problems) >= MOST:
                    return problems
    return problems


_INDEX = re.compile(r"\[(0|[1-9][0-9]{0,8})\]").fullmatch


def _points(given: Mapping[str, Json], selector: str) -> bool:
    here: Json | Mapping[str, Json] = given
    for step in selector.split("."):
        if isinstance(here, Mapping) and step in here:
            here = here[step]
        elif isinstance(here, list) and (index := _INDEX(step)) and int(index[1]) < len(here):
            here = here[int(index[1])]
        else:
            return False
    return True
