"""Rows of the database as shapes: what a reader of the piece may know, and nothing else."""

from __future__ import annotations

from django.conf import settings

from infohub.api.problems import absent
from infohub.api.shapes import ConfirmedRow, LanguageCode, OtherWords, Piece, Reach, Row, SeverityWord, TlpWord
from infohub.catalogue.models import Entry, Severity
from infohub.members.models import Group
from infohub.policy.viewer import Viewer
from infohub.sharing.choice import Reach as Reached
from infohub.sharing.confirmed import confirmed_of
from infohub.sharing.models import Item, ItemKind, ItemState
from infohub.standards.tlp import Tlp


def piece_of(viewer: Viewer, ref: str, *, shared: bool = True) -> Item:
    """The piece, if the viewer may read it; the same answer where it is absent and where it is not yours."""
    pieces = Item.objects.readable(viewer).select_related(
        "label__author", "author__person", "author__organisation", "seal__sector"
    )
    piece = pieces.filter(ref=ref).first()
    if piece is None or (shared and piece.state != ItemState.PUBLISHED):
        raise absent()
    return piece


def item_url(ref: str) -> str:
    """The one permanent address of a piece."""
    return f"{settings.BASE_URL}/items/{ref}"


def tlp_word(level: int | None) -> TlpWord | None:
    """The marking, null for a draft without one."""
    return None if level is None else TlpWord(Tlp(level).word)


def severity_word(level: int) -> SeverityWord:
    """The severity in the words of addresses."""
    return SeverityWord(Severity(level).name.lower())


def row_of(entry: Entry) -> Row:
    """A piece in a list, from its catalogue entry."""
    return Row(
        ref=entry.ref,
        url=item_url(entry.ref),
        kind=ItemKind(entry.kind),
        title=entry.title,
        summary=entry.summary,
        tlp=TlpWord(entry.tlp.word),
        severity=severity_word(entry.severity),
        language=LanguageCode(entry.language),
        author=entry.author,
        indicators=entry.indicator_count,
        comments=entry.comment_count,
        revision=entry.revision,
        published_at=entry.published_at,
        updated_at=entry.updated_at,
    )


def whole(viewer: Viewer, piece: Item, entry: Entry | None) -> Piece:
    """A piece in full; its groups as far as the viewer may hear of them."""
    known = Group.objects.listed_or_in(viewer.groups | viewer.moderates).filter(items=piece)
    return Piece(
        ref=piece.ref,
        url=item_url(piece.ref),
        kind=ItemKind(piece.kind),
        state=ItemState(piece.state),
        status=piece.course,
        title=piece.title,
        body=piece.body,
        language=LanguageCode(piece.language),
        texts=[
            OtherWords(
                language=LanguageCode(text.language),
                title=text.title,
                body=text.body,
                origin=text.origin,
                revision=text.revision,
            )
            for text in piece.texts.all()
        ],
        tlp=tlp_word(piece.tlp),
        pap=tlp_word(piece.pap),
        severity=severity_word(piece.severity),
        safe_line=piece.safe_line,
        author=entry.author if entry else "",
        unattributed=piece.unattributed,
        sectors=[sector.key for sector in piece.sectors.all()],
        confirmed=[
            ConfirmedRow(type=one.kind, value=one.value, name=one.name, attack_id=one.attack or None)
            for one in (confirmed_of(piece) if piece.state == ItemState.PUBLISHED else ())
        ],
        groups=[group.ref for group in known],
        revision=piece.revision,
        published_at=piece.published_at,
        updated_at=piece.updated_at,
    )


def reach(reached: Reached, waits_for: tuple[str, ...] = ()) -> Reach:
    """Who reads, in numbers."""
    return Reach(people=reached.people, organisations=len(reached.organisations), waits_for=list(waits_for))
