"""The discussion below a piece: contributions, replies to them, second thoughts, and who hears of them."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.actions import count_comments
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event, Following, Stance
from infohub.members.models import Person
from infohub.policy.models import Label
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.drafts import private_label
from infohub.sharing.actions.publishing import outbox
from infohub.sharing.circles import circles, narrowed
from infohub.sharing.models import Comment, Item, ItemState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.support.clock import now

COMMENT_CHARACTERS = 100_000
SECOND_THOUGHTS = timedelta(minutes=15)


@transaction.atomic
def comment(
    viewer: Viewer, *, item: Item, body: str, nonce: UUID, parent: Comment | None = None, circle: str = ""
) -> Comment:
    """Contribute to the discussion of a readable piece, or reply there; the same form sent twice is one comment.

    `circle` is the key of one of `circles`; without one, all readers of the piece read it. A reply reaches no further
    than what it answers.
    """
    item = (
        Item.objects.readable(viewer).select_related("label__author", "label__owner", "author", "seal").get(pk=item.pk)
    )
    if item.closed_at is not None:
        raise NotReadyError("body", _("This discussion is closed."))
    if item.state != ItemState.PUBLISHED or viewer.membership is None or viewer.token is not None:
        raise NotAllowedError
    _demand_words(body)
    sealed = item.seal_id is not None and item.seal_id in viewer.seals
    answered = _answered(viewer, item, parent)
    row, new = Comment.objects.as_system("the nonce is this author's own form").get_or_create(
        nonce=nonce,
        defaults={
            "item": item,
            "label": _label(viewer, item, answered, circle),
            "author_id": None if sealed else viewer.membership,
            "seal_id": item.seal_id if sealed else None,
            "parent": answered and (answered.parent or answered),
            "body": body,
            "at": now(),
        },
    )
    if not new and (row.item_id != item.pk or not is_own(viewer, row)):
        raise NotAllowedError
    if new:
        _tell(viewer, item=item, row=row, sealed=sealed)
    return row


@transaction.atomic
def edit_comment(viewer: Viewer, *, row: Comment, body: str) -> Comment:
    """Say it better, within a quarter of an hour: later, others have answered to the words that stood there."""
    own = _own(viewer, row)
    if now() - own.at > SECOND_THOUGHTS:
        raise NotReadyError("body", _("A comment can be changed for 15 minutes. Write another one."))
    _demand_words(body)
    own.body, own.edited_at = body, now()
    own.save(update_fields=["body", "edited_at"])
    record(viewer, "edit_comment", own.item.ref, seal=_seal_of(own), detail={"comment": own.pk})
    return own


@transaction.atomic
def delete_comment(viewer: Viewer, *, row: Comment) -> None:
    """Take one's own words back: they are gone, their place stays for what was answered."""
    own = _own(viewer, row)
    own.body, own.deleted_at = "", now()
    own.save(update_fields=["body", "deleted_at"])
    if own.label_id == own.item.label_id:
        count_comments(own.item.ref, -1)
    no_answer_any_more(own)
    record(viewer, "delete_comment", own.item.ref, seal=_seal_of(own), detail={"comment": own.pk})


def no_answer_any_more(row: Comment) -> None:
    """A contribution whose words are gone answers no question."""
    Item.objects.as_system("its answer is gone").filter(answer=row).update(answer=None)


def seclude_talk(item: Item, was: Label) -> None:
    """The discussion follows a piece that is taken back; what was for fewer readers stays with who wrote it.

    Under a seal that is the author of the piece, whose label the piece has now.
    """
    rows = item.comments.as_system("children follow their piece")
    for row in rows.exclude(label=was).select_related("author__organisation"):
        row.label = private_label(row.author, item.marking) if row.author else item.label
        row.save(update_fields=["label"])
    rows.filter(label=was).update(label=item.label)


def is_own(viewer: Viewer, row: Comment) -> bool:
    """Whether the viewer wrote it, in this membership or under the seal."""
    if viewer.membership is None or viewer.token is not None:
        return False
    return row.author_id == viewer.membership or (row.seal_id is not None and row.seal_id in viewer.seals)


