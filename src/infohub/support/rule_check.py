"""Whether detection rules compile, asked of a program apart; its libraries are an extra one may leave out."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from time import monotonic

import structlog
from django.core.cache import cache

LANGUAGES = frozenset({"sigma", "yara"})
RULES = 500
SECONDS = 10
KEPT_FOR = 3600
CHECKS = BoundedSemaphore(1)  # whoever asks holds a thread of the server meanwhile, and pages need the others
_PROGRAM = Path(__file__).parent / "compile_rules.py"

Said = list[str | None]

log = structlog.get_logger(__name__)


def checks_rules() -> bool:
    """Whether this installation checks rules."""
    return find_spec("yara_x") is not None and find_spec("sigma") is not None


def compiled(rules: Sequence[tuple[str, str]]) -> Said:
    """Of each rule (its language, its text): empty where it compiles, what is wrong where not, None where nobody knows.

    Only of LANGUAGES, only the first RULES. What was found is kept for a while: a page shows it, then a file holds it.
    """
    asked = [pair if pair[0] in LANGUAGES else None for pair in rules[:RULES]]
    wanted = [pair for pair in asked if pair]
    if not wanted or not checks_rules():
        return [None] * len(rules)
    order = json.dumps(wanted).encode()
    key = f"rules:{hashlib.sha256(order).hexdigest()}"
    found: Said | None = cache.get(key)
    if found is None:
        found = _checked(wanted)
        if None not in found:
            cache.set(key, found, KEPT_FOR)
    said = iter(found)
    return [next(said) if pair else None for pair in asked] + [None] * (len(rules) - len(asked))


def _checked(rules: Sequence[tuple[str, str]]) -> Said:
    """All of them within SECONDS: the program is started again behind a rule that was too much for it."""
    if not CHECKS.acquire(blocking=False):
        return [None] * len(rules)
    try:
        found: Said = []
        until = monotonic() + SECONDS
        while len(found) < len(rules) and monotonic() < until:
            found += _said(rules[len(found) :], until - monotonic())
            if len(found) < len(rules):
                log.warning("rule_not_checked", number=len(found))
                found.append(None)
        return found + [None] * (len(rules) - len(found))
    finally:
        CHECKS.release()


def _said(rules: Sequence[tuple[str, str]], seconds: float) -> Said:
    """What the program said before it ended: of all, or of those before one that was too much for it."""
    with TemporaryDirectory() as empty:
        try:
            done = subprocess.run(  # noqa: S603  (our own program; what people wrote goes in as its input)
                [sys.executable, "-I", str(_PROGRAM)],
                input=json.dumps(rules).encode(),
                capture_output=True,
                timeout=seconds,
                cwd=empty,
                env={"LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1"},
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            return _lines(late.stdout or b"")
    return _lines(done.stdout)


def _lines(output: bytes) -> Said:
    """One answer a line; a last line that was cut off is none."""
    return [str(json.loads(line)) for line in output.split(b"\n")[:-1]]
