"""The discussion below a piece."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.actions import count_comments
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event, Following, Stance
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.publishing import outbox
from infohub.sharing.models import Comment, Item, ItemState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.support.clock import now

COMMENT_CHARACTERS = 100_000


@transaction.atomic
def comment(viewer: Viewer, *, item: Item, body: str, nonce: UUID) -> Comment:
    """Add to the discussion of a readable piece; the same form sent twice is one comment."""
    item = Item.objects.readable(viewer).select_related("label", "author", "seal").get(pk=item.pk)
    if item.closed_at is not None:
        raise NotReadyError("body", _("This discussion is closed."))
    if item.state != ItemState.PUBLISHED or viewer.membership is None or viewer.token is not None:
        raise NotAllowedError
    if not body.strip():
        raise NotReadyError("body", _("Write something first."))
    if len(body) > COMMENT_CHARACTERS:
        raise NotReadyError("body", _("A comment holds 100,000 characters; put more into an attached file."))
    sealed = item.seal_id is not None and item.seal_id in viewer.seals
    row, new = Comment.objects.as_system("the nonce is this author's own form").get_or_create(
        nonce=nonce,
        defaults={
            "item": item,
            "label": item.label,
            "author_id": None if sealed else viewer.membership,
            "seal_id": item.seal_id if sealed else None,
            "body": body,
            "at": now(),
        },
    )
    if new:
        _tell(viewer, item=item, row=row, sealed=sealed)
    return row


def _tell(viewer: Viewer, *, item: Item, row: Comment, sealed: bool) -> None:
    """The author of the piece and those who wrote here before hear of it, as far as they may still read."""
    count_comments(item.ref, 1)
    entry = Entry.objects.as_system("the entry of the piece just commented").get(ref=item.ref)
    following = Following.objects.about(entry, Stance.FOLLOW).values("person")
    interested = Q(memberships__in=_participants(item)) | Q(pk__in=following)
    taking_part = item.label.audience().filter(interested).exclude(pk=viewer.person or 0)
    announce(
        entry,
        event=Event.COMMENTED,
        people=list(taking_part.values_list("pk", flat=True)),
        key=str(row.pk),
        reason={"because": "participant"},
        due_at=outbox(),
    )
    seal = str(item.seal.uuid) if sealed and item.seal else ""
    record(viewer, "comment", item.ref, seal=seal, detail={"comment": row.pk})


def _participants(item: Item) -> list[int]:
    comments = item.comments.as_system("who takes part in a discussion the viewer reads")
    writers = set(comments.exclude(author=None).values_list("author", flat=True))
    authors = {item.author_id, item.seal.membership_id if item.seal else None}
    return [pk for pk in writers | authors if pk is not None]
