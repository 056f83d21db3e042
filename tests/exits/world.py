"""The world of the exits: one person or machine for each relation, one piece for each audience and TLP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker

from infohub.assist.models import Assertion
from infohub.assist.tasks import read_due
from infohub.catalogue.models import Entry
from infohub.delivery.actions import choose_pace
from infohub.delivery.models import Pace
from infohub.intel.actions import ensure_collections
from infohub.intel.tasks import place_due
from infohub.members.models import Group, Organisation, Person, Role, Seat
from infohub.policy.viewer import SYSTEM, person_viewer
from infohub.register.actions import join, leave, suspend_organisation, suspend_person
from infohub.sharing.actions import Text, attach, comment, publish, start_draft
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import sign_in
from tests.exits.table import AUDIENCES, SENSED, WROTE, Canary
from tests.intel.pieces import Stix
from tests.intel.sending import agreed, sent, speaking

COMMON_WORD, COMMON_VALUE = "murmuration", "198.51.100.77"
SENSED_VALUE = "192.0.2.33"
"""In one object of each marking, which machines added."""
FILLER = "Flocks were counted at dusk and again at dawn, on every roof of the harbour. " * 4

HOMES = {
    "bank": ("author", "colleague"),
    "clinic": ("named", "mate", "mover", "returner", "leaver", "suspended"),
    "surgery": ("sector",),
    "garage": ("seated", "member"),
    "observatory": ("house",),
    "station": ("moderator",),
    "vendors": ("vendor",),
    "closed": ("shut",),
    "veilhouse": ("veiled", "veilmate"),
}
OFFICES = {"operator": "site_administrator", "desk": "moderator", "auditor": "auditor"}
VEIL = ("Thornbill Sable", "Veilhouse")
"""The sealed author's name and organisation."""
UNLISTED = "Nocturne watch"


@dataclass(frozen=True)
class Piece:
    """A shared piece whose words stand nowhere else."""

    audience: str
    tlp: Tlp
    number: int
    item: Item

    @property
    def wrote(self) -> str:
        return WROTE.get(self.audience, "author")


@dataclass
class World:
    """Who is there, and what was shared; pieces in the order of sharing."""

    people: dict[str, Person] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    group: Group = field(default_factory=Group)
    unlisted: Group = field(default_factory=Group)
    pieces: list[Piece] = field(default_factory=list)
    browsers: dict[str, Client] = field(default_factory=dict)
    sensed: dict[Tlp, Stix] = field(default_factory=dict)

    def choice(self, audience: str) -> Choice:
        """Whom a piece for this audience is addressed to."""
        match audience:
            case "named" | "sealednamed":
                crowd = ("named", "mover", "returner", "leaver", "suspended", "shut")
                rows = [make.membership(self.people[one]).pk for one in crowd]
                return Choice(memberships=rows, colleagues=audience == "named")
            case "organisation" | "sealed":
                return Choice(organisations=[self.organisations["clinic"].pk])
            case "sector":
                return Choice(sectors=[row.pk for row in self.organisations["surgery"].sectors.all()])
            case "group":
                return Choice(groups=[self.group.pk])
            case "unlisted":
                return Choice(groups=[self.unlisted.pk])
            case "unvended":
                return Choice(everyone=True, confirmed=True, except_classes=["vendor"])
        return Choice(everyone=True, confirmed=True, frozen=audience == "frozen")


def word(canary: Canary, number: int) -> str:
    """The word of this part of the piece with this number."""
    birds = {
        Canary.TITLE: "kestrel",
        Canary.HEAD: "plover",
        Canary.BODY: "godwit",
        Canary.LINE: "avocet",
        Canary.FILE: "siskin",
        Canary.INSIDE: "dunlin",
        Canary.TALK: "curlew",
        Canary.NAMED: "phalarope",
        Canary.GUESS: "whimbrel",
    }
    if canary is Canary.VALUE:
        return f"203.0.113.{100 + number}"
    return f"{birds[canary]}{chr(97 + number // 10)}{chr(97 + number % 10)}zz"


@contextmanager
def kept(blocker: DjangoDbBlocker, *, pace: Pace = Pace.AT_ONCE) -> Iterator[World]:
    """The world in one transaction that is rolled back at the end; mail and machines wait for nobody."""
    cache.clear()
    settings = override_settings(OUTBOX_SECONDS=0, API_PER_MINUTE=1_000_000)
    with settings, blocker.unblock(), transaction.atomic():
        yield _made(pace)
        transaction.set_rollback(True)
    cache.clear()


