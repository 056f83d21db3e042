"""Whatever one takes out of the policy, the comparison with the oracle notices."""

from dataclasses import replace
from itertools import chain
from random import Random

import pytest
from django.db import transaction

from infohub.policy.viewer import Viewer as ProductViewer
from tests.policy.comparison import Expected, differences, expect
from tests.policy.loading import Loaded, load, product_viewer
from tests.policy.mutation import TARGETS, Mutant, mutants
from tests.policy.worlds import Scene, small_scene

AUDIENCES = 200  # labels whose readers are asked for; a query each, and a seeded draw of this size shows every mutant
SHOWN = 5

# Parts that can be taken out without any answer changing, and why they stay.
SPARE = {
    "nothing else in the rule matches a viewer without ids": [
        "readable_by without viewer.kind is ViewerKind.NOBODY",
        "readable without the case viewer.kind is ViewerKind.NOBODY",
        "written_by without self.seal_id is not None",
    ],
    "the database keeps a label from being private and having clauses, and from being neither": [
        "readable_by without bool(clauses)",
        "readable without private=False in Q(pk__in=fulfilled, private=False)",
        "audience without the condition clauses",
    ],
    "that a person is active is asked once for the members, once for each clause and once at the end": [
        "audience without status='active' in filter(status='active')",
        "audience without status='active' in filter(readers, status='active')",
        "people_of without status=PersonStatus.ACTIVE in filter(status=PersonStatus.ACTIVE)",
        "current without person__status=PersonStatus.ACTIVE in filter(ended__isnull=True, "
        "person__status=PersonStatus.ACTIVE, organisation__status=OrganisationStatus.ACTIVE)",
    ],
    "a query with an empty list finds nothing: these only make it shorter": [
        "readable without the condition viewer.stewards",
        "_granting without the condition viewer.moderates",
        "_named without the condition clause.sectors",
        "_named without named",
        "_seated without the case not clause.groups",
        "_seated without pk__in=[] in Q(pk__in=[])",
        "_seated without membership__isnull=False in filter(membership__isnull=False)",
        "_seated without organisation__isnull=False in filter(organisation__isnull=False)",
        "_reviewing without the condition clause.reviewed_groups",
        "_reviewing without pk__in=[] in Q(pk__in=[])",
    ],
    "the token's membership is compared with the present one right after": [
        "token_viewer without organisation is None",
        "_personal without the case membership is None or membership.ended is not None",
        "_personal without membership is None",
        "_personal without membership.ended is not None",
    ],
}

pytestmark = pytest.mark.django_db


def shuffled_scene() -> Scene:
    """The small world with its questions in an order in which a mutant is noticed soon."""
    scene, random = small_scene(), Random(2)
    labels, viewers = list(scene.labels), list(scene.viewers)
    random.shuffle(labels)
    random.shuffle(viewers)
    return replace(scene, labels=tuple(labels), viewers=tuple(viewers))


class Bench:
    """A loaded scene in which one mutant after the other is tried."""

    def __init__(self, scene: Scene) -> None:
        self.loaded, self.expected = load(scene), expect(scene)
        self.viewers = [product_viewer(viewer) for viewer in scene.viewers]
        some = replace(scene, labels=scene.labels[:AUDIENCES])
        self.some = Loaded(some, self.loaded.rows[:AUDIENCES])
        self.some_expected = Expected(self.expected.readable, self.expected.people[:AUDIENCES])

    def notices(self, mutant: Mutant) -> bool:
        """Whether the comparison finds a difference, or the mutant cannot even answer."""
        with transaction.atomic(), mutant.installed():
            try:
                return self.differs(mutant.target.form)
            except AttributeError:
                return True

    def differs(self, form: str) -> bool:
        """Whether the product and the oracle differ in one form, or in how a viewer is made."""
        match form:
            case "viewer":
                found = differences(self.loaded, self.expected, ("predicate",))
            case "audience":
                found = differences(self.some, self.some_expected, ("audience",))
            case _:
                found = differences(self.loaded, self.expected, (form,), self.fresh_viewers())
        return next(found, None) is not None

    def fresh_viewers(self) -> list[ProductViewer]:
        """Viewers that do not remember which labels they may read."""
        return [replace(viewer, labels=[]) for viewer in self.viewers]


def test_taking_any_part_out_of_the_policy_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    bench = Bench(shuffled_scene())
    assert not any(bench.differs(form) for form in ("predicate", "query", "audience", "viewer"))
    spare = set(chain.from_iterable(SPARE.values()))
    tried = [mutant for target in TARGETS for mutant in mutants(target) if mutant.title not in spare]
    unnoticed = [mutant.title for mutant in tried if not bench.notices(mutant)]
    with capsys.disabled():
        print(f"\ntook {len(tried)} parts out of the policy, one at a time: {len(tried) - len(unnoticed)} noticed")
        for mutant in tried[:: len(tried) // SHOWN][:SHOWN]:
            print(f"  {mutant.title}")
    assert len(tried) >= 100
    assert unnoticed == []


def test_every_spare_part_is_still_in_the_policy() -> None:
    titles = {mutant.title for target in TARGETS for mutant in mutants(target)}
    assert sorted(set(chain.from_iterable(SPARE.values())) - titles) == []
