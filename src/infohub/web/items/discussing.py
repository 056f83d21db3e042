"""What one does in the discussion of a piece: contribute, reply, say it better, take it back."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infohub.policy.viewer import Viewer
from infohub.sharing.actions import (
    accept_answer,
    comment,
    delete_comment,
    edit_comment,
    hide_comment,
    let_stand,
    report_comment,
)
from infohub.sharing.models import Comment, Item
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.web.items.door import readable_piece
from infohub.web.items.page import page
from infohub.web.items.talk import Typed
from infohub.web.lists import chosen_id
from infohub.web.typed import line
from infohub.web.viewer import viewer_of


@require_POST
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Contribute or reply; what was typed comes back when it cannot be taken."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    body, circle = _words(request), line(request, "circle")
    parent = piece.comments.readable(viewer).filter(pk=chosen_id(request, "parent")).first()
    if parent is None and request.POST.get("parent"):
        typed = Typed(body, _("You cannot read any more what you answer. Choose who reads it, and send it again."), "-")
        return page(request, viewer, piece, typed=typed, status=422)
    try:
        row = comment(viewer, item=piece, body=body, nonce=_nonce(request), parent=parent, circle=circle)
    except NotReadyError as missing:
        typed = Typed(body, str(missing), circle, parent)
        return page(request, viewer, piece, typed=typed, status=422)
    except NotAllowedError:
        typed = Typed(body, _("You cannot reply to this piece."), circle, parent)
        return page(request, viewer, piece, typed=typed, status=403)
    return redirect(f"/items/{piece.ref}#comment-{row.pk}")


@require_POST
def change(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Say it better, or take it back."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    row = _comment(viewer, piece, pk)
    try:
        if request.POST.get("do") == "delete":
            delete_comment(viewer, row=row)
            messages.success(request, _("Deleted."))
            return redirect(f"/items/{piece.ref}#talk")
        edit_comment(viewer, row=row, body=_words(request))
    except NotReadyError as missing:
        typed = Typed(_words(request), str(missing), answering=row)
        return page(request, viewer, piece, typed=typed, status=422)
    except NotAllowedError:
        raise Http404 from None
    return redirect(f"/items/{piece.ref}#comment-{row.pk}")


@require_POST
def keep_order(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Report a contribution, hide it or let it stand; who asks a question says what answers it."""
    viewer, do = viewer_of(request), request.POST.get("do", "")
    piece = readable_piece(viewer, ref)
    row = _comment(viewer, piece, pk)
    try:
        match do:
            case "report":
                report_comment(viewer, row=row, reason=line(request, "reason"))
                messages.success(request, _("Reported. Whoever keeps this discussion in order decides."))
            case "hide":
                hide_comment(viewer, row=row, reason=line(request, "reason"))
                messages.success(request, _("Hidden. Readers see that something was hidden, and why."))
            case "stand":
                let_stand(viewer, row=row)
                messages.success(request, _("It stands."))
            case "answer":
                accept_answer(viewer, item=piece, row=None if piece.answer_id == row.pk else row)
    except NotReadyError as missing:
        messages.warning(request, str(missing))
    except NotAllowedError:
        raise Http404 from None
    return redirect(f"/items/{piece.ref}#comment-{row.pk}")


def _comment(viewer: Viewer, piece: Item, pk: int) -> Comment:
    row = piece.comments.readable(viewer).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _words(request: HttpRequest) -> str:
    return request.POST.get("body", "").replace("\r\n", "\n").replace("\x00", "")


def _nonce(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("nonce", ""))
    except ValueError:
        return uuid.uuid4()
