"""Adds objects to one collection on behalf of a source: the rules between versions, and the dates of addition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from infohub.intel import bulk
from infohub.intel.actions.collections import dated, lock
from infohub.intel.actions.keeping import keep
from infohub.intel.actions.marking import mark_versions
from infohub.intel.models import Collection, Placement
from infohub.standards.problem import Problem
from infohub.standards.stix21.parse import MARKING, Stated
from infohub.standards.tlp import Tlp

_PLACEMENT = (
    *("collection_id", "object_id", "stix_id", "type", "version", "source", "tlp", "date_added"),
    *("is_newest", "is_oldest", "is_repeat"),
)
_ALONE = (True, True, False)
_THERE = (
    "SELECT p.stix_id, p.version, p.source, o.digest, o.creator, o.revoked "
    "FROM intel_placement p JOIN intel_stixobject o ON o.id = p.object_id"
)
TOO_STRICT = Problem("object_marking_refs", "This is stricter than the collection allows.")
_OTHER_CONTENT = Problem("modified", "This version is here with other content; a change needs a later `modified`.")
_OTHER_CREATOR = Problem("created_by_ref", "Only its creator may give an object a new version; derive one of your own.")
_OTHER_SOURCE = Problem("id", "Only who added the object first may add versions of it; derive one of your own.")
_TOO_MANY = Problem("modified", "The collection holds as many versions of this object as it keeps.")
_REVOKED = Problem("revoked", "The object is revoked, and stays so; a new one needs a new id.")
_PIECE = Problem("id", "The object belongs to a piece that is shared here; correct the piece instead.")

_PROBLEMS = (TOO_STRICT, _OTHER_CONTENT, _OTHER_CREATOR, _OTHER_SOURCE, _TOO_MANY, _REVOKED, _PIECE)
SENTENCES = tuple(problem.message for problem in _PROBLEMS)

MOST_VERSIONS = 1000
PIECE = "IH-"
"""How the sources begin that are pieces."""


@dataclass(slots=True)
class Known:
    """What a collection holds under one id."""

    creator: str
    source: str
    texts: dict[datetime, str] = field(default_factory=dict)
    sources: set[tuple[str, str]] = field(default_factory=set)
    revoked_at: datetime | None = None

    def note(self, version: datetime, digest: str, source: str, *, revoked: bool) -> None:
        """One more version, or the same from one more source."""
        self.texts[version] = digest
        self.sources.add((digest, source))
        if revoked:
            self.revoked_at = min(self.revoked_at or version, version)

    def against(self, one: Stated, *, source: str, own: str) -> Problem | None:
        """Why this version of the source, whose own identity is `own`, may not be beside what is there."""
        there = self.texts.get(one.version)
        if there is not None:
            return None if there == one.digest else _OTHER_CONTENT
        if any(of.startswith(PIECE) for _, of in self.sources):
            return _PIECE
        if one.creator != self.creator:
            return _OTHER_CREATOR
        if source != self.source and (not own or one.creator != own):  # a creator is only claimed
            return _OTHER_SOURCE
        if self.revoked_at is not None and one.version > self.revoked_at:
            return _REVOKED
        return _TOO_MANY if len(self.texts) >= MOST_VERSIONS else None


def add(collection_id: int, objects: Sequence[Stated], *, source: str, own: str = "") -> list[Problem | None]:
    """Place the objects on behalf of the source; for each, why it is not taken. Runs inside its caller's transaction.

    An object without a marking gets the collection's level. One that is there already from the same source is taken
    and stays as it is; from another source it is placed once more, so that it outlasts what the other takes back.
    `own` is the id of the identity that the source is known to be.
    """
    (collection,) = lock(Collection.objects.filter(pk=collection_id))
    known = _known(collection, {one.id for one in objects})
    problems: list[Problem | None] = []
    new: list[tuple[Stated, int]] = []
    several: set[str] = set()
    for one in objects:
        level, there = level_in(one, collection), known.get(one.id)
        problem = TOO_STRICT if level > collection.ceiling else None
        if problem is None and there is not None:
            problem = there.against(one, source=source, own=own)
        problems.append(problem)
        if problem is not None or (there is not None and (one.digest, source) in there.sources):
            continue
        new.append((one, level))
        if there is None:
            there = known[one.id] = Known(one.creator, source)
        else:
            several.add(one.id)
        there.note(one.version, one.digest, source, revoked=one.revoked)
    if new:
        _place(collection, new, source)
        mark_versions(collection.pk, several)
    return problems


def level_in(one: Stated, collection: Collection) -> int:
    """Its own, else the collection's; the definition of a marking is no secret."""
    if one.tlp is not None:
        return one.tlp.value
    return Tlp.CLEAR.value if one.type == MARKING else collection.ceiling


def _known(collection: Collection, ids: Iterable[str]) -> dict[str, Known]:
    """What is there under these ids."""
    found: dict[str, Known] = {}
    rows = bulk.select(f"{_THERE} WHERE p.collection_id = {collection.pk:d} AND p.stix_id", list(ids), order="p.id")
    for row in rows:
        stix_id, version, source, digest, creator, revoked = row
        there = found.setdefault(str(stix_id), Known(str(creator), str(source)))
        there.note(bulk.read(version), str(digest), str(source), revoked=bool(revoked))
    return found


def _place(collection: Collection, objects: Sequence[tuple[Stated, int]], source: str) -> None:
    keys, storing = keep([one for one, _ in objects]), bulk.storing()
    rows = (
        (
            *(collection.pk, keys[one.digest], one.id, one.type, storing(one.version)),
            *(source, level, storing(date), *_ALONE),
        )
        for date, (one, level) in dated(collection, objects, shown_by=lambda row: (0, row[1]))
    )
    bulk.insert(Placement, _PLACEMENT, rows)
