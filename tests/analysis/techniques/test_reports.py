"""Which techniques a report is said to speak of, and which of its sentences."""

import numpy as np
import pytest

from infohub.analysis.techniques.model import model
from infohub.analysis.techniques.reports import decided, in_report, listed
from infohub.analysis.techniques.vectors import Floats


def floats(*rows: list[float]) -> Floats:
    return np.array(rows, dtype=np.float32)


def places(likely: list[float]) -> list[int]:
    return np.flatnonzero(listed(np.array(likely, dtype=np.float32))).tolist()


@pytest.mark.parametrize(
    ("likely", "there"),
    [
        ([0.9, 0.0, 0.0], [0]),
        ([0.9, 0.9, 0.35], [0, 1]),
        ([0.4, 0.4, 0.35], [0, 1, 2]),  # where all is doubtful the same chance is worth saying
        ([0.9, 0.9, 0.2], [0, 1]),
    ],
)
def test_the_list_is_the_one_with_the_greatest_f1_to_be_expected(likely: list[float], there: list[int]) -> None:
    assert places(likely) == there


def test_the_best_sentence_speaks_of_what_the_report_speaks_of_and_none_of_what_it_does_not() -> None:
    judge = {
        "report_mean": np.zeros(6, dtype=np.float32),
        "report_spread": np.ones(6, dtype=np.float32),
        "report_weights": np.array([0, 0, 0, 1, 0, 0], dtype=np.float32),
        "report_technique": np.array([0, 0, -9], dtype=np.float32),
        "report_offset": np.zeros(1, dtype=np.float32),
    }
    chances = floats([0.2, 0.0, 0.9], [0.25, 0.02, 0.0], [0.22, 0.0, 0.9])
    assert decided(chances, judge).tolist() == [[False, False, False], [True, False, False], [False, False, False]]
    assert not decided(floats([0.2, 0.1, 0.0], [0.0, 0.0, 0.0]), judge).any()
    surer = floats([0.2, 0.0, 0.9], [0.6, 0.02, 0.0], [0.7, 0.0, 0.9])
    assert decided(surer, judge)[:, 0].tolist() == [False, True, True]


@pytest.mark.parametrize("sentences", [1, 2, 40])
def test_a_text_without_anything_says_nothing_however_long(sentences: int) -> None:
    held = model()
    chances = np.zeros((sentences, len(held.frequent)), dtype=np.float32)
    assert not in_report(chances, held.judge).any()
    assert not decided(chances, held.judge).any()
