"""The tagger gives each word of a sentence a label, learns the same from the same, and is kept as plain arrays."""

from pathlib import Path

import numpy as np
import pytest

from infohub.analysis.names.features import features
from infohub.analysis.names.kinds import Method, NameKind
from infohub.analysis.names.sentence import Sentence, Span
from infohub.analysis.names.tagger import Tagger
from infohub.analysis.names.taught import own_tagger, taught

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
    back = own_tagger(tmp_path)
    assert back is not None
    line = features(Sentence(["the", "program", "Ivy", "ran"]), ())
    assert back.best(line)[0] == tagger.best(line)[0]
    assert own_tagger(tmp_path / "elsewhere") is None


def test_pruning_leaves_the_weights_that_count(tagger: Tagger) -> None:
    line = features(Sentence(["the", "program", "Ivy", "ran"]), ())
    assert tagger.pruned(0.01).best(line)[0] == tagger.best(line)[0]


def test_an_installations_tagger_adds_what_it_is_sure_of_and_takes_what_it_thinks_unlikely(tagger: Tagger) -> None:
    line = Sentence(["the", "program", "Ivy", "ran", "on", "Juniper"])
    wrong = Span(5, 6, NameKind.MALWARE, Method.LIST, "Juniper")
    other = Span(4, 5, NameKind.PLACE, Method.LIST, "on")
    names = taught(line, [other, wrong], tagger)
    assert [(name.start, name.kind, name.method) for name in names] == [
        (2, NameKind.MALWARE, Method.TAGGER),
        (4, NameKind.PLACE, Method.LIST),
    ]
    assert taught(Sentence([]), [], tagger) == []
