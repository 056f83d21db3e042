"""What readers and authors do on a piece's page, and its files."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from infohub.delivery.actions import acknowledge
from infohub.intel.actions import sight
from infohub.policy import offices
from infohub.policy.rules import RefusedError
from infohub.sharing.actions import (
    approve,
    close_discussion,
    open_discussion,
    pin,
    send_back,
    set_course,
    take_back_to_edit,
    unpin,
    withdraw,
)
from infohub.sharing.actions.attachments import stored
from infohub.sharing.models import Course, ItemState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.web.items.door import entry_of, readable_piece
from infohub.web.items.page import page
from infohub.web.lists import chosen_id
from infohub.web.typed import line
from infohub.web.viewer import viewer_of


@require_safe
def item(request: HttpRequest, ref: str) -> HttpResponse:
    """The piece, if the viewer may read it; a draft of one's own opens in the composer."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    if piece.state == ItemState.DRAFT:
        return redirect("member:draft", ref=piece.ref)
    return page(request, viewer, piece)


@require_POST
def acknowledge_item(request: HttpRequest, ref: str) -> HttpResponse:
    """Read and acknowledged: it leaves the attention list."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    acknowledge(viewer, entry=entry_of(viewer, piece))
    messages.success(request, _("Acknowledged."))
    return redirect("member:home") if request.POST.get("from") == "home" else redirect("items:item", ref=piece.ref)


@require_POST
def withdraw_item(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an own piece back on every way out."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    try:
        if request.POST.get("do") == "edit":
            draft = take_back_to_edit(viewer, item=piece)
            messages.success(request, _("Withdrawn. This is your draft of it: change it, then share it again."))
            return redirect("member:draft", ref=draft.ref)
        withdraw(viewer, item=piece, reason=line(request, "reason"))
    except NotAllowedError:
        raise Http404 from None
    messages.success(request, _("Withdrawn. Readers find nothing here any more; machines are told to revoke it."))
    return redirect("items:item", ref=piece.ref)


@require_POST
def say_sighting(request: HttpRequest, ref: str) -> HttpResponse:
    """Seen it, or looked and not seen: counted by organisation, never named."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    try:
        sight(viewer, entry=entry_of(viewer, piece), seen=request.POST.get("seen") == "yes")
    except offices.NotAllowedError:
        raise Http404 from None
    messages.success(request, _("Counted. Your organisation is not named."))
    return redirect("items:item", ref=piece.ref)


@require_POST
def say_course(request: HttpRequest, ref: str) -> HttpResponse:
    """The author says whether it goes on or is resolved, or opens and closes the discussion."""
    viewer, do = viewer_of(request), request.POST.get("do", "")
    piece = readable_piece(viewer, ref)
    try:
        if do in Course.values:
            set_course(viewer, item=piece, course=Course(do))
        elif do == "close":
            close_discussion(viewer, item=piece)
        elif do == "open":
            open_discussion(viewer, item=piece)
    except NotAllowedError:
        raise Http404 from None
    return redirect("items:item", ref=piece.ref)


@require_POST
def say_pin(request: HttpRequest, ref: str) -> HttpResponse:
    """A moderator keeps the piece on top of a group's page, or lets it go."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    group = piece.groups.filter(pk=chosen_id(request, "group")).first()
    if group is None:
        raise Http404
    try:
        if request.POST.get("do") == "unpin":
            unpin(viewer, item=piece, group=group)
        else:
            pin(viewer, item=piece, group=group)
            messages.success(request, _("Pinned: it stands on top of the group’s page."))
    except NotReadyError as missing:
        messages.warning(request, str(missing))
    except NotAllowedError:
        raise Http404 from None
    return redirect("items:item", ref=piece.ref)


@require_POST
def review(request: HttpRequest, ref: str) -> HttpResponse:
    """A reviewer lets a submitted piece go, or sends it back."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    try:
        if request.POST.get("do") == "approve":
            approve(viewer, item=piece)
            messages.success(request, _("Shared with its audience."))
        else:
            send_back(viewer, item=piece, reason=request.POST.get("reason", "")[:300] or _("Please look at it again."))
            messages.success(request, _("Sent back to its author."))
    except RefusedError as refusal:
        messages.warning(request, str(refusal))
        return redirect("items:item", ref=piece.ref)
    except NotAllowedError:
        raise Http404 from None
    return redirect("office:moderation")


@require_safe
def attachment(request: HttpRequest, ref: str, handle: uuid.UUID) -> FileResponse:
    """A file, always as a download: it never runs in the hub's own pages."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    row = piece.attachments.readable(viewer).filter(handle=handle).first()
    if row is None:
        raise Http404
    response = FileResponse(stored(row).open("rb"), as_attachment=True, filename=row.name)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
