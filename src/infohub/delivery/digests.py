"""The worker's leg for digests: one mail a day to whoever chose it, of what that person may still read."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db.models import QuerySet

from infohub.delivery.channels.email import NotNowError, Post, RefusedError, UnreachableError, digest_message
from infohub.delivery.letters import WriteDigest, digest_letter
from infohub.delivery.models import Digest, Notice
from infohub.members.programme import programme_held, speaking_to
from infohub.policy.viewer import person_viewer
from infohub.support import queue
from infohub.support.clock import now

log = structlog.get_logger(__name__)

BATCH, LEASE, MOST = 20, 120, 200
ENOUGH = timedelta(seconds=25)


@programme_held()
def send_digests(write: WriteDigest, limit: int = BATCH) -> int:
    """Send the digests that are due, at most `limit`; how many were dealt with.

    A crash between sending and marking sends the same digest once more, under the same Message-ID.
    """
    leased = queue.lease(Digest.objects.unsent().select_related("person"), limit=limit, seconds=LEASE)
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
    """Rights are asked now: what was withdrawn, narrowed or lost since is not in the letter, and no longer waits."""
    viewer = person_viewer(digest.person)
    waiting = Notice.objects.readable(viewer).unsent().filter(digest=digest).order_by("created_at", "pk")
    covered = list(waiting.values_list("pk", flat=True))
    told = list(waiting.filter(pk__in=covered[:MOST]).explained())
    with speaking_to(digest.person.language):
        letter = digest_letter(digest.person, told, own=viewer.groups, more=len(covered) - len(told))
        mail = digest_message(digest, letter=letter, written=write(letter)) if letter else None
    if mail is None:
        if queue.settle(digest, dropped_at=now()):
            _waiting_of(digest).update(dropped_at=now())
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
            _waiting_of(digest).filter(pk__in=covered).update(sent_at=moment)
            _waiting_of(digest).update(dropped_at=moment)


def _waiting_of(digest: Digest) -> QuerySet[Notice]:
    return Notice.objects.unsent().filter(digest=digest)
