"""Puts pieces into the collections that machines pull, takes them back, and keeps what members have seen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from infohub.audit.actions import record
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.intel.models import (
    Collection,
    CollectionKind,
    CollectionQuerySet,
    Placement,
    Sighting,
    StixObject,
    Waiting,
)
from infohub.members.models import Group, Sector, Token
from infohub.policy.clause import Clause
from infohub.policy.exits import Carry, Exit, carries
from infohub.policy.models import Audience, Label
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.standards.stix21.timestamp import moment_of
from infohub.standards.tlp import Tlp
from infohub.support import clock

StixJson = Mapping[str, object]

UNVERSIONED = datetime(1970, 1, 1, tzinfo=UTC)  # observables have neither `modified` nor `created`
ONE_STEP = timedelta(microseconds=1)
USE_NOTED_EVERY = timedelta(minutes=1)
BATCH = 500
MARKING = "marking-definition"

_MEMBERS = {"en": "All members", "zh-hant": "全體成員", "zh-hans": "全体成员"}
_EVERYTHING = {"en": "Everything I may read", "zh-hant": "我可閱讀的一切", "zh-hans": "我可阅读的一切"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece goes: a collection, and the label its readers need there if the collection is the special one."""

    collection: Collection
    label: Label | None


@transaction.atomic
def ensure_collections() -> None:
    """Make the collections that are missing and follow changed names; safe to call at any time."""
    _ensure(Collection(kind=CollectionKind.EVERYTHING, alias="everything", titles=_EVERYTHING), clause=None)
    _ensure(Collection(kind=CollectionKind.MEMBERS, alias="members", titles=_MEMBERS), clause=Clause(everyone=True))
    for group in Group.objects.order_by("pk"):
        ensure_collection_of(group)
    for sector in Sector.objects.order_by("pk"):
        made = Collection(kind=CollectionKind.SECTOR, alias=f"sector-{sector.key}", titles=sector.names, sector=sector)
        _ensure(made, clause=Clause(sectors=frozenset({sector.pk})))


@transaction.atomic
def ensure_collection_of(group: Group) -> None:
    """Make a group's collection, or let it follow the group's changed name."""
    alias = f"group-{group.ref.lower()}"
    made = Collection(kind=CollectionKind.GROUP, alias=alias, titles=group.names, group=group)
    _ensure(made, clause=Clause(groups=frozenset({group.pk})))


def _ensure(wanted: Collection, *, clause: Clause | None) -> None:
    found = Collection.objects.filter(kind=wanted.kind, group=wanted.group, sector=wanted.sector).first()
    if found is None:
        wanted.audience = Audience.objects.intern(clause) if clause else None
        wanted.save()
    elif found.titles != wanted.titles:
        found.titles = wanted.titles
        found.save(update_fields=["titles"])


