"""A piece that a program sends in: kept or shared in one step, and once, however often it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.members.models import Membership, Sector
from infohub.policy.offices import shares
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.drafts import Text, start_draft, typed
from infohub.sharing.actions.publishing import check, go, ready_clause
from infohub.sharing.choice import Choice, Reach
from infohub.sharing.models import Item, Sending
from infohub.sharing.refusals import NotAllowedError, NotReadyError, SentBeforeError
from infohub.support.clock import now
from infohub.support.ids import keyed_digest


@transaction.atomic
def send(
    viewer: Viewer, *, text: Text, choice: Choice, sectors: Sequence[Sector] = (), share: bool, key: str = ""
) -> tuple[Item, bool]:
    """Keep the piece as a draft, or share it at once; gives it, and whether it is new.

    What `key` named before is given back as it stands now. Raises what the pages would raise, and SentBeforeError
    where the key named anything else.
    """
    _demand_reach(viewer, text)
    digest, request = keyed_digest(f"sent {viewer.membership} {key}"), _digest_of(text, choice, sectors, share)
    if key:
        Membership.objects.select_for_update().get(pk=viewer.membership or 0)  # nobody sends it twice at one moment
        before = Sending.objects.filter(digest=digest).first()
        if before is not None:
            return _sent_before(viewer, before, request), False
    item = start_draft(viewer, text=text, choice=choice)
    item.sectors.set(sectors)
    if share:
        item = go(viewer, item=item, clause=ready_clause(viewer, item))
    if key:
        Sending.objects.create(digest=digest, request=request, item=item)
    return item, True


def _sent_before(viewer: Viewer, before: Sending, request: str) -> Item:
    """What this author's program sent under the key, as it stands now."""
    if before.request != request:
        raise SentBeforeError
    there = Item.objects.readable(viewer).filter(pk=before.item_id).first()
    if there is None:  # above the ceiling the token has now
        raise SentBeforeError
    return there


def _digest_of(text: Text, choice: Choice, sectors: Sequence[Sector], share: bool) -> str:
    said = (text, choice, sorted(sector.pk for sector in sectors), share)
    return hashlib.sha256(repr(said).encode()).hexdigest()


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
