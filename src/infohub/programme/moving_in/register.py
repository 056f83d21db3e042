"""Sectors, organisations, people, groups, tokens and collections of a programme file."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from infohub.intel.models import Collection, CollectionKind
from infohub.members.models import (
    Group,
    Membership,
    Organisation,
    OrganisationClass,
    OrganisationStatus,
    Person,
    PersonStatus,
    Programme,
    RoleName,
    Sector,
    Token,
    TokenKind,
)
from infohub.policy.models import Audience
from infohub.policy.viewer import SYSTEM
from infohub.programme.moving_in import known
from infohub.programme.moving_in.audience import clause_from
from infohub.programme.moving_in.reading import Row
from infohub.programme.moving_in.result import Result
from infohub.register import actions as register
from infohub.register import second_step
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

SCOPES = ("read", "write", "taxii", "taxii-write", "misp", "feed")
MEMBER_ROLES = ("representative", "organisation_administrator")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The password all people of a demonstration share, and its hash, made once."""

    password: str
    hashed: str

    @classmethod
    def made(cls) -> Credentials:
        password = secrets.token_urlsafe(12)
        return cls(password, make_password(password))


def programme(row: Row) -> None:
    """What the programme is called, and where its clocks stand."""
    Programme.objects.update_or_create(
        pk=1,
        defaults={
            "names": row.names("name"),
            "time_zone": row.text("time_zone", settings.TIME_ZONE),
        },
    )


def sector(row: Row, earlier: Sector | None) -> Sector:
    made = earlier or Sector.objects.filter(key=row.id).first() or Sector(key=row.id)
    made.names = row.names("name")
    made.save()
    return made


def organisation(row: Row, earlier: Organisation | None) -> Organisation:
    name = row.text("name", most=200)
    organisation_class = row.one_of("class", OrganisationClass.values, "member")
    status = row.one_of("status", OrganisationStatus.values, "active")
    domains, sectors = row.texts("domains"), known.sectors(row, "sectors")
    if earlier is None:
        made = register.admit(
            SYSTEM,
            name=name,
            organisation_class=organisation_class,
            sectors=sectors,
            domains=domains,
            since=row.moment_or_none("since"),
            status=status,
        )
    else:
        made = earlier
        made.name, made.organisation_class, made.status, made.domains = name, organisation_class, status, domains
        made.save()
        made.sectors.set(sectors)
    return made


def person(row: Row, result: Result, earlier: Person | None, credentials: Credentials | None) -> Person:
    status = row.one_of("status", PersonStatus.values, "active")
    roles = row.texts("roles")
    unknown = set(roles) - {*MEMBER_ROLES, *RoleName.values}
    if unknown:
        raise row.refuse(f"unknown role {', '.join(sorted(unknown))}", "roles")
    language = row.one_of("language", [code for code, _name in settings.LANGUAGES], "en")
    made = earlier or register.enrol(
        SYSTEM, name=row.text("name"), email=row.text("email"), language=language, status=status
    )
    made.name, made.language, made.topics = row.text("name", most=120), language, row.texts("topics")
    made.save()
    _memberships(row, made, administrator="organisation_administrator" in roles)
    _offices(made, {role for role in roles if role in RoleName.values})
    facts = result.people.setdefault(row.id, {})
    if earlier is None:
        facts.update(_way_in(made, status, credentials))
    Person.objects.filter(pk=made.pk).update(status=status)
    return made


def _memberships(row: Row, made: Person, *, administrator: bool) -> None:
    for one in row.rows("memberships"):
        organisation_row = known.organisation(one, "organisation", one.text("organisation"))
        begins, ends = one.moment("from"), one.moment_or_none("to")
        present = made.memberships.filter(organisation=organisation_row, started=begins).first()
        if present is None:
            register.join(
                SYSTEM,
                person=made,
                organisation=organisation_row,
                administrator=administrator and ends is None,
                started=begins,
                ended=ends,
            )
        elif present.ended is None and ends is not None:
            register.leave(SYSTEM, membership=present)
            Membership.objects.filter(pk=present.pk).update(ended=ends)


