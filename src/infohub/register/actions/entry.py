"""How a person gets in: invitation, password, terms; and how the first operator does."""

import secrets

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from infohub.audit.actions import record
from infohub.intel.actions import reseal_pushes, reseal_sources
from infohub.members.models import (
    Organisation,
    OrganisationClass,
    OrganisationStatus,
    Person,
    PersonStatus,
    RoleName,
    Token,
    TokenKind,
)
from infohub.policy import offices
from infohub.policy.viewer import SYSTEM, Viewer
from infohub.register import links, second_step
from infohub.register.actions.organisations import admit
from infohub.register.actions.people import current_organisation, enrol, grant_role, subject
from infohub.register.addresses import canonical
from infohub.register.models import Recovery, RecoveryStatus, TrustedBrowser, Visit
from infohub.register.refusals import AddressTakenError, LinkGoneError, NotInvitableError
from infohub.support import sealing
from infohub.support.clock import now
from infohub.support.ids import keyed_digest


@transaction.atomic
def invite(viewer: Viewer, *, person: Person) -> str:
    """The secret of a new set-up link for somebody without a second step; links given before die.

    Whoever was in before has more to lose: only the office sends that person another link.
    """
    offices.demand_register(viewer, current_organisation(person) if links.is_newcomer(person) else None)
    offices.demand_another(viewer, person.pk)
    offices.demand_rank(viewer, frozenset(person.roles.values_list("name", flat=True)))
    if person.status not in {PersonStatus.INVITED, PersonStatus.ACTIVE} or second_step.is_set_up(person):
        raise NotInvitableError
    record(viewer, "invited", subject(person))
    return fresh_link(person)


@transaction.atomic
def welcome(
    viewer: Viewer, *, name: str, email: str, organisation: Organisation | None, administrator: bool, language: str
) -> tuple[Person, str]:
    """Enrol a person and invite them: who it is, and the secret of the set-up link."""
    person = enrol(
        viewer, name=name, email=email, organisation=organisation, administrator=administrator, language=language
    )
    return person, invite(viewer, person=person)


@transaction.atomic
def first_operator() -> str | None:
    """On an instance that nobody operates yet: the path of a link that makes its visitor the first operator."""
    operators = Person.objects.filter(roles__name=RoleName.SITE_ADMINISTRATOR)
    if operators.filter(status=PersonStatus.ACTIVE).exists():
        return None
    waiting = operators.filter(status=PersonStatus.INVITED).first() or _expect_operator()
    return links.path_of(invite(SYSTEM, person=waiting))


def _expect_operator() -> Person:
    """A person without a name in the programme office, who says who they are when they come."""
    office = Organisation.objects.filter(
        organisation_class=OrganisationClass.OFFICE, status=OrganisationStatus.ACTIVE
    ).first() or admit(SYSTEM, name="Programme office", organisation_class=OrganisationClass.OFFICE)
    person = enrol(SYSTEM, name="First operator", email=links.place_holder(), organisation=office, administrator=True)
    for role in (RoleName.SITE_ADMINISTRATOR, RoleName.MODERATOR):
        grant_role(SYSTEM, person=person, role=role)
    return person


@transaction.atomic
def choose_password(viewer: Viewer, *, link: Token, password: str, name: str = "", email: str = "") -> Person:
    """The first half of a set-up: the password, and who one is where the link does not know; may be repeated."""
    person = _person_behind(link)
    if links.lacks_address(link):
        person.name, person.email = name.strip(), canonical(email)
        if Person.objects.filter(email__iexact=person.email).exclude(pk=person.pk).exists():
            raise AddressTakenError
    person.password = make_password(password)
    person.save(update_fields=["name", "email", "password"])
    record(viewer, "chose_password", subject(person))
    return person


@transaction.atomic
def accept_terms(viewer: Viewer, *, person: Person) -> None:
    """The person accepts the terms, once."""
    Person.objects.filter(pk=person.pk, terms_accepted_at__isnull=True).update(terms_accepted_at=now())
    record(viewer, "accepted_terms", subject(person))


