"""Whatever one takes out of the policy, the comparison with the oracle notices."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from random import Random

import pytest
from django.db import transaction

from infohub.policy.viewer import Viewer as ProductViewer
from infohub.standards.tlp import Tlp
from tests.policy import worlds as small
from tests.policy.comparison import Difference, Expected, differences, expect, roster_differences
from tests.policy.loading import Loaded, load, product_viewer
from tests.policy.mutation import TARGETS, Mutant, mutants
from tests.policy.oracle import Clause, Label
from tests.policy.worlds import Scene, small_scene

LABELS = 400  # a seeded draw of this size shows every mutant
AUDIENCES = 30  # of which so many are also asked who reads them, a query each
SHOWN = 5

# Labels on which most mutants of the audience differ: asked first, they make the test short.
TELLING = (
    Label(Tlp.GREEN, clauses=(Clause(everyone=True),)),
    Label(Tlp.CLEAR, clauses=(Clause(everyone=True, except_organisations=frozenset({small.BANK})),)),
    Label(
        Tlp.GREEN,
        owner=small.BANK,
        author=small.ANN_BANK,
        clauses=(Clause(groups=frozenset({small.INCIDENT}), except_organisations=frozenset({small.BANK})),),
    ),
    Label(Tlp.AMBER, owner=small.BANK, author=small.HAL_BANK, clauses=(Clause(sectors=frozenset({small.HEALTH})),)),
    Label(
        Tlp.GREEN,
        seal=small.SEAL_DELETED,
        clauses=(
            Clause(everyone=True),
            Clause(groups=frozenset({small.BANKING}), except_classes=frozenset({"vendor"})),
        ),
    ),
    Label(Tlp.AMBER, seal=small.SEAL_OF_ANN, clauses=(Clause(reviewer_groups=frozenset({small.BANKING})),)),
    Label(Tlp.AMBER, clauses=(Clause(programme_reviewers=True, except_classes=frozenset({"vendor"})),)),
    Label(Tlp.AMBER, clauses=(Clause(memberships=frozenset({small.DAN_VENDOR, small.EVE_AGAIN})),)),
    Label(Tlp.AMBER, clauses=(Clause(organisations=frozenset({small.VENDOR})),)),
    Label(Tlp.AMBER, owner=small.BANK, author=small.EVE_FIRST, private=True),
    Label(Tlp.AMBER_STRICT, author=small.DAN_BANK, clauses=(Clause(),)),
    Label(Tlp.RED, owner=small.CLINIC, author=small.LEA_CLINIC, clauses=(Clause(),)),
)

# Parts that can be taken out without any answer changing, and why they stay.
SPARE = {
    "nothing else in the rule matches a viewer without ids": [
        "readable_by without viewer.kind is ViewerKind.NOBODY",
        "readable without the case viewer.kind is ViewerKind.NOBODY",
        "written_by without self.seal_id is not None",
    ],
    "the database keeps a label from being private and having clauses, and from being neither": [
        "readable_by without bool(clauses)",
        "readable without private=False in Q",
        "addressed without the condition self.clauses",
    ],
    "that a person is active is asked once for each clause, once for all and once at the end": [
        "audience without status='active' in filter",
        "addressed without status='active' in filter",
        "people_of without status=PersonStatus.ACTIVE in filter",
    ],
    "an empty list finds nothing anyway: these make a query shorter": [
        "readable without the condition viewer.stewards",
        "_granting without the condition viewer.moderates",
        "_named without the condition clause.sectors",
        "_named without named",
        "_seated without the case not clause.groups",
        "_seated without pk__in=[] in Q",
        "_seated without membership__isnull=False in filter",
        "_seated without organisation__isnull=False in filter",
        "_reviewing without the condition clause.reviewed_groups",
        "_reviewing without pk__in=[] in Q",
    ],
    "a program whose person is no member now matches nothing; so it is nobody, and the door says so": [
        "_personal without the case viewer.membership != membership.pk",
    ],
    "the token's membership is compared with the present one right after, and types ask for the rest": [
        "token_viewer without organisation is None",
        "_personal without the case membership is None or membership.ended is not None",
        "_personal without membership is None",
        "_personal without membership.ended is not None",
    ],
}

pytestmark = pytest.mark.django_db


def telling_scene() -> Scene:
    """The small world with fewer questions, in an order in which a mutant is noticed soon."""
    scene, random = small_scene(), Random(2)
    drawn = random.sample(scene.labels, LABELS)
    viewers = random.sample(scene.viewers, len(scene.viewers))
    return replace(scene, labels=(*TELLING, *drawn), viewers=tuple(viewers))


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
            except (AttributeError, TypeError, ValueError):
                return True

    def differs(self, form: str) -> bool:
        """Whether the product and the oracle differ in one form, or in how a viewer is made."""
        found: Iterator[Difference]
        match form:
            case "viewer":
                found = differences(self.loaded, self.expected, ("predicate",))
            case "audience":
                found = chain(differences(self.some, self.some_expected, ("audience",)), self.rosters())
            case "roster":
                found = self.rosters()
            case _:
                found = differences(self.loaded, self.expected, (form,), self.fresh_viewers())
        return next(found, None) is not None

    def rosters(self) -> Iterator[Difference]:
        """Where a clause is frozen to other people than the oracle's."""
        return roster_differences(self.loaded.scene, self.some.scene.clauses)

    def fresh_viewers(self) -> list[ProductViewer]:
        """Viewers that do not remember which labels they may read."""
        return [replace(viewer, labels=[]) for viewer in self.viewers]


def test_taking_any_part_out_of_the_policy_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    bench = Bench(telling_scene())
    assert not any(bench.differs(form) for form in ("predicate", "query", "audience", "viewer"))
    spare = set(chain.from_iterable(SPARE.values()))
    tried = [mutant for target in TARGETS for mutant in mutants(target) if mutant.title not in spare]
    unnoticed = [mutant.title for mutant in tried if not bench.notices(mutant)]
    with capsys.disabled():
        noticed = f"{len(tried) - len(unnoticed)} noticed, such as"
        examples = [mutant.title for mutant in tried[:: len(tried) // SHOWN][:SHOWN]]
        print(f"\ntook {len(tried)} parts out of the policy, one at a time:", noticed, *examples, sep="\n  ")  # noqa: T201 -- the figure is the result
    assert len(tried) >= 100
    assert unnoticed == []


def test_every_spare_part_is_still_in_the_policy() -> None:
    titles = {mutant.title for target in TARGETS for mutant in mutants(target)}
    assert sorted(set(chain.from_iterable(SPARE.values())) - titles) == []
