"""Any list of pieces as the techniques of ATT&CK that they speak of: a matrix, a list, a layer of Navigator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from infohub.analysis.techniques.catalogue import ENTERPRISE, ICS, catalogue
from infohub.analysis.techniques.matrix import Cell, Column, Tally, matrix, navigator_layer
from infohub.assist.techniques import Told, techniques_of
from infohub.catalogue.actions import note_export
from infohub.members.models import Person
from infohub.sharing.lists.exporting import file_name
from infohub.support.clock import now
from infohub.web.context import this_site, viewer_person
from infohub.web.handling import may_pass_on
from infohub.web.member.filters import Filters, filters_of
from infohub.web.member.search import asked_for, kept_query, pieces_asked_for
from infohub.web.moments import in_words
from infohub.web.viewer import viewer_of

DOMAINS = {ENTERPRISE: "Enterprise", ICS: "ICS"}
"""ATT&CK's own names of its matrices, in every language."""


@dataclass(frozen=True, slots=True)
class Row:
    """A technique as the page shows it: `url` leads to the pieces that were counted."""

    number: str
    name: str
    tactics: tuple[str, ...]
    tally: Tally
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found of one of ATT&CK's matrices: the matrix, and the same as a list, what is said most first.

    The layer is to be had of what is confirmed alone, where anything is.
    """

    name: str
    columns: list[tuple[str, list[tuple[Row, list[Row]]]]]
    rows: list[Row]
    layer: str
    is_confirmed: bool


@require_safe
def attack(request: HttpRequest) -> HttpResponse:
    """The techniques of the list of this address, of the pieces that the viewer may read and nothing else."""
    viewer = viewer_of(request)
    filters, query, words = filters_of(request, viewer), kept_query(request), asked_for(request)
    told = techniques_of(pieces_asked_for(request, viewer, filters))
    there = reverse("member:search" if words else "member:feed")
    context = {
        "nav": "search" if words else "feed",
        "words": words,
        "filters": filters.chips(request),
        "filtered": filters.any or bool(words),
        "unknown": filters.unknown,
        "back": f"{there}?{query}" if query else there,
        "told": told,
        "may": may_pass_on(told.tlp, _organisation(request)),
        "version": catalogue().version,
        "notice": catalogue().notice,
        "shown": [_shown(told, domain, there, query) for domain in DOMAINS if _counts(told, domain)],
    }
    return render(request, "member/attack.html", context)


@require_safe
def layer(request: HttpRequest, domain: str) -> HttpResponse:
    """The same as a layer that ATT&CK Navigator opens, and what it was made of in words; recorded as an export."""
    if domain not in DOMAINS:
        raise Http404
    viewer = viewer_of(request)
    filters = filters_of(request, viewer)
    told = techniques_of(pieces_asked_for(request, viewer, filters))
    counts = _counts(told, domain, confirmed=request.GET.get("only") == "confirmed")
    made = navigator_layer(
        counts,
        catalogue(),
        name=f"{this_site().name} {told.tlp.mark}",
        description=_described(request, told, filters),
        domain=domain,
        comments={number: _comment(told.techniques[number]) for number in counts},
        metadata=[("TLP", told.tlp.mark)],
    )
    note_export(viewer, entries=told.speaking, form="navigator")
    response = HttpResponse(orjson.dumps(made, option=orjson.OPT_INDENT_2), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{file_name(domain, told.tlp, "json")}"'
    return response


def _counts(told: Told, domain: str, *, confirmed: bool = False) -> dict[str, int]:
    """How many pieces say each technique of a matrix, or only those where a person confirmed it."""
    return {
        number: tally.confirmed if confirmed else tally.pieces
        for number, tally in told.techniques.items()
        if catalogue().techniques[number].domain == domain
    }


def _shown(told: Told, domain: str, there: str, query: str) -> Shown:
    columns = matrix(told.techniques, catalogue(), domain=domain)
    names = {tactic.key: tactic.name for tactic in catalogue().tactics if tactic.domain == domain}
    rows = {number: _row(number, told.techniques, names, there, query) for number in _counts(told, domain)}
    layer_url = reverse("member:attack_layer", args=[domain])
    return Shown(
        name=DOMAINS[domain],
        columns=[(column.tactic.name, _cells(column, rows)) for column in columns],
        rows=sorted(rows.values(), key=lambda row: (-row.tally.pieces, row.number)),
        layer=f"{layer_url}?{query}",
        is_confirmed=any(row.tally.confirmed for row in rows.values()),
    )


def _cells(column: Column, rows: Mapping[str, Row]) -> list[tuple[Row, list[Row]]]:
    def of(cell: Cell) -> Row:
        return rows[cell.technique.id]

    return [(of(cell), [of(part) for part in cell.parts]) for cell in column.cells]


def _row(number: str, told: Mapping[str, Tally], names: Mapping[str, str], there: str, query: str) -> Row:
    technique = catalogue().techniques[number]
    before = [part for part in query.split("&") if part and not part.startswith("technique=")]
    return Row(
        number=number,
        name=technique.name,
        tactics=tuple(names[key] for key in technique.tactics if technique.current and key in names),
        tally=told[number],
        url=f"{there}?{'&'.join([*before, urlencode({'technique': number})])}",
    )


def _comment(tally: Tally) -> str:
    """Confirmed and unreviewed told apart, for Navigator shows one number alone."""
    return _("%(confirmed)d confirmed by people, %(unreviewed)d not reviewed yet") % {
        "confirmed": tally.confirmed,
        "unreviewed": tally.unreviewed,
    }


def _described(request: HttpRequest, told: Told, filters: Filters) -> str:
    """What the layer was made of, and how far it may go."""
    words = asked_for(request)
    asked = [*([_("Words: %(words)s") % {"words": words}] if words else []), *filters.spoken]
    of = ngettext("%(n)d piece that its reader may read.", "%(n)d pieces that their reader may read.", told.pieces)
    sentences = [
        of % {"n": told.pieces},
        _("Filter: %(filter)s.") % {"filter": "; ".join(asked) or _("none")},
        _("The strictest piece in it is %(tlp)s: treat the layer so.") % {"tlp": told.tlp.mark},
        may_pass_on(told.tlp, _organisation(request)),
        _("A score is a number of pieces. Rejected findings are not counted."),
        *([_("Only findings that a person confirmed.")] if request.GET.get("only") == "confirmed" else []),
        _("Made %(time)s.") % {"time": in_words(now())},
    ]
    return " ".join(sentences)


def _organisation(request: HttpRequest) -> str:
    return viewer_person(cast(Person, request.user)).organisation_name
