"""A piece as a file, in the form that the address names."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from infohub.members.models import Person
from infohub.policy.viewer import Viewer
from infohub.sharing.export import FORMS, Export, export_sheet
from infohub.sharing.export import export as exported
from infohub.sharing.models import Item, ItemState
from infohub.support.pdf import NotPrintedError, prints
from infohub.web.context import viewer_person
from infohub.web.items.door import readable_piece
from infohub.web.items.sheet import sheet_of
from infohub.web.viewer import viewer_of


@require_safe
def export(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """The file; a PDF only where this installation makes them."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    on_paper = form == "pdf" and prints()
    if piece.state != ItemState.PUBLISHED or not (on_paper or form in FORMS):
        raise Http404
    try:
        file = _paper(request, viewer, piece) if on_paper else exported(viewer, piece, form)
    except NotPrintedError as problem:
        messages.error(request, str(problem))
        return redirect("items:item", ref=piece.ref)
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _paper(request: HttpRequest, viewer: Viewer, piece: Item) -> Export:
    who = viewer_person(cast(Person, request.user))
    return export_sheet(viewer, piece, sheet_of(viewer, piece, who, request.GET.get("language", "")))