def _offices(made: Person, wanted: set[str]) -> None:
    present = set(made.roles.values_list("name", flat=True))
    for role in wanted - present:
        register.grant_role(SYSTEM, person=made, role=role)
    for role in present - wanted:
        register.withdraw_role(SYSTEM, person=made, role=role)


def _way_in(made: Person, status: str, credentials: Credentials | None) -> dict[str, str]:
    """A set-up link; on a demonstration a password and a second step, so that a script can sign in."""
    if status not in {PersonStatus.ACTIVE, PersonStatus.INVITED}:
        return {}
    if credentials and status == PersonStatus.ACTIVE:
        secret = second_step.fresh_secret()
        register.give_demonstration_credentials(SYSTEM, person=made, hashed=credentials.hashed, secret=secret)
        return {"email": made.email, "password": credentials.password, "totp_secret": secret}
    link = register.invite(SYSTEM, person=made)
    return {"setup_url": f"{settings.BASE_URL}/accounts/set-up/{link}/"}


def group(row: Row, earlier: Group | None) -> Group:
    moderators = [known.person(row, "moderators", one) for one in row.texts("moderators")]
    level = row.tlp("default_tlp", Tlp.AMBER) or Tlp.AMBER
    names, kind = row.names("name"), row.text("kind", "sector", most=24)
    listed, review = row.flag("listed", default=True), row.flag("review")
    if earlier is None:
        made = register.open_group(
            SYSTEM, names=names, kind=kind, listed=listed, default_tlp=level, review=review, moderators=moderators
        )
    else:
        made = earlier
        made.names, made.kind, made.listed, made.review, made.default_tlp = names, kind, listed, review, level.value
        made.save()
        register.appoint(SYSTEM, group=made, moderators=moderators)
    for one in row.rows("seats"):
        _seat(one, made)
    return made


def _seat(row: Row, of: Group) -> None:
    begins, ends = row.moment("from"), row.moment_or_none("to")
    seated: Organisation | Membership
    if "organisation" in row.content:
        seated = known.organisation(row, "organisation", row.text("organisation"))
        held = of.seats.filter(organisation=seated, started=begins).first()
    else:
        seated = known.membership_at(row, "person", row.text("person"), begins if ends is None else ends)
        held = of.seats.filter(membership=seated, started=begins).first()
    if held is not None:
        held.ended = ends
        held.save(update_fields=["ended"])
        return
    register.seat(
        SYSTEM,
        group=of,
        membership=seated if isinstance(seated, Membership) else None,
        organisation=seated if isinstance(seated, Organisation) else None,
        started=begins,
        ended=ends,
    )


def token(row: Row, result: Result, earlier: Token | None) -> Token:
    kind = row.one_of("kind", [TokenKind.PERSONAL.value, TokenKind.ORGANISATION.value, TokenKind.PEER.value])
    scopes, ceiling = row.texts("scopes"), row.tlp("ceiling", Tlp.GREEN) or Tlp.GREEN
    if set(scopes) - set(SCOPES):
        raise row.refuse(f"scopes are {', '.join(SCOPES)}", "scopes")
    if earlier is not None:
        earlier.name, earlier.expires = row.text("name", most=120), row.moment_or_none("expires")
        earlier.save(update_fields=["name", "expires"])
        return earlier
    membership = known.membership_at(row, "person", row.text("person"), now()) if kind == "personal" else None
    holder = known.organisation(row, "organisation", row.text("organisation")) if kind == "organisation" else None
    made, secret = register.issue_token(
        SYSTEM,
        kind=kind,
        name=row.text("name", most=120),
        membership=membership,
        organisation=holder,
        scopes=scopes,
        ceiling=ceiling,
        expires=row.moment_or_none("expires"),
    )
    result.tokens[row.id] = {"secret": secret}
    return made


def collection(row: Row, earlier: Collection | None) -> Collection:
    made = earlier or Collection(kind=CollectionKind.NAMED, alias=f"named-{row.id.lower()}"[:80])
    made.titles = row.names("title")
    made.ceiling = (row.tlp("tlp", Tlp.GREEN) or Tlp.GREEN).value
    made.audience = Audience.objects.intern(clause_from(row.row("audience")))
    made.save()
    return made
