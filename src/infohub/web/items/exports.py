"""A piece as a file, in the form that the address names."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from infohub.sharing.export import FORMS
from infohub.sharing.export import export as exported
from infohub.sharing.models import ItemState
from infohub.web.items.door import readable_piece
from infohub.web.viewer import viewer_of


@require_safe
def export(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """The file."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    if form not in FORMS or piece.state != ItemState.PUBLISHED:
        raise Http404
    file = exported(viewer, piece, form)
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
