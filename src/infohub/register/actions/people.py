"""What is done with people: enrol, join, leave, suspend, restore, give and take roles, change one's own details."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import Membership, Organisation, Person, PersonStatus, Role, Seat, Token
from infohub.members.programme import language_for
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register import second_step
from infohub.register.addresses import canonical
from infohub.register.models import TrustedBrowser, Visit
from infohub.register.refusals import AddressTakenError, MembershipOverlapsError, RegisterError
from infohub.support.clock import now


@transaction.atomic
def enrol(
    viewer: Viewer,
    *,
    name: str,
    email: str,
    organisation: Organisation | None = None,
    administrator: bool = False,
    language: str = "en",
    topics: Sequence[str] = (),
    status: str = PersonStatus.INVITED,
) -> Person:
    """Enter a person, as representative of an organisation or as an officer without one."""
    offices.demand_register(viewer, organisation)
    address = canonical(email)
    if Person.objects.filter(email__iexact=address).exists():
        raise AddressTakenError
    person = Person.objects.create(
        email=address,
        name=name.strip(),
        language=language,
        topics=list(topics),
        status=status if viewer.is_system else PersonStatus.INVITED,
        password=make_password(None),
    )
    record(viewer, "enrolled", subject(person))
    if organisation is not None:
        join(viewer, person=person, organisation=organisation, administrator=administrator)
    return person


@transaction.atomic
def join(
    viewer: Viewer,
    *,
    person: Person,
    organisation: Organisation,
    administrator: bool = False,
    started: datetime | None = None,
    ended: datetime | None = None,
) -> Membership:
    """Make a person a representative; who comes back starts anew, with none of the former seats."""
    offices.demand_register(viewer, organisation)
    offices.demand_another(viewer, person.pk)
    begins = started or now()
    _demand_gap(person, begins, ended)
    membership = Membership.objects.create(
        person=person, organisation=organisation, administrator=administrator, started=begins, ended=ended
    )
    if ended is None and person.status == PersonStatus.LEFT:
        _set_status(person, _status_when_back(person))
    record(viewer, "joined", subject(person), detail={"organisation": organisation.ref, "membership": membership.pk})
    return membership


@transaction.atomic
def make_administrator(viewer: Viewer, *, membership: Membership, administrator: bool) -> Membership:
    """Give or take the care for one's organisation's people and tokens."""
    offices.demand_register(viewer, membership.organisation)
    offices.demand_another(viewer, membership.person_id)
    membership.administrator = administrator
    membership.save(update_fields=["administrator"])
    record(viewer, "made_administrator", subject(membership.person), detail={"administrator": administrator})
    return membership


@transaction.atomic
def correct_person(
    viewer: Viewer, *, person: Person, name: str, email: str, language: str, topics: Sequence[str], status: str
) -> Person:
    """Bring what is known of a person up to date; nothing happens where nothing changed."""
    offices.demand_register(viewer)
    offices.demand_another(viewer, person.pk)
    offices.demand_rank(viewer, _roles(person))
    wanted: dict[str, object] = {
        "name": name.strip(),
        "email": canonical(email),
        "language": language,
        "topics": list(topics),
        "status": status,
    }
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    if "email" in changed and Person.objects.filter(email__iexact=canonical(email)).exclude(pk=person.pk).exists():
        raise AddressTakenError
    for field in changed:
        setattr(person, field, wanted[field])
    if changed:
        person.save(update_fields=changed)
        record(viewer, "corrected_person", subject(person), detail={"changed": changed})
    return person


@transaction.atomic
def leave(viewer: Viewer, *, membership: Membership, ended: datetime | None = None) -> Membership:
    """End a membership with its seats, tokens and stewardship; without an office the person has left altogether.

    `ended` is a time past that an import names.
    """
    person = membership.person
    if viewer.token is not None or viewer.membership != membership.pk:
        offices.demand_register(viewer, membership.organisation)
        offices.demand_rank(viewer, _roles(person))
    if membership.ended is not None:
        return membership
    at = ended or now()
    membership.ended = at
    membership.save(update_fields=["ended"])
    Seat.objects.filter(membership=membership, ended__isnull=True).update(ended=at)
    Token.objects.filter(membership=membership, revoked__isnull=True).update(revoked=at)
    Organisation.objects.filter(steward=membership).update(steward=None)
    person.moderates.clear()
    if not _roles(person):
        Token.objects.filter(person=person, revoked__isnull=True).update(revoked=at)
        _set_status(person, PersonStatus.LEFT)
    record(viewer, "left", subject(person), detail={"membership": membership.pk})
    return membership


@transaction.atomic
def suspend_person(viewer: Viewer, *, person: Person, reason: str) -> Person:
    """Shut a person out at the next request, with every session and token."""
    offices.demand_register(viewer, current_organisation(person))
    offices.demand_another(viewer, person.pk)
    offices.demand_rank(viewer, _roles(person))
    _set_status(person, PersonStatus.SUSPENDED)
    record(viewer, "suspended_person", subject(person), detail={"reason": reason})
    return person


@transaction.atomic
def restore_person(viewer: Viewer, *, person: Person, reason: str = "") -> Person:
    """Let a suspended person in again; the office alone may."""
    offices.demand_register(viewer)
    offices.demand_another(viewer, person.pk)
    offices.demand_rank(viewer, _roles(person))
    if person.status != PersonStatus.SUSPENDED:
        raise RegisterError(_("Only a suspended person can be restored."))
    _set_status(person, _status_when_back(person))
    record(viewer, "restored_person", subject(person), detail={"reason": reason})
    return person


@transaction.atomic
def grant_role(viewer: Viewer, *, person: Person, role: str) -> Role:
    """Give a person an office in the programme."""
    offices.demand_steering(viewer)
    offices.demand_another(viewer, person.pk)
    offices.demand_rank(viewer, frozenset({role}))
    row, _created = Role.objects.get_or_create(person=person, name=role)
    record(viewer, "granted_role", subject(person), detail={"role": role})
    return row


@transaction.atomic
def withdraw_role(viewer: Viewer, *, person: Person, role: str) -> None:
    """Take an office away; its powers end at the next request."""
    offices.demand_steering(viewer)
    offices.demand_another(viewer, person.pk)
    offices.demand_rank(viewer, frozenset({role}))
    Role.objects.filter(person=person, name=role).delete()
    record(viewer, "withdrew_role", subject(person), detail={"role": role})


@transaction.atomic
def change_details(viewer: Viewer, *, name: str, language: str, in_directory: bool, shortcuts: bool) -> Person:
    """Change one's own name and language, whether members find one by name, and whether single keys act.

    A language that is not offered now stays the person's own until they choose another than the one they get instead.
    """
    person = Person.objects.select_for_update().get(pk=viewer.person or 0)
    person.name, person.language, person.in_directory, person.shortcuts = (
        name.strip(),
        person.language if language == language_for(person.language) else language,
        in_directory,
        shortcuts,
    )
    person.save(update_fields=["name", "language", "in_directory", "shortcuts"])
    record(viewer, "changed_details", subject(person))
    return person


def subject(person: Person) -> str:
    """How the audit names a person: by number, never by name."""
    return f"person:{person.pk}"


def current_organisation(person: Person) -> Organisation | None:
    """The organisation the person represents now."""
    membership = person.memberships.filter(ended__isnull=True).select_related("organisation").first()
    return membership.organisation if membership else None


def _roles(person: Person) -> frozenset[str]:
    return frozenset(person.roles.values_list("name", flat=True))


def _status_when_back(person: Person) -> PersonStatus:
    """Whoever never set up sign-in is still only invited."""
    return PersonStatus.ACTIVE if second_step.is_set_up(person) else PersonStatus.INVITED


def _set_status(person: Person, status: PersonStatus) -> None:
    """Whoever is not active has no session and trusts no browser, also if they come back."""
    person.status = status
    person.save(update_fields=["status"])
    if status != PersonStatus.ACTIVE:
        Visit.objects.filter(person=person).end()
        TrustedBrowser.objects.filter(person=person).end()


def _demand_gap(person: Person, begins: datetime, ends: datetime | None) -> None:
    """One organisation at a time (the constraint covers the present only)."""
    overlapping = person.memberships.filter(Q(ended__isnull=True) | Q(ended__gt=begins))
    if ends is not None:
        overlapping = overlapping.filter(started__lt=ends)
    if overlapping.exists():
        raise MembershipOverlapsError
