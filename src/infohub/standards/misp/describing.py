"""What a MISP says of itself: its version, the types and categories it knows."""

from __future__ import annotations

from .categories import CATEGORIES
from .kinds import TYPES

VERSION = "2.5.0"
"""The version whose questions are answered here: clients choose by it what they ask."""


def server_version() -> dict[str, object]:
    """Nothing is taken in, so every permission to send is lacking."""
    return {
        "version": VERSION,
        "pymisp_recommended_version": VERSION,
        "perm_sync": False,
        "perm_sighting": False,
        "perm_galaxy_editor": False,
        "perm_analyst_data": False,
        "request_encoding": [],
        "filter_sightings": False,
    }


def described_types() -> dict[str, object]:
    """Every type with where it may stand; what we write ourselves says where it usually does."""
    types = sorted(set().union(*CATEGORIES.values()))
    return {
        "result": {
            "sane_defaults": {
                kind: {"default_category": _category(kind), "to_ids": int(kind in TYPES and bool(TYPES[kind].paths))}
                for kind in types
            },
            "types": types,
            "categories": sorted(CATEGORIES),
            "category_type_mappings": {category: sorted(kinds) for category, kinds in CATEGORIES.items()},
        }
    }


def _category(kind: str) -> str:
    if kind in TYPES:
        return TYPES[kind].category
    return next(category for category, kinds in CATEGORIES.items() if kind in kinds)
