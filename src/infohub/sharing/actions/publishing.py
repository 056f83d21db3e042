"""Publishing a piece: checked, labelled, listed, announced and recorded in one transaction."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from infohub.analysis.extract import extract, finding_of
from infohub.analysis.findings import Finding
from infohub.assist.actions import accept, await_reading
from infohub.audit.actions import record
from infohub.catalogue.actions import Card, enter
from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.intel.actions import place
from infohub.intel.lasting import usual_end
from infohub.members.models import Group, Membership, Programme, Sector
from infohub.members.programme import this_programme
from infohub.policy.clause import Clause
from infohub.policy.models import Label, Seal
from infohub.policy.people import people_of
from infohub.policy.viewer import Viewer
from infohub.sharing.actions.drafts import own_draft
from infohub.sharing.choice import Choice, Reach, clause_of, demand_known, demand_readers, reach_of, sector_crowd
from infohub.sharing.confirmed import confirmed_of, rejected_numbers
from infohub.sharing.models import INDICATOR_CHARACTERS, Indicator, Item, ItemState, Revision
from infohub.sharing.refusals import ChangedSinceCheckError, NotReadyError
from infohub.sharing.stix import piece_objects
from infohub.support.clock import now
from infohub.support.markdown import plain

BODY_CHARACTERS = 2_000_000
SUMMARY_CHARACTERS = 240
ENOUGH_OF_A_SECTOR = 5
_NONCE_AGE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Check:
    """What sharing would do, computed by what enforces access; the nonce is good for exactly this."""

    reach: Reach
    clause: Clause
    nonce: str
    waits_for: tuple[str, ...]


def outbox(moment: datetime | None = None) -> datetime:
    """When mail and machines get what the portal shows at once."""
    return (moment or now()) + timedelta(seconds=settings.OUTBOX_SECONDS)


def check(viewer: Viewer, *, item: Item) -> Check:
    """Say who would read the draft. Raises NotReadyError or RefusedError with the remedy in words."""
    clause = ready_clause(viewer, item)
    reach = reach_of(people_of(clause), without=viewer.person)
    waits = tuple(group.name for group in _reviewing(clause_choice(item)))
    if _programme_reviews():
        waits = (*waits, _("the programme office"))
    return Check(reach=reach, clause=clause, nonce=signing.dumps(_fingerprint(item, clause)), waits_for=waits)


@transaction.atomic
def publish(viewer: Viewer, *, item: Item, nonce: str) -> Item:
    """Share a checked draft, or hand it in where a group or the programme reviews first."""
    item = own_draft(viewer, item)
    clause = ready_clause(viewer, item)
    try:
        checked = signing.loads(nonce, max_age=_NONCE_AGE)
    except signing.BadSignature as problem:
        raise ChangedSinceCheckError from problem
    if checked != _fingerprint(item, clause):
        raise ChangedSinceCheckError
    return go(viewer, item=item, clause=clause)


def go(viewer: Viewer, *, item: Item, clause: Clause) -> Item:
    """Share an own draft that is ready, or hand it in; part of the actions that share."""
    if _reviewing(clause_choice(item)) or _programme_reviews():
        return submit(viewer, item=item, clause=clause)
    issue(viewer, item=item, clauses=[clause])
    return item


def issue(viewer: Viewer, *, item: Item, clauses: list[Clause]) -> Entry:
    """Make the piece readable for its audience, list it, place it, announce it and record it."""
    moment = now()
    writer = stamp(item, clauses=clauses, at=moment)
    item.save()
    groups = clause_choice(item).groups
    item.groups.set(groups)
    item.attachments.as_system("children follow their piece").update(label=item.label)
    sectors, due = list(item.sectors.all()), outbox(moment)
    entry = list_and_place(item, writer=writer, clauses=clauses, sectors=sectors, groups=groups, due_at=due)
    readers = item.label.audience().exclude(pk=writer.person_id).values_list("pk", flat=True)
    announce(entry, event=Event.SHARED, people=list(readers), key="1", reason=_reason(clauses), due_at=due)
    record(viewer, "publish", item.ref, seal=seal_of(item), detail={"label": item.label.pk})
    return entry


def stamp(item: Item, *, clauses: list[Clause], at: datetime) -> Membership:
    """Give the row the label and the state of a shared piece, to be saved; gives who wrote it."""
    writer = seal(item, clauses=clauses)
    item.label = label_of(item, writer=writer, clauses=clauses)
    item.state, item.state_at, item.published_at, item.updated_at = ItemState.PUBLISHED, at, at, at
    return writer


def list_and_place(
    item: Item,
    *,
    writer: Membership,
    clauses: list[Clause],
    sectors: Sequence[Sector],
    groups: Sequence[int],
    due_at: datetime,
    named: Sequence[str] = (),
) -> Entry:
    """What follows from a shared text: revision, indicators, catalogue entry, STIX. `named` are values beside it."""
    Revision.objects.create(item=item, number=item.revision, title=item.title, body=item.body, at=item.updated_at)
    indicators = _indicators(item, named=named)
    entry = enter(card_of(item, writer=writer, indicators=indicators), sectors=sectors, groups=groups)
    await_reading(entry)
    accept(entry, said=item.choice.get("said", []), unsaid=item.choice.get("unsaid", []), by=item.author)
    objects = piece_objects(item, indicators=indicators, confirmed=confirmed_of(item))
    place(item.ref, objects=objects, tlp=item.marking, label=item.label, clauses=clauses, due_at=due_at)
    return entry


def submit(viewer: Viewer, *, item: Item, clause: Clause) -> Item:
    """Hand the piece to its reviewers: until they decide they and the author read it, nobody else."""
    reviewing = _reviewing(clause_choice(item))
    moderated = [group.pk for group in reviewing if group.moderators.exists()]
    reviewers = Clause(
        reviewed_groups=frozenset(moderated),
        programme_review=_programme_reviews() or not moderated or len(moderated) < len(reviewing),
    )
    writer = seal(item, clauses=[clause])
    item.label = label_of(item, writer=writer, clauses=[reviewers])
    item.state, item.state_at, item.updated_at = ItemState.SUBMITTED, now(), now()
    item.save()
    item.attachments.as_system("children follow their piece").update(label=item.label)
    record(viewer, "submit", item.ref, seal=seal_of(item))
    return item


def seal(item: Item, *, clauses: list[Clause]) -> Membership:
    """Who wrote the piece. An unattributed one gets a seal in the author's place, and from then on names nobody.

    The seal knows the sector only where five organisations of it are in the audience.
    """
    if item.seal is not None:
        if item.seal.membership is None:
            raise NotReadyError("author", _("The seal of this piece has been deleted: it cannot be changed any more."))
        return item.seal.membership
    if item.author is None:
        raise NotReadyError("author", _("This piece has no author."))
    writer = item.author
    if item.unattributed:
        named = [
            sector
            for sector in writer.organisation.sectors.all()
            if all(sector_crowd(clause, sector) >= ENOUGH_OF_A_SECTOR for clause in clauses)
        ]
        item.seal = Seal.objects.create(uuid=uuid.uuid4(), membership=writer, sector=named[0] if named else None)
        item.author = None
    return writer


def label_of(item: Item, *, writer: Membership, clauses: list[Clause], private: bool = False) -> Label:
    """The label of a piece in its present state; a sealed one is owned by its seal."""
    return Label.objects.intern(
        tlp=item.marking,
        clauses=clauses,
        owner=None if item.seal else writer.organisation,
        author=None if item.seal else writer,
        seal=item.seal,
        private=private,
    )


def seal_of(item: Item) -> str:
    """The seal's name for the audit, empty for an attributed piece."""
    return str(item.seal.uuid) if item.seal else ""


