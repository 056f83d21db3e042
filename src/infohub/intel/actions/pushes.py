"""What officers do with pushes: add, switch on after a dry run, pause, resume, remove."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.intel.models import Collection, Push, PushState
from infohub.intel.models.sources import LONGEST, SHORTEST, sealed_credential
from infohub.intel.pushes.peers import is_collection
from infohub.members.models import TokenKind
from infohub.policy import offices
from infohub.policy.viewer import Viewer, peer_viewer
from infohub.standards.targets import target_of
from infohub.standards.tlp import Tlp
from infohub.support import sealing
from infohub.support.clock import now

_SALT, _AGE = "infohub.push", timedelta(hours=12)


class PushError(Exception):
    """A rule about pushes forbids it; the message says the rule in words."""


@dataclass(frozen=True, slots=True)
class PushTerms:
    """What is said of a push. Without a user the password is a token."""

    name: str
    url: str
    ceiling: Tlp
    minutes: int
    user: str = ""
    password: str = ""


@transaction.atomic
def add_push(viewer: Viewer, *, uuid: UUID, collection: Collection, terms: PushTerms) -> Push:
    """Write down where to and what; nothing leaves before a dry run was confirmed. Asked twice, it is one push."""
    offices.demand_steering(viewer)
    there = Push.objects.filter(uuid=uuid).first()
    if there is not None:
        return there
    _demand_sound(collection, terms)
    made = Push.objects.create(
        uuid=uuid,
        name=terms.name,
        url=terms.url,
        credential=sealed_credential(terms.user, terms.password),
        collection=collection,
        ceiling=terms.ceiling.value,
        minutes=terms.minutes,
        added_at=now(),
    )
    record(viewer, "add_push", str(made), detail={"collection": collection.alias, "ceiling": terms.ceiling.word})
    return made


@transaction.atomic
def renew_credential(viewer: Viewer, *, push: Push, user: str, password: str) -> None:
    """Say who we are to the peer from now on, as its tokens run out; tried at once. Nothing else of a push changes."""
    offices.demand_steering(viewer)
    held = _locked(push)
    if held.state == PushState.ENDED:
        return
    held.credential, held.attempts = sealed_credential(user, password), 0
    held.due_at = held.due_at and now()
    held.save(update_fields=["credential", "attempts", "due_at"])
    record(viewer, "renew_push_credential", str(held))


def confirmation_of(push: Push) -> str:
    """What a dry run hands out: good for switching on exactly this, within half a day."""
    return signing.dumps(_fingerprint(push), salt=_SALT)


@transaction.atomic
def switch_on(viewer: Viewer, *, push: Push, confirmation: str) -> None:
    """Begin to send what the dry run showed. Raises PushError where the dry run was of something else, or is old."""
    offices.demand_steering(viewer)
    held = _locked(push)
    if held.state != PushState.DRAFT:  # switched on already, perhaps by a second click
        return
    try:
        shown = signing.loads(confirmation, salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        shown = ""
    if shown != _fingerprint(held):
        raise PushError(_("Look at the dry run first: this one is old, or of another push."))
    Push.objects.filter(pk=held.pk).update(state=PushState.ON, due_at=now(), attempts=0)
    record(viewer, "switch_on_push", str(held), detail={"collection": held.collection.alias})


@transaction.atomic
def pause_push(viewer: Viewer, *, push: Push) -> None:
    """Send nothing new until it is resumed; the peer is still asked to delete what it should not have any more."""
    offices.demand_steering(viewer)
    if Push.objects.filter(pk=push.pk, state=PushState.ON).update(state=PushState.PAUSED):
        record(viewer, "pause_push", str(push))


@transaction.atomic
def resume_push(viewer: Viewer, *, push: Push) -> None:
    """Send again, at once."""
    offices.demand_steering(viewer)
    paused = Push.objects.filter(pk=push.pk, state=PushState.PAUSED)
    if paused.update(state=PushState.ON, due_at=now(), attempts=0):
        record(viewer, "resume_push", str(push))


@transaction.atomic
def push_now(viewer: Viewer, *, push: Push) -> None:
    """Let the worker take it at its next turn; asked twice, it is taken once."""
    offices.demand_steering(viewer)
    at = now()
    if Push.objects.working().filter(pk=push.pk, due_at__gt=at).update(due_at=at, attempts=0):
        record(viewer, "push_now", str(push))


@transaction.atomic
def end_push(viewer: Viewer, *, push: Push) -> None:
    """Send no more for good and forget the password. The ledger stays: it says who has what."""
    offices.demand_steering(viewer)
    there = Push.objects.filter(pk=push.pk).exclude(state=PushState.ENDED)
    if there.update(state=PushState.ENDED, credential="", due_at=None, leased_until=None, problem=""):
        record(viewer, "end_push", str(push))


def reseal_pushes() -> int:
    """Bring every stored password under the newest key; runs inside its caller's transaction."""
    rows = list(Push.objects.exclude(credential="").select_for_update(no_key=True))
    for row in rows:
        row.credential = sealing.resealed(row.credential)
    Push.objects.bulk_update(rows, ["credential"])
    return len(rows)


def _fingerprint(push: Push) -> str:
    """Everything that decides what leaves and where to."""
    told = (push.uuid, push.url, push.credential, push.collection_id, push.ceiling, push.minutes, push.cursor)
    return hashlib.sha256(repr([str(one) for one in told]).encode()).hexdigest()


def _locked(push: Push) -> Push:
    return Push.objects.select_for_update(of=("self",), no_key=True).select_related("collection").get(pk=push.pk)


def _demand_sound(collection: Collection, terms: PushTerms) -> None:
    if target_of(terms.url) is None:
        raise PushError(_("This is no web address that can be opened: https:// and a host, without a user name."))
    if not is_collection(terms.url):
        raise PushError(_("This is no address of a TAXII collection: it ends with /collections/ and the collection."))
    if terms.ceiling not in offices.ceilings(TokenKind.PEER, None):
        highest = offices.highest_ceiling(TokenKind.PEER).mark
        raise PushError(_("A peer gets objects up to %(tlp)s.") % {"tlp": highest})
    if not Collection.objects.for_peers(peer_viewer(terms.ceiling)).filter(pk=collection.pk).exists():
        raise PushError(_("Only what every peer may read, or a collection by agreement, is sent to a peer."))
    if not SHORTEST <= terms.minutes <= LONGEST:
        raise PushError(_("Send every 15 minutes at most, and once a week at least."))