@transaction.atomic
def place(
    source: str, *, objects: Sequence[StixJson], tlp: Tlp, label: Label, clauses: Sequence[Clause], due_at: datetime
) -> None:
    """From `due_at` on, the objects of this source are in every collection whose readers may all read them.

    Called again for the same source, it takes them out of the collections where that is no longer so.
    """
    places = _places(tlp, label, clauses)
    is_new = not (
        Waiting.objects.filter(source=source).exists() or Placement.objects.filter(source=source).exists()
    )  # what waits first: a worker that is placing it holds it until it has
    if not is_new:
        _leave(source, places, tlp, renewed=[str(given["id"]) for given in objects])
    if not places:
        return
    kept = _keep(objects)
    there: set[tuple[int, int]] = set()
    if not is_new:
        mine = Placement.objects.filter(source=source, object__in=kept)
        mine.filter(tlp__gt=tlp.value).delete()
        there = set(mine.values_list("collection", "object"))
    Waiting.objects.bulk_create(
        [
            _waiting(at, row, source=source, tlp=tlp, due_at=due_at)
            for at in places
            for row in kept
            if (at.collection.pk, row.pk) not in there
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def retract(source: str, *, objects: Sequence[StixJson]) -> None:
    """Take back what this source placed; whoever could have pulled it finds `objects`, the revoked versions, at once.

    What was not due yet is forgotten. The collections are locked first, so that nothing is placed meanwhile.
    """
    waiting, mine = Waiting.objects.filter(source=source), Placement.objects.filter(source=source)
    concerned = Q(pk__in=waiting.values("collection")) | Q(pk__in=mine.values("collection"))
    locked = _lock(Collection.objects.filter(concerned))
    waiting.delete()
    had: dict[tuple[int, str], Placement] = {}
    for before in mine.select_related("label").order_by("tlp"):
        had[before.collection_id, before.stix_id] = before
    kept = _keep(objects)
    mine.exclude(object__in=kept).delete()
    at = clock.now()
    for collection in locked:
        revoked = [
            _waiting(Place(collection, seen.label), row, source=source, tlp=Tlp(seen.tlp), due_at=at)
            for row in kept
            if (seen := had.get((collection.pk, row.stix_id)))
        ]
        _add(collection, revoked)


@transaction.atomic
def add_due(collection_id: int, *, at: datetime) -> int:
    """Place what is due in one collection; how many there were."""
    (collection,) = _lock(Collection.objects.filter(pk=collection_id))
    due = Waiting.objects.filter(collection=collection).due(at).select_for_update(of=("self",))
    rows = list(due.select_related("object").defer("object__raw")[:BATCH])
    _add(collection, rows)
    Waiting.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _add(collection: Collection, rows: Sequence[Waiting]) -> None:
    """Place the rows: after all that was ever added here, each one later than the one before.

    The caller holds the collection's lock until commit, so the order of dates is the order of commits. The clock is
    read after the lock was got: a writer that waited would otherwise date its rows into what clients have read.
    """
    same = Placement.objects.filter(collection=collection, object__in=[row.object_id for row in rows])
    there = set(same.values_list("source", "object"))
    missing = [row for row in rows if (row.source, row.object_id) not in there]
    if not missing:
        return
    at = clock.now()
    if collection.last_added is not None:
        at = max(at, collection.last_added + ONE_STEP)
    placements = [_placement(row, at + step * ONE_STEP) for step, row in enumerate(missing)]
    Placement.objects.bulk_create(placements)
    collection.last_added = placements[-1].date_added
    collection.save(update_fields=["last_added"])


def due(now: datetime) -> int:
    """How many objects wait for their collection although their time has come."""
    return Waiting.objects.due(now).count()


def note_use(token: Token, *, at: datetime) -> None:
    """Remember that a token was used, at most once a minute: a pulling machine must not become a writing one."""
    if token.used_at is None or at - token.used_at >= USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=at)


def _places(tlp: Tlp, label: Label, clauses: Sequence[Clause]) -> list[Place]:
    """The collections whose every reader may read a piece of this label; none for what machines may not have."""
    if label.private or carries(Exit.MACHINE, tlp) is Carry.NOTHING:
        return []
    wanted = Q(kind=CollectionKind.EVERYTHING)
    if len(clauses) == 1:
        wanted |= _all_included(clauses[0])
    rows = Collection.objects.filter(wanted, ceiling__gte=tlp.value).order_by("pk")
    return [Place(row, None if row.is_uniform else label) for row in rows]


def _all_included(clause: Clause) -> Q:
    """The groups, sectors and programme whose readers, today's and tomorrow's, are all in this clause."""
    included = Q(pk__in=[])
    if clause.frozen or clause.except_classes or clause.except_organisations:
        return included
    included |= Q(kind=CollectionKind.GROUP, group__in=clause.groups)
    included |= Q(kind=CollectionKind.SECTOR, sector__in=clause.sectors)
    return included | Q(kind=CollectionKind.MEMBERS) if clause.everyone else included


def _leave(source: str, places: Sequence[Place], tlp: Tlp, *, renewed: Sequence[str]) -> None:
    """Take a source out of where it no longer belongs; what stays is at least as strict as the source now is.

    What waits to be renewed is outdated; what is not renewed, such as an indicator taken back a moment ago, waits on.
    The waiting goes first: a worker that is just placing it has done so when the next step looks.
    """
    staying = Q(pk__in=[])
    for there in places:
        staying |= Q(collection=there.collection, label=there.label)
    waiting = Waiting.objects.filter(source=source)
    waiting.filter(~staying | Q(object__stix_id__in=renewed)).delete()
    waiting.filter(tlp__lt=tlp.value).exclude(object__type=MARKING).update(tlp=tlp.value)
    mine = Placement.objects.filter(source=source)
    mine.exclude(staying).delete()
    mine.filter(tlp__lt=tlp.value).exclude(type=MARKING).update(tlp=tlp.value)


def _waiting(there: Place, row: StixObject, *, source: str, tlp: Tlp, due_at: datetime) -> Waiting:
    """An object on its way; the definition of a marking is no secret, everything else is as strict as its source."""
    return Waiting(
        collection=there.collection,
        object=row,
        label=there.label,
        source=source,
        tlp=(Tlp.CLEAR if row.type == MARKING else tlp).value,
        due_at=due_at,
    )


def _placement(row: Waiting, date_added: datetime) -> Placement:
    return Placement(
        collection_id=row.collection_id,
        object_id=row.object_id,
        stix_id=row.object.stix_id,
        type=row.object.type,
        version=row.object.version,
        label_id=row.label_id,
        source=row.source,
        tlp=row.tlp,
        date_added=date_added,
    )


def _keep(objects: Sequence[StixJson]) -> list[StixObject]:
    """The rows of these objects, in their order; a text that is already there is not stored again."""
    made = {row.digest: row for row in map(_stored, objects)}
    StixObject.objects.bulk_create(made.values(), ignore_conflicts=True)
    rows = {row.digest: row for row in StixObject.objects.filter(digest__in=made).defer("raw")}
    return [rows[digest] for digest in made]


def _stored(given: StixJson) -> StixObject:
    raw = orjson.dumps(given).decode()
    return StixObject(
        stix_id=str(given["id"]),
        type=str(given["type"]),
        version=version_of(given),
        spec_version=str(given.get("spec_version", "2.1")),
        raw=raw,
        digest=hashlib.sha256(raw.encode()).hexdigest(),
    )


def version_of(given: StixJson) -> datetime:
    """What tells versions of an object apart: when it was modified, else created, else a constant."""
    stamp = given.get("modified") or given.get("created")
    return (moment_of(stamp) if isinstance(stamp, str) else None) or UNVERSIONED


def _lock(collections: CollectionQuerySet) -> list[Collection]:
    """Lock collections in the order of their ids, so that two who lock several never wait for each other."""
    return list(collections.select_for_update(no_key=True).order_by("pk"))


@transaction.atomic
def sight(viewer: Viewer, *, entry: Entry, seen: bool) -> None:
    """Say that the viewer's organisation has seen what a readable piece tells of, or looked and not; changeable."""
    entry = Entry.objects.readable(viewer).select_related("label__author", "label__seal__membership").get(pk=entry.pk)
    if viewer.membership is None or viewer.token is not None or entry.label.written_by(viewer):
        raise NotAllowedError
    first = seen and not Sighting.objects.filter(entry=entry, seen=True).exists()
    Sighting.objects.update_or_create(
        entry=entry, membership_id=viewer.membership, defaults={"seen": seen, "at": clock.now()}
    )
    record(viewer, "sight", entry.ref, detail={"seen": seen})
    writer = entry.label.seal.membership if entry.label.seal else entry.label.author
    if first and writer is not None:
        announce(
            entry,
            event=Event.SEEN,
            people=[writer.person_id],
            key="1",
            reason={"because": "participant"},
            due_at=clock.now() + timedelta(seconds=settings.OUTBOX_SECONDS),
        )
