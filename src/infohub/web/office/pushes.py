"""What is sent to peers: how it goes, what would leave, and the ledger of who has what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from uuid import UUID

from django.contrib import messages
from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infohub.intel import actions
from infohub.intel.actions import PushError
from infohub.intel.models import Delivery, DeliveryState, Push, PushState, Recall
from infohub.intel.models.pushes import DeliveryQuerySet
from infohub.intel.pushes.peers import in_words
from infohub.intel.rehearsing import Rehearsal, rehearse
from infohub.policy import offices
from infohub.standards.stix21.parse import UNVERSIONED
from infohub.standards.stix21.timestamp import microseconds
from infohub.standards.tlp import Tlp
from infohub.support.tables import lines
from infohub.web.accounts.doors import fresh, fresh_to_act, typed
from infohub.web.lists import Chip, asked, chips, paged
from infohub.web.office.doors import open_to
from infohub.web.office.push_form import CredentialForm, PushForm
from infohub.web.viewer import viewer_of

_DRY = ("object", "type", "version", "level", "leaves", "why not", "number")
_LEDGER = ("object", "type", "version", "level", "revoked", "sent", "state", "status", "message", "answered")
_RECALL = ("recall", "recalled")


@require_safe
@open_to(offices.steers)
def pushes(request: HttpRequest) -> HttpResponse:
    """All pushes and how they go."""
    rows, newer, older = paged(request, Push.objects.listed())
    told = [(row, in_words(row.problem)) for row in rows]
    return render(request, "office/pushes.html", {"nav": "pushes", "rows": told, "newer": newer, "older": older})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh
def add(request: HttpRequest) -> HttpResponse:
    """Say where to and what; its dry run comes next, and nothing leaves before."""
    form = PushForm(typed(request))
    if form.is_valid():
        uuid = form.cleaned_data["handle"]
        try:
            made = actions.add_push(viewer_of(request), uuid=uuid, collection=form.place, terms=form.terms)
            return redirect("office:push_dry", handle=made.uuid)
        except PushError as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.is_bound else 200
    return render(request, "office/push_form.html", {"nav": "pushes", "form": form}, status=status)


@require_safe
@open_to(offices.steers)
def push(request: HttpRequest, handle: UUID) -> HttpResponse:
    """One push with its ledger."""
    row = _push(handle)
    rows, newer, older = paged(request, _ledger(request, row))
    numbers = Delivery.objects.counted(row)
    context = {
        "nav": "pushes",
        "push": row,
        "problem": in_words(row.problem),
        "rows": rows,
        "newer": newer,
        "older": older,
        "filtered": bool(asked(request, "state") or asked(request, "recall")),
        "states": _counted(request, "state", DeliveryState, [numbers[one] for one in DeliveryState]),
        "recalls": _counted(request, "recall", Recall, [numbers[f"recall_{one}"] for one in Recall]),
        "query": request.GET.urlencode(),
        "unversioned": UNVERSIONED,
    }
    return render(request, "office/push.html", context)


@require_safe
@open_to(offices.steers)
def ledger(request: HttpRequest, handle: UUID) -> StreamingHttpResponse:
    """The ledger as a table, filtered like the page."""
    rows = _ledger(request, _push(handle)).iterator(chunk_size=2000)
    return _table(lines([(*_LEDGER, *_RECALL)]), lines(map(_line, rows)), name="ledger.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh_to_act
def dry(request: HttpRequest, handle: UUID) -> HttpResponse:
    """What would leave now and what would not; the form below it switches exactly this on."""
    row = _standing(handle)
    if request.method == "POST":
        try:
            actions.switch_on(viewer_of(request), push=row, confirmation=request.POST.get("confirmation", ""))
            messages.success(request, _("Switched on. The first objects leave within seconds."))
            return redirect("office:push", handle=handle)
        except PushError as refusal:
            messages.warning(request, str(refusal))
            return redirect("office:push_dry", handle=handle)
    shown = rehearse(viewer_of(request), push=row)
    context = {
        "nav": "pushes",
        "push": row,
        "shown": shown,
        "problem": in_words(shown.problem),
        "is_draft": row.state == PushState.DRAFT,
        "stays": [(why.label, part) for why, part in shown.stays.items()],
        "above": sorted(shown.above.items()),
    }
    return render(request, "office/push_dry.html", context)


@require_safe
@open_to(offices.steers)
def dry_table(request: HttpRequest, handle: UUID) -> StreamingHttpResponse:
    """The same as a table, all of it."""
    shown: Rehearsal = rehearse(viewer_of(request), push=_standing(handle))
    return _table(lines([_DRY]), lines(shown.table), name="dry-run.csv")


@require_POST
@open_to(offices.steers)
def act(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Pause, resume, or take it at the worker's next turn."""
    row, viewer = _standing(handle), viewer_of(request)
    if request.POST.get("do") == "pause":
        actions.pause_push(viewer, push=row)
        messages.success(request, _("Paused. Nothing new is sent; what must be deleted is still asked for."))
    elif request.POST.get("do") == "resume":
        actions.resume_push(viewer, push=row)
        messages.success(request, _("Resumed. What is new is sent at once."))
    else:
        actions.push_now(viewer, push=row)
        messages.success(request, _("The worker takes it at its next turn, within seconds."))
    return redirect("office:push", handle=handle)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh
def credential(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Type another password or token; everything else of a push stays as the dry run showed it."""
    row, form = _standing(handle), CredentialForm(typed(request))
    if form.is_valid():
        given = form.cleaned_data
        actions.renew_credential(viewer_of(request), push=row, user=given["user"], password=given["password"])
        messages.success(request, _("The password or token is replaced."))
        return redirect("office:push", handle=handle)
    context = {"nav": "pushes", "form": form, "push": row}
    return render(request, "office/push_credential.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh_to_act
def remove(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Remove a push, once it is said what that means."""
    row = _standing(handle)
    if request.method == "POST":
        actions.end_push(viewer_of(request), push=row)
        messages.success(request, _("“%(name)s” is removed; its ledger stays.") % {"name": row.name})
        return redirect("office:pushes")
    return render(request, "office/push_remove.html", {"nav": "pushes", "push": row})


def _push(handle: UUID) -> Push:
    found = Push.objects.select_related("collection").filter(uuid=handle).first()
    if found is None:
        raise Http404
    return found


def _standing(handle: UUID) -> Push:
    """One that was not removed."""
    found = _push(handle)
    if found.state == PushState.ENDED:
        raise Http404
    return found


def _ledger(request: HttpRequest, row: Push) -> DeliveryQuerySet:
    return Delivery.objects.of(row, state=asked(request, "state", most=20), recall=asked(request, "recall", most=20))


def _counted(request: HttpRequest, name: str, choices: type[TextChoices], numbers: list[int]) -> list[Chip]:
    """The choices of a filter, each with how many there are."""
    found = chips(request, name, [(one.value, str(one.label)) for one in choices])
    return [replace(chip, number=number) for chip, number in zip(found, numbers, strict=True)]


def _line(row: Delivery) -> tuple[str, ...]:
    version = "" if row.version == UNVERSIONED else microseconds(row.version)
    moments = [microseconds(at) if at else "" for at in (row.sent_at, row.answered_at, row.recalled_at)]
    return (
        *(row.stix_id, row.type, version, Tlp(row.tlp).word, "yes" if row.revoked else "no", moments[0]),
        *(row.state, row.status, row.message, moments[1], row.recall, moments[2]),
    )


def _table(head: Iterator[str], rows: Iterator[str], *, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(chain(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
