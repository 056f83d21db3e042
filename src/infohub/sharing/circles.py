"""A circle: fewer readers for a contribution than its piece has. Its author alone, one organisation, one group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F

from infohub.members.models import Group, Membership, Seat
from infohub.policy.clause import Clause
from infohub.policy.lookups import Among
from infohub.policy.models import Label
from infohub.policy.people import frozen
from infohub.policy.rules import must_freeze
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Item

TO_AUTHOR, OWN_ORGANISATION = "author", "organisation"


@dataclass(frozen=True, slots=True)
class Circle:
    """Whom the writer may choose instead of all readers: `people` others, by the name of what they have in common."""

    key: str
    name: str
    people: int
    clause: Clause


class _Reader(NamedTuple):
    membership: int
    organisation: int
    organisation_name: str


def circles(viewer: Viewer, item: Item) -> list[Circle]:
    """The circles a reader of the piece may write to; none for who wrote it under a seal, whom each would give away.

    Five queries at most. A circle has somebody in it, and not all readers.
    """
    if viewer.membership is None or (item.seal_id is not None and item.label.written_by(viewer)):
        return []
    others = _others(viewer, item)
    found = [*_author(viewer, item, others), *_organisation(viewer, others), *_groups(viewer, item, others)]
    readers = len(others) + _reads_unaddressed(viewer, item, others)
    return [one for one in found if one.key == TO_AUTHOR or 0 < one.people < readers]


def _others(viewer: Viewer, item: Item) -> list[_Reader]:
    """Whom the piece is for now, but for the viewer: who only wrote it reads no clause, and a count would name them."""
    people = set(item.label.addressed().order_by().values_list("pk", flat=True)) - {viewer.person}
    rows = Membership.objects.current().filter(Among(F("person_id"), people))
    return [_Reader(*row) for row in rows.values_list("pk", "organisation", "organisation__name")]


def _reads_unaddressed(viewer: Viewer, item: Item, others: list[_Reader]) -> bool:
    """Whether who wrote it reads it beside these others; under a seal that is always possible."""
    if item.seal_id is not None:
        return True
    return item.author_id != viewer.membership and all(one.membership != item.author_id for one in others)


def _author(viewer: Viewer, item: Item, others: list[_Reader]) -> Iterator[Circle]:
    """Whoever wrote it, as long as they are there to answer; under a seal nobody is told when they are not."""
    if item.seal:
        there = item.seal.membership_id is not None
    elif _reads_unaddressed(viewer, item, others):
        there = Membership.objects.current().filter(items=item).exists()
    else:
        there = item.author_id != viewer.membership
    if viewer.membership is not None and there:
        yield Circle(TO_AUTHOR, "", 1, Clause(memberships=frozenset({viewer.membership})))


def _organisation(viewer: Viewer, others: list[_Reader]) -> Iterator[Circle]:
    colleagues = [one for one in others if one.organisation == viewer.organisation]
    for one in colleagues[:1]:
        clause = Clause(organisations=frozenset({one.organisation}))
        yield Circle(OWN_ORGANISATION, one.organisation_name, len(colleagues), clause)


def _groups(viewer: Viewer, item: Item, others: list[_Reader]) -> Iterator[Circle]:
    """The groups of the piece in which the viewer sits."""
    groups = list(Group.objects.filter(items=item, pk__in=viewer.groups).order_by("pk")) if viewer.groups else []
    held = Seat.objects.held().filter(group__in=groups)
    seats = list(held.values_list("group", "membership", "organisation")) if groups else []
    for group in groups:
        people = {pk for of, pk, _organisation in seats if of == group.pk}
        organisations = {pk for of, _membership, pk in seats if of == group.pk}
        seated = [one for one in others if one.membership in people or one.organisation in organisations]
        yield Circle(group.ref, group.name, len(seated), Clause(groups=frozenset({group.pk})))


def narrowed(viewer: Viewer, item: Item, circle: Circle) -> Label:
    """The label of the piece with one clause more. What is for the author keeps the author's name or seal on it.

    It has no owner: no steward reads what others said to the one who left.
    """
    clause = frozen(circle.clause) if must_freeze(item.marking) else circle.clause
    clauses = [*item.label.clauses, clause]
    if circle.key == TO_AUTHOR:
        author, seal = item.label.author, item.label.seal
        return Label.objects.intern(tlp=item.marking, clauses=clauses, author=author, seal=seal)
    writer = Membership.objects.get(pk=viewer.membership or 0)
    return Label.objects.intern(tlp=item.marking, clauses=clauses, author=writer)
