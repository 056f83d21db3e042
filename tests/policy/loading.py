"""Puts a world of the oracle into the database, and asks the product what it asks the oracle."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Model

from infohub.members import models as members
from infohub.policy import models as policy
from infohub.policy import viewer as viewers
from infohub.policy.clause import Clause as ProductClause
from tests.policy.oracle import (
    Clause,
    Label,
    Nobody,
    OrganisationToken,
    PeerToken,
    PersonalToken,
    Session,
    Viewer,
    World,
)
from tests.policy.worlds import Scene

# Every kind of row counts from its own number, so that an id of one kind taken for another is never right by chance.
SECTOR, ORGANISATION, PERSON, MEMBERSHIP, GROUP, SEAL, AUDIENCE, LABEL, TOKEN = (n * 100_000 for n in range(1, 10))
START = datetime(2024, 1, 1, tzinfo=UTC)
SEATED = START + timedelta(days=10)
END = START + timedelta(days=200)
OTHER_ROLES = [role for role in members.RoleName if role is not members.RoleName.MODERATOR]


@dataclass(frozen=True)
class Loaded:
    """A scene in the database: its label rows in the scene's order."""

    scene: Scene
    rows: tuple[policy.Label, ...]


def load(scene: Scene) -> Loaded:
    """Write the world and the labels of a scene; whoever calls rolls them back."""
    _load_world(scene.world)
    _load_clauses(scene.clauses)
    _load_labels(scene)
    _tell_planner()
    parts = ("audiences__grants", "audiences__exclusions")
    rows = policy.Label.objects.select_related("author").prefetch_related(*parts).filter(pk__gte=LABEL).order_by("pk")
    for row in rows:
        row.clauses = [audience.clause for audience in row.audiences.all()]  # all rows in three queries, not each
    return Loaded(scene, tuple(rows))


