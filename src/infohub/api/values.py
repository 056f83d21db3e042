"""A collection as lists of values, at addresses that firewalls and resolvers pull again and again."""

from __future__ import annotations

import hashlib
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Query, Router, Schema
from pydantic import Field

from infohub.analysis.findings import Kind
from infohub.api.door import DoorOfLists, reader
from infohub.api.envelopes import CollectionId
from infohub.api.exchange import readable
from infohub.sharing.lists import Form, collected, exported_from
from infohub.support.clock import now

router = Router(tags=["Collections"])

FILE = {
    "responses": {200: {"description": "The list.", "content": {media: {} for media in ("text/plain", "text/csv")}}}
}


class Wanted(Schema):
    """In which form."""

    form: Literal["list", "hosts", "rpz", "suricata", "indicators", "losses"] = "list"
    type: Kind | None = Field(None, description="With the form `list`: one kind of value alone.")


@router.get("/collections/{name}/values", auth=DoorOfLists(), openapi_extra=FILE, operation_id="values")
def values(request: HttpRequest, name: CollectionId, wanted: Query[Wanted]) -> HttpResponse:
    """The values that its indicators name and that still count, as a list that programs obey, one on each line.

    The token may be the password of Basic, with any user name. What is as it was is answered by 304.
    """
    viewer, found = reader(request), readable(request, name)
    file = exported_from(viewer, collected(viewer, found, at=now()), Form(wanted.form), kind=wanted.type or "")
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["ETag"] = etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=etag, response=response) or response
