"""Any list of pieces as a file, with the filters of the list; and what of it does not leave, and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from infohub.analysis.findings import Kind
from infohub.api.door import reader
from infohub.api.items import narrowed
from infohub.api.shapes import Filters
from infohub.sharing.lists import Form, exported, gathered
from infohub.support.clock import now

router = Router(tags=["Pieces"])

MEDIA = ("application/json", "application/stix+json;version=2.1", "application/zip", "text/csv", "text/plain")
FILE = {"responses": {200: {"description": "The file.", "content": {media: {} for media in MEDIA}}}}


class Wanted(Filters):
    """Which pieces, in which form."""

    form: Form
    type: Kind | None = Field(None, description="With the form `list`: one kind of indicator alone.")


@router.get("/export", openapi_extra=FILE, operation_id="export")
def export(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """The pieces you may read that pass the filters, the newest 10,000, as one file. Only what still counts leaves."""
    viewer = reader(request)
    found = gathered(viewer, narrowed(viewer, wanted), at=now())
    file = exported(viewer, found, wanted.form, kind=wanted.type or "")
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
