"""A programme of 1,000 people and 50,000 pieces for measuring, written in bulk as the actions would write it."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from rich.progress import Progress

from infohub.analysis.tokens import search_text
from infohub.catalogue.models import Entry
from infohub.config.bench.values import EVERYWHERE, FREQUENT, frequent, value
from infohub.delivery.models import Event, Notice
from infohub.members.models import Group, Membership, Organisation, Person, Seat, Sector
from infohub.policy.clause import Clause
from infohub.policy.models import Label
from infohub.policy.viewer import SYSTEM, person_viewer
from infohub.register import actions as register
from infohub.register import second_step
from infohub.sharing.models import Comment, Indicator, Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

PEOPLE, ORGANISATIONS, GROUPS, SECTORS, AUTHORS, TEXTS = 1000, 100, 10, 6, 900, 400
KINDS = ("alert", "advisory", "incident", "insight", "practice", "news", "question")
BATCH = 2000
_LATIN = [
    "invoice",
    "phishing",
    "gateway",
    "credentials",
    "courier",
    "payment",
    "firewall",
    "ransom",
    "backup",
    "token",
    "mailbox",
    "supplier",
    "domain",
    "relay",
    "patch",
    "server",
    "clinic",
    "branch",
    "terminal",
    "voice",
    "code",
    "password",
    "session",
    "archive",
    "portal",
    "update",
    "insurance",
    "transport",
    "school",
]
_CHINESE = (
    "釣魚電郵冒充速遞公司",
    "伺服器漏洞請即修補",
    "勒索軟件加密備份",
    "供應商付款帳戶更改",
    "多重認證與通行密鑰",
)
_RARE = "quokka"


Home = tuple[Label, Group | None]
"""Where a piece goes: its label, and the group it is addressed to."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many pieces, and how many indicators in each."""

    pieces: int
    indicators: int = FREQUENT

    @property
    def different(self) -> int:
        """How many different values there are, besides the frequent ones."""
        return max(1, self.pieces * self.indicators // 2)


@dataclass(frozen=True, slots=True)
class Town:
    """Who asks in the measurement, and what they ask for."""

    ordinary: Person
    narrow: Person
    group: Group
    common: str = "invoice"
    rare: str = _RARE
    chinese: str = "漏洞"
    indicator: str = "198.51.100.77"

    @property
    def readers(self) -> tuple[tuple[str, Person], ...]:
        """Who asks, and what it is called in the table."""
        return ("ordinary", self.ordinary), ("1 %", self.narrow)


def populate(size: Size) -> Town:
    """A whole programme of that size with two readers who can sign in."""
    town, homes = settle()
    with Progress() as progress:
        task = progress.add_task("writing pieces", total=size.pieces)
        dice = random.Random(7)  # noqa: S311  (the same programme every time)
        for done in write_pieces(size, homes, dice):
            progress.update(task, completed=done)
    tell((town.ordinary, town.narrow))
    for _who, person in town.readers:
        register.set_up_second_step(SYSTEM, person=person, secret=second_step.fresh_secret())
        register.store_codes(SYSTEM, person=person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    gc.collect()
    gc.freeze()  # what writing left behind is no part of a server's heap
    return town


def settle() -> tuple[Town, list[Home]]:
    """Write organisations, people, groups and labels; says who asks, and where pieces can go."""
    with transaction.atomic():
        sectors = [Sector.objects.create(key=f"s{i}", names={"en": f"Sector {i}"}) for i in range(SECTORS)]
        memberships = _people(sectors)
        groups = _groups(memberships)
        labels = _labels(memberships, groups, sectors)
    return Town(ordinary=memberships[0].person, narrow=memberships[-1].person, group=groups[0]), labels


def write_pieces(size: Size, homes: list[Home], dice: random.Random) -> Iterator[int]:
    """Write the pieces; yields how many are in."""
    words = [_text(dice) for _ in range(TEXTS)]
    numbers = iter(range(size.pieces))
    while batch := list(islice(numbers, BATCH)):
        _batch(batch, size, homes, words, dice)
        yield batch[-1] + 1


def _people(sectors: list[Sector]) -> list[Membership]:
    """The last organisation is a vendor, which most pieces leave out: its people read one in a hundred."""
    since = now() - timedelta(days=800)
    organisations = Organisation.objects.bulk_create(
        Organisation(
            ref=f"OR-B{i:04}",
            name=f"Organisation {i}",
            organisation_class="vendor" if i == ORGANISATIONS - 1 else "member",
            status="active",
            since=since,
        )
        for i in range(ORGANISATIONS)
    )
    Organisation.sectors.through.objects.bulk_create(
        Organisation.sectors.through(organisation=one, sector=sectors[i % SECTORS])
        for i, one in enumerate(organisations)
    )
    people = Person.objects.bulk_create(
        Person(email=f"p{i}@bench.example", name=f"Person {i}", status="active", terms_accepted_at=since)
        for i in range(PEOPLE)
    )
    return Membership.objects.bulk_create(
        Membership(person=one, organisation=organisations[i * ORGANISATIONS // PEOPLE], started=since)
        for i, one in enumerate(people)
    )


def _groups(memberships: list[Membership]) -> list[Group]:
    """Ten groups of a tenth of the members each; the last also seats the vendor's people."""
    since = now() - timedelta(days=700)
    groups = [Group.objects.create(ref=f"GR-B{i:04}", names={"en": f"Group {i}"}) for i in range(GROUPS)]
    seats = [Seat(group=groups[i % (GROUPS - 1)], membership=one, started=since) for i, one in enumerate(memberships)]
    vendors = memberships[-PEOPLE // ORGANISATIONS :]
    seats += [Seat(group=groups[-1], membership=one, started=since) for one in vendors]
    Seat.objects.bulk_create(seats)
    return groups


def _labels(memberships: list[Membership], groups: list[Group], sectors: list[Sector]) -> list[Home]:
    """Every author has labels of their own: one in a hundred for the small group, the others without vendors."""
    without = frozenset({"vendor"})
    labels: list[Home] = []
    for i, author in enumerate(memberships[:AUTHORS]):
        group, sector = groups[i % (GROUPS - 1)], sectors[i % SECTORS]
        circle = frozenset(one.pk for one in memberships[i : i + 20])
        clauses = [
            (Tlp.GREEN, Clause(everyone=True, except_classes=without), None),
            (Tlp.AMBER, Clause(everyone=True, except_classes=without), None),
            (Tlp.AMBER, Clause(groups=frozenset({group.pk}), except_classes=without), group),
            (Tlp.GREEN, Clause(sectors=frozenset({sector.pk}), except_classes=without), None),
            (Tlp.AMBER_STRICT, Clause(memberships=circle, frozen=True), None),
        ]
        for tlp, clause, of in clauses:
            made = Label.objects.intern(tlp=tlp, clauses=[clause], owner=author.organisation, author=author)
            labels += [(made, of)] * 20
        small = Clause(groups=frozenset({groups[-1].pk}))
        made = Label.objects.intern(tlp=Tlp.AMBER, clauses=[small], owner=author.organisation, author=author)
        labels.append((made, groups[-1]))
    return labels


def tell(readers: tuple[Person, ...]) -> None:
    """The notices that the readers who are measured would have of everything they read."""
    for person in readers:
        told = Entry.objects.readable(person_viewer(person)).values_list("pk", "published_at")
        Notice.objects.bulk_create(
            (
                Notice(
                    person=person,
                    entry_id=entry,
                    event=Event.SHARED,
                    key="1",
                    reason={"because": "circle"},
                    created_at=at,
                    sent_at=at,
                )
                for entry, at in told
            ),
            batch_size=BATCH,
        )


def _text(dice: random.Random) -> tuple[str, str]:
    """A text and its tokens; one in four is Chinese."""
    chinese = dice.random() < 0.25
    body = "。".join(dice.choices(_CHINESE, k=12)) if chinese else " ".join(dice.choices(_LATIN, k=120))
    return body, search_text(body)


def _batch(
    numbers: list[int],
    size: Size,
    homes: list[Home],
    words: list[tuple[str, str]],
    dice: random.Random,
) -> None:
    oldest = now() - timedelta(days=700)
    made = [(number, *dice.choice(homes), *dice.choice(words)) for number in numbers]
    with transaction.atomic():
        at = {number: oldest + timedelta(days=700) * (number / size.pieces) for number in numbers}
        items = Item.objects.bulk_create(_item(n, label, body, at[n]) for n, label, _group, body, _tokens in made)
        entries = Entry.objects.bulk_create(_entry(item) for item in items)
        through = Entry.groups.through
        addressed = [(entry, group) for entry, (_n, _l, group, _b, _t) in zip(entries, made, strict=True) if group]
        through.objects.bulk_create(through(entry=entry, group=group) for entry, group in addressed)
        for start in range(0, len(items), 50):
            some = zip(numbers[start : start + 50], items[start : start + 50], strict=True)
            Indicator.objects.bulk_create(made for n, item in some for made in _indicators(item, n, size))
        Comment.objects.bulk_create(
            Comment(item=item, label=item.label, author=item.label.author, body="Seen here too.", at=item.state_at)
            for item in items[::10]
        )
        _index([(entry.pk, _tokens(entry, row[4])) for entry, row in zip(entries, made, strict=True)])


def _item(number: int, label: Label, body: str, at: datetime) -> Item:
    return Item(
        ref=f"IH-B{number:06}",
        kind=KINDS[number % len(KINDS)],
        state="published",
        state_at=at,
        author=label.author,
        label=label,
        title=f"Piece {number}: {body[:40]}",
        body=body,
        severity=number % 5,
        tlp=label.tlp,
        created_at=at,
        updated_at=at,
        published_at=at,
    )


def _entry(item: Item) -> Entry:
    return Entry(
        ref=item.ref,
        kind=item.kind,
        label=item.label,
        title=item.title,
        summary=item.body[:240],
        text=item.body,
        severity=item.severity,
        author_name="Person, Organisation",
        owner=item.label.owner,
        indicator_count=2,
        published_at=item.state_at,
        updated_at=item.state_at,
    )


def _indicators(item: Item, number: int, size: Size) -> Iterator[Indicator]:
    """Two that many pieces have, in one piece of ten one that stands everywhere, and others that two pieces have."""
    values = [frequent(item.pk * 2 + i) for i in range(FREQUENT)]
    if size.indicators > FREQUENT:
        own = size.indicators - FREQUENT - (number % 10 == 0)
        values += [value((number * size.indicators + i) % size.different) for i in range(own)]
        values += [EVERYWHERE] if number % 10 == 0 else []
    for kind, written in values:
        yield Indicator(item=item, label=item.label, kind=kind, value=written, valid_from=item.state_at)


def _tokens(entry: Entry, tokens: str) -> str:
    return f"{tokens} {_RARE}" if entry.pk % 5000 == 0 else tokens


def _index(rows: list[tuple[int, str]]) -> None:
    """Straight into the search table, as `catalogue.search.index` would one by one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO catalogue_words (entry_id, tokens) VALUES (%s, array_to_tsvector(%s))",
                [(pk, list(dict.fromkeys(tokens.split()))) for pk, tokens in rows],
            )
        else:
            cursor.executemany("INSERT INTO catalogue_words (rowid, tokens) VALUES (%s, %s)", rows)
