"""What is done with organisations: admit, suspend, restore, name a steward, say how high programs read."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import Membership, Organisation, OrganisationClass, OrganisationStatus, Sector, TokenKind
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.refusals import RegisterError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.ids import fresh_ref


@transaction.atomic
def admit(
    viewer: Viewer,
    *,
    name: str,
    organisation_class: str = OrganisationClass.MEMBER,
    sectors: Iterable[Sector] = (),
    domains: Sequence[str] = (),
    since: datetime | None = None,
    status: str = OrganisationStatus.ACTIVE,
) -> Organisation:
    """Take an organisation into the programme."""
    offices.demand_register(viewer)
    organisation = Organisation.objects.create(
        ref=fresh_ref(Organisation, "OR"),
        name=name.strip(),
        organisation_class=organisation_class,
        status=status,
        domains=[domain.strip().lower() for domain in domains],
        since=since or now(),
    )
    organisation.sectors.set(sectors)
    record(viewer, "admitted", organisation.ref, detail={"class": organisation.organisation_class})
    return organisation


@transaction.atomic
def correct_organisation(
    viewer: Viewer,
    *,
    organisation: Organisation,
    name: str,
    organisation_class: str,
    sectors: Iterable[Sector],
    domains: Sequence[str],
    since: datetime,
    status: str,
) -> Organisation:
    """Bring what is known of an organisation up to date; nothing happens where nothing changed."""
    offices.demand_register(viewer)
    offices.demand_another_organisation(viewer, organisation.pk)
    wanted: dict[str, object] = {
        "name": name.strip(),
        "organisation_class": organisation_class,
        "domains": [domain.strip().lower() for domain in domains],
        "since": since,
        "status": status,
    }
    changed = [field for field, value in wanted.items() if getattr(organisation, field) != value]
    for field in changed:
        setattr(organisation, field, wanted[field])
    chosen = list(sectors)
    if {sector.pk for sector in organisation.sectors.all()} != {sector.pk for sector in chosen}:
        organisation.sectors.set(chosen)
        changed.append("sectors")
    if {"name", "sectors"} & set(changed):
        organisation.named_at = now()
    if changed:
        organisation.save(update_fields=[*wanted, "named_at"])
        record(viewer, "corrected_organisation", organisation.ref, detail={"changed": changed})
    return organisation


@transaction.atomic
def suspend_organisation(viewer: Viewer, *, organisation: Organisation, reason: str) -> Organisation:
    """Shut an organisation out: its people, tokens and feeds lose everything at their next request."""
    offices.demand_register(viewer)
    offices.demand_another_organisation(viewer, organisation.pk)
    _set_status(organisation, OrganisationStatus.SUSPENDED)
    record(viewer, "suspended_organisation", organisation.ref, detail={"reason": reason})
    return organisation


@transaction.atomic
def restore_organisation(viewer: Viewer, *, organisation: Organisation, reason: str = "") -> Organisation:
    """Let a suspended, or not yet active, organisation in again."""
    offices.demand_register(viewer)
    _set_status(organisation, OrganisationStatus.ACTIVE)
    record(viewer, "restored_organisation", organisation.ref, detail={"reason": reason})
    return organisation


@transaction.atomic
def name_steward(viewer: Viewer, *, organisation: Organisation, membership: Membership | None) -> Organisation:
    """Name who answers for the pieces of authors who have left, or nobody."""
    offices.demand_register(viewer, organisation)
    if membership is not None:
        offices.demand_another(viewer, membership.person_id)
        if membership.organisation_id != organisation.pk or membership.ended is not None:
            raise RegisterError(_("A steward is one of the organisation’s present representatives."))
    organisation.steward = membership
    organisation.save(update_fields=["steward"])
    record(viewer, "named_steward", organisation.ref, detail={"membership": membership.pk if membership else None})
    return organisation


@transaction.atomic
def limit_programs(viewer: Viewer, *, organisation: Organisation, ceiling: Tlp) -> Organisation:
    """Say how high programs of the organisation and of its people read, whatever their tokens were issued for."""
    offices.demand_register(viewer, organisation)
    if ceiling not in offices.ceilings(TokenKind.ORGANISATION, None):
        raise RegisterError(_("No token reads RED."))
    before, organisation.ceiling = Tlp(organisation.ceiling), ceiling.value
    organisation.save(update_fields=["ceiling"])
    record(viewer, "limited_programs", organisation.ref, detail={"from": before.word, "to": ceiling.word})
    return organisation


def _set_status(organisation: Organisation, status: OrganisationStatus) -> None:
    organisation.status = status
    organisation.save(update_fields=["status"])
