"""What was submitted and waits for this viewer's review; the decision is made on the piece's own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from infohub.policy import offices
from infohub.sharing.models import Item
from infohub.web.lists import paged
from infohub.web.office.doors import open_to
from infohub.web.rows import foreign, severity_word
from infohub.web.viewer import viewer_of


@require_safe
@open_to(offices.reviews)
def moderation(request: HttpRequest) -> HttpResponse:
    """The pieces that wait, whoever waits longest first; one's own waits for another reviewer."""
    viewer = viewer_of(request)
    waiting = Item.objects.readable(viewer).waiting().select_related("label", "author__person", "author__organisation")
    page, newer, older = paged(request, waiting.prefetch_related("groups"))
    rows = [
        {
            "item": item,
            "severity": severity_word(item.severity),
            "lang": foreign(item.language),
            "own": item.label.written_by(viewer),
            "groups": [group.name for group in item.groups.all() if group.listed or group.pk in viewer.moderates],
        }
        for item in page
    ]
    context = {"nav": "moderation", "rows": rows, "newer": newer, "older": older}
    return render(request, "office/moderation.html", context)
