"""What the network says of all techniques, corrected by who tells the frequent ones apart."""

import numpy as np

from infohub.analysis.techniques.catalogue import catalogue
from infohub.analysis.techniques.families import families_of

NAMES = ("T1059.001", "T1059.003", "T1105", "T1190")
TOGETHER = families_of(NAMES, ("T1059.003", "T1105"), catalogue())


def test_a_frequent_technique_stands_for_itself_and_the_rest_for_nobody() -> None:
    assert TOGETHER.heads.tolist() == [-1, 0, 1, -1]


def test_who_tells_the_frequent_ones_apart_moves_them_alone() -> None:
    likely = np.array([[0.1, 0.3, 0.4, 0.2]], dtype=np.float32)
    corrected = TOGETHER.shares(likely, np.array([[0.99, 0.01]], dtype=np.float32))[0]
    assert corrected[1] > corrected[2]
    assert np.allclose(corrected[[0, 3]], [0.1, 0.2])
    assert np.isclose(corrected.sum(), 1)


def test_agreement_changes_nothing() -> None:
    likely = np.array([[0.1, 0.3, 0.4, 0.2]], dtype=np.float32)
    corrected = TOGETHER.shares(likely, np.array([[3 / 7, 4 / 7]], dtype=np.float32))
    assert np.allclose(corrected, likely, atol=1e-4)
