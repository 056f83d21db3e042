"""Correcting a shared piece: new words for the same readers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.members.models import Sector
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.attachments import keep
from infohub.sharing.actions.drafts import Text, declined_in
from infohub.sharing.actions.indicators import renew, writer_of
from infohub.sharing.actions.publishing import indicator_of, outbox, seal_of, wanted_indicators
from infohub.sharing.actions.suggesting import settle
from infohub.sharing.confirmed import confirmed_of
from infohub.sharing.files import cleaned, kind_of_file
from infohub.sharing.models import Indicator, Item, ItemState, Revision, Suggestion, SuggestionState
from infohub.sharing.refusals import NotAllowedError, NotReadyError, WrittenElsewhereError
from infohub.support.clock import now

_WORDS = ("kind", "title", "body", "language", "severity")
Files = Sequence[tuple[str, bytes]]


@transaction.atomic
def revise(
    viewer: Viewer,
    *,
    item: Item,
    text: Text,
    sectors: Sequence[Sector] | None = None,
    named: Sequence[str] = (),
    files: Files | None = None,
    note: str = "",
    since: int = 0,
    tell: bool = False,
    suggestion: Suggestion | None = None,
) -> Item:
    """Give a shared piece new words, indicators and files for the same readers; nothing happens where nothing changed.

    Readers find the new words, machines the new version of its report; the words before stay as a revision. Sectors
    and files not given stay as they are. `since` is the revision the author had before it: raises
    WrittenElsewhereError where there is a later one. Readers are told where `tell` says so. A `suggestion` that led to
    it is taken with it.
    """
    pieces = Item.objects.as_system("moving in") if viewer.is_system else Item.objects.readable(viewer)
    rows = pieces.select_related("label", "author__person", "author__organisation", "seal__membership")
    row = rows.select_for_update(of=("self",)).get(pk=item.pk)
    if row.state != ItemState.PUBLISHED or not (viewer.is_system or row.label.answered_for_by(viewer)):
        raise NotAllowedError
    if since and since != row.revision:
        raise WrittenElsewhereError
    if not text.title.strip() or not text.body.strip():
        raise NotReadyError("body", _("Say what happened, or paste it here."))
    moment = now()
    changes = (_reworded(row, text), _sorted_in(row, sectors), _refiled(row, files, moment))
    declined = _reticked(row, text) if not viewer.is_system else False
    if not any((*changes, declined, _named(row, named))):
        return row
    row.revision, row.updated_at = row.revision + 1, moment
    row.save()
    Revision.objects.create(item=row, number=row.revision, title=row.title, body=row.body, at=moment, note=note)
    gone, added = _renumbered(row, wanted_indicators(row, named=named))
    renew(row, revoked=gone, unsaid=[one for one in confirmed_of(row) if ("attack", one.value) in added])
    if tell:
        _tell(viewer, row)
    if suggestion is not None:
        settle(viewer, suggestion=suggestion, state=SuggestionState.TAKEN)
    record(viewer, "revise", row.ref, seal=seal_of(row), detail={"revision": row.revision})
    return row


def _tell(viewer: Viewer, item: Item) -> None:
    """Who may read the piece now hears that it changed; its author knows."""
    readers = item.label.audience().exclude(pk=writer_of(item).person_id).exclude(pk=viewer.person or 0)
    announce(
        Entry.objects.as_system("the entry of the piece just corrected").get(ref=item.ref),
        event=Event.REVISED,
        people=list(readers.values_list("pk", flat=True)),
        key=str(item.revision),
        reason={"because": "reader"},
        due_at=outbox(),
    )


def _reticked(item: Item, text: Text) -> bool:
    """What the author unticked in the words as they are now; part of the choice kept with the piece."""
    declined = declined_in(text)
    if item.choice.get("declined", []) == declined:
        return False
    item.choice = item.choice | {"declined": declined}
    return True


def _reworded(item: Item, text: Text) -> bool:
    pap = None if text.pap is None else text.pap.value
    changed = [name for name in _WORDS if getattr(item, name) != getattr(text, name)]
    for name in changed:
        setattr(item, name, getattr(text, name))
    if item.pap == pap:
        return bool(changed)
    item.pap = pap
    return True


def _sorted_in(item: Item, sectors: Sequence[Sector] | None) -> bool:
    if sectors is None or {sector.pk for sector in item.sectors.all()} == {sector.pk for sector in sectors}:
        return False
    item.sectors.set(sectors)
    return True


def _refiled(item: Item, files: Files | None, at: datetime) -> bool:
    """Whether the files differ; what is gone is taken away, what is new is kept."""
    if files is None:
        return False
    wanted = {(name, _digest(name, content)): content for name, content in files}
    there = {(row.name, row.sha256): row for row in item.attachments.as_system("compared with what came")}
    for name_and_digest in there.keys() - wanted.keys():
        there[name_and_digest].delete()
    for name, digest in wanted.keys() - there.keys():
        keep(item, name=name, content=wanted[name, digest], at=at)
    return wanted.keys() != there.keys()


def _digest(name: str, content: bytes) -> str:
    return hashlib.sha256(cleaned(kind_of_file(name, content), content)).hexdigest()


def _named(item: Item, named: Sequence[str]) -> bool:
    there = {(row.kind, row.value) for row in item.indicators.as_system("compared with what came")}
    return there != wanted_indicators(item, named=named)


def _renumbered(item: Item, wanted: set[tuple[str, str]]) -> tuple[list[Indicator], set[tuple[str, str]]]:
    """Make the indicators those of the new words; gives the ones that are gone, and kind and value of the new."""
    there = list(item.indicators.as_system("renewed with their piece"))
    gone = [row for row in there if (row.kind, row.value) not in wanted]
    added = wanted - {(row.kind, row.value) for row in there}
    Indicator.objects.bulk_create(indicator_of(item, kind, value) for kind, value in sorted(added))
    item.indicators.as_system("gone with the words").filter(pk__in=[row.pk for row in gone]).delete()
    return gone, added
