"""A piece that a program sends in: kept or shared in one step, and once, however often it is sent."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.members.models import Membership, Sector
from infohub.policy.offices import shares
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.drafts import Stamp, Text, start_draft, typed
from infohub.sharing.actions.publishing import check, go, ready_clause
from infohub.sharing.choice import Choice, Reach
from infohub.sharing.models import Item
from infohub.sharing.refusals import NotAllowedError, NotReadyError, SentBeforeError
from infohub.support.clock import now
from infohub.support.ids import keyed_digest


@transaction.atomic
def send(
    viewer: Viewer, *, text: Text, choice: Choice, sectors: Sequence[Sector] = (), share: bool, key: str = ""
) -> tuple[Item, bool]:
    """Keep the piece as a draft, or share it at once; gives it, and whether it is new.

    What `key` named before is given back as it stands now. Raises what the pages would raise, and SentBeforeError
    where the key named another text.
    """
    _demand_reach(viewer, text)
    stamp = Stamp(window=_window(key)) if key else None
    there = _sent_before(viewer, stamp.window, text) if stamp else None
    if there is not None:
        return there, False
    item = start_draft(viewer, text=text, choice=choice, stamp=stamp)
    item.sectors.set(sectors)
    return (go(viewer, item=item, clause=ready_clause(viewer, item)) if share else item), True


def _window(key: str) -> str:
    """A key is to a program what a window is to a browser; without our secret nobody tries out keys."""
    return keyed_digest(f"sent {key}")[:32]


def _sent_before(viewer: Viewer, window: str, text: Text) -> Item | None:
    """What this author's program sent under the key; the lock lets nobody send it twice at the same moment."""
    Membership.objects.select_for_update().get(pk=viewer.membership or 0)
    there = Item.objects.readable(viewer).written_in(viewer, window).first()
    if there is not None and there.revision == 1 and (there.title, there.body) != (text.title, text.body):
        raise SentBeforeError
    return there


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
