"""Order in a discussion: readers report, whoever keeps it hides or lets stand, and a question gets its answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.policy.keepers import keepers_among, keeps_order
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.discussion import gives_away, no_answer_any_more
from infohub.sharing.actions.indicators import told_writer
from infohub.sharing.actions.publishing import outbox, seal_of
from infohub.sharing.models import Comment, Item, ItemKind, ItemState, Report
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.support.clock import now


def keeps(viewer: Viewer, item: Item) -> bool:
    """Whether the viewer keeps the discussion of this readable piece in order."""
    return keeps_order(viewer, item.label, [group.pk for group in item.groups.all()])


@transaction.atomic
def report_comment(viewer: Viewer, *, row: Comment, reason: str) -> None:
    """Tell whoever keeps the discussion in order; said twice is said once."""
    held = _standing(viewer, row)
    if viewer.membership is None or viewer.token is not None or held.author_id == viewer.membership:
        raise NotAllowedError
    readers = held.label.audience()
    keepers = keepers_among(readers, [group.pk for group in held.item.groups.all()])
    writer = readers.filter(pk__in=told_writer(held.item))
    told = {*keepers.values_list("pk", flat=True), *writer.values_list("pk", flat=True)}
    if not told and held.item.seal_id is None:  # under a seal it would tell where the author is not
        raise NotReadyError("reason", _("Nobody who reads this keeps order here. Tell the programme office."))
    _report, new = Report.objects.get_or_create(
        comment=held, membership_id=viewer.membership, defaults={"reason": reason, "at": now()}
    )
    if not new:
        return
    _tell(held.item, event=Event.REPORTED, people=told - {viewer.person}, key=str(held.pk), because="reader")
    record(viewer, "report_comment", held.item.ref, detail={"comment": held.pk})


@transaction.atomic
def hide_comment(viewer: Viewer, *, row: Comment, reason: str) -> None:
    """Readers see from now on that something was hidden, and why; its author sees the words still."""
    held = _kept(viewer, row)
    if not reason.strip():
        raise NotReadyError("reason", _("Say why: its author and the readers see it."))
    held.hidden_at, held.hidden_reason = now(), reason
    no_answer_any_more(held)
    _settled(viewer, held, "hide_comment")


@transaction.atomic
def let_stand(viewer: Viewer, *, row: Comment) -> None:
    """The words stand, or stand again: its reports are answered."""
    held = _kept(viewer, row)
    held.hidden_at, held.hidden_reason = None, ""
    _settled(viewer, held, "let_comment_stand")


@transaction.atomic
def accept_answer(viewer: Viewer, *, item: Item, row: Comment | None) -> None:
    """Who asks says which contribution answers the question; none takes it back."""
    rows = Item.objects.readable(viewer).select_related("label__author", "seal__membership", "author")
    held = rows.select_for_update(of=("self",)).get(pk=item.pk)
    answerable = held.kind == ItemKind.QUESTION and held.state == ItemState.PUBLISHED
    if not answerable or not held.label.answered_for_by(viewer):
        raise NotAllowedError
    held.answer = _standing(viewer, row) if row is not None else None
    if held.answer is not None and held.answer.item_id != held.pk:
        raise NotAllowedError
    if held.answer is not None and held.answer.label_id != held.label_id:
        raise NotReadyError("answer", _("What answers a question is for all its readers, and this is for fewer."))
    held.save(update_fields=["answer"])
    given = held.answer.author if held.answer else None
    if held.answer is not None and given is not None and given.person_id != viewer.person:
        _tell(held, event=Event.ACCEPTED, people=[given.person_id], key=str(held.answer.pk), because="participant")
    record(viewer, "accept_answer", held.ref, seal=seal_of(held), detail={"comment": row.pk if row else None})


def _standing(viewer: Viewer, row: Comment) -> Comment:
    """The contribution again, locked, where its words are there to be read."""
    rows = Comment.objects.readable(viewer).select_related("item__label__author", "item__seal__membership", "author")
    held = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if held.deleted_at is not None or held.hidden_at is not None or held.item.state != ItemState.PUBLISHED:
        raise NotAllowedError
    return held


def _kept(viewer: Viewer, row: Comment) -> Comment:
    """The contribution again, locked, for who keeps its discussion in order."""
    rows = Comment.objects.readable(viewer).select_related("item__label__author", "item__seal", "label")
    held = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if held.deleted_at is not None or held.item.state != ItemState.PUBLISHED or not keeps(viewer, held.item):
        raise NotAllowedError
    if gives_away(viewer, held.item, held):
        raise NotAllowedError
    return held


def _settled(viewer: Viewer, held: Comment, verb: str) -> None:
    held.save(update_fields=["hidden_at", "hidden_reason"])
    held.reports.all().delete()
    seal = seal_of(held.item) if held.item.label.written_by(viewer) else ""
    record(viewer, verb, held.item.ref, seal=seal, detail={"comment": held.pk})


def _tell(item: Item, *, event: Event, people: Iterable[int | None], key: str, because: str) -> None:
    announce(
        Entry.objects.as_system("the entry of a piece the viewer reads").get(ref=item.ref),
        event=event,
        people=[person for person in people if person is not None],
        key=key,
        reason={"because": because},
        due_at=outbox(),
    )
