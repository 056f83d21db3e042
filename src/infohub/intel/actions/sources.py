"""What officers do with sources: add, change, pause, pull at once, decide about markings, remove."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.intel.actions.collections import lock_with_special
from infohub.intel.actions.facts import forget_facts
from infohub.intel.actions.marking import take_out
from infohub.intel.actions.pulling import let_in
from infohub.intel.models import Collection, CollectionKind, Placement, Quarantined, Source
from infohub.intel.models.sources import ACCEPTED, LONGEST, SHORTEST, sealed_credential
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.standards.targets import target_of
from infohub.standards.tlp import Tlp
from infohub.support import sealing
from infohub.support.clock import now


class SourceError(Exception):
    """A rule about sources forbids it; the message says the rule in words."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What can be changed about a source. Without a user the password is a token; an empty one keeps what is stored."""

    name: str
    url: str
    part: str
    tlp: Tlp
    minutes: int
    user: str = ""
    password: str = ""
    forget: bool = False


@transaction.atomic
def add_source(viewer: Viewer, *, uuid: UUID, kind: str, collection: Collection, terms: Terms) -> Source:
    """Add a source that is pulled at once; asked twice with one uuid, it is the same source."""
    offices.demand_steering(viewer)
    there = Source.objects.filter(uuid=uuid).first()
    if there is not None:
        return there
    demand_sound(collection, terms)
    at = now()
    made = Source.objects.create(
        uuid=uuid,
        kind=kind,
        collection=collection,
        name=terms.name,
        url=terms.url,
        part=terms.part,
        tlp=terms.tlp.value,
        minutes=terms.minutes,
        credential=sealed_credential(terms.user, terms.password),
        added_at=at,
        due_at=at,
    )
    record(viewer, "add_source", made.placing, detail={"kind": kind, "collection": collection.alias})
    return made


@transaction.atomic
def change_source(viewer: Viewer, *, source: Source, terms: Terms) -> Source:
    """Change how a source is pulled; another address or part begins anew, with what is here already."""
    offices.demand_steering(viewer)
    held = _locked(source)
    demand_sound(held.collection, terms)
    anew = (held.url, held.part) != (terms.url, terms.part)
    changed = [name for name in ("name", "url", "part", "minutes") if getattr(held, name) != getattr(terms, name)]
    credential = credential_of(held, terms)
    changed += ["credential"] if held.credential != credential else []
    held.credential = credential
    changed += ["tlp"] if held.tlp != terms.tlp.value else []
    held.name, held.url, held.part = terms.name, terms.url, terms.part
    held.tlp, held.minutes = terms.tlp.value, terms.minutes
    held.cursor = {} if anew else held.cursor
    held.due_at, held.attempts, held.leased_until = now(), 0, None  # a turn under way must not save the old cursor
    held.save()
    record(viewer, "change_source", held.placing, detail={"changed": changed})
    return held


@transaction.atomic
def pause_source(viewer: Viewer, *, source: Source) -> None:
    """Pull no more until it is resumed; a turn under way keeps nothing more."""
    offices.demand_steering(viewer)
    if Source.objects.active().filter(pk=source.pk).update(paused_at=now()):
        record(viewer, "pause_source", source.placing)


@transaction.atomic
def resume_source(viewer: Viewer, *, source: Source) -> None:
    """Pull again, at once."""
    offices.demand_steering(viewer)
    if Source.objects.filter(pk=source.pk, paused_at__isnull=False).update(paused_at=None, due_at=now(), attempts=0):
        record(viewer, "resume_source", source.placing)


@transaction.atomic
def pull_now(viewer: Viewer, *, source: Source) -> None:
    """Let the worker pull at its next turn; asked twice, it is pulled once."""
    offices.demand_steering(viewer)
    at = now()
    if Source.objects.active().filter(pk=source.pk, due_at__gt=at).update(due_at=at, attempts=0):
        record(viewer, "pull_source", source.placing)


