"""A collection on its own page: as lists that programs obey, and each of its objects, with what may be said of it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from infohub.analysis.findings import Kind
from infohub.intel.actions import restore_object, retract_object
from infohub.intel.models import Collection, Placement
from infohub.intel.showing import Shown, shown_object
from infohub.members.models import Person
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.sharing.lists import LISTS, Collected, Form, collected, exported_from, held_in
from infohub.sharing.models import Item
from infohub.support.clock import now
from infohub.web.context import viewer_person
from infohub.web.cves import facts_of
from infohub.web.handling import may_pass_on
from infohub.web.losses import losses_of
from infohub.web.member.files import FormRow, form_row, kinds_alone
from infohub.web.rows import foreign
from infohub.web.tools import USER, list_line
from infohub.web.typed import line
from infohub.web.viewer import viewer_of

VALUES = 50  # shown of one object


@require_safe
def collection(request: HttpRequest, handle: UUID) -> HttpResponse:
    """What would leave of it as lists; nothing leaves yet."""
    viewer = viewer_of(request)
    row = _readable(viewer, handle)
    found = collected(viewer, row, at=now())
    context = {
        "nav": "integrations",
        "collection": row,
        "found": found,
        "may": may_pass_on(found.tlp, viewer_person(cast(Person, request.user)).organisation_name),
        "forms": [_form(found, form) for form in LISTS],
        "losses": losses_of(found.lines),
        "losses_url": _address(row, Form.LOSSES),
        "list_url": f"{settings.BASE_URL}/api/v1/collections/{row.alias}/values",
        "list_line": list_line(row.alias),
        "user": USER,
    }
    return render(request, "member/collection.html", context)


@require_safe
def file(request: HttpRequest, handle: UUID, form: str) -> HttpResponse:
    """The collection in the form that the address names, or all that does not leave with it."""
    viewer, kind = viewer_of(request), request.GET.get("type", "")
    if form not in {*LISTS, Form.LOSSES} or kind not in {"", *Kind}:
        raise Http404
    made = exported_from(viewer, collected(viewer, _readable(viewer, handle), at=now()), Form(form), kind=kind)
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def one_object(request: HttpRequest, handle: UUID, stix_id: str) -> HttpResponse:
    """One object; who may says here that it is a false positive, or that it was none after all."""
    viewer = viewer_of(request)
    row = _readable(viewer, handle)
    reason = line(request, "reason")
    unsaid = request.method == "POST" and request.POST.get("do") != "restore" and not reason
    if request.method == "POST" and not unsaid:
        _say(request, viewer, row, stix_id, reason)
        return redirect("member:collection_object", handle=handle, stix_id=stix_id)
    shown = shown_object(viewer, row, stix_id)
    if shown is None or (unsaid and not shown.may_retract):
        raise Http404
    values = shown.values[:VALUES]
    facts = facts_of(one.value for one in values if one.kind == Kind.CVE)
    context = {
        "nav": "integrations",
        "collection": row,
        "shown": shown,
        "values": [(one.value, facts.get(one.value, ())) for one in values],
        "is_past": shown.is_past(now()),
        "pieces": _pieces(viewer, shown),
        "unsaid": unsaid,
        "given": f"/api/v1/collections/{row.uuid}/objects/{stix_id}",
    }
    return render(request, "member/object.html", context, status=422 if unsaid else 200)


def _say(request: HttpRequest, viewer: Viewer, row: Collection, stix_id: str, reason: str) -> None:
    try:
        if request.POST.get("do") == "restore":
            restore_object(viewer, collection=row, stix_id=stix_id)
            messages.success(request, _("It counts again: look-ups and lists have it from now on."))
        else:
            retract_object(viewer, collection=row, stix_id=stix_id, reason=reason)
            messages.success(request, _("It counts no more: look-ups say so, and lists leave it out from now on."))
    except (Placement.DoesNotExist, NotAllowedError):
        raise Http404 from None


def _readable(viewer: Viewer, handle: UUID) -> Collection:
    found = Collection.objects.readable(viewer).filter(uuid=handle).first()
    if found is None:
        raise Http404
    return found


def _form(found: Collected, form: Form) -> FormRow:
    there = _address(found.collection, form)
    alone = kinds_alone(found.values, there) if form is Form.LIST else []
    about = _("CSV with marking and dates, a line for each object that has the value.")
    return form_row(form, held_in(found, form), url=there, alone=alone, about=about if form is Form.INDICATORS else "")


def _address(row: Collection, form: Form) -> str:
    return reverse("member:collection_file", args=[row.uuid, form.value])


def _pieces(viewer: Viewer, shown: Shown) -> list[tuple[str, str, str]]:
    """Reference, title and language of the pieces that brought it, as far as the viewer reads them."""
    rows = Item.objects.readable(viewer).filter(ref__in=shown.pieces) if shown.pieces else ()
    return [(row.ref, row.title, foreign(row.language)) for row in rows]
