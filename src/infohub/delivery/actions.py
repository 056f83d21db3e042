"""Announces pieces to people, takes announcements back, and keeps what people read, acknowledged and want."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.models import Event, Notice, Preference, Receipt, ReceiptKind
from infohub.members.models import Person
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.support.clock import now
from infohub.support.queue import revive

_MAIL_OFF = "delivery.mail-off"
_BATCH = 500


@transaction.atomic
def announce(
    entry: Entry, *, event: Event, people: Iterable[int], key: str, reason: dict[str, str], due_at: datetime
) -> int:
    """Tell people of an event, each once however often it is called; part of the action that made the event.

    The notice is in the product at once; its mail is due at `due_at`, and rights are asked again when it goes.
    """
    told = Notice.objects.filter(entry=entry, event=event, key=key)
    before = told.count()
    moment = now()
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=person,
                entry=entry,
                event=event,
                key=key,
                reason=reason,
                created_at=moment,
                due_at=due_at,
            )
            for person in people
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    return told.count() - before


@transaction.atomic
def recall(entry: Entry) -> int:
    """Take back all mail about an entry that has not gone yet; part of the action that withdraws it."""
    return Notice.objects.unsent().filter(entry=entry).update(dropped_at=now(), leased_until=None)


def receive(viewer: Viewer, *, entry: Entry) -> None:
    """The viewer opened the entry: a receipt the first time, and its notices are read. The receipt is the record.

    Every page view comes here, so that it asks before it writes: reading again takes no write lock.
    """
    entry = Entry.objects.readable(viewer).get(pk=entry.pk)
    membership = viewer.membership if viewer.token is None else None
    unread = _own_notices(viewer).filter(entry=entry)
    received = membership is None or _receipts(membership, entry, ReceiptKind.READ).exists()
    if received and not unread.exists():
        return
    with transaction.atomic():
        unread.update(read_at=now())
        if membership is not None:
            _receipt(membership, entry, ReceiptKind.READ)


@transaction.atomic
def acknowledge(viewer: Viewer, *, entry: Entry) -> None:
    """The viewer's organisation says: seen, and in hand."""
    entry = Entry.objects.readable(viewer).get(pk=entry.pk)
    if viewer.membership is not None and _receipt(viewer.membership, entry, ReceiptKind.ACKNOWLEDGED):
        record(viewer, "acknowledge", entry.ref)


@transaction.atomic
def mark_read(viewer: Viewer, *, only: Collection[int] | None = None) -> int:
    """Mark the viewer's notices as read, all or some; how many were not yet."""
    notices = _own_notices(viewer)
    if only is not None:
        notices = notices.filter(pk__in=only)
    count = notices.update(read_at=now())
    if count:
        record(viewer, "mark_read", "notices", detail={"notices": count})
    return count


@transaction.atomic
def choose_mail(viewer: Viewer, *, mail: bool) -> None:
    """The viewer wants mail, or none."""
    if viewer.person is not None:
        _prefer(viewer, person=viewer.person, mail=mail)


@transaction.atomic
def stop_mail(viewer: Viewer, *, signed: str) -> None:
    """Whoever holds the link of a mail stops the mails to its person, and nothing else. Raises BadSignature."""
    person = Person.objects.filter(pk=mail_off_person(signed)).first()
    if person is not None:
        _prefer(viewer, person=person.pk, mail=False)


@transaction.atomic
def retry_dead(viewer: Viewer) -> int:
    """Make all notices whose mail was given up due again; how many there were."""
    offices.demand_operating(viewer)
    count = revive(Notice.objects.unsent())
    if count:
        record(viewer, "retried_mail", "notices", detail={"notices": count})
    return count


def mail_off_link(person: int) -> str:
    """The path that stops the mails to one person without signing in."""
    return f"/accounts/mail-off/{signing.Signer(salt=_MAIL_OFF).sign(str(person))}/"


def mail_off_person(signed: str) -> int:
    """Whose mails the link stops. Raises BadSignature for a link we did not make."""
    return int(signing.Signer(salt=_MAIL_OFF).unsign(signed))


def _prefer(viewer: Viewer, *, person: int, mail: bool) -> None:
    Preference.objects.update_or_create(person_id=person, defaults={"mail": mail})
    record(viewer, "choose_mail", f"person {person}", detail={"mail": mail})


def _own_notices(viewer: Viewer) -> QuerySet[Notice]:
    return Notice.objects.filter(person=viewer.person, person__isnull=False, read_at=None)


def _receipts(membership: int, entry: Entry, kind: ReceiptKind) -> QuerySet[Receipt]:
    return Receipt.objects.filter(entry=entry, membership=membership, kind=kind)


def _receipt(membership: int, entry: Entry, kind: ReceiptKind) -> bool:
    """Make the receipt unless there is one; whether it is new."""
    _, new = Receipt.objects.get_or_create(entry=entry, membership_id=membership, kind=kind, defaults={"at": now()})
    return new
