"""Correcting a shared piece: new words for the same readers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.catalogue.actions import enter
from infohub.intel.actions import place
from infohub.members.models import Membership, Sector
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.attachments import keep
from infohub.sharing.actions.drafts import Text
from infohub.sharing.actions.publishing import card_of, clause_choice, seal_of, wanted_indicators
from infohub.sharing.files import cleaned, kind_of_file
from infohub.sharing.models import Indicator, Item, ItemState, Revision
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.sharing.stix import piece_objects
from infohub.support.clock import now

_WORDS = ("kind", "title", "body", "language", "severity")
Files = Sequence[tuple[str, bytes]]


@transaction.atomic
def revise(
    viewer: Viewer, *, item: Item, text: Text, sectors: Sequence[Sector], named: Sequence[str] = (), files: Files = ()
) -> Item:
    """Give a shared piece new words, indicators and files for the same readers; nothing happens where nothing changed.

    Readers find the new words, machines the new version of its report; the words before stay as a revision. Nobody
    is told.
    """
    pieces = Item.objects.as_system("moving in") if viewer.is_system else Item.objects.readable(viewer)
    rows = pieces.select_related("label", "author__person", "author__organisation", "seal__membership")
    row = rows.select_for_update(of=("self",)).get(pk=item.pk)
    if row.state != ItemState.PUBLISHED or not (viewer.is_system or row.label.answered_for_by(viewer)):
        raise NotAllowedError
    if not text.title.strip() or not text.body.strip():
        raise NotReadyError("body", _("Say what happened, or paste it here."))
    moment = now()
    if not any((_reworded(row, text), _sorted_in(row, sectors), _refiled(row, files, moment), _named(row, named))):
        return row
    row.revision, row.updated_at = row.revision + 1, moment
    row.save()
    Revision.objects.create(item=row, number=row.revision, title=row.title, body=row.body, at=moment)
    _renew(row, sectors, named)
    record(viewer, "revise", row.ref, seal=seal_of(row), detail={"revision": row.revision})
    return row


def _reworded(item: Item, text: Text) -> bool:
    pap = None if text.pap is None else text.pap.value
    changed = [name for name in _WORDS if getattr(item, name) != getattr(text, name)]
    for name in changed:
        setattr(item, name, getattr(text, name))
    if item.pap == pap:
        return bool(changed)
    item.pap = pap
    return True


def _sorted_in(item: Item, sectors: Sequence[Sector]) -> bool:
    if {sector.pk for sector in item.sectors.all()} == {sector.pk for sector in sectors}:
        return False
    item.sectors.set(sectors)
    return True


def _refiled(item: Item, files: Files, at: datetime) -> bool:
    """Whether the files differ; what is gone is taken away, what is new is kept."""
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


def _renew(item: Item, sectors: Sequence[Sector], named: Sequence[str]) -> None:
    """Indicators, catalogue entry and STIX of the new words; an indicator that is gone is revoked."""
    kept, gone = _indicators(item, wanted_indicators(item, named=named))
    writer = _writer(item)
    enter(card_of(item, writer=writer, indicators=kept), sectors=sectors, groups=clause_choice(item).groups)
    revoked = piece_objects(item, indicators=gone, revoked=True) if gone else []
    objects = piece_objects(item, indicators=kept) + [one for one in revoked if one["type"] == "indicator"]
    clauses, at = item.label.clauses, item.updated_at
    place(item.ref, objects=objects, tlp=item.marking, label=item.label, clauses=clauses, due_at=at)


def _indicators(item: Item, wanted: set[tuple[str, str]]) -> tuple[list[Indicator], list[Indicator]]:
    """Those of the new words, and those that are gone."""
    there = list(item.indicators.as_system("renewed with their piece"))
    gone = [row for row in there if (row.kind, row.value) not in wanted]
    new = sorted(wanted - {(row.kind, row.value) for row in there})
    made = Indicator.objects.bulk_create(
        Indicator(item=item, label=item.label, kind=kind, value=value, valid_from=item.updated_at)
        for kind, value in new
    )
    item.indicators.as_system("gone with the words").filter(pk__in=[row.pk for row in gone]).delete()
    return [row for row in there if row not in gone] + made, gone


def _writer(item: Item) -> Membership:
    writer = item.seal.membership if item.seal else item.author
    if writer is None:
        raise NotReadyError("author", _("The seal of this piece has been deleted: it cannot be changed any more."))
    return writer
