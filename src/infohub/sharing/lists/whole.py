"""A list of pieces in the forms that hold whole pieces: one STIX bundle, one list of MISP events."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from uuid import NAMESPACE_URL, uuid5

import orjson
from django.db.models import Prefetch

from infohub.policy.rules import asks_anything
from infohub.sharing.export import misp_event
from infohub.sharing.lists.gathering import Gathered
from infohub.sharing.models import Indicator, Item, Revision
from infohub.sharing.stix import piece_objects
from infohub.standards.losses import Line, Outcome
from infohub.standards.misp.event import has_place, has_type
from infohub.standards.problem import Problem
from infohub.standards.stix21.confirmed import Confirmed
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.stix21.patterns import Observable, observables
from infohub.standards.stix21.render import has_object
from infohub.standards.tlp import Tlp

NO_PAP = "This form has no place for its PAP. Tell it to who gets the file."
NO_FILES = "Its files do not leave with it. Take them from the page of the piece."
NO_TEXT = "Its text stays here. The event leads to the page of the piece."
A_NOTE = "STIX has no object for this kind, so it leaves as a note."
A_TEXT = "MISP has no type for this kind, so it leaves as text."
NO_NAME_STIX = "It was confirmed, but STIX has no object for it."
NO_NAME_MISP = "It was confirmed, but MISP has no galaxy for it."
STRICTEST = "It stands in pieces of several markings. Its one object carries the strictest."

SENTENCES = (NO_PAP, NO_FILES, NO_TEXT, A_NOTE, A_TEXT, NO_NAME_STIX, NO_NAME_MISP, STRICTEST)


def bundle(gathered: Gathered) -> bytes:
    """One bundle with every object once; what several pieces speak of carries the strictest of their markings."""
    strictest, seen, made = _strictest(gathered), set[str](), io.BytesIO()
    versions = " ".join(f"{piece.uuid} {piece.updated_at.isoformat()}" for piece in gathered.pieces.values())
    made.write(f'{{"type":"bundle","id":"bundle--{uuid5(NAMESPACE_URL, versions)}"'.encode())
    for piece, indicators in _whole(gathered):
        for part in piece_objects(piece, indicators=indicators, confirmed=gathered.confirmed.get(piece.pk, ())):
            identifier = str(part["id"])
            if identifier not in seen:
                level = strictest.get(identifier)
                marked = part if level is None else part | {"object_marking_refs": [TLP_2[level]]}
                made.write((b",\n" if seen else b',"objects":[\n') + orjson.dumps(marked))
                seen.add(identifier)
    made.write(b"\n]}\n" if seen else b"}\n")
    return made.getvalue()


def events(gathered: Gathered) -> bytes:
    """A list of MISP events."""
    made = io.BytesIO(b"[")
    made.seek(1)
    for number, (piece, indicators) in enumerate(_whole(gathered)):
        event = misp_event(piece, indicators, gathered.confirmed.get(piece.pk, ()))
        made.write((b",\n" if number else b"\n") + orjson.dumps(event))
    made.write(b"\n]\n")
    return made.getvalue()


def bundle_lines(gathered: Gathered) -> Iterator[Line]:
    """What of the list the bundle holds otherwise, or not."""
    for one in gathered.values:
        if not has_object(one.kind, one.value):
            yield Line(one.value, Outcome.CHANGED, (Problem(", ".join(one.refs), A_NOTE),))
    levels: dict[tuple[str, str], set[Tlp]] = {}
    for row in gathered.rows:
        levels.setdefault((row.kind, row.value), set()).add(gathered.pieces[row.item_id].marking)
    for one in gathered.values:
        if len(levels[one.kind, one.value]) > 1 and observables(one.kind, one.value):
            yield Line(one.value, Outcome.CHANGED, (Problem(", ".join(one.refs), STRICTEST),))
    yield from _unnamed(gathered, lambda one: one.stix_type != "", NO_NAME_STIX)
    yield from _left_behind(gathered)


def event_lines(gathered: Gathered) -> Iterator[Line]:
    """What of the list the events hold otherwise, or not."""
    for one in gathered.values:
        if not has_type(one.kind):
            yield Line(one.value, Outcome.CHANGED, (Problem(", ".join(one.refs), A_TEXT),))
    for piece in gathered.pieces.values():
        yield Line(piece.ref, Outcome.CHANGED, (Problem(piece.ref, NO_TEXT),))
    yield from _unnamed(gathered, has_place, NO_NAME_MISP)
    yield from _left_behind(gathered)


def _unnamed(gathered: Gathered, has_one: Callable[[Confirmed], bool], reason: str) -> Iterator[Line]:
    """What people confirmed of the pieces and the form has no place for."""
    for number, some in gathered.confirmed.items():
        for one in some:
            if not has_one(one):
                yield Line(one.name, Outcome.REFUSED, (Problem(gathered.pieces[number].ref, reason, one.kind),))


def _left_behind(gathered: Gathered) -> Iterator[Line]:
    for piece in gathered.pieces.values():
        if piece.pap is not None and asks_anything(Tlp(piece.pap)):
            yield Line(piece.ref, Outcome.CHANGED, (Problem(piece.ref, NO_PAP, f"PAP:{Tlp(piece.pap).word}"),))
    for number, names in gathered.files.items():
        ref = gathered.pieces[number].ref
        yield from (Line(name, Outcome.REFUSED, (Problem(ref, NO_FILES),)) for name in names)


def _whole(gathered: Gathered) -> list[tuple[Item, list[Indicator]]]:
    """The pieces with their texts and authors, each with its indicators."""
    own: dict[int, list[Indicator]] = {}
    for row in gathered.rows:
        own.setdefault(row.item_id, []).append(row)
    moments = Prefetch("revisions", Revision.objects.only("item", "number", "at"))
    rows = Item.objects.readable(gathered.viewer).filter(pk__in=list(gathered.pieces))
    rows = rows.select_related("author__organisation")
    found = {row.pk: row for row in rows.prefetch_related("author__organisation__sectors", "texts", moments)}
    return [(found[pk], own.get(pk, [])) for pk in gathered.pieces if pk in found]


def _strictest(gathered: Gathered) -> dict[str, Tlp]:
    """The strictest marking of each observable that pieces of several markings speak of, by its id."""
    found: dict[tuple[str, str], tuple[Observable, set[Tlp]]] = {}
    for row in gathered.rows:
        for fact in observables(row.kind, row.value):
            _fact, levels = found.setdefault((fact.kind, repr(fact.properties)), (fact, set()))
            levels.add(gathered.pieces[row.item_id].marking)
    return {fact.id: max(levels) for fact, levels in found.values() if len(levels) > 1}
