"""The release desk: what waits for it, one proposal with its two versions, and taking a release back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infohub.analysis.redact import Trace
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.releases.actions import prepare, release, send_back, take_down, withdraw_release
from infohub.releases.checks import Spot, spots
from infohub.releases.models import Proposal, ProposalState, Release
from infohub.releases.refusals import ChangedError, NotAllowedError, SecondPersonError, WordingError
from infohub.web.comparison import comparisons, owner_in_words
from infohub.web.languages import language_of
from infohub.web.office.doors import open_to
from infohub.web.office.wording import Preparation, chosen_indicators, preparation
from infohub.web.rows import foreign, severity_word
from infohub.web.typed import line, number
from infohub.web.viewer import viewer_of

LATELY = 20

_TRACES = {
    Trace.ORGANISATION: gettext_lazy("Name of a member"),
    Trace.DOMAIN: gettext_lazy("Domain of a member"),
    Trace.PERSON: gettext_lazy("Name of a person"),
    Trace.EMAIL: gettext_lazy("E-mail address"),
    Trace.INSIDE: gettext_lazy("Inside address"),
    Trace.HOST: gettext_lazy("Name of a machine"),
    Trace.IDENTITY: gettext_lazy("Identity card number"),
    Trace.PHONE: gettext_lazy("Telephone number"),
}


def _releases(viewer: Viewer) -> bool:
    return viewer.may(Power.RELEASE)


@open_to(_releases)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the desk, oldest first, and what was released lately."""
    viewer = viewer_of(request)
    waiting = Proposal.objects.readable(viewer).on_desk().in_full()
    context = {
        "nav": "releases",
        "waiting": [
            {
                "row": row,
                "owner": owner_in_words(row),
                "severity": severity_word(row.severity),
                "lang": foreign(row.item.language),
            }
            for row in waiting
        ],
        "released": [
            {"row": row, "text": row.original, "lang": foreign(row.original.language), "languages": _languages(row)}
            for row in Release.objects.worded().order_by("-published_at", "-pk")[:LATELY]
        ],
    }
    return render(request, "office/releases.html", context)


@open_to(_releases)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The original beside the public version, with checks, consent and the buttons that go with the state."""
    viewer = viewer_of(request)
    row = Proposal.objects.readable(viewer).in_full().filter(pk=pk).first()
    if row is None or row.state == ProposalState.ASKED:
        raise Http404
    if request.method != "POST":
        return _page(request, row, preparation(row))
    try:
        return _act(request, viewer, row)
    except SecondPersonError:
        messages.warning(request, _("Somebody else must do this: nobody releases a piece or a wording of their own."))
    except ChangedError:
        messages.warning(request, _("Somebody wrote another wording meanwhile. Look at it, then decide again."))
    except NotAllowedError:
        messages.warning(request, _("This cannot be done any more: the proposal has moved on."))
    return redirect("office:release", pk=pk)


@open_to(_releases)
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a release back, with its text or without."""
    public = Release.objects.worded().filter(ref=ref).first()
    if public is None:
        raise Http404
    if request.method != "POST":
        return render(request, "office/release_withdraw.html", {"nav": "releases", "release": public})
    act = take_down if request.POST.get("do") == "take_down" else withdraw_release
    try:
        act(viewer_of(request), public=public, reason=line(request, "reason"))
    except NotAllowedError:
        messages.warning(request, _("It was taken back already."))
    else:
        messages.success(request, _("Taken back. Lists and feeds drop it; its address says that it was withdrawn."))
    return redirect("office:releases")


def _act(request: HttpRequest, viewer: Viewer, row: Proposal) -> HttpResponse:
    do = request.POST.get("do")
    if do == "prepare":
        return _prepare(request, viewer, row)
    if do == "release":
        return _release(request, viewer, row)
    reason = line(request, "reason")
    if not reason:
        return _page(request, row, preparation(row), problem=_("Say why: its owner reads it."), status=422)
    send_back(viewer, proposal=row, reason=reason)
    messages.success(request, _("Sent back to its owner. Nothing of it becomes public."))
    return redirect("office:releases")


def _prepare(request: HttpRequest, viewer: Viewer, row: Proposal) -> HttpResponse:
    form = preparation(row, request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        prepare(
            viewer,
            proposal=row,
            wording=form.copy.cleaned_data["wording"],
            texts=form.texts(),
            indicators=chosen_indicators(row, form.copy),
            severity=form.copy.cleaned_data["severity"],
        )
    except WordingError as refusal:
        form.refuse(refusal)
        return _page(request, row, form, status=422)
    except ChangedError:
        posted = request.POST.copy()
        posted["wording"] = str(row.wording)
        form = preparation(row, posted)
        form.copy.add_error(None, _("Somebody wrote another wording meanwhile: it stands above. Yours is below."))
        return _page(request, row, form, status=409)
    messages.success(request, _("The owner is asked to consent to these words."))
    return redirect("office:release", pk=row.pk)


def _release(request: HttpRequest, viewer: Viewer, row: Proposal) -> HttpResponse:
    if spots(row.texts.all()) and "looked" not in request.POST:
        problem = _("Look at what the checks found, and say that you did.")
        return _page(request, row, preparation(row), problem=problem, status=422)
    public = release(viewer, proposal=row, wording=number(request, "wording"))
    messages.success(request, _("Released as %(ref)s. Everybody can read it now.") % {"ref": public.ref})
    return redirect("office:releases")


def _page(
    request: HttpRequest, row: Proposal, form: Preparation, *, problem: str = "", status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    own = row.label.answered_for_by(viewer)
    texts = list(row.texts.all())
    context = {
        "nav": "releases",
        "proposal": row,
        "owner": owner_in_words(row),
        "severity": severity_word(row.severity),
        "lang": foreign(row.item.language),
        "comparisons": comparisons(row),
        "spots": [_spot(spot) for spot in spots(texts)],
        "languages": [(language_of(text.language), text.get_origin_display()) for text in texts],
        "preparation": form,
        "form": next((part for part in form.forms() if part.is_bound and part.errors), None),
        "editable": row.is_on_desk and not own,
        "releasable": row.is_on_desk and row.state != ProposalState.CONSENT and row.is_consented,
        "second": not own and row.editor_id != viewer.person,
        "own": own,
        "problem": problem,
        "reason": line(request, "reason"),
    }
    return render(request, "office/release.html", context, status=status)


def _languages(public: Release) -> str:
    return " ".join(language_of(text.language).short for text in public.texts.all())


def _spot(spot: Spot) -> dict[str, object]:
    return {"what": _TRACES[spot.trace], "text": spot.text, "language": language_of(spot.language)}