@transaction.atomic
def change_password(viewer: Viewer, *, person: Person, password: str) -> None:
    """Set a new password; every session that began with the old one ends, and no browser is trusted."""
    person.password = make_password(password)
    person.save(update_fields=["password"])
    Visit.objects.filter(person=person).end()
    TrustedBrowser.objects.filter(person=person).end()
    record(viewer, "changed_password", subject(person))


@transaction.atomic
def arrive(viewer: Viewer, *, person: Person, way: str) -> None:
    """Note that a person signed in, and by which second step."""
    Person.objects.filter(pk=person.pk).update(seen_at=now())
    record(viewer, "signed_in", subject(person), detail={"way": way})


@transaction.atomic
def give_demonstration_credentials(viewer: Viewer, *, person: Person, hashed: str, secret: str) -> None:
    """Let a script sign in as an invented person; only on a demonstration, only from the command line."""
    if not (viewer.is_system and settings.DEMO):
        raise offices.NotAllowedError("Demonstration credentials exist only where INFOHUB_DEMO is set.")
    at = now()
    person.password, person.terms_accepted_at = hashed, at
    person.save(update_fields=["password", "terms_accepted_at"])
    codes = second_step.fresh_codes() | {"stored": at.isoformat()}
    Authenticator.objects.bulk_create(
        [
            Authenticator(user=person, type=second_step.TOTP, data={"secret": sealing.seal(secret)}),
            Authenticator(user=person, type=second_step.CODES, data=codes),
        ]
    )
    record(viewer, "gave_demonstration_credentials", subject(person))


@transaction.atomic
def reseal(viewer: Viewer) -> int:
    """Bring everything that is sealed under the newest key, so that an older key can be thrown away."""
    offices.demand_steering(viewer)
    rows = list(Authenticator.objects.select_for_update())
    for row in rows:
        row.data = {
            name: sealing.resealed(value) if name in {"secret", "seed"} else value for name, value in row.data.items()
        }
    Authenticator.objects.bulk_update(rows, ["data"])
    sources, pushes = reseal_sources(), reseal_pushes()
    record(viewer, "resealed", "second_step", detail={"rows": len(rows), "sources": sources, "pushes": pushes})
    return len(rows) + sources + pushes


def spend_link(link: Token) -> Person:
    """Spend a set-up link on the second step it was for; from here on its person is active."""
    person = _person_behind(link)
    link.used_at = now()
    link.save(update_fields=["used_at"])
    close_links(person)
    Person.objects.filter(pk=person.pk, status=PersonStatus.INVITED).update(status=PersonStatus.ACTIVE)
    granted = Recovery.objects.filter(person=person, status=RecoveryStatus.GRANTED)
    granted.update(status=RecoveryStatus.DONE, changed_at=now())
    return person


def fresh_link(person: Person) -> str:
    """The secret of a new set-up link; links given before die. Part of the action that decides it."""
    at, secret = now(), secrets.token_urlsafe(32)
    close_links(person)
    Token.objects.create(
        kind=TokenKind.SETUP,
        name="set-up",
        digest=keyed_digest(secret),
        person=person,
        created=at,
        expires=at + links.LIFETIME,
    )
    return secret


def close_links(person: Person) -> None:
    """End the set-up links of a person that were not used."""
    open_links = Token.objects.filter(kind=TokenKind.SETUP, person=person, used_at__isnull=True, revoked__isnull=True)
    open_links.update(revoked=now())


def _person_behind(link: Token) -> Person:
    """The link's person, with both rows locked; two visitors of one link are served one after the other."""
    held = Token.objects.select_for_update().get(pk=link.pk)
    if not links.is_open(held) or held.person is None:
        raise LinkGoneError
    return Person.objects.select_for_update().get(pk=held.person.pk)
