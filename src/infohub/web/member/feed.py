"""The feed: everything the viewer may read, newest first, filtered by the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from infohub.catalogue.models import Entry
from infohub.web.lists import paged
from infohub.web.member.filters import filters_of
from infohub.web.rows import rows_of
from infohub.web.viewer import viewer_of


def feed(request: HttpRequest) -> HttpResponse:
    """A page of the feed."""
    viewer = viewer_of(request)
    filters = filters_of(request, viewer)
    page, newer, older = paged(request, filters.narrow(Entry.objects.readable(viewer)).carded().newest())
    return render(
        request,
        "member/feed.html",
        {
            "nav": "feed",
            "rows": rows_of(page),
            "newer": newer,
            "older": older,
            "filters": filters.chips(request),
            "filtered": filters.any,
            "query_string": request.GET.urlencode(),
        },
    )
