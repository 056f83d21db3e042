"""What the viewer was told, and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from infohub.delivery.actions import mark_read
from infohub.delivery.models import Notice
from infohub.policy.viewer import Viewer
from infohub.web.rows import row_of
from infohub.web.viewer import viewer_of

PAGE = 50
WHY = {
    "everyone": _("to all members"),
    "named": _("to you by name"),
    "circle": _("through your organisation or sector"),
    "participant": _("you wrote it or took part"),
    "mentioned": _("by name"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The newest notices whose pieces the viewer may still read; POST marks all as read."""
    viewer = viewer_of(request)
    if request.method == "POST":
        mark_read(viewer)
        return redirect("member:notices")
    told = Notice.objects.readable(viewer).explained()[:PAGE]
    rows = [(notice, row_of(notice.entry, unread=notice.read_at is None), _why(viewer, notice)) for notice in told]
    return render(request, "member/notices.html", {"nav": "notices", "notices": rows})


def _why(viewer: Viewer, notice: Notice) -> str:
    """Why this came: through which of the reader's groups, where it was one; nothing where the event says it all."""
    because = notice.reason.get("because", "")
    own = [group.name for group in notice.entry.groups.all() if group.pk in viewer.groups]
    if because == "circle" and own:
        return gettext("through your group %(name)s") % {"name": own[0]}
    return str(WHY.get(because, ""))
