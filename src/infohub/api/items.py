"""Pieces: the list, one of them, and what hangs on it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router

from infohub.api.door import member, reader
from infohub.api.paging import page
from infohub.api.problems import absent
from infohub.api.rows import item_url, piece_of, row_of, whole
from infohub.api.shapes import (
    Asked,
    CommentRow,
    Comments,
    File,
    Files,
    Filters,
    IndicatorRow,
    Indicators,
    Piece,
    RelatedRow,
    RelatedRows,
    Rows,
    Seen,
)
from infohub.assist.techniques import speaking_of
from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.catalogue.search import matching
from infohub.intel.models import Sighting
from infohub.members.models import Group
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.attachments import stored
from infohub.sharing.export import export
from infohub.sharing.models import Comment, Item
from infohub.sharing.related import related_to

router = Router(tags=["Pieces"])

RELATED = 20
BINARY = {"responses": {200: {"description": "The file.", "content": {"application/octet-stream": {}}}}}
STIX = {"responses": {200: {"description": "OK", "content": {"application/stix+json;version=2.1": {}}}}}
MISP = {"responses": {200: {"description": "OK", "content": {"application/json": {}}}}}


@router.get("/items", response=Rows, operation_id="items")
def items(request: HttpRequest, asked: Query[Asked]) -> Rows:
    """Pieces you may read, newest first, as narrow as you ask."""
    viewer = reader(request)
    rows, following = page(request, narrowed(viewer, asked).carded(), limit=asked.limit, cursor=asked.cursor)
    return Rows(items=[row_of(entry) for entry in rows], next=following)


def narrowed(viewer: Viewer, asked: Filters) -> EntryQuerySet:
    """The readable pieces that pass the filters; a group counts only for who sits there."""
    groups = Group.objects.filter(pk__in=viewer.groups, ref=asked.group).values_list("pk", flat=True)
    readable = Entry.objects.readable(viewer)
    entries = (speaking_of(readable, asked.technique) if asked.technique else readable).narrowed(
        kind=asked.kind or "",
        severity=asked.severity or "",
        tlp=asked.tlp or "",
        sector=asked.sector,
        groups=list(groups) if asked.group else None,
        changed=asked.since,
    )
    return matching(entries, asked.q) if asked.q else entries


@router.get("/items/{ref}", response=Piece, operation_id="item")
def item(request: HttpRequest, ref: str) -> Piece:
    """One piece in full. Your own drafts are there too; what waits for your review is for you in person."""
    viewer = reader(request)
    piece = piece_of(viewer, ref, shared=False)
    entry = Entry.objects.readable(viewer).select_related("author_sector", "label").filter(ref=piece.ref).first()
    return whole(viewer, piece, entry)


@router.get("/items/{ref}/comments", response=Comments, operation_id="comments")
def comments(request: HttpRequest, ref: str) -> Comments:
    """What readers say below a piece, oldest first."""
    viewer = member(request)
    piece = piece_of(viewer, ref)
    rows = piece.comments.readable(viewer).filter(deleted_at=None, hidden_at=None)
    told = rows.select_related("author__person", "author__organisation", "parent")
    return Comments(items=[_comment(piece, row) for row in told])


def _comment(piece: Item, row: Comment) -> CommentRow:
    return CommentRow(
        id=row.nonce,
        narrowed=row.label_id != piece.label_id,
        reply_to=row.parent.nonce if row.parent else None,
        author=row.author.person.name if row.author else "The author",
        organisation=row.author.organisation.name if row.author else None,
        body=row.body,
        at=row.at,
        edited_at=row.edited_at,
    )


@router.get("/items/{ref}/attachments", response=Files, operation_id="attachments")
def attachments(request: HttpRequest, ref: str) -> Files:
    """The files of a piece, with the address of each."""
    viewer = reader(request)
    piece = piece_of(viewer, ref)
    there = f"{settings.BASE_URL}/api/v1/items/{piece.ref}/attachments"
    rows = piece.attachments.readable(viewer)
    return Files(
        items=[
            File(name=row.name, type=row.content_type, size=row.size, sha256=row.sha256, url=f"{there}/{row.handle}")
            for row in rows
        ]
    )


@router.get("/items/{ref}/attachments/{handle}", openapi_extra=BINARY, operation_id="attachment")
def attachment(request: HttpRequest, ref: str, handle: UUID) -> FileResponse:
    """One file, as it was attached, without what named its author inside."""
    viewer = reader(request)
    row = piece_of(viewer, ref).attachments.readable(viewer).filter(handle=handle).first()
    if row is None:
        raise absent()
    response = FileResponse(stored(row).open("rb"), as_attachment=True, filename=row.name)
    response["Content-Type"] = "application/octet-stream"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@router.get("/items/{ref}/related", response=RelatedRows, operation_id="related")
def related(request: HttpRequest, ref: str) -> RelatedRows:
    """Other pieces you may read that have indicators in common, those with most in common first."""
    viewer = reader(request)
    piece = piece_of(viewer, ref)
    found = related_to(viewer, piece, piece.indicators.readable(viewer), most=RELATED)
    return RelatedRows(
        items=[RelatedRow(ref=one.ref, url=item_url(one.ref), title=one.title, indicators=one.number) for one in found]
    )


@router.get("/items/{ref}/indicators", response=Indicators, operation_id="indicators")
def indicators(request: HttpRequest, ref: str) -> Indicators:
    """The indicators of a piece, the retracted ones too: who had them should learn it."""
    viewer = reader(request)
    rows = piece_of(viewer, ref).indicators.readable(viewer)
    return Indicators(
        items=[
            IndicatorRow(
                type=row.kind,
                value=row.value,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
                false_positive=row.retracted_at is not None,
                reason=row.retracted_reason,
            )
            for row in rows
        ]
    )


@router.get("/items/{ref}/sightings", response=Seen, operation_id="sightings")
def sightings(request: HttpRequest, ref: str) -> Seen:
    """How many organisations have seen what the piece tells of."""
    viewer = member(request)
    piece = piece_of(viewer, ref)
    entry = Entry.objects.readable(viewer).filter(ref=piece.ref).first()
    if entry is None:
        raise absent()
    counted = Sighting.objects.counted(entry)
    return Seen(seen=counted.seen, looked_not_seen=counted.looked, last_seen=counted.last)


@router.get("/items/{ref}/stix", openapi_extra=STIX, operation_id="stix")
def stix(request: HttpRequest, ref: str) -> HttpResponse:
    """The piece as a STIX 2.1 bundle: report, indicators that still count, observables, marking."""
    return _file(request, ref, "stix")


@router.get("/items/{ref}/misp", openapi_extra=MISP, operation_id="misp")
def misp(request: HttpRequest, ref: str) -> HttpResponse:
    """The piece as a MISP event."""
    return _file(request, ref, "misp")


def _file(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    viewer = reader(request)
    file = export(viewer, piece_of(viewer, ref), form)
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
