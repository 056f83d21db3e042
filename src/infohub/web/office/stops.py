"""The stop list: names that were rejected and are not suggested any more, and the way back for each."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from infohub.assist.actions import unstop
from infohub.assist.models import ENOUGH, Stop
from infohub.catalogue.models import Entry
from infohub.policy import offices
from infohub.web.lists import paged
from infohub.web.office.doors import open_to
from infohub.web.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class StoppedName:
    """A row of the list; `entry` is a piece the viewer may read that has the name, and without one there is no name."""

    stop: Stop
    entry: Entry | None

    @property
    def counts_for_all(self) -> bool:
        return self.stop.organisations >= ENOUGH


@require_safe
@open_to(offices.steers)
def stops(request: HttpRequest) -> HttpResponse:
    """The names of pieces the officer may read; of the others that there is one, of which kind, since when."""
    page, newer, older = paged(request, Stop.objects.listed())
    known = Stop.objects.known_to(viewer_of(request), page)
    rows = [StoppedName(one, known.get((one.subject, one.name))) for one in page]
    context = {"nav": "quality", "rows": rows, "newer": newer, "older": older, "enough": ENOUGH}
    return render(request, "office/stops.html", context)


@require_POST
@open_to(offices.steers)
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a name be suggested again, whether the officer sees it or not."""
    stop = Stop.objects.filter(pk=pk).first()
    if stop is None:
        raise Http404
    unstop(viewer_of(request), stop=stop)
    messages.success(request, _("It is off the list, and may be suggested again from the next reading on."))
    return redirect("office:stops")