def _tell_planner() -> None:
    """PostgreSQL plans by the figures of the scene rolled back before, ten times slower, unless it counts again."""
    if connection.vendor != "postgresql":
        return
    tables = [model._meta.db_table for app in ("members", "policy") for model in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


def product_viewer(viewer: Viewer) -> viewers.Viewer:
    """The product's value for this viewer, made the way a request makes it."""
    match viewer:
        case Session(person):
            return viewers.person_viewer(members.Person.objects.get(pk=PERSON + person))
        case PersonalToken(membership, ceiling):
            holder = members.Membership.objects.get(pk=MEMBERSHIP + membership)
            return viewers.token_viewer(members.Token(pk=TOKEN, kind="personal", membership=holder, ceiling=ceiling))
        case OrganisationToken(organisation, ceiling):
            owner = members.Organisation.objects.get(pk=ORGANISATION + organisation)
            token = members.Token(pk=TOKEN, kind="organisation", organisation=owner, ceiling=ceiling)
            return viewers.token_viewer(token)
        case PeerToken(ceiling):
            return viewers.token_viewer(members.Token(pk=TOKEN, kind="peer", ceiling=ceiling))
        case Nobody():
            return viewers.NOBODY


def product_clause(clause: Clause) -> ProductClause:
    """The same clause in the product's words and ids."""
    return ProductClause(
        everyone=clause.everyone,
        memberships=_shifted(clause.memberships, MEMBERSHIP),
        organisations=_shifted(clause.organisations, ORGANISATION),
        sectors=_shifted(clause.sectors, SECTOR),
        groups=_shifted(clause.groups, GROUP),
        reviewed_groups=_shifted(clause.reviewer_groups, GROUP),
        programme_review=clause.programme_reviewers,
        except_classes=clause.except_classes,
        except_organisations=_shifted(clause.except_organisations, ORGANISATION),
    )


def _shifted(ids: frozenset[int], start: int) -> frozenset[int]:
    return frozenset(start + number for number in ids)


def _end(ended: bool) -> datetime | None:
    return END if ended else None


def _load_world(world: World) -> None:
    sectors = {sector for organisation in world.organisations for sector in organisation.sectors} | {1, 2, 3}
    rows: list[Model] = [members.Sector(pk=SECTOR + n, key=f"sector-{n}", names={"en": f"Sector {n}"}) for n in sectors]
    rows += [
        members.Organisation(
            pk=ORGANISATION + organisation.id,
            ref=f"OR-{organisation.id}",
            name=f"Organisation {organisation.id}",
            organisation_class=organisation.class_,
            status=organisation.status,
            since=START,
            ceiling=organisation.ceiling.value,
        )
        for organisation in world.organisations
    ]
    rows += [
        members.Person(pk=PERSON + p.id, email=f"p{p.id}@example.org", name=f"P{p.id}", status=p.status, password="!")
        for p in world.people
    ]
    rows += [
        members.Membership(
            pk=MEMBERSHIP + membership.id,
            person_id=PERSON + membership.person,
            organisation_id=ORGANISATION + membership.organisation,
            started=START,
            ended=_end(membership.ended),
            administrator=membership.id % 2 == 0,
        )
        for membership in world.memberships
    ]
    rows += [members.Group(pk=GROUP + g.id, ref=f"GR-{g.id}", names={"en": f"Group {g.id}"}) for g in world.groups]
    _insert(rows)
    _load_ties(world)


def _load_ties(world: World) -> None:
    """Sectors, moderators, seats, roles, seals and stewards."""
    of_sector, moderating = members.Organisation.sectors.through, members.Group.moderators.through
    rows: list[Model] = [
        of_sector(organisation_id=ORGANISATION + organisation.id, sector_id=SECTOR + sector)
        for organisation in world.organisations
        for sector in organisation.sectors
    ]
    rows += [moderating(group_id=GROUP + g.id, person_id=PERSON + p) for g in world.groups for p in g.moderators]
    rows += [
        members.Seat(
            group_id=GROUP + seat.group,
            membership_id=None if seat.membership is None else MEMBERSHIP + seat.membership,
            organisation_id=None if seat.organisation is None else ORGANISATION + seat.organisation,
            started=SEATED,
            ended=_end(seat.ended),
        )
        for seat in world.seats
    ]
    rows += [members.Role(person_id=PERSON + p, name=members.RoleName.MODERATOR) for p in world.office_reviewers]
    rows += [
        members.Role(person_id=PERSON + person.id, name=OTHER_ROLES[person.id % len(OTHER_ROLES)])
        for person in world.people
    ]
    rows += [
        policy.Seal(
            pk=SEAL + seal.id,
            uuid=UUID(int=seal.id),
            membership_id=None if seal.membership is None else MEMBERSHIP + seal.membership,
        )
        for seal in world.seals
    ]
    _insert(rows)
    for organisation, membership in world.stewards.items():
        of = members.Organisation.objects.filter(pk=ORGANISATION + organisation)
        of.update(steward=MEMBERSHIP + membership)


def _load_clauses(clauses: tuple[Clause, ...]) -> None:
    audiences, parts = [], list[Model]()
    for number, clause in enumerate(clauses):
        value = product_clause(clause)
        audience = policy.Audience(pk=AUDIENCE + number, digest=value.digest)
        audiences.append(audience)
        parts += [*policy._grants(audience, value), *policy._exclusions(audience, value)]
    _insert([*audiences, *parts])


def _load_labels(scene: Scene) -> None:
    audiences = dict(policy.Audience.objects.values_list("digest", "pk"))
    labels, clauses = [], []
    for number, label in enumerate(scene.labels):
        own = sorted({audiences[product_clause(clause).digest] for clause in label.clauses})
        labels.append(_label_row(LABEL + number, label, len(own)))
        clauses += [policy.LabelClause(label_id=LABEL + number, audience_id=audience) for audience in own]
    _insert([*labels, *clauses])


def _label_row(pk: int, label: Label, clause_count: int) -> policy.Label:
    return policy.Label(
        pk=pk,
        digest=f"{pk}",
        tlp=label.tlp.value,
        owner_id=None if label.owner is None else ORGANISATION + label.owner,
        author_id=None if label.author is None else MEMBERSHIP + label.author,
        seal_id=None if label.seal is None else SEAL + label.seal,
        private=label.private,
        clause_count=clause_count,
    )


def _insert(rows: list[Model]) -> None:
    """Insert rows of several tables, each table in one statement, in the order given."""
    tables: dict[type[Model], list[Model]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    for table, own in tables.items():
        table._base_manager.bulk_create(own)