def clause_choice(item: Item) -> Choice:
    """The audience the author chose, from the draft."""
    return Choice.from_json(item.choice)


def findings_of(item: Item) -> list[Finding]:
    """Distinct indicators in title and text, in the order they stand there."""
    return distinct(extract(f"{item.title}\n{item.body}"))


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """Each kind and value once, where it stands first."""
    found: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        found.setdefault((finding.kind, finding.value), finding)
    return list(found.values())


def ready_clause(viewer: Viewer, item: Item) -> Clause:
    """Who would read the draft. Raises NotReadyError or RefusedError where it cannot be shared."""
    if not item.title.strip():
        raise NotReadyError("title", _("Give it a title: readers see it first."))
    if not item.body.strip():
        raise NotReadyError("body", _("Say what happened, or paste it here."))
    if len(item.body) > BODY_CHARACTERS:
        raise NotReadyError("body", _("The text is longer than 2 million characters. Attach it as a file instead."))
    if item.tlp is None:
        raise NotReadyError("tlp", _("Choose a TLP marking: a piece without one cannot be shared."))
    choice = clause_choice(item)
    demand_known(viewer, choice)
    clause = clause_of(choice, tlp=item.marking, own=None if item.unattributed else viewer.organisation)
    demand_readers(clause, besides=viewer.person)
    return clause


