"""Promises about detection rules in texts: each becomes a file that says its marking, as its author wrote it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from infohub.standards import detection
from infohub.standards.detection import DetectionRule, Language, Verdict, rule_files, rules_in
from infohub.standards.losses import Outcome
from infohub.standards.tlp import Tlp
from infohub.support.markdown import fences

PIECES = "https://hub.example/items/"
BODY = """Seen since Monday.

```sigma
title: T
```

- in a list:

  ~~~YARA one more word
  rule a { condition: true }
  ~~~

```python
print()
```

    indented, so no rule

```snort
alert tcp any any -> any 80 (sid:1;)
```
"""


def rule(text: str, *, language: Language = Language.YARA, tlp: Tlp = Tlp.GREEN, number: int = 1) -> DetectionRule:
    return DetectionRule(language, text, tlp, "IH-AAAAAA", number)


def test_code_blocks_named_after_a_language_of_rules_are_rules() -> None:
    rules = rules_in(fences(BODY), tlp=Tlp.AMBER, ref="IH-AAAAAA")
    assert [(one.name, one.text) for one in rules] == [
        ("sigma/IH-AAAAAA-1.yml", "title: T\n"),
        ("yara/IH-AAAAAA-2.yar", "rule a { condition: true }\n"),
        ("snort/IH-AAAAAA-3.rules", "alert tcp any any -> any 80 (sid:1;)\n"),
    ]
    assert {one.tlp for one in rules} == {Tlp.AMBER}
    assert rules_in(fences("`sigma` and ```yara``` in a line"), tlp=Tlp.AMBER, ref="IH-AAAAAA") == []


def test_a_file_says_its_marking_and_where_it_is_from_and_leaves_the_rule_as_it_was() -> None:
    made = rule_files([(rule("rule a {\n}"), Verdict())], pieces=PIECES)
    head = ["// TLP:GREEN", "// https://hub.example/items/IH-AAAAAA"]
    assert made.files == {"yara/IH-AAAAAA-1.yar": "\n".join([*head, "rule a {", "}", ""])}
    sigma = rule_files([(rule("title: T\n", language=Language.SIGMA), Verdict())], pieces=PIECES)
    assert sigma.files["sigma/IH-AAAAAA-1.yml"].startswith("# TLP:GREEN\n# https")


def test_what_does_not_compile_or_was_not_checked_goes_along_and_says_so() -> None:
    checked = [
        (rule("rule {"), Verdict(detection.BROKEN, "error: expecting\n  | identifier")),
        (rule("alert", language=Language.SNORT, number=2), Verdict(detection.NO_CHECKER)),
    ]
    made = rule_files(checked, pieces=PIECES)
    assert [(line.subject, line.outcome, str(line.problems[0])) for line in made.lines] == [
        (
            "yara/IH-AAAAAA-1.yar",
            Outcome.TAKEN,
            f"IH-AAAAAA: {detection.BROKEN} (error: expecting | identifier)",
        ),
        ("snort/IH-AAAAAA-2.rules", Outcome.TAKEN, f"IH-AAAAAA: {detection.NO_CHECKER}"),
    ]
    assert f"// {detection.BROKEN} error: expecting | identifier\nrule {{\n" in made.files["yara/IH-AAAAAA-1.yar"]
    assert f"# {detection.NO_CHECKER}\nalert\n" in made.files["snort/IH-AAAAAA-2.rules"]


@given(st.text())
def test_a_checker_that_quotes_a_stranger_adds_no_line_to_the_rule(found: str) -> None:
    made = rule_files([(rule("rule a\n"), Verdict(detection.BROKEN, found))], pieces=PIECES)
    *head, last = made.files["yara/IH-AAAAAA-1.yar"].removesuffix("\n").split("\n")
    assert (last, len(head)) == ("rule a", 3)
    assert [line for line in head if not (line.startswith("// ") and line.isprintable())] == []


def test_the_strictest_marking_is_that_of_the_files() -> None:
    kept, twice = rule("rule a", tlp=Tlp.GREEN), rule("rule a", tlp=Tlp.RED, number=2)
    empty = rule(" \n", tlp=Tlp.RED, number=3)
    made = rule_files([(one, Verdict()) for one in (kept, twice, empty)], pieces=PIECES)
    assert (made.tlp, list(made.files)) == (Tlp.GREEN, [kept.name])
    assert [(line.outcome, line.problems[0].message) for line in made.lines] == [
        (Outcome.REFUSED, detection.SAME_AGAIN),
        (Outcome.REFUSED, detection.EMPTY),
    ]
