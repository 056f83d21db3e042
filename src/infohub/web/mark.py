"""The programme's own mark, for every page and whoever looks at it: a picture that never changes under its address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from infohub.register.models import Mark

YEAR = 365 * 24 * 60 * 60


@require_safe
def mark(_request: HttpRequest, name: str) -> HttpResponse:
    """The picture of this name."""
    row = get_object_or_404(Mark, name=name)
    cache = {"Cache-Control": f"public, max-age={YEAR}, immutable"}
    return HttpResponse(bytes(row.picture), content_type="image/png", headers=cache)
