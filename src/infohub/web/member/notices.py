"""What the viewer was told, and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from infohub.delivery.actions import mark_read
from infohub.delivery.models import Notice
from infohub.delivery.reasons import why
from infohub.web.rows import row_of
from infohub.web.viewer import viewer_of

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The newest notices whose pieces the viewer may still read; POST marks all as read."""
    viewer = viewer_of(request)
    if request.method == "POST":
        mark_read(viewer)
        return redirect("member:notices")
    told = Notice.objects.readable(viewer).explained()[:PAGE]
    rows = [
        (notice, row_of(notice.entry, unread=notice.read_at is None), why(notice, notice.entry, viewer.groups))
        for notice in told
    ]
    return render(request, "member/notices.html", {"nav": "notices", "notices": rows})
