"""Announces pieces to people, takes announcements back, and keeps what people read, acknowledged and want."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import Enum

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from infohub.analysis.tokens import query_terms
from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.models import (
    Digest,
    Event,
    Following,
    GroupPace,
    Notice,
    Pace,
    Preference,
    Receipt,
    ReceiptKind,
    Rule,
    Stance,
)
from infohub.delivery.rules import Conditions
from infohub.delivery.wishes import Way, wishes_of
from infohub.members.models import Group, Person
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.support.clock import now
from infohub.support.queue import revive

_MAIL_OFF = "delivery.mail-off"
_BATCH = 500
RULES_PER_PERSON = 50


class RuleRefusedError(Exception):
    """This is no rule, or one too many: which field says so (none of them where it is empty), and the remedy."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Ease(Enum):
    """What the link of a mail can do."""

    STOP = "stop"
    DIGEST = "digest"
    MUTE = "mute"


def forget_author(entries: Collection[int], *, person: int, membership: int) -> None:
    """Delete what would tell who wrote unattributed pieces: what they were told of them, read and follow there."""
    Notice.objects.filter(entry__in=entries, person=person).delete()
    Receipt.objects.filter(entry__in=entries, membership=membership).delete()
    Following.objects.filter(entry__in=entries, person=person).delete()


