"""Everything that changes what machines exchange, as verbs; the files are named after what they change."""

from infohub.intel.actions.calls import note_use
from infohub.intel.actions.collections import ensure_collection_of, ensure_collections
from infohub.intel.actions.placing import BATCH, add_due, due, place, retract
from infohub.intel.actions.sightings import sight
from infohub.intel.actions.submitting import remove, submit

__all__ = [
    "BATCH",
    "add_due",
    "due",
    "ensure_collection_of",
    "ensure_collections",
    "note_use",
    "place",
    "remove",
    "retract",
    "sight",
    "submit",
]
