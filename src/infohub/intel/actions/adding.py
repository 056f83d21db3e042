"""Adds objects to one collection on behalf of a source: the rules between versions, and the dates of addition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from infohub.intel import bulk
from infohub.intel.actions.collections import dated, lock
from infohub.intel.actions.keeping import keep
from infohub.intel.actions.marking import mark_versions
from infohub.intel.models import Collection, Placement
from infohub.standards.problem import Problem
from infohub.standards.stix21.parse import MARKING, Stated
from infohub.standards.tlp import Tlp

_PLACEMENT = (
    *("collection_id", "object_id", "stix_id", "type", "version", "size", "source", "tlp", "date_added"),
    *("is_newest", "is_oldest", "is_repeat", "is_apart"),
)
_THERE = (
    "SELECT p.stix_id, p.version, p.source, p.tlp, p.is_apart, o.digest, o.creator, o.revoked "
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


class _Row(NamedTuple):
    """What is placed under an id."""

    version: datetime
    source: str
    tlp: int
    is_apart: bool
    digest: str
    creator: str
    revoked: bool


class _New(NamedTuple):
    """An object that is placed, at which level, and whether apart from what stands there."""

    one: Stated
    level: int
    is_apart: bool


@dataclass(slots=True)
class Known:
    """What stands in a collection under one id."""

    creator: str
    source: str
    texts: dict[datetime, str] = field(default_factory=dict)
    is_of_piece: bool = False
    revoked_at: datetime | None = None

    def note(self, version: datetime, digest: str, source: str, *, revoked: bool) -> None:
        """One more version, or the same from one more source."""
        self.texts[version] = digest
        self.is_of_piece |= source.startswith(PIECE)
        if revoked:
            self.revoked_at = min(self.revoked_at or version, version)

    def against(self, one: Stated, *, source: str, own: str) -> Problem | None:
        """Why this version of the source, whose own identity is `own`, may not be beside what is there."""
        there = self.texts.get(one.version)
        if there is not None:
            return None if there == one.digest else _OTHER_CONTENT
        if self.is_of_piece:
            return _PIECE
        if one.creator != self.creator:
            return _OTHER_CREATOR
        if source != self.source and (not own or one.creator != own):  # a creator is only claimed
            return _OTHER_SOURCE
        if self.revoked_at is not None and one.version > self.revoked_at:
            return _REVOKED
        return _TOO_MANY if len(self.texts) >= MOST_VERSIONS else None


@dataclass(slots=True)
class _Shelf:
    """What stands under some ids of a collection: all of it, and what of it the source is shown that adds to it."""

    source: str
    own: str
    digests: set[str]
    whole: dict[str, Known]
    shown: dict[str, Known]

    @property
    def shows_all(self) -> bool:
        return self.shown is self.whole

    def against(self, one: Stated) -> Problem | None:
        """Why the source may not add it, from what it is shown; what it has added itself it may add again."""
        there = self.shown.get(one.id)
        return None if there is None or one.digest in self.digests else self._between(there, one)

    def keep(self, one: Stated) -> bool:
        """Note what is added; whether something stands against it that its source is not shown."""
        there = None if self.shows_all else self.whole.get(one.id)
        is_apart = there is not None and self._between(there, one) is not None
        self.digests.add(one.digest)
        for known in (self.shown, self.whole)[: 1 if self.shows_all or is_apart else 2]:
            first = known.setdefault(one.id, Known(one.creator, self.source))
            first.note(one.version, one.digest, self.source, revoked=one.revoked)
        return is_apart

    def _between(self, there: Known, one: Stated) -> Problem | None:
        return there.against(one, source=self.source, own=self.own)


def add(
    collection_id: int, objects: Sequence[Stated], *, source: str, own: str = "", shown: int = Tlp.RED.value
) -> list[Problem | None]:
    """Place the objects on behalf of the source; for each, why it is not taken. Runs inside its caller's transaction.

    An object without a marking gets the collection's level. One that is there already from the same source is taken
    and stays as it is; from another source it is placed once more, so that it outlasts what the other takes back.
    `own` is the id of the identity that the source is known to be, `shown` the level up to which the source is shown
    what others added. What it is not shown tells it nothing: what it adds against that is taken, and kept apart.
    """
    (collection,) = lock(Collection.objects.filter(pk=collection_id))
    shelf = _shelf(collection, {one.id for one in objects}, source=source, own=own, shown=shown)
    problems: list[Problem | None] = []
    new: list[_New] = []
    several: set[str] = set()
    for one in objects:
        level = level_in(one, collection)
        problem = TOO_STRICT if level > collection.ceiling else shelf.against(one)
        problems.append(problem)
        if problem is not None or one.digest in shelf.digests:
            continue
        if one.id in shelf.shown or not shelf.shows_all:  # where not all is shown, the answer takes as long without it
            several.add(one.id)
        new.append(_New(one, level, shelf.keep(one)))
    if new:
        _place(collection, new, source)
        mark_versions(collection.pk, several)
    return problems


def level_in(one: Stated, collection: Collection) -> int:
    """Its own, else the collection's; the definition of a marking is no secret."""
    if one.tlp is not None:
        return one.tlp.value
    return Tlp.CLEAR.value if one.type == MARKING else collection.ceiling


def _shelf(collection: Collection, ids: Iterable[str], *, source: str, own: str, shown: int) -> _Shelf:
    """What is there under these ids, the first that stands first."""
    rows: dict[str, list[_Row]] = {}
    question = f"{_THERE} WHERE p.collection_id = {collection.pk:d} AND p.stix_id"
    for stix_id, version, *rest in bulk.select(question, list(ids), order="p.is_apart, p.id"):
        rows.setdefault(str(stix_id), []).append(_Row._make((bulk.read(version), *rest)))
    digests = {row.digest for there in rows.values() for row in there if row.source == source}
    whole = {stix_id: _known(there) for stix_id, there in rows.items()}
    if shown >= collection.strictest:
        return _Shelf(source, own, digests, whole, whole)
    seen = {one: [row for row in there if row.source == source or row.tlp <= shown] for one, there in rows.items()}
    return _Shelf(source, own, digests, whole, {one: _known(there) for one, there in seen.items() if there})


def _known(rows: Sequence[_Row]) -> Known:
    """What stands of these rows, whose first says whose the object is: of what is apart, what is of the same source."""
    found = Known(rows[0].creator, rows[0].source)
    for row in rows:
        if not row.is_apart or row.source == found.source:
            found.note(row.version, row.digest, row.source, revoked=bool(row.revoked))
    return found


def _place(collection: Collection, objects: Sequence[_New], source: str) -> None:
    """Each stands alone, until what stands beside it is looked at; what is apart is a repeat for all who see more."""
    keys, storing = keep([one for one, *_ in objects]), bulk.storing()
    rows = (
        (
            *(collection.pk, keys[one.digest], one.id, one.type, storing(one.version)),
            *(len(one.raw.encode()), source, level, storing(date), True, True, is_apart, is_apart),
        )
        for date, (one, level, is_apart) in dated(collection, objects, shown_by=lambda new: (0, new.level))
    )
    bulk.insert(Placement, _PLACEMENT, rows)