@transaction.atomic
def accept_shrunk(viewer: Viewer, *, source: Source) -> None:
    """Pull at once what lost most of what it had, and take it as it is then: nobody asks again."""
    offices.demand_steering(viewer)
    held = _locked(source)
    if held.has_shrunk and held.paused_at is None:
        held.cursor = {**held.cursor, ACCEPTED: True}
        held.due_at, held.attempts, held.leased_until = now(), 0, None
        held.save(update_fields=["cursor", "due_at", "attempts", "leased_until"])
        record(viewer, "accept_shrunk_source", held.placing)


@transaction.atomic
def remove_source(viewer: Viewer, *, source: Source, take_out_objects: bool) -> None:
    """Remove a source with its runs and what waits for a decision; its objects are taken out, or stay."""
    offices.demand_steering(viewer)
    held = _locked(source)
    rows = Placement.objects.filter(source=held.placing)
    if take_out_objects:
        lock_with_special([held.collection_id])
        take_out(rows)
        forget_facts(held)
    record(viewer, "remove_source", held.placing, detail={"objects": "taken_out" if take_out_objects else "kept"})
    held.delete()


@transaction.atomic
def decide_marking(viewer: Viewer, *, source: Source, marking: str, tlp: Tlp) -> int:
    """Say what a marking of this source means, from now on and for what waits; how many objects entered."""
    offices.demand_steering(viewer)
    held = _locked(source)
    held.markings = {**held.markings, marking: tlp.value}
    held.save(update_fields=["markings"])
    entered = let_in(held, {marking: tlp})
    record(viewer, "decide_marking", held.placing, detail={"marking": marking, "tlp": tlp.word, "entered": entered})
    return entered


@transaction.atomic
def forget_marking(viewer: Viewer, *, source: Source, marking: str) -> None:
    """Ask again about objects with this marking that come from now on; what entered stays."""
    offices.demand_steering(viewer)
    held = _locked(source)
    if held.markings.pop(marking, None) is not None:
        held.save(update_fields=["markings"])
        record(viewer, "forget_marking", held.placing, detail={"marking": marking})


@transaction.atomic
def drop_held(viewer: Viewer, *, source: Source, marking: str) -> int:
    """Throw away what waits with this marking; how many objects."""
    offices.demand_steering(viewer)
    dropped, _rows = Quarantined.objects.filter(source=source, marking=marking).delete()
    if dropped:
        record(viewer, "drop_held", source.placing, detail={"marking": marking, "dropped": dropped})
    return dropped


def reseal_sources() -> int:
    """Bring every stored password under the newest key; runs inside its caller's transaction."""
    rows = list(Source.objects.exclude(credential="").select_for_update(no_key=True))
    for row in rows:
        row.credential = sealing.resealed(row.credential)
    Source.objects.bulk_update(rows, ["credential"])
    return len(rows)


def _locked(source: Source) -> Source:
    return Source.objects.select_for_update(of=("self",), no_key=True).select_related("collection").get(pk=source.pk)


def credential_of(held: Source, terms: Terms) -> str:
    """The credential of a source under new terms. What is stored stays with its host: no other is ever sent it."""
    if terms.forget:
        return ""
    if terms.password:
        return sealed_credential(terms.user, terms.password)
    before, then = target_of(held.url), target_of(terms.url)
    if held.credential and (before is None or then is None or before.origin != then.origin):
        raise SourceError(_("This is another host: type its password, or have the stored one forgotten."))
    return held.credential


def demand_sound(collection: Collection, terms: Terms) -> None:
    """Refuse what could not be pulled, or would not fit into the collection."""
    if target_of(terms.url) is None:
        raise SourceError(_("This is no web address that can be opened: https:// and a host, without a user name."))
    if collection.kind == CollectionKind.EVERYTHING.value:
        raise SourceError(_("What is pulled goes into a collection of its own readers."))
    if terms.tlp.value > collection.ceiling:
        ceiling = Tlp(collection.ceiling).mark
        raise SourceError(_("This collection takes objects up to %(tlp)s.") % {"tlp": ceiling})
    if not SHORTEST <= terms.minutes <= LONGEST:
        raise SourceError(_("Pull every 15 minutes at most, and once a week at least."))
