"""The models and rules that read texts here, loaded once when they are first needed."""

from __future__ import annotations

from functools import cache

from infohub.analysis.pipeline import Readers


@cache
def loaded() -> Readers:
    """What reads texts on this machine."""
    return Readers(version="rules-1")
