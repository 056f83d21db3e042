"""A piece as a file: STIX, MISP, a table, a plain list, paper. Only what still counts leaves, nothing retracted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid5

from django.conf import settings

from infohub.catalogue.actions import note_export
from infohub.policy.viewer import Viewer
from infohub.sharing.confirmed import confirmed_of
from infohub.sharing.models import Indicator, Item
from infohub.sharing.stix import creator_of, piece_objects
from infohub.standards.misp.event import Attribute, Event, render_event
from infohub.standards.stix21.confirmed import Confirmed
from infohub.support.clock import now
from infohub.support.pdf import Sheet, printed
from infohub.support.tables import lines


@dataclass(frozen=True, slots=True)
class Export:
    """A file that leaves the hub."""

    name: str
    content_type: str
    content: str | bytes


def export(viewer: Viewer, item: Item, form: str) -> Export:
    """A readable published piece in one of the FORMS; the export is recorded."""
    make, content_type, ending = FORMS[form]
    content = make(item, list(item.indicators.readable(viewer).live(now())), confirmed_of(item))
    note_export(viewer, entries=1, subject=item.ref, form=form)
    return Export(_name(item, ending), content_type, content)


def export_sheet(viewer: Viewer, item: Item, sheet: Sheet) -> Export:
    """A readable published piece on paper; the export is recorded. Raises NotPrintedError."""
    content = printed(sheet)
    note_export(viewer, entries=1, subject=item.ref, form="pdf")
    return Export(_name(item, "pdf"), "application/pdf", content)


def _name(item: Item, ending: str) -> str:
    return f"{item.ref}-TLP-{item.marking.word}.{ending}".replace("+", "-")


def _stix(piece: Item, indicators: list[Indicator], confirmed: tuple[Confirmed, ...]) -> str:
    identifier = uuid5(piece.uuid, piece.updated_at.isoformat())
    objects = piece_objects(piece, indicators=indicators, confirmed=confirmed)
    return _json({"type": "bundle", "id": f"bundle--{identifier}", "objects": objects})


def _misp(piece: Item, indicators: list[Indicator], confirmed: tuple[Confirmed, ...]) -> str:
    return _json(misp_event(piece, indicators, confirmed))


def misp_event(piece: Item, indicators: list[Indicator], confirmed: tuple[Confirmed, ...]) -> dict[str, object]:
    """The piece as MISP reads it."""
    creator = creator_of(piece)
    event = Event(
        uuid=piece.uuid,
        info=piece.title,
        tlp=piece.marking,
        severity=piece.severity,
        published=piece.published_at or piece.updated_at,
        modified=piece.updated_at,
        organisation=creator.name,
        organisation_uuid=creator.uuid,
        link=f"{settings.BASE_URL}/items/{piece.ref}",
        attributes=tuple(Attribute(row.uuid, row.kind, row.value, row.valid_from) for row in indicators),
        confirmed=confirmed,
    )
    return render_event(event)


def _table(piece: Item, indicators: list[Indicator], confirmed: tuple[Confirmed, ...]) -> str:
    """The indicators, and below them what was confirmed beside them."""
    head = ("type", "value", "tlp", "piece", "first_shared", "valid_until")
    rows = [
        (
            row.kind,
            row.value,
            piece.marking.mark,
            piece.ref,
            row.valid_from.date().isoformat(),
            row.valid_until.date().isoformat() if row.valid_until else "",
        )
        for row in indicators
    ]
    named = {row.value for row in indicators}
    since = (piece.published_at or piece.updated_at).date().isoformat()
    rows += [
        (one.kind, one.value, piece.marking.mark, piece.ref, since, "") for one in confirmed if one.value not in named
    ]
    return "".join(lines([head, *rows]))


def _list(piece: Item, indicators: list[Indicator], _confirmed: tuple[Confirmed, ...]) -> str:
    """One value a line for programs that obey each; the first line says how far it may go."""
    return "\n".join([f"# {piece.marking.mark} {piece.ref}", *(row.value for row in indicators), ""])


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


FORMS: dict[str, tuple[Callable[[Item, list[Indicator], tuple[Confirmed, ...]], str], str, str]] = {
    "stix": (_stix, "application/stix+json;version=2.1", "stix.json"),
    "misp": (_misp, "application/json", "misp.json"),
    "csv": (_table, "text/csv; charset=utf-8", "csv"),
    "txt": (_list, "text/plain; charset=utf-8", "txt"),
}
