"""A piece that a program sends in: kept or shared in one step, and once, however often it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from infohub.members.models import Sector
from infohub.policy.offices import shares
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.drafts import Text, start_draft, typed
from infohub.sharing.actions.publishing import check, go, ready_clause
from infohub.sharing.choice import Choice, Reach
from infohub.sharing.models import Item
from infohub.sharing.refusals import NotAllowedError, NotReadyError, SentBeforeError
from infohub.support.clock import now

_SENT = UUID("8f8a6f0c-3c53-4d43-9d0e-2f7f5a0f7a55")


def send(
    viewer: Viewer, *, text: Text, choice: Choice, sectors: Sequence[Sector] = (), share: bool, key: str = ""
) -> tuple[Item, bool]:
    """Keep the piece as a draft, or share it at once; gives it, and whether it is new.

    What `key` named before is given back as it stands now. Raises what the pages would raise, and SentBeforeError
    where the key named another text.
    """
    _demand_reach(viewer, text)
    uuid = uuid5(_SENT, f"{viewer.membership} {key}") if key else uuid4()
    there = _sent(viewer, uuid, text)
    if there is not None:
        return there, False
    try:
        return _made(viewer, uuid, text=text, choice=choice, sectors=sectors, share=share), True
    except IntegrityError:  # the same key arrived twice at the same moment
        there = _sent(viewer, uuid, text)
        if there is None:
            raise
        return there, False


def would_read(viewer: Viewer, *, text: Text, choice: Choice) -> tuple[Reach, tuple[str, ...]]:
    """Who would read the piece and who reviews it before, without keeping anything of it."""
    _demand_reach(viewer, text)
    item = Item(ref="", author_id=viewer.membership)
    typed(item, text=text, choice=choice, at=now())
    outcome = check(viewer, item=item)
    return outcome.reach, outcome.waits_for


def _demand_reach(viewer: Viewer, text: Text) -> None:
    if not shares(viewer):
        raise NotAllowedError
    if text.tlp is None:
        raise NotReadyError("tlp", _("Choose a TLP marking: a piece without one cannot be shared."))
    if text.tlp > viewer.ceiling:
        raise RefusedError(_("This token reaches up to %(tlp)s.") % {"tlp": viewer.ceiling.mark})


@transaction.atomic
def _made(viewer: Viewer, uuid: UUID, *, text: Text, choice: Choice, sectors: Sequence[Sector], share: bool) -> Item:
    item = start_draft(viewer, text=text, choice=choice, uuid=uuid)
    item.sectors.set(sectors)
    return go(viewer, item=item, clause=ready_clause(viewer, item)) if share else item


def _sent(viewer: Viewer, uuid: UUID, text: Text) -> Item | None:
    there = Item.objects.readable(viewer).filter(uuid=uuid).first()
    if there is not None and there.revision == 1 and (there.title, there.body) != (text.title, text.body):
        raise SentBeforeError
    return there
