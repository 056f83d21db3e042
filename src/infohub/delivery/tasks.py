"""The worker's leg of delivery: sends the mail that is due, after asking once more who may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from django.utils import translation

from infohub.catalogue.models import Entry
from infohub.delivery.channels.email import NotNowError, Post, RefusedError, UnreachableError, message
from infohub.delivery.letters import Letter, Write, letter
from infohub.delivery.models import Notice, Preference
from infohub.policy.viewer import Viewer, person_viewer
from infohub.support import queue
from infohub.support.clock import now

log = structlog.get_logger(__name__)

BATCH = 50
LEASE = 40  # seconds; a mail server may take 10 for each of its answers
ENOUGH = timedelta(seconds=25)


@dataclass(slots=True)
class Batch:
    """Leased notices with all that they share: each entry once, each person's rights once."""

    notices: list[Notice]
    entries: dict[int, Entry] = field(default_factory=dict)
    unwilling: frozenset[int] = frozenset()
    viewers: dict[int, Viewer] = field(default_factory=dict)

    def load(self) -> None:
        """Read the entries with their labels and groups, and who wants no mail."""
        rows = Entry.objects.as_system("rights are asked for each reader before sending")
        ids = {notice.entry_id for notice in self.notices}
        self.entries = rows.select_related("label", "author_sector").prefetch_related("groups").in_bulk(ids)
        people = {notice.person_id for notice in self.notices}
        off = Preference.objects.filter(person__in=people, mail=False)
        self.unwilling = frozenset(off.values_list("person_id", flat=True))

    def viewer(self, notice: Notice) -> Viewer:
        """The rights of the notice's person, as they are now."""
        if notice.person_id not in self.viewers:
            self.viewers[notice.person_id] = person_viewer(notice.person)
        return self.viewers[notice.person_id]


def send_due(write: Write, limit: int = BATCH) -> int:
    """Send the mail of the notices that are due, at most `limit`; how many were dealt with.

    A crash between sending and marking sends once more, under the same Message-ID and into the same file.
    """
    leased = queue.lease(Notice.objects.unsent().select_related("person"), limit=limit, seconds=LEASE)
    batch = Batch(leased)
    batch.load()
    with Post() as post:
        for done, notice in enumerate(leased):
            if queue.time_left(notice) < ENOUGH:
                queue.renew(leased[done:], seconds=LEASE)
            try:
                _deal_with(notice, batch, post, write)
            except UnreachableError as problem:
                for waiting in leased[done:]:
                    queue.put_off(waiting, problem=str(problem))
                log.warning("mail_unreachable", waiting=len(leased) - done, problem=str(problem))
                break
    return len(leased)


def _deal_with(notice: Notice, batch: Batch, post: Post, write: Write) -> None:
    entry = batch.entries[notice.entry_id]
    if not _still_due(notice, entry):
        return
    words = _letter(notice, entry, batch)
    if words is None:
        queue.settle(notice, dropped_at=now())
        return
    with translation.override(words.language):
        mail = message(notice, letter=words, written=write(words))
    try:
        post.send(mail)
    except RefusedError as problem:
        queue.bury(notice, problem=str(problem))
        log.warning("mail_refused", notice=notice.pk, problem=str(problem))
    except NotNowError as problem:
        queue.put_off(notice, problem=str(problem))
        log.warning("mail_put_off", notice=notice.pk, attempts=notice.attempts, problem=str(problem))
    else:
        queue.settle(notice, sent_at=now())


def _still_due(notice: Notice, entry: Entry) -> bool:
    """Ask the rows themselves just before sending: recalled, relabelled or taken over since we leased it?"""
    now_there = Notice.objects.unsent().filter(pk=notice.pk, leased_until=notice.leased_until)
    label = now_there.values_list("entry__label", flat=True).first()
    if label is not None and label != entry.label_id:
        queue.let_go(notice)
    return label == entry.label_id


def _letter(notice: Notice, entry: Entry, batch: Batch) -> Letter | None:
    """The letter, unless the person may not read the entry now or wants no mail."""
    viewer = batch.viewer(notice)
    if notice.person_id in batch.unwilling or not entry.label.readable_by(viewer):
        return None
    with translation.override(notice.person.language):
        return letter(notice, entry=entry, viewer=viewer)
