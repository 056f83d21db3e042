"""Corrections that readers suggest: writing one, and looking at one beside the words that stand."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from infohub.analysis.difference import difference
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import settle, suggest
from infohub.sharing.models import Item, ItemState, Suggestion, SuggestionState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.web.items.door import readable_piece
from infohub.web.items.texts import WordsForm
from infohub.web.typed import line
from infohub.web.viewer import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, ref: str) -> HttpResponse:
    """The piece's words, for a reader to change; what was typed comes back when it cannot be taken."""
    viewer = viewer_of(request)
    piece = _shared(viewer, ref)
    if not viewer.is_member or piece.label.answered_for_by(viewer):
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = WordsForm(posted, initial={"title": piece.title, "body": piece.body})
    if form.is_valid() and _suggested(request, piece, form):
        messages.success(request, _sent(piece))
        return redirect("items:item", ref=piece.ref)
    context = {"nav": "feed", "item": piece, "level": piece.marking, "form": form, "note": line(request, "note")}
    return render(request, "items/suggest.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """One suggestion beside the words that stand, for who answers for the piece and for who suggests it."""
    viewer = viewer_of(request)
    piece = _shared(viewer, ref)
    row = _seen_by(viewer, piece, pk)
    decides = piece.label.answered_for_by(viewer)
    if request.method == "POST":
        if not decides:
            raise Http404
        try:
            settle(viewer, suggestion=row, state=SuggestionState.DECLINED)
        except NotAllowedError:
            raise Http404 from None
        messages.success(request, _("Declined. Who suggested it sees that on the piece."))
        return redirect("items:item", ref=piece.ref)
    context = {
        "nav": "feed",
        "item": piece,
        "level": piece.marking,
        "row": row,
        "decides": decides and row.state == SuggestionState.OPEN,
        "title": difference(piece.title, row.title),
        "parts": difference(piece.body, row.body),
    }
    return render(request, "items/suggestion.html", context)


def suggestion_of(viewer: Viewer, piece: Item, pk: int) -> Suggestion | None:
    """An open suggestion for a piece the viewer answers for."""
    rows = piece.suggestions.filter(pk=pk, state=SuggestionState.OPEN)
    return rows.first() if piece.label.answered_for_by(viewer) else None


def _sent(piece: Item) -> str:
    """Under a seal it says for every piece alike what becomes of it, wherever the author is."""
    if piece.seal_id is None:
        return _("Sent to who answers for the piece, and decides. Nobody else sees it.")
    return _(
        "Sent to the author under the seal, who decides. An author who has left hears nothing: then write below it."
    )


def _suggested(request: HttpRequest, piece: Item, form: WordsForm) -> bool:
    title, body = form.cleaned_data["title"], form.cleaned_data["body"].replace("\r\n", "\n").replace("\x00", "")
    try:
        suggest(viewer_of(request), item=piece, title=title, body=body, note=line(request, "note")[:200])
    except NotReadyError as missing:
        form.add_error(missing.field, str(missing))
        return False
    except NotAllowedError:
        raise Http404 from None
    return True


def _shared(viewer: Viewer, ref: str) -> Item:
    piece = readable_piece(viewer, ref)
    if piece.state != ItemState.PUBLISHED:
        raise Http404
    return piece


def _seen_by(viewer: Viewer, piece: Item, pk: int) -> Suggestion:
    rows = piece.suggestions.select_related("membership__person", "membership__organisation")
    if not piece.label.answered_for_by(viewer):
        rows = rows.filter(membership=viewer.membership or 0)
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row
