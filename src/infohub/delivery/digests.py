"""The worker's leg for digests: one mail a day to whoever chose it, of what that person may still read."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.utils import translation

from infohub.delivery.channels.email import NotNowError, Post, RefusedError, UnreachableError, digest_message
from infohub.delivery.letters import DigestLetter, WriteDigest, digest_letter
from infohub.delivery.models import Digest, Notice
from infohub.members.models import Group
from infohub.policy.viewer import Viewer, person_viewer
from infohub.support import queue
from infohub.support.clock import now

log = structlog.get_logger(__name__)

BATCH, LEASE, MOST = 20, 120, 200
ENOUGH = timedelta(seconds=25)


def send_digests(write: WriteDigest, limit: int = BATCH) -> int:
    """Send the digests that are due, at most `limit`; how many were dealt with.

    A crash between sending and marking sends the same digest once more, under the same Message-ID.
    """
    leased = queue.lease(
        Digest.objects.filter(sent_at=None, dropped_at=None).select_related("person"), limit=limit, seconds=LEASE
    )
    with Post() as post:
        for done, digest in enumerate(leased):
            if queue.time_left(digest) < ENOUGH:
                queue.renew(leased[done:], seconds=LEASE)
            try:
                _deal_with(digest, post, write)
            except UnreachableError as problem:
                for waiting in leased[done:]:
                    queue.put_off(waiting, problem=str(problem))
                log.warning("digest_unreachable", waiting=len(leased) - done, problem=str(problem))
                break
    return len(leased)


def _deal_with(digest: Digest, post: Post, write: WriteDigest) -> None:
    """Rights are asked now: what was withdrawn, narrowed or lost since is not in the letter."""
    viewer = person_viewer(digest.person)
    notices = list(_told(digest, viewer))
    with translation.override(digest.person.language):
        letter = _letter(digest, notices, viewer)
        mail = digest_message(digest, letter=letter, written=write(letter)) if letter else None
    if mail is None:
        queue.settle(digest, dropped_at=now())
        return
    try:
        post.send(mail)
    except RefusedError as problem:
        queue.bury(digest, problem=str(problem))
    except NotNowError as problem:
        queue.put_off(digest, problem=str(problem))
    else:
        moment = now()
        if queue.settle(digest, sent_at=moment):
            Notice.objects.unsent().filter(pk__in=[notice.pk for notice in notices]).update(sent_at=moment)


def _told(digest: Digest, viewer: Viewer) -> list[Notice]:
    """The notices that wait for this digest, of entries the person may read now; the oldest first."""
    waiting = Notice.objects.readable(viewer).filter(digest=digest, sent_at=None, dropped_at=None)
    return list(waiting.prefetch_related("entry__groups").order_by("created_at", "pk")[:MOST])


def _letter(digest: Digest, notices: list[Notice], viewer: Viewer) -> DigestLetter | None:
    told = [(notice, _known(notice, viewer)) for notice in notices]
    return digest_letter(digest.person, told) if told else None


def _known(notice: Notice, viewer: Viewer) -> list[Group]:
    return [group for group in notice.entry.groups.all() if group.listed or group.pk in viewer.groups]
