"""A piece's own page, and what its readers and its author do there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from infohub.catalogue.models import Entry
from infohub.delivery.actions import acknowledge, receive
from infohub.members.models import Group
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.releases.models import Proposal
from infohub.sharing.actions import approve, comment, send_back, take_back_to_edit, withdraw
from infohub.sharing.actions.attachments import stored
from infohub.sharing.actions.publishing import outbox
from infohub.sharing.actions.review import may_review
from infohub.sharing.choice import reach_of
from infohub.sharing.models import Item, ItemKind, ItemState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.markdown import render as rendered
from infohub.web.rows import foreign, severity_word
from infohub.web.typed import line
from infohub.web.viewer import viewer_of

RENDERED_CHARACTERS = 100_000


@require_safe
def item(request: HttpRequest, ref: str) -> HttpResponse:
    """The piece, if the viewer may read it; a draft of one's own opens in the composer."""
    viewer = viewer_of(request)
    piece = _readable(viewer, ref)
    if piece.state == ItemState.DRAFT:
        return redirect("member:draft", ref=piece.ref)
    return _page(request, viewer, piece)


@require_POST
def add_comment(request: HttpRequest, ref: str) -> HttpResponse:
    """Reply; what was typed comes back when it cannot be taken."""
    viewer = viewer_of(request)
    piece = _readable(viewer, ref)
    body = request.POST.get("body", "").replace("\r\n", "\n").replace("\x00", "")
    try:
        row = comment(viewer, item=piece, body=body, nonce=_nonce(request))
    except NotReadyError as missing:
        return _page(request, viewer, piece, reply=body, reply_error=str(missing), status=422)
    except NotAllowedError:
        return _page(request, viewer, piece, reply=body, reply_error=_("You cannot reply to this piece."), status=403)
    return redirect(f"/items/{piece.ref}#comment-{row.pk}")


@require_POST
def acknowledge_item(request: HttpRequest, ref: str) -> HttpResponse:
    """Read and acknowledged: it leaves the attention list."""
    viewer = viewer_of(request)
    piece = _readable(viewer, ref)
    acknowledge(viewer, entry=_entry(viewer, piece))
    messages.success(request, _("Acknowledged."))
    return redirect("member:home") if request.POST.get("from") == "home" else redirect("items:item", ref=piece.ref)


@require_POST
def withdraw_item(request: HttpRequest, ref: str) -> HttpResponse:
    """Take an own piece back on every way out."""
    viewer = viewer_of(request)
    piece = _readable(viewer, ref)
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
def review(request: HttpRequest, ref: str) -> HttpResponse:
    """A reviewer lets a submitted piece go, or sends it back."""
    viewer = viewer_of(request)
    piece = _readable(viewer, ref)
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
    piece = _readable(viewer, ref)
    row = piece.attachments.readable(viewer).filter(handle=handle).first()
    if row is None:
        raise Http404
    response = FileResponse(stored(row).open("rb"), as_attachment=True, filename=row.name)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _readable(viewer: Viewer, ref: str) -> Item:
    """The one door to a piece: the same 404 and the same queries whether it is absent or not yours."""
    pieces = Item.objects.readable(viewer).select_related(
        "label__author", "author__person", "author__organisation", "seal__sector"
    )
    piece = pieces.filter(ref=ref).first()
    if piece is None:
        raise Http404
    return piece


def _entry(viewer: Viewer, piece: Item) -> Entry:
    entry = Entry.objects.readable(viewer).select_related("author_sector").filter(ref=piece.ref).first()
    if entry is None:
        raise Http404
    return entry


def _nonce(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("nonce", ""))
    except ValueError:
        return uuid.uuid4()


def _page(
    request: HttpRequest, viewer: Viewer, piece: Item, *, reply: str = "", reply_error: str = "", status: int = 200
) -> HttpResponse:
    published = piece.state == ItemState.PUBLISHED
    entry = _entry(viewer, piece) if published else None
    if entry:
        receive(viewer, entry=entry)
    proposals = [row for row in Proposal.objects.readable(viewer).about(piece.ref) if row.label.answered_for_by(viewer)]
    context = {
        "nav": "feed",
        "item": piece,
        "entry": entry,
        "level": Tlp(piece.tlp) if piece.tlp is not None else None,
        "pap": "" if piece.pap is None else f"PAP:{Tlp(piece.pap).word}",
        "kind": ItemKind(piece.kind).label,
        "severity": severity_word(piece.severity),
        "lang": foreign(piece.language),
        "body": _body(piece),
        "author": entry.author if entry else _writer(piece),
        "indicators": list(piece.indicators.readable(viewer)),
        "files": list(piece.attachments.readable(viewer)),
        "comments": list(_talk(viewer, piece)),
        "nonce": uuid.uuid4(),
        "reply": reply,
        "reply_error": reply_error,
        "own": piece.label.written_by(viewer),
        "undo": _undo(piece) if published and piece.label.written_by(viewer) else None,
        "answerable": published and piece.label.answered_for_by(viewer),
        "reviewable": may_review(viewer, piece),
        "acknowledged": entry is not None and entry.acknowledged_by(viewer.membership),
        "proposals": proposals,
        "offerable": all(proposal.is_closed for proposal in proposals),
    }
    return render(request, "items/item.html", context | _readers(viewer, piece), status=status)


def _undo(piece: Item) -> dict[str, object] | None:
    """Until when e-mail and machines wait, and how long that is; nothing when it is past."""
    until = outbox(piece.published_at)
    left = int((until - now()).total_seconds())
    return {"until": until, "left": f"{left // 60}:{left % 60:02d}"} if left > 0 else None


def _readers(viewer: Viewer, piece: Item) -> dict[str, object]:
    """The exact count for everybody; names of organisations only where every group addressed is known to the viewer."""
    groups = list(piece.groups.all())
    known = {group.pk for group in Group.objects.listed_or_in(viewer.groups | viewer.moderates)}
    reach = reach_of(piece.label.audience())
    hidden = any(group.pk not in known for group in groups)
    return {
        "reach": reach,
        "names": () if hidden else reach.organisations,
        "groups": [group for group in groups if group.pk in known],
        "frozen": any(clause.frozen for clause in piece.label.clauses),
    }


def _body(piece: Item) -> str:
    """The safe HTML of the text; a very long one is shown as it was typed."""
    if len(piece.body) > RENDERED_CHARACTERS:
        return ""
    return mark_safe(rendered(piece.body))  # noqa: S308  (nh3 has cleaned it)


def _writer(piece: Item) -> str:
    if piece.author is not None:
        return f"{piece.author.person.name}, {piece.author.organisation.name}"
    if piece.seal is not None and piece.seal.sector is not None:
        return _("A member in %(sector)s") % {"sector": piece.seal.sector.name}
    return _("A member")


def _talk(viewer: Viewer, piece: Item) -> Iterator[dict[str, object]]:
    """The discussion, each contribution with what may be said of its author."""
    rows = piece.comments.readable(viewer).select_related("author__person", "author__organisation")
    for row in rows:
        name = row.author.person.name if row.author else _("The author")
        yield {
            "row": row,
            "name": name,
            "organisation": row.author.organisation.name if row.author else _("under the seal"),
            "initials": "".join(part[0] for part in name.replace(".", " ").split()[:2]).upper(),
            "is_author": row.author_id == piece.author_id if row.author_id else True,
            "body": mark_safe(rendered(row.body)),  # noqa: S308  (nh3 has cleaned it)
        }
