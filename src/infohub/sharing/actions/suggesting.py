"""Corrections that readers suggest: seen by who answers for the piece and by who suggests, and by nobody else."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.indicators import told_writer
from infohub.sharing.actions.publishing import BODY_CHARACTERS, outbox, seal_of
from infohub.sharing.models import Item, ItemState, Suggestion, SuggestionState
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.support.clock import now


@transaction.atomic
def suggest(viewer: Viewer, *, item: Item, title: str, body: str, note: str = "") -> Suggestion:
    """Propose other words to who answers for a piece one reads."""
    held = _readable(viewer, item)
    if viewer.membership is None or viewer.token is not None or held.label.answered_for_by(viewer):
        raise NotAllowedError
    _demand_news(held, title, body)
    answers = told_writer(held)
    if not answers and not (held.seal and held.seal.membership):  # whose author left the seal keeps to itself
        raise NotReadyError(
            "body", _("Nobody answers for this piece any more. Write below it what should be corrected.")
        )
    own = held.suggestions.filter(membership=viewer.membership, state=SuggestionState.OPEN)
    if own.count() >= Suggestion.MOST:
        raise NotReadyError("body", _("Many of your suggestions wait already. Let the author look first."))
    row = Suggestion.objects.create(
        item=held,
        membership_id=viewer.membership,
        title=title,
        body=body,
        note=note,
        revision=held.revision,
        at=now(),
    )
    announce(
        Entry.objects.as_system("the entry of a piece the viewer reads").get(ref=held.ref),
        event=Event.SUGGESTED,
        people=answers,
        key=str(row.pk),
        reason={"because": "participant"},
        due_at=outbox(),
    )
    record(viewer, "suggest", held.ref, detail={"suggestion": row.pk})
    return row


@transaction.atomic
def settle(viewer: Viewer, *, suggestion: Suggestion, state: SuggestionState) -> None:
    """Say that the suggestion was taken, or declined; who suggested sees it on the piece."""
    item = _readable(viewer, suggestion.item)
    if not item.label.answered_for_by(viewer):
        raise NotAllowedError
    row = item.suggestions.select_for_update().filter(pk=suggestion.pk, state=SuggestionState.OPEN).first()
    if row is None:
        raise NotAllowedError
    row.state = state
    row.save(update_fields=["state"])
    seal = seal_of(item) if item.label.written_by(viewer) else ""
    record(viewer, "settle_suggestion", item.ref, seal=seal, detail={"suggestion": row.pk, "state": state.value})


def suggestions_for(viewer: Viewer, item: Item) -> list[Suggestion]:
    """What waits, for who answers for this readable piece; a reader's own, whatever became of them."""
    rows = item.suggestions.select_related("membership__person", "membership__organisation").defer("body")
    if item.label.answered_for_by(viewer):
        return list(rows.filter(state=SuggestionState.OPEN))
    return list(rows.filter(membership=viewer.membership)) if viewer.membership else []


def _demand_news(item: Item, title: str, body: str) -> None:
    if not title.strip() or not body.strip():
        raise NotReadyError("body" if title.strip() else "title", _("Write the title and the text."))
    if len(body) > BODY_CHARACTERS:
        raise NotReadyError("body", _("The text is longer than 2 million characters. Attach it as a file instead."))
    if (title, body) == (item.title, item.body):
        raise NotReadyError("body", _("Nothing is different yet: change what should be corrected."))


def _readable(viewer: Viewer, item: Item) -> Item:
    rows = Item.objects.readable(viewer).select_related("label__author", "seal__membership", "author")
    held = rows.select_for_update(of=("self",)).get(pk=item.pk)
    if held.state != ItemState.PUBLISHED:
        raise NotAllowedError
    return held
