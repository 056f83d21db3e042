"""The worker's leg of delivery: sends the mail that is due, after asking once more who may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from infohub.catalogue.models import Entry
from infohub.delivery.channels.email import NotNowError, Post, RefusedError, UnreachableError, message
from infohub.delivery.letters import Letter, Write, letter
from infohub.delivery.models import Notice
from infohub.members.programme import programme_held, speaking_to
from infohub.policy.people import seats_of
from infohub.support import queue
from infohub.support.clock import now

log = structlog.get_logger(__name__)

BATCH = 50
LEASE = 40  # seconds; a mail server may take 10 for each of its answers
ENOUGH = timedelta(seconds=25)


@dataclass(slots=True)
class Batch:
    """Leased notices with all that they share: each entry once, the readers of each label once."""

    notices: list[Notice]
    entries: dict[int, Entry] = field(default_factory=dict)
    readers: dict[int, frozenset[int]] = field(default_factory=dict)
    seats: dict[int, frozenset[int]] = field(default_factory=dict)

    def load(self) -> None:
        """Read the entries with labels and groups, who of these people may read them now, and where they sit."""
        rows = Entry.objects.as_system("rights are asked for each reader before sending")
        ids = {notice.entry_id for notice in self.notices}
        self.entries = rows.select_related("label", "author_sector").prefetch_related("groups").in_bulk(ids)
        people = {notice.person_id for notice in self.notices}
        for label in {entry.label_id: entry.label for entry in self.entries.values()}.values():
            self.readers[label.pk] = frozenset(label.audience().filter(pk__in=people).values_list("pk", flat=True))
        self.seats = seats_of(people)

    def may_read(self, notice: Notice) -> bool:
        """Whether the notice's person may read the entry as rights stand now."""
        return notice.person_id in self.readers[self.entries[notice.entry_id].label_id]


@programme_held()
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
    words = _letter(notice, entry, batch) if batch.may_read(notice) else None
    if words is None:
        queue.settle(notice, dropped_at=now())
        return
    with speaking_to(words.language):
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
    """Ask the row itself just before sending: it may have been recalled, relabelled or taken over since."""
    now_there = Notice.objects.unsent().filter(pk=notice.pk, leased_until=notice.leased_until)
    label = now_there.values_list("entry__label", flat=True).first()
    if label is not None and label != entry.label_id:
        queue.let_go(notice)
    return label == entry.label_id


def _letter(notice: Notice, entry: Entry, batch: Batch) -> Letter | None:
    with speaking_to(notice.person.language):
        return letter(notice, entry=entry, own=batch.seats.get(notice.person_id, frozenset()))
