"""The owner's side of a release: offer a piece, look at the public wording, consent or decline."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infohub.policy.rules import releasable
from infohub.policy.viewer import Viewer
from infohub.releases.actions import agree, consent, decline
from infohub.releases.actions import propose as propose_release
from infohub.releases.models import Proposal, ProposalState
from infohub.releases.refusals import AlreadyReleasedError, ChangedError, NobodyAnswersError, NotAllowedError
from infohub.sharing.models import Item
from infohub.web.comparison import comparisons
from infohub.web.rows import foreign, severity_word
from infohub.web.typed import line, number
from infohub.web.viewer import viewer_of


@require_POST
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    """Offer an own piece to the release desk, or ask the author of a readable one to offer it."""
    viewer = viewer_of(request)
    item = Item.objects.readable(viewer).filter(ref=ref).first()
    if item is None:
        raise Http404
    try:
        row = propose_release(viewer, item=item)
    except NobodyAnswersError:
        messages.warning(request, _("Its author has left and nobody looks after it yet. Ask the programme office."))
        return redirect("items:item", ref=ref)
    except AlreadyReleasedError:
        messages.warning(request, _("A public version of this piece is out already."))
        return redirect("items:item", ref=ref)
    except NotAllowedError:
        raise Http404 from None
    if row.label.answered_for_by(viewer):
        messages.success(request, _("Offered to the release desk. Nothing becomes public without a second person."))
        return redirect("member:proposal", pk=row.pk)
    messages.success(request, _("The author is asked. Until the author agrees, the release desk sees nothing of it."))
    return redirect("items:item", ref=ref)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The wording with what was taken out, and what its owner can say to it."""
    viewer = viewer_of(request)
    row = _own(viewer, pk)
    if request.method == "POST":
        return _answer(request, viewer, row)
    context = {
        "nav": "",
        "proposal": row,
        "comparisons": comparisons(row),
        "severity": severity_word(row.severity),
        "lang": foreign(row.item.language),
        "clear": releasable(row.label.marking),
        "open": row.state not in {ProposalState.RELEASED, ProposalState.DECLINED},
    }
    return render(request, "member/proposal.html", context)


def _answer(request: HttpRequest, viewer: Viewer, row: Proposal) -> HttpResponse:
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "agree": (lambda: agree(viewer, proposal=row), _("Offered to the release desk.")),
        "consent": (
            lambda: consent(viewer, proposal=row, wording=number(request, "wording")),
            _("You agreed to these words. A second person releases them."),
        ),
        "decline": (
            lambda: decline(viewer, proposal=row, reason=line(request, "reason")),
            _("Declined. Nothing of it becomes public."),
        ),
    }
    if request.POST.get("do") not in acts:
        raise Http404
    act, words = acts[request.POST["do"]]
    try:
        act()
    except ChangedError:
        messages.warning(request, _("The desk wrote another wording meanwhile. Look at it, then decide again."))
    except NotAllowedError:
        messages.warning(request, _("This cannot be done any more: the proposal has moved on."))
    else:
        messages.success(request, words)
    return redirect("member:proposal", pk=row.pk)


def _own(viewer: Viewer, pk: int) -> Proposal:
    """A proposal of a piece the viewer answers for; any other does not exist here."""
    row = Proposal.objects.readable(viewer).in_full().filter(pk=pk).first()
    if row is None or not row.label.answered_for_by(viewer):
        raise Http404
    return row
