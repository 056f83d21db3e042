"""Withdrawing a piece on every way out in one act."""

from __future__ import annotations

from django.db import transaction

from infohub.audit.actions import record
from infohub.catalogue.actions import seclude
from infohub.catalogue.models import Entry
from infohub.delivery.actions import recall
from infohub.intel.actions import retract
from infohub.members.models import Membership
from infohub.policy.models import Label
from infohub.policy.powers import Power
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.discussion import seclude_talk
from infohub.sharing.actions.drafts import private_label
from infohub.sharing.actions.publishing import label_of, seal, seal_of
from infohub.sharing.confirmed import confirmed_of
from infohub.sharing.models import Attachment, Item, ItemState, ItemText
from infohub.sharing.refusals import NotAllowedError
from infohub.sharing.stix import piece_objects
from infohub.support.clock import now
from infohub.support.ids import fresh_ref

_KEPT = ("kind", "title", "body", "language", "severity", "tlp", "pap", "safe_line", "choice", "unattributed")
_TEXT = ("language", "title", "body", "origin", "at")
_FILE = ("name", "content_type", "size", "sha256")


@transaction.atomic
def withdraw(viewer: Viewer, *, item: Item, reason: str) -> Item:
    """Take a published piece back: readers find nothing, unsent messages stop, STIX readers get a revoked version."""
    item = Item.objects.readable(viewer).select_for_update(of=("self",)).select_related("label", "seal").get(pk=item.pk)
    if item.state != ItemState.PUBLISHED or not may_withdraw(viewer, item):
        raise NotAllowedError
    was, item.label = item.label, _private_label(item)
    item.state, item.state_at, item.updated_at, item.withdrawn_reason = ItemState.WITHDRAWN, now(), now(), reason
    item.save()
    for children in (item.attachments, item.indicators):
        children.as_system("children follow their piece").update(label=item.label)
    seclude_talk(item, was)
    item.pins.all().delete()
    seclude(item.ref, item.label)
    recall(Entry.objects.as_system("the entry of the piece just withdrawn").get(ref=item.ref))
    indicators = list(item.indicators.as_system("revoked with their piece"))
    objects = piece_objects(item, indicators=indicators, confirmed=confirmed_of(item), revoked=True)
    retract(item.ref, objects=objects)
    record(viewer, "withdraw", item.ref, seal=seal_of(item))
    return item


def may_withdraw(viewer: Viewer, item: Item) -> bool:
    """Who answers for the piece; where its seal is forgotten nobody does, so a moderator who reads it stands in."""
    forgotten = item.seal is not None and item.seal.membership_id is None
    return item.label.answered_for_by(viewer) or (forgotten and viewer.may(Power.MODERATE))


def _private_label(item: Item) -> Label:
    """The label of a withdrawn piece: its author's alone, under the seal too; a forgotten seal is nobody's."""
    if item.seal is not None:
        return Label.objects.intern(tlp=item.marking, seal=item.seal, private=True)
    return label_of(item, writer=seal(item, clauses=[]), clauses=[], private=True)


@transaction.atomic
def take_back_to_edit(viewer: Viewer, *, item: Item) -> Item:
    """Withdraw an own piece and begin a draft with its words, audience and files; gives the draft.

    It is a new piece with a reference of its own: whoever had the other one learns that it was withdrawn, no more.
    """
    if not item.label.written_by(viewer):
        raise NotAllowedError
    withdrawn = withdraw(viewer, item=item, reason="")
    author = Membership.objects.select_related("organisation").get(pk=viewer.membership or 0)
    moment = now()
    draft = Item(
        **{name: getattr(withdrawn, name) for name in _KEPT},
        ref=fresh_ref(Item, "IH"),
        author=author,
        state=ItemState.DRAFT,
        state_at=moment,
        created_at=moment,
        updated_at=moment,
        label=private_label(author, withdrawn.marking),
    )
    draft.save()
    files = withdrawn.attachments.as_system("the author's own files, into the author's own draft")
    Attachment.objects.bulk_create(
        Attachment(item=draft, label=draft.label, added_at=moment, **{name: getattr(file, name) for name in _FILE})
        for file in files
    )
    ItemText.objects.bulk_create(
        ItemText(
            item=draft,
            revision=draft.revision if text.revision == withdrawn.revision else 0,  # overtaken words stay overtaken
            **{name: getattr(text, name) for name in _TEXT},
        )
        for text in withdrawn.texts.all()
    )
    return draft
