"""Reads what a TAXII server says of an envelope that it was sent: the status resource (section 4.3.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from infohub.standards.jsontext import Json
from infohub.standards.problem import Problem

_ID = re.compile(r"[\w.~-]{1,100}", re.ASCII)
_NO_STATUS = Problem("", "this is no status resource")
SENTENCES = (_NO_STATUS.message,)
_WORDS = ("complete", "pending")  # no set: what was sent may be no word, but a list
_MESSAGE = 500


class Fate(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Status:
    """What became of the objects by id. Servers need not list them: then the counts decide, as far as they can."""

    id: str
    is_complete: bool
    refused: Mapping[str, str]
    pending: frozenset[str]
    taken: frozenset[str]
    some_refused: bool

    def fate(self, stix_id: str) -> tuple[Fate, str]:
        """What became of one of the objects, and the server's message."""
        if stix_id in self.refused:
            return Fate.REFUSED, self.refused[stix_id]
        if stix_id in self.taken:
            return Fate.TAKEN, ""
        if stix_id in self.pending or not self.is_complete:
            return Fate.PENDING, ""
        return (Fate.REFUSED, "some were refused, it was not said which") if self.some_refused else (Fate.TAKEN, "")


def read_status(body: Json) -> Status | Problem:
    """The status in a body; a problem where it is none, or none that could be asked for again."""
    if not isinstance(body, dict) or body.get("status") not in _WORDS:
        return _NO_STATUS
    identifier = body.get("id")
    refused = _listed(body, "failures")
    failures = body.get("failure_count")
    return Status(
        id=identifier if isinstance(identifier, str) and _ID.fullmatch(identifier) else "",
        is_complete=body["status"] == "complete",
        refused=refused,
        pending=frozenset(_listed(body, "pendings")),
        taken=frozenset(_listed(body, "successes")),
        some_refused=isinstance(failures, int) and failures > len(refused),
    )


def _listed(body: Mapping[str, Json], name: str) -> dict[str, str]:
    """Ids with their messages; what is not written as the standard wants is passed over."""
    rows = body.get(name)
    told: dict[str, str] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(stix_id := row.get("id"), str):
            said = row.get("message")
            told[stix_id] = said[:_MESSAGE] if isinstance(said, str) else ""
    return told
