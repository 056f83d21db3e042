"""The tagger gives each word of a sentence a label, learns the same from the same, and is kept as plain arrays."""

from pathlib import Path

import numpy as np
import pytest

from infohub.analysis.names.features import features
from infohub.analysis.names.sentence import Sentence
from infohub.analysis.names.tagger import Tagger

LABELS = ["O", "B-malware", "I-malware"]


def lesson() -> tuple[list[Sentence], list[list[int]]]:
    """Sentences in which what follows "program" is a name."""
    names = ("Aster", "Borage", "Clover", "Dahlia", "Erica", "Fern", "Gorse", "Heather")
    lines = [Sentence(f"the program {name} ran on {other}".split()) for name in names for other in names]
    return lines, [[0, 0, 1, 0, 0, 0] for _ in lines]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    """Taught with the lesson."""
    chain = pytest.importorskip("infohub.config.training.chain")
    lines, labels = lesson()
    examples = [
        chain.Example(features(line, (), frozenset({2, 5})), row) for line, row in zip(lines, labels, strict=True)
    ]
    made: Tagger = chain.train_chain(examples, LABELS, rounds=8)
    return made


def test_a_name_that_was_never_heard_is_told_by_its_place(tagger: Tagger) -> None:
    path, likely = tagger.best(features(Sentence(["the", "program", "Ivy", "ran", "on", "Juniper"]), ()))
    assert path == [0, 0, 1, 0, 0, 0]
    assert likely.shape == (6, 3)
    assert np.allclose(likely.sum(axis=1), 1, atol=1e-4)


def test_it_is_kept_as_plain_arrays_and_read_back(tagger: Tagger, tmp_path: Path) -> None:
    tagger.write(tmp_path / "names_tagger.npz")
    back = Tagger.read(tmp_path / "names_tagger.npz")
    line = features(Sentence(["the", "program", "Ivy", "ran"]), ())
    assert back.best(line)[0] == tagger.best(line)[0]


def test_pruning_leaves_the_weights_that_count(tagger: Tagger) -> None:
    line = features(Sentence(["the", "program", "Ivy", "ran"]), ())
    assert tagger.pruned(0.01).best(line)[0] == tagger.best(line)[0]
