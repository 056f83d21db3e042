"""Forms of one word are one feature, names of functions are read by their parts, and addresses are all alike."""

import numpy as np
import pytest

from infohub.analysis.techniques.features import letters_of, masked, plain_words, stem, word_features
from infohub.analysis.techniques.vectors import Vocabulary, products


@pytest.mark.parametrize(
    "forms",
    [
        ("download", "downloads", "downloaded", "downloading"),
        ("encrypt", "encrypts", "encrypted", "encryption"),
        ("copy", "copies", "copied"),
        ("dropped", "drops", "dropping"),
        ("delete", "deletes", "deleted", "deletion"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_short_words_and_endings_of_nouns_stay() -> None:
    assert [stem(word) for word in ("dns", "process", "was", "lens")] == ["dns", "process", "was", "len"]


def test_functions_are_read_by_their_parts_and_neighbours_are_pairs() -> None:
    features = word_features("calls CreateRemoteThread")
    assert features[:5] == ["call", "createremotethread", "creat", "remot", "thread"]
    assert "remot thread" in features


def test_which_address_or_hash_it_is_does_not_matter() -> None:
    one = masked("from hxxp://lantern[.]example/a to 198.51.100[.]7, " + "ab" * 32)
    assert plain_words(one) == ["from", "urlx", "to", "ipx", "hashx"]


def test_letters_mark_where_a_word_begins_and_ends() -> None:
    assert letters_of("a") == [" a", "a ", " a "]
    assert {" de", "de ", " dd"} & set(letters_of("dde")) == {"de ", " dd"}
    assert len(letters_of("x" * 5000)) < 200


def test_a_vector_has_what_the_vocabulary_has_and_length_one_in_either_part() -> None:
    vocabulary = Vocabulary(["open", "open file"], [" op", "fil"], np.array([1, 2, 1, 3], dtype=np.float32))
    full, empty = vocabulary.vectors(["Opened files, opened doors", "狗"])
    assert full.places.tolist() == [0, 1, 2, 3]
    assert np.isclose(full.weights[:2] @ full.weights[:2], 1)
    assert np.isclose(full.weights[2:] @ full.weights[2:], 1)
    assert (full.words, full.known) == (4, 0.5)
    assert (empty.places.size, empty.words, empty.known) == (0, 0, 0)
    sums = products([full, empty], np.ones((4, 2), dtype=np.int8))
    assert np.allclose(sums, [[full.weights.sum()] * 2, [0, 0]])
