"""Everything that changes what machines exchange, as verbs; the files are named after what they change."""

from infohub.intel.actions.calls import forget_calls, keep_writing_calls, note_call, note_use, write_calls
from infohub.intel.actions.collections import ensure_collection_of, ensure_collections
from infohub.intel.actions.ingesting import ingest
from infohub.intel.actions.placing import BATCH, add_due, due, place, retract
from infohub.intel.actions.pulling import forget_runs
from infohub.intel.actions.pushes import (
    PushError,
    PushTerms,
    add_push,
    confirmation_of,
    end_push,
    pause_push,
    push_now,
    renew_credential,
    reseal_pushes,
    resume_push,
    switch_on,
)
from infohub.intel.actions.retracting import restore_object, retract_object
from infohub.intel.actions.sightings import sight
from infohub.intel.actions.sources import (
    SourceError,
    Terms,
    accept_shrunk,
    add_source,
    change_source,
    decide_marking,
    drop_held,
    forget_marking,
    pause_source,
    pull_now,
    remove_source,
    reseal_sources,
    resume_source,
)
from infohub.intel.actions.spreading import spread
from infohub.intel.actions.submitting import remove, submit

__all__ = [
    "BATCH",
    "PushError",
    "PushTerms",
    "SourceError",
    "Terms",
    "accept_shrunk",
    "add_due",
    "add_push",
    "add_source",
    "change_source",
    "confirmation_of",
    "decide_marking",
    "drop_held",
    "due",
    "end_push",
    "ensure_collection_of",
    "ensure_collections",
    "forget_calls",
    "forget_marking",
    "forget_runs",
    "ingest",
    "keep_writing_calls",
    "note_call",
    "note_use",
    "pause_push",
    "pause_source",
    "place",
    "pull_now",
    "push_now",
    "remove",
    "remove_source",
    "renew_credential",
    "reseal_pushes",
    "reseal_sources",
    "restore_object",
    "resume_push",
    "resume_source",
    "retract",
    "retract_object",
    "sight",
    "spread",
    "submit",
    "switch_on",
    "write_calls",
]