def _fingerprint(item: Item, clause: Clause) -> str:
    choice = json.dumps(item.choice, sort_keys=True)  # PostgreSQL gives the keys back in an order of its own
    content = (item.ref, item.title, item.body, item.tlp, item.unattributed, choice, clause.digest)
    return hashlib.sha256(repr(content).encode()).hexdigest()


def _reviewing(choice: Choice) -> list[Group]:
    return list(Group.objects.filter(pk__in=choice.groups, review=True))


def _programme_reviews() -> bool:
    return (this_programme() or Programme()).review


def wanted_indicators(item: Item, *, named: Sequence[str] = ()) -> set[tuple[str, str]]:
    """Kind and value of what is an indicator of this text: found in it and not declined, or named beside it."""
    found = {(finding.kind.value, finding.value) for finding in findings_of(item)}
    found |= {(finding.kind.value, finding.value) for finding in map(finding_of, named) if finding}
    found -= {
        ("attack", value) for value in rejected_numbers(item, {value for kind, value in found if kind == "attack"})
    }
    declined = set(item.choice.get("declined", []))
    return {(kind, value) for kind, value in found if value not in declined and len(value) <= INDICATOR_CHARACTERS}


def _indicators(item: Item, *, named: Sequence[str]) -> list[Indicator]:
    wanted = sorted(wanted_indicators(item, named=named))
    return Indicator.objects.bulk_create(indicator_of(item, kind, value) for kind, value in wanted)


def indicator_of(item: Item, kind: str, value: str) -> Indicator:
    """An indicator of the piece as it is now, valid as long as its kind usually is (`INFOHUB_INDICATOR_DAYS`)."""
    until = usual_end([kind], item.updated_at)
    return Indicator(item=item, label=item.label, kind=kind, value=value, valid_from=item.updated_at, valid_until=until)


def card_of(item: Item, *, writer: Membership | None, indicators: Sequence[Indicator]) -> Card:
    """What the catalogue shall say of the piece, in every language it has."""
    sealed, texts = item.seal, list(item.texts.all())
    return Card(
        ref=item.ref,
        kind=item.kind,
        label=item.label,
        title=item.title,
        summary=plain(item.body, SUMMARY_CHARACTERS),
        safe_line=item.safe_line,
        text=item.body,
        language=item.language,
        translations={
            text.language: {"title": text.title, "summary": plain(text.body, SUMMARY_CHARACTERS)} for text in texts
        },
        other_words="\n".join(f"{text.title}\n{text.body}" for text in texts),
        severity=item.severity,
        author_name="" if sealed or writer is None else f"{writer.person.name}, {writer.organisation.name}",
        author_sector=sealed.sector if sealed else None,
        owner=None if sealed or writer is None else writer.organisation,
        indicators=tuple(row.value for row in indicators),
        revision=item.revision,
        published_at=item.published_at or now(),
        updated_at=item.updated_at,
    )


def _reason(clauses: list[Clause]) -> dict[str, str]:
    if any(clause.everyone for clause in clauses):
        return {"because": "everyone"}
    return {"because": "named" if any(clause.memberships for clause in clauses) else "circle"}
