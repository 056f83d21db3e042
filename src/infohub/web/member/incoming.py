"""What sources outside bring in, as stories: why each concerns the reader, and a draft of one at a click."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from infohub.policy import offices
from infohub.sharing.actions import start_draft
from infohub.sharing.choice import Choice
from infohub.sharing.incoming import DAYS, draft_of, stories_for, story_with
from infohub.web.viewer import viewer_of


@require_safe
def incoming(request: HttpRequest) -> HttpResponse:
    """The stories of the last days, from collections the viewer may read."""
    viewer = viewer_of(request)
    context = {
        "nav": "incoming",
        "stories": stories_for(viewer),
        "days": DAYS,
        "shares": offices.shares(viewer),
        "steers": offices.steers(viewer),
    }
    return render(request, "member/incoming.html", context)


@require_POST
def make_draft(request: HttpRequest, stix_id: str) -> HttpResponse:
    """A draft about the story that has this report, open in the composer; nobody else sees it."""
    viewer = viewer_of(request)
    story = story_with(viewer, stix_id) if offices.shares(viewer) else None
    if story is None:
        raise Http404
    item = start_draft(viewer, text=draft_of(story), choice=Choice(colleagues=True))
    return redirect("member:draft", ref=item.ref)
