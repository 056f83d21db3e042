"""The programme itself, its sectors, organisations and groups, as a programme file has them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.text import slugify

from infohub.members.models import (
    Group,
    Membership,
    Organisation,
    OrganisationClass,
    OrganisationStatus,
    Programme,
    Seat,
    Sector,
)
from infohub.policy.viewer import SYSTEM
from infohub.programme.moving_in.reading import Row, RowRefusedError
from infohub.programme.moving_in.result import ENDED
from infohub.programme.moving_in.run import Run
from infohub.register import actions as register
from infohub.register.refusals import RegisterError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

PROGRAMME_NAMES = frozenset({"name", "time_zone"})
SECTOR_NAMES = frozenset({"id", "name"})
ORGANISATION_NAMES = frozenset({"id", "name", "sectors", "class", "status", "domains", "since"})
GROUP_NAMES = frozenset({"id", "name", "kind", "listed", "default_tlp", "review", "moderators", "seats"})
SEAT_NAMES = frozenset({"person", "organisation", "from", "to"})


def programme(row: Row) -> None:
    """What the programme is called, and where its clocks stand; what the file does not say stays."""
    said: dict[str, object] = {}
    if row.content.get("name") is not None:
        said["names"] = row.names("name")
        if Programme.objects.exclude(names=said["names"]).exists():
            said["named_at"] = now()
    if row.content.get("time_zone") is not None:
        said["time_zone"] = _time_zone(row)
    Programme.objects.update_or_create(pk=1, defaults=said, create_defaults={"time_zone": settings.TIME_ZONE} | said)


def _time_zone(row: Row) -> str:
    name = row.text("time_zone", most=64)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise row.refuse("this is no time zone", "time_zone") from None
    return name


def sector(row: Row, run: Run, earlier: Sector | None) -> Sector:
    """A sector; one of the same key that is here already is that sector."""
    run.look_over(row, SECTOR_NAMES)
    key = _key(row.id)
    made = earlier or Sector.objects.filter(key=key).first() or Sector(key=key)
    made.names = row.names("name")
    made.save()
    return made


def _key(sender_id: str) -> str:
    """The sender's id as it can stand in an address; an id that cannot is told apart by a digest."""
    key = slugify(sender_id)
    if key == sender_id and len(key) <= 50:
        return key
    return f"{key[:40] or 'sector'}-{hashlib.sha256(sender_id.encode()).hexdigest()[:8]}"


def organisation(row: Row, run: Run, earlier: Organisation | None) -> Organisation:
    """Admit an organisation, or bring it up to date."""
    run.look_over(row, ORGANISATION_NAMES)
    since = row.past_or_none("since")
    details = {
        "name": row.text("name", most=200),
        "organisation_class": row.one_of("class", OrganisationClass.values, "member"),
        "status": row.one_of("status", OrganisationStatus.values, "active"),
        "domains": row.texts("domains", most=253),
        "sectors": run.known.sectors(row, "sectors"),
    }
    if earlier is None:
        return register.admit(SYSTEM, since=since, **details)  # type: ignore[arg-type]  # one dict for both actions
    return register.correct_organisation(SYSTEM, organisation=earlier, since=since or earlier.since, **details)  # type: ignore[arg-type]  # as above


def group(row: Row, run: Run, earlier: Group | None) -> Group:
    """Open a group, or bring it up to date; a seat that cannot be is refused alone."""
    run.look_over(row, GROUP_NAMES)
    details = {
        "names": row.names("name"),
        "kind": row.text("kind", "sector", most=24),
        "listed": row.flag("listed", default=True),
        "default_tlp": row.tlp("default_tlp", Tlp.AMBER),
        "review": row.flag("review"),
    }
    moderators = [run.known.person(row, "moderators", one) for one in row.texts("moderators")]
    if earlier is None:
        made = register.open_group(SYSTEM, moderators=moderators, **details)  # type: ignore[arg-type]  # one dict for both
    else:
        made = register.change_group(SYSTEM, group=earlier, about=earlier.about, **details)  # type: ignore[arg-type]  # as above
        register.appoint(SYSTEM, group=made, moderators=moderators)
    for one in row.rows("seats"):
        _seat(row, run, one, made)
    return made


def _seat(of: Row, run: Run, row: Row | RowRefusedError, group: Group) -> None:
    """One seat; what is wrong with it is named and leaves the group without it."""
    if isinstance(row, RowRefusedError):
        run.refuse(of, row)
        return
    run.look_over(row, SEAT_NAMES)
    try:
        _seated(of, run, row, group)
    except RowRefusedError as refusal:
        run.refuse(of, refusal)
    except RegisterError as refusal:
        run.refuse(of, row.refuse(str(refusal)))


def _seated(of: Row, run: Run, row: Row, group: Group) -> None:
    begins, ends = row.past("from"), row.past_or_none("to")
    if ends is not None and ends < begins:
        raise row.refuse("this ends before it begins", "to")
    organisation, membership = _holder(row, run, begins)
    if membership is not None and membership.ended is not None and (ends is None or ends > membership.ended):
        ends = membership.ended
        run.remark(of, row.at("to"), "a seat ends with the membership that holds it", ENDED)
    held = group.seats.filter(organisation=organisation, membership=membership, started=begins).first()
    if held is not None:
        _kept_or_ended(row, held, ends)
        return
    register.seat(SYSTEM, group=group, membership=membership, organisation=organisation, started=begins, ended=ends)


def _holder(row: Row, run: Run, at: datetime) -> tuple[Organisation | None, Membership | None]:
    """Whose seat it is: an organisation's, or the membership a person had then."""
    if (row.content.get("organisation") is None) == (row.content.get("person") is None):
        raise row.refuse("a seat is one person's or one organisation's")
    if row.content.get("organisation") is not None:
        return run.known.organisation(row, "organisation"), None
    return None, run.known.membership_at(row, "person", row.text("person"), at)


def _kept_or_ended(row: Row, held: Seat, ends: datetime | None) -> None:
    if held.ended is None and ends is not None:
        register.unseat(SYSTEM, seat=held, ended=ends)
    elif held.ended is not None and held.ended != ends:
        raise row.refuse("a seat that has ended stays as it was: who comes back takes a new one", "to")
