"""Promises about checking rules of strangers: an answer for each, in little time, and nothing of this computer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from time import monotonic

import pytest
from django.core.cache import cache

from infohub.support import rule_check
from infohub.support.rule_check import CHECKS, SECONDS, compiled

SIGMA = "title: T\nlogsource:\n  product: windows\ndetection:\n  one:\n    Image: a.exe\n  condition: one\n"
YARA = 'rule a { strings: $a = "x" condition: $a }'


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_what_compiles_and_what_does_not_is_told_rule_by_rule() -> None:
    rules = [
        ("sigma", SIGMA),
        ("yara", YARA),
        ("snort", "alert"),
        ("yara", "rule {"),
        ("sigma", SIGMA.replace("condition: one", "condition: (two")),
        ("sigma", "title: ["),
        ("yara", "// nothing"),
        ("sigma", ""),
    ]
    said = compiled(rules)
    assert said[:3] == ["", "", None]
    assert [bool(one) for one in said[3:]] == [True] * 5
    assert "identifier" in str(said[3])


def test_a_rule_reads_no_file_of_this_computer() -> None:
    (said,) = compiled([("yara", 'include "/etc/passwd"\nrule a { condition: true }')])
    assert said
    assert "root" not in said


ALIASES = "".join(f"{name}: &{name} [*{before},*{before}]\n" for before, name in pairwise("abcdefghijklmnopqrstuvwxyz"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sigma", f"a: &a [1,1]\n{ALIASES}"),
        ("sigma", SIGMA.replace("condition: one", f"condition: {'(' * 5000}one{')' * 5000}")),
        ("sigma", "[" * 50_000),
        ("sigma", "detection: 5\ntitle: 6\nlogsource: 7"),
        ("yara", f"rule a {{ condition: {'(' * 20_000}true{')' * 20_000} }}"),
        ("yara", f"rule a {{ strings: $a = /{'(a|b)*' * 3000}/ condition: $a }}"),
        ("yara", "rule a { strings: $a = /(((a{1,1000}){1,1000}){1,1000}){1,1000}/ condition: $a }"),
    ],
    ids=["aliases", "brackets", "lists", "numbers", "yara brackets", "alternatives", "repeats"],
)
def test_a_rule_that_is_too_much_costs_no_other_its_answer(language: str, text: str) -> None:
    begun = monotonic()
    assert compiled([("yara", YARA), (language, text), ("yara", YARA)])[::2] == ["", ""]
    assert monotonic() - begun < SECONDS


def test_when_the_time_is_over_the_rest_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_check, "SECONDS", 0.01)
    assert compiled([("yara", YARA), ("sigma", SIGMA)]) == [None, None]
    monkeypatch.setattr(rule_check, "SECONDS", SECONDS)
    assert compiled([("yara", YARA), ("sigma", SIGMA)]) == ["", ""]


def test_one_program_at_a_time_and_what_it_found_is_kept() -> None:
    assert compiled([("yara", YARA)]) == [""]
    with CHECKS:
        assert compiled([("yara", YARA)]) == [""]
        assert compiled([("sigma", SIGMA)]) == [None]


def test_only_so_many_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_check, "RULES", 2)
    assert compiled([("yara", YARA)] * 3) == ["", "", None]


def test_without_the_libraries_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_check, "checks_rules", lambda: False)
    assert compiled([("yara", YARA)]) == [None]
