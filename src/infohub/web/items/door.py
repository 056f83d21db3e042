"""The one door to a piece: the same 404 and the same queries whether it is absent or not yours."""

from __future__ import annotations

from django.http import Http404

from infohub.catalogue.models import Entry
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Item


def readable_piece(viewer: Viewer, ref: str) -> Item:
    """The piece, with what its page says of its author."""
    pieces = Item.objects.readable(viewer).select_related(
        "label__author", "author__person", "author__organisation", "seal__sector"
    )
    piece = pieces.prefetch_related("groups", "texts").filter(ref=ref).first()
    if piece is None:
        raise Http404
    return piece


def entry_of(viewer: Viewer, piece: Item) -> Entry:
    """The catalogue's row of the piece."""
    entry = Entry.objects.readable(viewer).select_related("author_sector", "label").filter(ref=piece.ref).first()
    if entry is None:
        raise Http404
    return entry
