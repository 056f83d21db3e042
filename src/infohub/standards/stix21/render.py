"""One of our pieces as STIX 2.1 objects: a report with its author, what it speaks of, and its words in other languages.

Every id follows from the ids given, so rendering twice gives the same objects, and a later `modified` gives a new
version under the same ids.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from infohub.standards.tlp import Tlp

from .confirmed import Confirmed, own_properties
from .ids import relationship_id
from .markings import TLP_2, marking_definition
from .patterns import Observable, observables, pattern
from .timestamp import milliseconds

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
# Validators keep a fixed list of language codes that has regions but no scripts.
_LANGUAGES = {"zh-hant": "zh-HK", "zh-hans": "zh-CN"}
_REFERENCES = {"cve": ("vulnerability", "cve"), "attack": ("attack-pattern", "mitre-attack")}


@dataclass(frozen=True, slots=True)
class Author:
    """The organisation that shares, or the programme where a piece is unattributed.

    Whoever changes the name of an organisation also gives a later `modified`, for one version has one content.
    """

    uuid: UUID
    name: str
    sectors: tuple[str, ...]
    modified: datetime = FIRST


@dataclass(frozen=True, slots=True)
class Indicator:
    """One confirmed indicator of a piece; `kind` is one of the words of `analysis.findings.Kind`."""

    uuid: UUID
    kind: str
    value: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Translation:
    """The piece's words in another language, whose versions are the caller's to tell apart by `modified`.

    STIX has no property for where words come from, so their `origin` (such as `human` or `machine`) travels as a label:
    any client reads that, and leaving the words out would tell less. `overtaken` words say an earlier revision.
    """

    uuid: UUID
    language: str
    title: str
    body: str
    origin: str
    modified: datetime
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be rendered: an item or a release with everything that leaves the hub with it."""

    ref: str
    uuid: UUID
    kind: str
    title: str
    body: str
    language: str
    tlp: Tlp
    author: Author
    created: datetime
    modified: datetime
    published: datetime
    indicators: tuple[Indicator, ...]
    external_url: str
    revoked: bool
    translations: tuple[Translation, ...] = ()
    confirmed: tuple[Confirmed, ...] = ()


def has_object(kind: str, value: str) -> bool:
    """Whether STIX has an object for such an indicator; one without becomes a note."""
    return kind in _REFERENCES or bool(observables(kind, value))


def render_report(piece: Piece) -> list[dict[str, object]]:
    """The author's identity, the marking, everything the piece speaks of, the report, its words in other languages.

    A revoked piece takes back its report, indicators, what was confirmed of it and languages; its words and observables
    are not sent again. A technique that is an indicator as well is one object.
    """
    named = {one.value for one in piece.indicators if one.kind == "attack"}
    said = [one for one in piece.confirmed if one.stix_type and one.value not in named]
    parts = _distinct(
        [part for indicator in piece.indicators for part in _parts(piece, indicator)]
        + [_head(piece, one.stix_type, one.uuid) | own_properties(one) for one in said]
    )
    head = [_identity(piece.author), marking_definition(piece.tlp)]
    return [*head, *parts, _report(piece, parts), *(_language_content(piece, words) for words in piece.translations)]


def _identity(author: Author) -> dict[str, object]:
    """The organisation; without marking, because the same one stands behind pieces of every level."""
    identity: dict[str, object] = {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{author.uuid}",
        "created": milliseconds(FIRST),
        "modified": milliseconds(max(author.modified, FIRST)),
        "name": author.name,
        "identity_class": "organization",
    }
    return identity | ({"sectors": list(author.sectors)} if author.sectors else {})


def _report(piece: Piece, parts: list[dict[str, object]]) -> dict[str, object]:
    refs = [part["id"] for part in parts] or [f"identity--{piece.author.uuid}"]
    words: dict[str, object] = (
        {"name": piece.ref} if piece.revoked else {"name": piece.title, "description": piece.body}
    )
    if not words.get("description"):
        words.pop("description", None)
    reference = {"source_name": "infohub", "external_id": piece.ref, "url": piece.external_url}
    return {
        **_head(piece, "report", piece.uuid),
        **words,
        "report_types": ["vulnerability" if piece.kind == "advisory" and _about_flaws(piece) else "threat-report"],
        "published": milliseconds(piece.published),
        "object_refs": refs,
        "labels": [piece.kind],
        "external_references": [{name: part for name, part in reference.items() if part}],
    }


