"""STIX 2.1 objects made of what a source tells: one key is one id, so reading twice gives the same objects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid5

from infohub.standards.feeds.fields import cve_of
from infohub.standards.jsontext import Json
from infohub.standards.stix21.ids import OWN_NAMESPACE
from infohub.standards.stix21.timestamp import milliseconds, moment_of

Stix = dict[str, object]

_TIMES = ("created", "published", "valid_from")
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def made(kind: str, key: str, *, created: datetime, modified: datetime, **parts: object) -> Stix:
    """An object whose id follows from the key; parts that say nothing are left out."""
    head: Stix = {
        "type": kind,
        "spec_version": "2.1",
        "id": made_id(kind, key),
        "created": milliseconds(created),
        "modified": milliseconds(max(created, modified)),
    }
    return head | {name: part for name, part in parts.items() if part not in ("", None, [], {})}


def made_id(kind: str, key: str) -> str:
    """The id that follows from the key."""
    return f"{kind}--{uuid5(OWN_NAMESPACE, key)}"


def identity(key: str, name: str) -> Stix:
    """The organisation behind a source. Another name is another object, for one version has one content."""
    return made(
        "identity",
        f"identity {key} {name}",
        created=_FIRST,
        modified=_FIRST,
        name=name,
        identity_class="organization",
    )


def reference(source: str, *, number: str = "", url: str = "", words: str = "") -> Stix:
    """An external reference; empty where it would lead nowhere.

    A CVE's number has one source in STIX: what others call their own number is told in words there.
    """
    if bool(cve_of(number)) is not (source in {"cve", "capec"}):
        number, words = "", words or number
    parts = {"source_name": source, "description": words, "url": url, "external_id": number}
    return {name: part for name, part in parts.items() if part} if source and (number or url or words) else {}


def references(*found: Stix) -> list[Stix]:
    """References that say something, each once."""
    kept: list[Stix] = []
    for one in found:
        if one and one not in kept:
            kept.append(one)
    return kept


def revised(given: Mapping[str, Json], kept: Mapping[str, Json], *, at: datetime) -> Mapping[str, Json] | None:
    """The next version of an object that was made again; None where it says nothing but other times.

    It keeps the times that belong to the first version. What was changed without a later time of its own was so now.
    """
    named = {*given, *kept} - {*_TIMES, "modified"}
    if all(given.get(name) == kept.get(name) for name in named):
        return None
    times = {name: kept[name] for name in _TIMES if name in kept}
    before, said = moment_of(str(kept.get("modified", ""))), moment_of(str(given.get("modified", "")))
    if before is None or said is None:
        return given
    later = said if said > before else max(at, before + timedelta(milliseconds=1))
    return {**given, **times, "modified": milliseconds(later)}
