"""Reads detection rules and says which do not compile: a program of its own, for strangers wrote them.

It has little memory, little time and no files. Its input is a list of pairs (language, rule) as JSON; it writes a line
for each as soon as it knows: empty, or what is wrong. Where it ends before the last, the next rule was too much for it.
"""

from __future__ import annotations

import json
import resource
import sys

import yaml
import yara_x
from sigma.collection import SigmaCollection

MEMORY, SECONDS = 1_500_000_000, 5
NOTHING = "There is no rule in it."


def compile_all() -> int:
    """Say of each rule whether it compiles."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (most, most))
    for language, text in json.loads(sys.stdin.buffer.read()):
        sys.stdout.write(json.dumps(_sigma(text) if language == "sigma" else _yara(text)) + "\n")
        sys.stdout.flush()
    return 0


def _sigma(text: str) -> str:
    try:
        rules = SigmaCollection.from_yaml(text).rules
        for rule in rules:
            detection = getattr(rule, "detection", None)  # a correlation has none
            _conditions = [one.parsed for one in detection.parsed_condition] if detection else []
    except (
        yaml.YAMLError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as wrong:
        return str(wrong) or type(wrong).__name__
    return "" if rules else NOTHING


def _yara(text: str) -> str:
    compiler = yara_x.Compiler(includes_enabled=False)  # `include` would quote files of this computer in its errors
    try:
        compiler.add_source(text)
        rules = compiler.build()
    except yara_x.CompileError as wrong:
        return str(wrong)
    return "" if list(rules) else NOTHING


if __name__ == "__main__":
    sys.exit(compile_all())
