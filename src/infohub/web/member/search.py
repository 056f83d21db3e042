"""One box: a pasted indicator is answered first and exactly, then the pieces that have all the words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from infohub.analysis.extract import finding_of
from infohub.analysis.findings import Finding
from infohub.catalogue.models import Entry
from infohub.catalogue.search import matching
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Indicator
from infohub.web.lists import paged
from infohub.web.rows import rows_of
from infohub.web.viewer import viewer_of

QUERY_CHARACTERS = 2000


def search(request: HttpRequest) -> HttpResponse:
    """The answer to a query, from what the viewer may read and nothing else."""
    viewer = viewer_of(request)
    query = request.GET.get("q", "").strip()[:QUERY_CHARACTERS]
    finding = finding_of(query) if query else None
    page, newer, older = paged(request, matching(Entry.objects.readable(viewer), query).carded().newest())
    context: dict[str, object] = {
        "nav": "search",
        "query": query,
        "rows": rows_of(page),
        "newer": newer,
        "older": older,
    }
    if finding:
        context |= _exact(viewer, finding)
    return render(request, "member/search.html", context)


def _exact(viewer: Viewer, finding: Finding) -> dict[str, object]:
    """Where exactly this value was confirmed as an indicator."""
    known = list(
        Indicator.objects.readable(viewer)
        .filter(value=finding.value, item__state="published")
        .select_related("item")
        .order_by("valid_from")
    )
    return {"finding": finding, "known": known, "first": known[0] if known else None}
