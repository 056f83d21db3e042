"""Any list of pieces as a file: first what of it would leave, in which form, and what not and why; then the file."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from infohub.analysis.findings import Kind
from infohub.intel.models import Collection, CollectionKind
from infohub.members.models import Person
from infohub.policy.viewer import Viewer
from infohub.sharing.lists import (
    FORMS,
    INDICATORS,
    PIECES,
    Form,
    Gathered,
    exported,
    gathered,
    held,
)
from infohub.support.clock import now
from infohub.web.context import viewer_person
from infohub.web.handling import may_pass_on
from infohub.web.losses import losses_of
from infohub.web.member.files import FormRow, form_row, kinds_alone
from infohub.web.member.filters import DAYS, Filters, filters_of
from infohub.web.member.search import asked_for, kept_query, pieces_asked_for
from infohub.web.viewer import viewer_of


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What would leave with the filters of this address; nothing leaves yet."""
    viewer = viewer_of(request)
    filters, query = filters_of(request, viewer), kept_query(request)
    found = gathered(viewer, pieces_asked_for(request, viewer, filters), at=now())
    context = {
        "nav": "search" if asked_for(request) else "feed",
        "words": asked_for(request),
        "filters": filters.chips(request),
        "filtered": filters.any,
        "query_string": query,
        "found": found,
        "may": may_pass_on(found.tlp, viewer_person(cast(Person, request.user)).organisation_name),
        "most_pieces": f"{PIECES:,}",
        "most_indicators": f"{INDICATORS:,}",
        "forms": [_row(found, form, query) for form in FORMS],
        "losses": losses_of(found.lines),
        "losses_url": _address(Form.LOSSES.value, query),
        "rest": _rest(filters, asked_for(request)),
        "collection": _collection(viewer, filters, asked_for(request)),
    }
    return render(request, "member/export.html", context)


@require_safe
def file(request: HttpRequest, form: str) -> HttpResponse:
    """The list in the form that the address names, or all that does not leave with it."""
    kind = request.GET.get("type", "")
    if form not in set(Form) or kind not in {"", *Kind}:
        raise Http404
    viewer = viewer_of(request)
    found = gathered(viewer, pieces_asked_for(request, viewer, filters_of(request, viewer)), at=now())
    made = exported(viewer, found, Form(form), kind=kind)
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def _row(found: Gathered, form: Form, query: str) -> FormRow:
    there = _address(form.value, query)
    alone = kinds_alone(found.values, there) if form is Form.LIST else []
    return form_row(form, held(found, form), url=there, alone=alone)


def _address(form: str, query: str) -> str:
    there = reverse("member:export_file", args=[form])
    return f"{there}?{query}" if query else there


def _rest(filters: Filters, words: str) -> str:
    """The address at which a program with a token gets the same."""
    asked = {"form": Form.STIX.value} | {name: value for name, value in filters.chosen.items() if value}
    days = asked.pop("days", "")
    if days in map(str, DAYS):
        asked["since"] = (now() - timedelta(days=int(days))).date().isoformat()
    if words:
        asked["q"] = words
    return f"{settings.BASE_URL}/api/v1/export?{urlencode(asked)}"


def _collection(viewer: Viewer, filters: Filters, words: str) -> tuple[str, str] | None:
    """Title and address of the TAXII collection of the one group or sector that the filters name, or of everything."""
    chosen = {name: value for name, value in filters.chosen.items() if value}
    readable = Collection.objects.readable(viewer)
    if words or len(chosen) > 1:
        return None
    if "group" in chosen:
        rows = readable.filter(group__ref=chosen["group"], group__in=viewer.groups)
    elif "sector" in chosen:
        rows = readable.filter(sector__key=chosen["sector"])
    else:
        rows = readable.filter(kind=CollectionKind.EVERYTHING) if not chosen else readable.none()
    row = rows.first()
    return (row.title, f"{settings.BASE_URL}/taxii2/api/collections/{row.uuid}/") if row else None
