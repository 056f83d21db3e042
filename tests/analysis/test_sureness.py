"""What decisions teach of how sure to be: enough of them, of many organisations, and nothing for any one's sake."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from infohub.analysis.sureness import (
    ENOUGH,
    FEWEST,
    Judged,
    apart,
    candidate,
    counted,
    learnt,
    step_of,
    told,
)
from tests.analysis.programmes import WAYS, distance, programme


def decided(
    by: object,
    number: int,
    *,
    share: float,
    method: str = "sentence",
    value: str = "",
    sure: float = 0.9,
    seed: int = 1,
) -> list[Judged]:
    """So many decisions of one organisation, each about a piece of its own, of which such a share is accepted."""
    dice = Random(f"{by} {method} {value} {seed}")
    return [
        Judged(method, value or f"T{place % 30}", sure, dice.random() < share, by, f"{by} {method} {value} {place}")
        for place in range(number)
    ]


def of(organisations: Iterable[int], number: int = 40, *, share: float, sure: float = 0.9) -> list[Judged]:
    return [one for place in organisations for one in decided(place, number, share=share, sure=sure)]


def test_where_half_is_rejected_that_is_called_sure_it_is_called_less_sure_and_the_held_apart_agree() -> None:
    made = candidate(of(range(8), share=0.5), by_value=False)
    assert made is not None
    assert made.better
    assert made.score.learnt_log < made.score.shipped_log
    assert made.score.learnt_square < made.score.shipped_square
    assert 0.5 < told(0.9, step_of(made.steps, "sentence", "T1")) < 0.75, "drawn towards what is shipped"
    assert step_of(made.steps, "list", "T1") == 0.0


def test_what_is_right_already_stays_as_it_is() -> None:
    made = candidate(of(range(8), share=0.9), by_value=False)
    assert made is not None
    assert abs(step_of(made.steps, "sentence", "T1")) < 0.5
    assert told(0.123456789, 0.0) == 0.123456789
    assert told(1.0, -0.5) < told(1.0, 0.1) <= 1.0


@pytest.mark.parametrize("number", [0, 12, ENOUGH // 8 - 1])
def test_too_few_labels_teach_nothing(number: int) -> None:
    assert candidate(of(range(8), number, share=0.1), by_value=True) is None


def test_few_organisations_teach_nothing_however_many_labels_they_have() -> None:
    few = of(range(FEWEST - 1), 5000, share=0.1)
    assert counted(few) < ENOUGH
    assert candidate(few, by_value=True) is None
    assert learnt(few, by_value=True) == {}


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_one_organisation_that_poisons_moves_nothing_that_the_others_do_not(share: float) -> None:
    honest = of(range(7), share=0.9)
    flood = decided("mallory", 2000, share=share)
    step = step_of(learnt(honest + flood, by_value=False), "sentence", "T1")
    assert abs(step) <= abs(_fit_of(honest, "sentence")) + 1e-3
    assert abs(told(0.9, step) - 0.9) < 0.02, "all others found the shipped models right"
    made = candidate(honest + flood, by_value=False)
    assert made is None or not made.better or abs(told(0.9, step_of(made.steps, "sentence", "T1")) - 0.9) < 0.02


def test_one_organisation_cannot_silence_one_technique() -> None:
    honest = [one for place in range(7) for one in decided(place, 10, share=0.9, value="T1486")]
    flood = decided("mallory", 2000, share=0.0, value="T1486")
    step = step_of(learnt(honest + flood, by_value=True), "sentence", "T1486")
    assert abs(step) <= abs(_fit_of(honest, "sentence T1486")) + 1e-3
    assert told(0.9, step) > 0.85


@settings(max_examples=25, deadline=None)
@given(
    share=some.floats(0.05, 0.95),
    sure=some.floats(0.05, 0.99),
    of_one=some.floats(0.0, 1.0),
    flood=some.integers(1, 300),
    seed=some.integers(0, 1000),
)
def test_whatever_one_says_no_step_goes_further_than_the_others_alone_take_it(
    share: float, sure: float, of_one: float, flood: int, seed: int
) -> None:
    others = [one for place in range(6) for one in decided(place, 30, share=share, sure=sure, seed=seed)]
    mallory = decided("mallory", flood, share=of_one, sure=sure, seed=seed)
    both = learnt(others + mallory, by_value=True)
    for key, step in both.items():
        furthest = _fit_of(others, key)
        assert abs(step) <= abs(furthest) + 1e-3
        assert step * furthest >= 0


def _fit_of(labels: list[Judged], key: str) -> float:
    """The step of all these labels together, found by trying: the likeliest on a fine grid."""
    rows = [one for one in labels if key in (one.method, f"{one.method} {one.value}")]
    prior = 0.5 if " " not in key else 0.35

    def loss(step: float) -> float:
        total = step * step / (2 * prior * prior)
        for one in rows:
            sure = min(0.99, max(0.01, one.confidence))
            chance = 1 / (1 + exp(-log(sure / (1 - sure)) - step))
            total -= log(chance if one.accepted else 1 - chance)
        return total

    low, high = -2.0, 2.0
    for _round in range(60):
        third = (high - low) / 3
        low, high = (low, high - third) if loss(low + third) < loss(high - third) else (low + third, high)
    return (low + high) / 2


def test_a_technique_that_is_judged_often_has_a_step_of_its_own_and_only_where_that_is_wanted() -> None:
    labels = of(range(8), share=0.9)
    labels += [one for place in range(8) for one in decided(place, 12, share=0.2, value="T1486")]
    own = learnt(labels, by_value=True)
    assert step_of(own, "sentence", "T1486") < step_of(own, "sentence", "T9999") < 0.5
    assert step_of(own, "sentence", "T1486") < -0.5
    assert all(" " not in key for key in learnt(labels, by_value=False))


def test_no_piece_teaches_and_judges() -> None:
    labels = of(range(6), share=0.6) + of(range(6), share=0.6)
    seen, held = apart(labels)
    assert {one.piece for one in seen}.isdisjoint({one.piece for one in held})
    assert len(seen) + len(held) == len(labels)
    assert len({one.organisation for one in held}) == 6


def test_what_is_worse_on_the_newest_pieces_is_not_better() -> None:
    labels = []
    for place in range(8):
        labels += decided(place, 30, share=0.1, seed=2)
        labels += [Judged("sentence", "T1", 0.9, True, place, f"new {place} {each}") for each in range(10)]
    made = candidate(labels, by_value=False)
    assert made is not None
    assert step_of(made.steps, "sentence", "T1") < 0
    assert not made.better


def test_many_labels_take_seconds() -> None:
    labels = [one for place in range(60) for one in decided(place, 100, share=0.6)]
    made = candidate(labels, by_value=True)
    assert made is not None
    assert made.better


@pytest.mark.parametrize("flood", [None, False, True])
def test_programmes_come_closer_to_the_truth_even_where_one_organisation_judges_without_looking(
    flood: bool | None,
) -> None:
    worlds = [programme(number, flood=flood) for number in range(60)]
    assert distance(WAYS["learnt"], worlds) < 0.8 * distance(WAYS["shipped"], worlds)