def _language_content(piece: Piece, words: Translation) -> dict[str, object]:
    """The words for the very version of the report that they say (section 7.1); overtaken ones are taken back."""
    head = _head(piece, "language-content", words.uuid)
    language = _language(words.language)
    common = {name: part for name, part in head.items() if name != "lang"} | {
        "modified": milliseconds(max(words.modified, piece.created)),
        "object_ref": f"report--{piece.uuid}",
    }
    if piece.revoked or words.overtaken:
        return common | {"contents": {language: {"name": piece.ref}}, "revoked": True}
    told = {"name": words.title} | ({"description": words.body} if words.body else {})
    return common | {"object_modified": head["modified"], "contents": {language: told}, "labels": [words.origin]}


def _about_flaws(piece: Piece) -> bool:
    return any(indicator.kind == "cve" for indicator in piece.indicators)


def _parts(piece: Piece, indicator: Indicator) -> list[dict[str, object]]:
    """What one indicator becomes: an indicator with its observables, a reference, or a note where STIX has no word."""
    if indicator.kind in _REFERENCES:
        return [_reference(piece, indicator)]
    facts = observables(indicator.kind, indicator.value)
    if not facts:
        return [] if piece.revoked else [_note(piece, indicator)]
    rule = _indicator(piece, indicator)
    if piece.revoked:
        return [rule]
    rendered = [_observable(piece, fact) for fact in facts]
    return [rule, *rendered, _based_on(piece, rule["id"], facts[-1])]


def _indicator(piece: Piece, indicator: Indicator) -> dict[str, object]:
    until = indicator.valid_until
    rule: dict[str, object] = {
        **_head(piece, "indicator", indicator.uuid),
        "name": indicator.value,
        "pattern": pattern(indicator.kind, indicator.value),
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": milliseconds(indicator.valid_from),
    }
    return rule | ({"valid_until": milliseconds(until)} if until and until > indicator.valid_from else {})


def _observable(piece: Piece, fact: Observable) -> dict[str, object]:
    return {
        "type": fact.kind,
        "spec_version": "2.1",
        "id": fact.id,
        "object_marking_refs": [TLP_2[piece.tlp]],
        **fact.properties,
    }


def _based_on(piece: Piece, source: object, fact: Observable) -> dict[str, object]:
    identifier = relationship_id(str(source), "based-on", fact.id)
    return {
        **_head(piece, "relationship", UUID(identifier.partition("--")[2])),
        "relationship_type": "based-on",
        "source_ref": source,
        "target_ref": fact.id,
    }


def _reference(piece: Piece, indicator: Indicator) -> dict[str, object]:
    """A vulnerability or technique that is known by its number elsewhere; a confirmed technique by its name too."""
    kind, source = _REFERENCES[indicator.kind]
    head = _head(piece, kind, indicator.uuid)
    for one in piece.confirmed:
        if one.stix_type == kind and one.value == indicator.value:
            return head | own_properties(one)
    reference = {"source_name": source, "external_id": indicator.value}
    return head | {"name": indicator.value, "external_references": [reference]}


def _note(piece: Piece, indicator: Indicator) -> dict[str, object]:
    """A fact STIX has no object for (a wallet, a weakness), so that it is not lost on the way."""
    return {
        **_head(piece, "note", indicator.uuid),
        "abstract": indicator.kind.upper(),
        "content": indicator.value,
        "object_refs": [f"report--{piece.uuid}"],
    }


def _head(piece: Piece, kind: str, uuid: UUID) -> dict[str, object]:
    """The properties that every object of a piece has in common."""
    head: dict[str, object] = {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{uuid}",
        "created_by_ref": f"identity--{piece.author.uuid}",
        "created": milliseconds(piece.created),
        "modified": milliseconds(max(piece.modified, piece.created)),
        "lang": _language(piece.language),
        "object_marking_refs": [TLP_2[piece.tlp]],
    }
    return head | ({"revoked": True} if piece.revoked else {})


def _language(code: str) -> str:
    return _LANGUAGES.get(code.lower(), code)


def _distinct(objects: list[dict[str, object]]) -> list[dict[str, object]]:
    return list({str(part["id"]): part for part in objects}.values())
