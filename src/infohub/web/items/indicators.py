"""The indicators of a piece on its page: what they are, who doubts them, and what shares them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infohub.analysis.findings import Kind
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import dismiss_doubts, doubt, retract_indicator
from infohub.sharing.models import Indicator, Item
from infohub.sharing.refusals import NotAllowedError
from infohub.support.clock import now
from infohub.web.cves import facts_of
from infohub.web.items.door import readable_piece
from infohub.web.typed import line
from infohub.web.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator in the table; `expired` where its time is over, `doubts` how many readers doubt it.

    `facts` is what public catalogues say of a CVE number.
    """

    row: Indicator
    expired: bool
    doubts: int
    facts: Sequence[str]


def indicator_rows(viewer: Viewer, piece: Item) -> list[IndicatorRow]:
    """All of them, the retracted ones too: readers who had them should learn it."""
    moment = now()
    rows = list(piece.indicators.readable(viewer).annotate(number=Count("doubts")))
    facts = facts_of(row.value for row in rows if row.kind == Kind.CVE)
    return [
        IndicatorRow(
            row,
            expired=row.valid_until is not None and row.valid_until <= moment,
            doubts=row.number,  # type: ignore[attr-defined]  # annotated
            facts=facts.get(row.value, ()),
        )
        for row in rows
    ]


@require_POST
def say_false(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """A reader doubts an indicator; who answers for the piece retracts it or lets it stand."""
    viewer, do = viewer_of(request), request.POST.get("do")
    piece = readable_piece(viewer, ref)
    row = piece.indicators.readable(viewer).filter(pk=pk).first()
    if row is None:
        raise Http404
    try:
        if do == "retract":
            retract_indicator(viewer, item=piece, indicator=row, reason=line(request, "reason"))
            messages.success(
                request, _("Retracted. Readers see it, lists leave it out, machines are told to revoke it.")
            )
        elif do == "dismiss":
            dismiss_doubts(viewer, item=piece, indicator=row)
            messages.success(request, _("It stands."))
        else:
            doubt(viewer, item=piece, indicator=row, reason=line(request, "reason"))
            messages.success(request, _("The author is told and decides."))
    except (NotAllowedError, Indicator.DoesNotExist):
        raise Http404 from None
    return redirect(f"/items/{piece.ref}#indicators")
