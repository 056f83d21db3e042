"""A token's own page: what its machine asked for lately, what it missed, and a trial of what it would see."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from infohub.intel.holdings import older_for
from infohub.intel.models import Call
from infohub.members.models import Token
from infohub.policy import offices
from infohub.register.machines import machine_behind
from infohub.support.clock import now
from infohub.web.member.calls import told
from infohub.web.member.trial import tried
from infohub.web.tokens import SCOPES, named, rows_of
from infohub.web.viewer import viewer_of

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def token(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own token, or one of the organisation in one's care; POST tries it."""
    viewer = viewer_of(request)
    found = Token.objects.of_machines().filter(pk=pk).first()
    if found is None or not offices.may_watch(viewer, found):
        raise Http404
    at, machine = now(), machine_behind(found)
    titles = {row.pk: row.title for row in machine.collections} if machine else {}
    context = {
        "nav": "integrations",
        "row": rows_of(viewer, [found])[0],
        "scopes": [named(scope) for scope in found.scopes if scope in SCOPES],
        "calls": told(Call.objects.of(found)[:SHOWN], found, titles),
        "older": older_for(found, machine.viewer, at=at) if machine and "taxii" in found.scopes else None,
        "trial": tried(found, at) if request.method == "POST" else None,
    }
    return render(request, "member/token.html", context)
