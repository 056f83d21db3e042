"""Seals of unattributed pieces: one officer asks to open one, another opens it, the two see for a week who wrote it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import ask_to_open, keep_sealed, open_seal
from infohub.sharing.models import Opening, OpeningState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.support.clock import now
from infohub.web.accounts.doors import fresh, fresh_to_act
from infohub.web.lists import paged
from infohub.web.office.confirming import Step, confirmed
from infohub.web.office.doors import open_to
from infohub.web.office.forms import SealForm
from infohub.web.viewer import viewer_of


@fresh_to_act
@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.opens_seals)
def seals(request: HttpRequest) -> HttpResponse:
    """What was asked and decided, the newest first; POST asks."""
    viewer = viewer_of(request)
    form = SealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            ask_to_open(viewer, ref=form.cleaned_data["ref"], reason=form.cleaned_data["reason"])
        except NotReadyError as missing:
            form.add_error(missing.field, str(missing))
        else:
            messages.success(request, _("Asked. A second officer decides; until then the seal stays closed."))
            return redirect("office:seals")
    rows = Opening.objects.select_related(
        "item__seal__membership__person", "item__seal__membership__organisation", "asked_by", "decided_by"
    )
    page, newer, older = paged(request, rows)
    context = {
        "nav": "seals",
        "form": form,
        "rows": [(opening, opening.author_shown_to(viewer, now()), _waits(opening, viewer)) for opening in page],
        "newer": newer,
        "older": older,
    }
    return render(request, "office/seals.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.opens_seals)
@fresh
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The second officer opens the seal, after a look at what that does, or keeps it closed."""
    viewer = viewer_of(request)
    opening = Opening.objects.select_related("item", "asked_by").filter(pk=pk).first()
    if opening is None or not _waits(opening, viewer):
        raise Http404
    if request.POST.get("do") == "keep":
        return _kept_closed(request, opening)
    step = Step(
        title=_("Open the seal of %(ref)s") % {"ref": opening.item.ref},
        button=_("Open it"),
        back=reverse("office:seals"),
        nav="seals",
        changes=[
            _("%(name)s and you see for seven days who wrote the piece.") % {"name": opening.asked_by.name},
            _("The author is told at once that two officers opened the seal, and why."),
            _("The audit keeps who asked, who opened it and the reason."),
        ],
        stays=[_("Readers see no name, and neither of you reads the piece by it."), opening.reason],
        dangerous=False,
        asks_reason=False,
    )
    try:
        page = confirmed(request, step, lambda _reason: open_seal(viewer, opening=opening))
    except (NotAllowedError, NotReadyError):
        raise Http404 from None
    if page is not None:
        return page
    messages.success(request, _("The seal is open to the two of you for seven days. The author is told."))
    return redirect("office:seals")


def _kept_closed(request: HttpRequest, opening: Opening) -> HttpResponse:
    try:
        keep_sealed(viewer_of(request), opening=opening)
    except NotAllowedError:
        raise Http404 from None
    messages.success(request, _("The seal stays closed."))
    return redirect("office:seals")


def _waits(opening: Opening, viewer: Viewer) -> bool:
    return opening.state == OpeningState.ASKED and opening.asked_by_id != viewer.person
