"""The models and rules that read texts here, loaded once when they are first needed."""

from __future__ import annotations

from functools import cache

from infohub.analysis.classify.kind import kind_of
from infohub.analysis.classify.severity import severity_of
from infohub.analysis.pipeline import Readers
from infohub.analysis.summarise import summary_of

RULES = "rules-1"
"""Changed by hand whenever the rules change: then everything is read anew."""


@cache
def loaded() -> Readers:
    """What reads texts on this machine."""
    return Readers(version=RULES, assertions=(severity_of, kind_of), summary=summary_of)
