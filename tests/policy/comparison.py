"""Compares the three forms of the product's rule with the oracle, question by question."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from infohub.policy import people
from infohub.policy.clause import Clause as ProductClause
from infohub.policy.models import Label as LabelRow
from infohub.policy.viewer import Viewer as ProductViewer
from tests.policy.loading import END, LABEL, MEMBERSHIP, PERSON, SEATED, START, Loaded, product_clause, product_viewer
from tests.policy.oracle import ACTIVE, Clause, Label, Viewer, World, may_read, readers, roster
from tests.policy.worlds import Scene

FORMS = ("predicate", "query", "audience")


@dataclass(frozen=True)
class Expected:
    """The oracle's answers for a scene: the labels each viewer reads, and the people who read each label."""

    readable: tuple[frozenset[int], ...]
    people: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Difference:
    """One question on which the product and the oracle differ: what was asked, of whom or with what answer."""

    scene: str
    form: str
    asked: Label | Clause
    product: Viewer | frozenset[int]
    oracle: bool | frozenset[int]


def expect(scene: Scene) -> Expected:
    """Ask the oracle everything."""
    return Expected(
        readable=tuple(
            frozenset(n for n, label in enumerate(scene.labels) if may_read(scene.world, label, viewer))
            for viewer in scene.viewers
        ),
        people=tuple(frozenset(readers(scene.world, label)) for label in scene.labels),
    )


def differences(
    loaded: Loaded,
    expected: Expected,
    forms: tuple[str, ...] = FORMS,
    values: Iterable[ProductViewer] | None = None,
) -> Iterator[Difference]:
    """Ask the product everything in the given forms, and yield where it answers otherwise.

    `values` are the scene's viewers in the product's form, where they were made before.
    """
    scene = loaded.scene
    if forms != ("audience",):
        made = map(product_viewer, scene.viewers) if values is None else values
        for viewer, value, readable in zip(scene.viewers, made, expected.readable, strict=True):
            if "predicate" in forms:
                yield from _of_viewer(scene, "predicate", viewer, _by_predicate(loaded, value), readable)
            if "query" in forms:
                yield from _of_viewer(scene, "query", viewer, _by_query(value), readable)
    if "audience" in forms:
        yield from _by_audience(loaded, expected)


def _by_predicate(loaded: Loaded, viewer: ProductViewer) -> frozenset[int]:
    return frozenset(number for number, row in enumerate(loaded.rows) if row.readable_by(viewer))


def _by_query(viewer: ProductViewer) -> frozenset[int]:
    return frozenset(pk - LABEL for pk in LabelRow.objects.readable_ids(viewer))


def _of_viewer(
    scene: Scene, form: str, viewer: Viewer, found: frozenset[int], readable: frozenset[int]
) -> Iterator[Difference]:
    for number in sorted(found ^ readable):
        yield Difference(scene.name, form, scene.labels[number], viewer, number in readable)


def _by_audience(loaded: Loaded, expected: Expected) -> Iterator[Difference]:
    for label, row, reading in zip(loaded.scene.labels, loaded.rows, expected.people, strict=True):
        found = frozenset(pk - PERSON for pk in row.audience().values_list("pk", flat=True))
        if found != reading:
            yield Difference(loaded.scene.name, "audience", label, found, reading)


def roster_differences(scene: Scene, clauses: Iterable[Clause]) -> Iterator[Difference]:
    """Freeze clauses now, before anything was, when people came, when they were seated, when some had just left."""
    began, ended = _all_active(scene.world, ended=False), _all_active(scene.world, ended=True)
    worlds = (
        (None, scene.world),
        (START - timedelta(seconds=1), replace(scene.world, memberships=())),
        (START, replace(began, seats=())),
        (SEATED, began),
        (END, ended),
    )
    for clause in clauses:
        for moment, world in worlds:
            expected = frozenset(roster(world, clause))
            found = _roster(clause, moment)
            if found != expected:
                yield Difference(scene.name, f"roster at {moment}", clause, found, expected)


def _roster(clause: Clause, at: datetime | None) -> frozenset[int]:
    roll = people.frozen(product_clause(clause), at=at)
    assert roll == ProductClause(memberships=roll.memberships, frozen=True)
    return frozenset(pk - MEMBERSHIP for pk in roll.memberships)


def _all_active(world: World, *, ended: bool) -> World:
    """The world as it was when nobody had been suspended; with `ended`, what has ended since had ended already."""
    return replace(
        world,
        organisations=tuple(replace(organisation, status=ACTIVE) for organisation in world.organisations),
        people=tuple(replace(person, status=ACTIVE) for person in world.people),
        memberships=tuple(replace(membership, ended=ended and membership.ended) for membership in world.memberships),
        seats=tuple(replace(seat, ended=ended and seat.ended) for seat in world.seats),
    )
