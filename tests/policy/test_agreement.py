"""The product's predicate, query and audience give the oracle's answers, in every world, for every label and viewer."""

from itertools import islice

import pytest
from django.db import IntegrityError, transaction

from infohub.policy.models import Audience
from infohub.policy.models import Label as LabelRow
from infohub.standards.tlp import Tlp
from tests.policy.comparison import Difference, differences, expect, roster_differences
from tests.policy.loading import Loaded, load, product_clause
from tests.policy.oracle import Clause
from tests.policy.worlds import Scene, every_scene, generated_scene, small_scene

pytestmark = pytest.mark.django_db
SHOWN = 5


def compare(scene: Scene) -> list[Difference]:
    """The first few differences in one scene, which leaves no row behind."""
    with transaction.atomic():
        found = list(islice(differences(load(scene), expect(scene)), SHOWN))
        transaction.set_rollback(True)
    return found


def test_predicate_query_and_audience_agree_with_the_oracle(capsys: pytest.CaptureFixture[str]) -> None:
    pairs, found = 0, list[Difference]()
    for scene in every_scene():
        found += compare(scene)
        pairs += scene.pairs
    with capsys.disabled():
        print(f"\ncompared {pairs:,} label × viewer pairs: {len(found)} differences")  # noqa: T201 -- the figure is the result
    assert pairs >= 200_000
    assert found == []


def test_interned_labels_agree_with_the_oracle_and_are_kept_once() -> None:
    scene = generated_scene(seed=100, labels=40)
    loaded = load(scene)
    written = LabelRow.objects.count()
    again = [
        LabelRow.objects.intern(
            tlp=row.marking,
            clauses=[product_clause(clause) for clause in label.clauses],
            owner=row.owner,
            author=row.author,
            seal=row.seal,
            private=row.private,
        )
        for label, row in zip(scene.labels, loaded.rows, strict=True)
    ]
    assert LabelRow.objects.count() == written + len(dict.fromkeys(scene.labels))
    assert Audience.objects.count() == len(scene.clauses)
    assert list(differences(Loaded(scene, tuple(again)), expect(scene), ("predicate", "audience"))) == []


@pytest.mark.parametrize("scene", [small_scene(), generated_scene(seed=101, labels=40)], ids=lambda scene: scene.name)
def test_a_frozen_clause_names_the_members_of_that_moment_and_no_reviewer(scene: Scene) -> None:
    load(scene)
    assert list(roster_differences(scene, scene.clauses)) == []


@pytest.mark.parametrize(("private", "clauses"), [(True, [Clause(everyone=True)]), (False, [])])
def test_the_database_refuses_a_private_label_with_readers_and_a_shared_one_without(
    private: bool, clauses: list[Clause]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LabelRow.objects.intern(tlp=Tlp.GREEN, clauses=[product_clause(c) for c in clauses], private=private)
    kept = LabelRow.objects.intern(tlp=Tlp.GREEN, clauses=[product_clause(c) for c in clauses], private=not private)
    assert kept.private is not private
