"""Compares what was derived with what it was derived from: catalogue, children, files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F

from infohub.catalogue.models import Entry
from infohub.sharing.actions.attachments import stored
from infohub.sharing.models import Attachment, Comment, Indicator, Item, ItemState

_REASON = "verify compares everything with its source"
_LISTED = (ItemState.PUBLISHED, ItemState.WITHDRAWN)


@dataclass(slots=True)
class Comparison:
    """How much was compared, and every difference in words."""

    pieces: int = 0
    children: int = 0
    files: int = 0
    differences: list[str] = field(default_factory=list)


def compare() -> Comparison:
    """Walk pieces, their entries, their children and their files."""
    found = Comparison()
    items = Item.objects.as_system(_REASON)
    found.pieces = items.filter(state__in=_LISTED).count()
    found.differences += _entries()
    for model in (Comment, Attachment, Indicator):
        rows = model.objects.as_system(_REASON)
        found.children += rows.count()
        astray = rows.exclude(label=F("item__label")).select_related("label", "item__label")
        found.differences += [
            f"{model.__name__} {row.pk} of {row.item.ref} has not the label of its piece"
            for row in astray
            if model is not Comment or not row.label.within(row.item.label)  # a contribution may be for fewer readers
        ]
    for attachment in Attachment.objects.as_system(_REASON).iterator(500):
        found.files += 1
        found.differences += _file(attachment)
    return found


def _entries() -> Iterator[str]:
    labels = dict(Item.objects.as_system(_REASON).filter(state__in=_LISTED).values_list("ref", "label"))
    entries = dict(Entry.objects.as_system(_REASON).values_list("ref", "label"))
    for ref in sorted(labels.keys() - entries.keys()):
        yield f"{ref} is not in the catalogue"
    for ref in sorted(entries.keys() - labels.keys()):
        yield f"{ref} is in the catalogue and is no shared piece"
    for ref in sorted(labels.keys() & entries.keys()):
        if labels[ref] != entries[ref]:
            yield f"{ref} has another label in the catalogue than on the piece"


def _file(attachment: Attachment) -> Iterator[str]:
    path = stored(attachment)
    if not path.exists():
        yield f"the file of attachment {attachment.pk} is missing"
    elif hashlib.sha256(path.read_bytes()).hexdigest() != attachment.sha256:
        yield f"the file of attachment {attachment.pk} is not what was stored"