@transaction.atomic
def announce(
    entry: Entry, *, event: Event, people: Iterable[int], key: str, reason: dict[str, str], due_at: datetime
) -> int:
    """Tell people of an event, each once however often it is called; part of the action that made the event.

    The notice is in the product at once. Its mail is due at `due_at`, later or never as each person wished, and
    rights are asked again when it goes.
    """
    told = Notice.objects.filter(entry=entry, event=event, key=key)
    before = told.count()
    concerned = list(people)
    wishes, moment = wishes_of(concerned, entry=entry, event=event), now()
    ways = {
        person: wishes.way(person, entry=entry, event=event, by_name=reason.get("because") == "named")
        for person in concerned
    }
    digests = _digests({p: wishes.digest_at(p, due_at) for p, way in ways.items() if way is Way.DIGEST})
    Notice.objects.bulk_create(
        (
            Notice(
                person_id=person,
                entry=entry,
                event=event,
                key=key,
                reason=wishes.reason(person, reason),
                created_at=moment,
                due_at=wishes.mail_at(person, due_at, entry=entry) if way is Way.MAIL else None,
                digest_id=digests.get(person),
                dropped_at=moment if way is Way.PORTAL else None,
            )
            for person, way in ways.items()
            if way is not Way.NOT_AT_ALL
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    return told.count() - before


def _digests(wanted: dict[int, datetime]) -> dict[int, int]:
    """The digest of each person at that moment, made where there is none."""
    if not wanted:
        return {}
    made = [Digest(person_id=person, on=at, due_at=at) for person, at in wanted.items()]
    Digest.objects.bulk_create(made, ignore_conflicts=True, batch_size=_BATCH)
    rows = Digest.objects.filter(person__in=list(wanted), on__in=set(wanted.values()))
    return {row.person_id: row.pk for row in rows if row.on == wanted[row.person_id]}


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
def choose_pace(
    viewer: Viewer,
    *,
    pace: Pace,
    digest_hour: int,
    quiet: tuple[int, int] | None,
    groups: Mapping[int, Pace],
) -> None:
    """How the viewer wants to hear of pieces: in general, and otherwise for some of the viewer's groups."""
    person = offices.demand_person(viewer)
    quiet_from, quiet_to = quiet if quiet is not None else (None, None)
    Preference.objects.update_or_create(
        person_id=person,
        defaults={"pace": pace, "digest_hour": digest_hour, "quiet_from": quiet_from, "quiet_to": quiet_to},
    )
    if pace is Pace.NONE:
        _hold_mail(person)
    GroupPace.objects.filter(person=person).delete()
    GroupPace.objects.bulk_create(
        GroupPace(person_id=person, group_id=group, pace=wish)
        for group, wish in groups.items()
        if group in viewer.groups
    )
    record(viewer, "choose_pace", f"person {person}", detail={"pace": pace.value})


@transaction.atomic
def take_stance(
    viewer: Viewer, *, stance: Stance | None, entry: Entry | None = None, group: Group | None = None
) -> None:
    """Follow or mute a readable piece, or a group the viewer sits in; None is normal again."""
    person = offices.demand_person(viewer)
    if entry is not None:
        entry = Entry.objects.readable(viewer).get(pk=entry.pk)
    elif group is None or group.pk not in viewer.groups:
        raise offices.NotAllowedError
    own = Following.objects.filter(person=person, entry=entry, group=group)
    if stance is None:
        own.delete()
    else:
        Following.objects.update_or_create(person_id=person, entry=entry, group=group, defaults={"stance": stance})


@transaction.atomic
def make_rule(viewer: Viewer, *, name: str, conditions: Conditions, pace: Pace) -> Rule:
    """The viewer wants to hear of new pieces that meet all conditions. Raises RuleRefusedError."""
    person = offices.demand_person(viewer)
    if Rule.objects.filter(person=person).count() >= RULES_PER_PERSON:
        raise RuleRefusedError("", _("You have 50 rules already. Delete one first."))
    return _write_rule(viewer, Rule(person_id=person, created_at=now()), name, conditions, pace)


@transaction.atomic
def change_rule(viewer: Viewer, *, number: int, name: str, conditions: Conditions, pace: Pace) -> Rule:
    """Other conditions, name or pace for a rule of the viewer's. Raises Rule.DoesNotExist, RuleRefusedError."""
    return _write_rule(viewer, _own_rule(viewer, number), name, conditions, pace)


@transaction.atomic
def pause_rule(viewer: Viewer, *, number: int) -> None:
    """The rule rests until it is resumed. Raises Rule.DoesNotExist."""
    rule = _own_rule(viewer, number)
    rule.paused_at = rule.paused_at or now()
    rule.save(update_fields=["paused_at"])
    record(viewer, "pause_rule", str(rule))


@transaction.atomic
def resume_rule(viewer: Viewer, *, number: int) -> None:
    """The rule runs again, for what comes from now on. Raises Rule.DoesNotExist."""
    rule = _own_rule(viewer, number)
    rule.paused_at = None
    rule.save(update_fields=["paused_at"])
    record(viewer, "resume_rule", str(rule))


@transaction.atomic
def drop_rule(viewer: Viewer, *, number: int) -> None:
    """Delete a rule of the viewer's. Raises Rule.DoesNotExist."""
    rule = _own_rule(viewer, number)
    record(viewer, "drop_rule", str(rule))
    rule.delete()


@transaction.atomic
def ease_mail(viewer: Viewer, *, signed: str, wish: Ease) -> None:
    """Whoever holds the link of a mail lessens the mails to its person, and changes nothing else.

    Raises BadSignature.
    """
    number, entry = mail_off_holder(signed)
    person = Person.objects.filter(pk=number).first()
    if person is None:
        return
    if wish is Ease.MUTE:
        if entry is not None and Entry.objects.as_system("the mail named it to this person").filter(pk=entry).exists():
            Following.objects.update_or_create(
                person=person, entry_id=entry, group=None, defaults={"stance": Stance.MUTE}
            )
    else:
        pace = Pace.DIGEST if wish is Ease.DIGEST else Pace.NONE
        Preference.objects.update_or_create(person=person, defaults={"pace": pace})
        running = Rule.objects.filter(person=person, paused_at=None)
        if wish is Ease.DIGEST:
            running.filter(pace=Pace.AT_ONCE).update(pace=Pace.DIGEST)
        if wish is Ease.STOP:
            running.update(paused_at=now())
            _hold_mail(person.pk)
            GroupPace.objects.filter(person=person).delete()
    record(viewer, "ease_mail", f"person {person.pk}", detail={"wish": wish.value})


@transaction.atomic
def retry_dead(viewer: Viewer) -> int:
    """Make all mail that was given up due again; how many letters there were."""
    offices.demand_operating(viewer)
    count = revive(Notice.objects.unsent()) + revive(Digest.objects.unsent())
    if count:
        record(viewer, "retried_mail", "notices", detail={"notices": count})
    return count


def mail_off_link(person: int, entry: int | None = None) -> str:
    """The path that lessens the mails to one person without signing in; it may name the piece of the mail."""
    holder = f"{person}-{entry}" if entry else str(person)
    return f"/accounts/mail-off/{signing.Signer(salt=_MAIL_OFF).sign(holder)}/"


def mail_off_holder(signed: str) -> tuple[int, int | None]:
    """Whose mails the link lessens, and which piece it was about. Raises BadSignature for a link we did not make."""
    person, _dash, entry = signing.Signer(salt=_MAIL_OFF).unsign(signed).partition("-")
    return int(person), int(entry) if entry else None


def _own_rule(viewer: Viewer, number: int) -> Rule:
    return Rule.objects.select_for_update().get(person=offices.demand_person(viewer), pk=number)


def _write_rule(viewer: Viewer, rule: Rule, name: str, conditions: Conditions, pace: Pace) -> Rule:
    groups, terms = conditions.groups & viewer.groups, query_terms(conditions.words)
    if not replace(conditions, groups=groups).any:
        raise RuleRefusedError("", _("Choose at least one condition: without any, a rule asks for everything."))
    if conditions.words and not terms:
        raise RuleRefusedError("words", _("Write words or an indicator: signs alone find nothing."))
    verb = "change_rule" if rule.pk else "make_rule"
    rule.name, rule.pace = name, pace
    rule.kinds, rule.severity = list(conditions.kinds), conditions.severity
    rule.words, rule.terms = conditions.words, terms
    rule.save()
    rule.sectors.set(conditions.sectors)
    rule.groups.set(groups)
    record(viewer, verb, str(rule), detail={"pace": pace.value})
    return rule


def _hold_mail(person: int) -> None:
    """Mail that has not gone yet does not go any more; the notices stay in the product."""
    Notice.objects.unsent().filter(person=person).update(dropped_at=now(), leased_until=None)


def _own_notices(viewer: Viewer) -> QuerySet[Notice]:
    return Notice.objects.filter(person=viewer.person, person__isnull=False, read_at=None)


def _receipts(membership: int, entry: Entry, kind: ReceiptKind) -> QuerySet[Receipt]:
    return Receipt.objects.filter(entry=entry, membership=membership, kind=kind)


def _receipt(membership: int, entry: Entry, kind: ReceiptKind) -> bool:
    """Make the receipt unless there is one; whether it is new."""
    _, new = Receipt.objects.get_or_create(entry=entry, membership_id=membership, kind=kind, defaults={"at": now()})
    return new