def gives_away(viewer: Viewer, item: Item, row: Comment) -> bool:
    """Whether it is for some readers alone, whom an answer or a decision under the seal would tell who wrote the piece.

    What is for the author alone has the seal on its label, and is answered there.
    """
    aside = row.label_id != item.label_id and row.label.seal_id != item.seal_id
    return aside and item.seal_id is not None and item.label.written_by(viewer)


def _own(viewer: Viewer, row: Comment) -> Comment:
    """The viewer's own contribution, locked, below a piece that still stands."""
    rows = Comment.objects.readable(viewer).select_related("item", "seal").select_for_update(of=("self",))
    held = rows.get(pk=row.pk)
    gone = held.deleted_at is not None or held.hidden_at is not None
    if not is_own(viewer, held) or gone or held.item.state != ItemState.PUBLISHED:
        raise NotAllowedError
    return held


def _answered(viewer: Viewer, item: Item, parent: Comment | None) -> Comment | None:
    """What a reply answers. A parent below another piece is none."""
    if parent is None:
        return None
    there = item.comments.readable(viewer).select_related("parent", "label").filter(pk=parent.pk).first()
    if there is None:
        raise NotAllowedError
    if gives_away(viewer, item, there):
        raise NotReadyError(
            "body", _("Only some readers read this. An answer under the seal would tell them who you are.")
        )
    return there


def _label(viewer: Viewer, item: Item, answered: Comment | None, key: str) -> Label:
    """Who reads it: the readers of the piece, or fewer, and never more than read what it answers."""
    if answered is not None and answered.label_id != item.label_id:
        return answered.label
    if not key:
        return item.label
    circle = next((one for one in circles(viewer, item) if one.key == key), None)
    if circle is None:
        raise NotReadyError("circle", _("Choose again who reads it: nobody else is there any more."))
    return narrowed(viewer, item, circle)


def _demand_words(body: str) -> None:
    if not body.strip():
        raise NotReadyError("body", _("Write something first."))
    if len(body) > COMMENT_CHARACTERS:
        raise NotReadyError("body", _("A comment holds 100,000 characters; put more into an attached file."))


def _seal_of(row: Comment) -> str:
    return str(row.seal.uuid) if row.seal else ""


def _tell(viewer: Viewer, *, item: Item, row: Comment, sealed: bool) -> None:
    """Whoever is mentioned, wrote here before or follows hears of it, as far as they read it.

    What is for fewer readers is not in the count that all of them see.
    """
    if row.label_id == item.label_id:
        count_comments(item.ref, 1)
    entry = Entry.objects.as_system("the entry of the piece just commented").get(ref=item.ref)
    readers = row.label.audience().exclude(pk=viewer.person or 0)
    mentioned = _mentioned(readers, row.body)
    following = Following.objects.about(entry, Stance.FOLLOW).values("person")
    interested = readers.filter(Q(memberships__in=_participants(item)) | Q(pk__in=following)).exclude(pk__in=mentioned)
    told = (
        (Event.MENTIONED, mentioned, "mentioned"),
        (Event.COMMENTED, list(interested.values_list("pk", flat=True)), "participant"),
    )
    for event, people, because in told:
        announce(entry, event=event, people=people, key=str(row.pk), reason={"because": because}, due_at=outbox())
    seal = str(item.seal.uuid) if sealed and item.seal else ""
    record(viewer, "comment", item.ref, seal=seal, detail={"comment": row.pk})


def _mentioned(readers: QuerySet[Person], body: str) -> list[int]:
    """Readers whose full name stands after an @; for anybody else the same signs are plain words.

    The longest name counts, so that who is called Ann does not hear of every Ann Lee.
    """
    if "@" not in body:
        return []
    names = [(pk, name.casefold()) for pk, name in readers.order_by().values_list("pk", "name")]
    longest_first = sorted({re.escape(name) for _pk, name in names if name}, key=len, reverse=True)
    if not longest_first:
        return []
    found = set(re.findall(f"@({'|'.join(longest_first)})(?![0-9a-z_])", body.casefold()))
    return [pk for pk, name in names if name in found]


def _participants(item: Item) -> list[int]:
    comments = item.comments.as_system("who takes part in a discussion the viewer reads")
    writers = set(comments.exclude(author=None).values_list("author", flat=True))
    authors = {item.author_id, item.seal.membership_id if item.seal else None}
    return [pk for pk in writers | authors if pk is not None]