def _made(pace: Pace) -> World:
    world = World()
    _settle(world)
    _seat(world)
    ensure_collections()
    to = agreed("sensors", world.organisations["bank"], world.organisations["clinic"])
    world.sensed = {tlp: speaking(f"[ipv4-addr:value = '{SENSED_VALUE}']", tlp=tlp) for tlp in SENSED}
    sent(to, *world.sensed.values(), by=world.organisations["bank"])
    for person in world.people.values():
        choose_pace(person_viewer(person), pace=pace, digest_hour=18, quiet=None, groups={})
    for audience, levels in AUDIENCES.items():
        for tlp in levels:
            world.pieces.append(_shared(world, audience, tlp, len(world.pieces)))
    for relation, person in world.people.items():
        world.browsers[relation] = sign_in(Client(), person)
    _move_on(world)
    place_due(now())
    while read_due():
        pass
    _guess(world)
    for relation in ("mover", "returner", "newcomer"):
        world.browsers[relation] = sign_in(Client(), world.people[relation])
    return world


def _settle(world: World) -> None:
    health = make.sector("health")
    for home, residents in HOMES.items():
        name = VEIL[1] if home == "veilhouse" else home.capitalize()
        kind = "vendor" if home == "vendors" else "member"
        sectors = [health] if home == "surgery" else []
        made = world.organisations[home] = make.organisation(name, organisation_class=kind, sectors=sectors)
        for relation in residents:
            world.people[relation] = make.person(relation.capitalize(), made)
    Person.objects.filter(pk=world.people["veiled"].pk).update(name=VEIL[0])
    for relation, role in OFFICES.items():
        world.people[relation] = make.person(relation.capitalize())
        Role.objects.create(person=world.people[relation], name=role)


def _seat(world: World) -> None:
    seated = [world.people[one] for one in ("author", "seated", "mover", "returner", "leaver", "suspended", "shut")]
    world.group = make.group("Harbour", *seated)
    world.unlisted = make.group(UNLISTED, *seated, listed=False)
    for group in (world.group, world.unlisted):
        Seat.objects.create(group=group, organisation=world.organisations["observatory"], started=make.START)
        group.moderators.add(world.people["moderator"])


def _shared(world: World, audience: str, tlp: Tlp, number: int) -> Piece:
    writer = world.people[WROTE.get(audience, "author")]
    viewer = person_viewer(writer)
    choice = world.choice(audience)
    draft = start_draft(viewer, text=_text(audience, tlp, number), choice=choice)
    content = f"Inside: {word(Canary.INSIDE, number)}".encode()
    attach(viewer, item=draft, name=f"{word(Canary.FILE, number)}.txt", chunks=[content])
    item = publish(viewer, item=draft, nonce=check(viewer, item=draft).nonce)
    comment(person_viewer(writer), item=item, body=f"Also a {word(Canary.TALK, number)}.", nonce=uuid4())
    return Piece(audience, tlp, number, item)


def _text(audience: str, tlp: Tlp, number: int) -> Text:
    head, body, value = (word(one, number) for one in (Canary.HEAD, Canary.BODY, Canary.VALUE))
    return Text(
        kind="alert",
        title=f"{audience}flock {word(Canary.TITLE, number)}",
        body=f"A {COMMON_WORD} with a {head}. {FILLER}\n\nThen a {body} came from {value} and {COMMON_VALUE}.\n\n"
        f"```snort\nalert ip any any -> any any (msg:{body}; sid:1;)\n```\n",
        language="en",
        severity=3,
        tlp=tlp,
        safe_line=f"Mind the {word(Canary.LINE, number)}",
        unattributed=audience in WROTE,
        said=(f"malware:{word(Canary.NAMED, number)}",),
    )


def _guess(world: World) -> None:
    """A machine takes something in each piece for a name, and nobody says whether it is one."""
    ranked = {"start": 0, "end": 0, "confidence": 0.9, "method": "names"}
    for piece in world.pieces:
        entry = Entry.objects.as_system("the test knows all").get(ref=piece.item.ref)
        name = word(Canary.GUESS, piece.number)
        Assertion.objects.create(entry=entry, subject="malware", value=name, name=name, **ranked)


def _move_on(world: World) -> None:
    """What happens after everything was shared: some leave, move, come back, are shut out; one is new."""
    for relation, goes_to in (("leaver", None), ("mover", "station"), ("returner", "clinic")):
        person = world.people[relation]
        leave(SYSTEM, membership=make.membership(person))
        if goes_to:
            person.refresh_from_db()
            join(SYSTEM, person=person, organisation=world.organisations[goes_to])
            Person.objects.filter(pk=person.pk).update(status="active")
    suspend_person(SYSTEM, person=world.people["suspended"], reason="test")
    suspend_organisation(SYSTEM, organisation=world.organisations["closed"], reason="test")
    world.people["newcomer"] = make.person("Newcomer", world.organisations["clinic"])
    for person in world.people.values():
        person.refresh_from_db()
