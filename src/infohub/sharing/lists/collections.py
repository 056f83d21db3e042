"""A collection as lists of values that programs obey: what of it leaves, in which form, and what does not and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from infohub.catalogue.actions import note_export
from infohub.intel.actions.adding import PIECE
from infohub.intel.listing import Ended, Value, listing
from infohub.intel.models import Collection
from infohub.members.programme import programme_held
from infohub.policy.rules import asks_not_to_block
from infohub.policy.viewer import Viewer
from infohub.sharing.export import Export
from infohub.sharing.lists.exporting import KINDS_OF_FILE, file_name
from infohub.sharing.lists.forms import OF_VALUES, Form, Held, Place, held_of, run, table
from infohub.sharing.lists.gathering import EXPIRED, RETRACTED, special
from infohub.sharing.lists.losses import COLUMNS, EVERY_FORM, told
from infohub.sharing.models import Item
from infohub.standards.blocklists import Listed
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.tlp import Tlp

REVOKED = "It was revoked by who made it."
ANOTHER = "It counts no more in this object, but leaves because of another one."
OLDER = "There are more objects than a list looks at: the newest leave."

SENTENCES = (REVOKED, ANOTHER, OLDER)

LISTS = (*OF_VALUES, Form.INDICATORS)
"""The forms in which a collection leaves; `losses` tells what the others leave out."""

TABLE_COLUMNS = ("type", "value", "tlp", "object", "added", "valid_until")
NAMED = 5
"""Objects that a line names, of all that have its value."""
_ENDS = {Ended.REVOKED: REVOKED, Ended.RETRACTED: RETRACTED, Ended.EXPIRED: EXPIRED}


@dataclass(frozen=True, slots=True)
class Collected:
    """What a reader may take of a collection; `lines` say what of it leaves in no form, or wants a second look.

    `rows` are what its objects say and still counts, `values` each value once.
    """

    collection: Collection
    at: datetime
    rows: list[Value]
    values: list[Listed]
    lines: list[Line]

    @property
    def tlp(self) -> Tlp:
        """The strictest marking among its objects that leave."""
        return max((row.tlp for row in self.rows), default=Tlp.CLEAR)


def collected(viewer: Viewer, collection: Collection, *, at: datetime) -> Collected:
    """Everything that leaves of a collection its reader may read, up to the reader's ceiling, in few queries."""
    found = listing(viewer, collection, at=at)
    rows = [row for row in reversed(found.values) if row.ended is None]
    values = _values(rows, _unblocked(viewer, rows))
    cut = [_line(collection.alias, "", OLDER)] if found.is_cut else []
    left = [_line(stix_id, stix_id, reason) for stix_id, reason in found.left]
    lines = [*cut, *_ended(found.values, values), *left, *special(values)]
    return Collected(collection, at, rows, values, lines)


def held_in(found: Collected, form: Form, *, kind: str = "") -> Held:
    """What the form would hold; `kind` narrows the plain list to one kind of value."""
    if form is Form.INDICATORS:
        return _table(found)
    place = Place(objects_below(found.collection), of="object")
    return held_of(found.values, form, at=found.at, place=place, kind=kind)


def exported_from(viewer: Viewer, found: Collected, form: Form, *, kind: str = "") -> Export:
    """The collection in one of the LISTS, or its losses. Where a person takes it, the export is recorded.

    A program pulls it every few minutes: that is among the calls of its token.
    """
    content_type, ending = KINDS_OF_FILE[form]
    with programme_held():
        if form is Form.LOSSES:
            tlp, content = found.tlp, _losses(found)
        else:
            one = held_in(found, form, kind=kind)
            tlp, content = one.tlp, one.made()
    if viewer.token is None:
        note_export(viewer, entries=len(found.values), subject=found.collection.alias, form=form.value)
    name = file_name(f"{found.collection.alias}-{kind or form.value}", tlp, ending)
    return Export(name, content_type, content)


def objects_below(collection: Collection) -> str:
    """The address below which the pages of its objects are."""
    return f"{settings.BASE_URL}/member/integrations/collections/{collection.uuid}/objects/"


def _values(rows: Iterable[Value], unblocked: frozenset[str]) -> list[Listed]:
    """Each value once, with the strictest marking of its objects."""
    found: dict[tuple[str, str], list[Value]] = {}
    for row in rows:
        found.setdefault((row.kind, row.value), []).append(row)
    return [
        Listed(
            kind=kind,
            value=value,
            tlp=max(one.tlp for one in having),
            refs=tuple(dict.fromkeys(one.stix_id for one in having))[:NAMED],
            unblocked=any(one.source in unblocked for one in having),
        )
        for (kind, value), having in found.items()
    ]


def _unblocked(viewer: Viewer, rows: Iterable[Value]) -> frozenset[str]:
    """The pieces among the sources whose authors ask that nothing be blocked; objects have no PAP."""
    refs = {row.source for row in rows if row.source.startswith(PIECE)}
    if not refs:
        return frozenset()
    asked = Item.objects.readable(viewer).filter(ref__in=refs, pap__isnull=False)
    return frozenset(one.ref for one in asked.only("ref", "pap") if one.pap and asks_not_to_block(Tlp(one.pap)))


def _ended(rows: Iterable[Value], leaving: Iterable[Listed]) -> Iterator[Line]:
    """What counts no more in an object; the same value may leave all the same, because of another one."""
    there = {(one.kind, one.value) for one in leaving}
    for row in rows:
        if row.ended is None:
            continue
        if (row.kind, row.value) in there:
            yield _line(row.value, row.stix_id, ANOTHER, outcome=Outcome.TAKEN)
        else:
            yield _line(row.value, row.stix_id, _ENDS[row.ended])


def _table(found: Collected) -> Held:
    """A row for each object that has the value."""
    rows = [
        (
            *(row.kind, row.value, row.tlp.mark, row.stix_id, row.since.date().isoformat()),
            row.until.date().isoformat() if row.until else "",
        )
        for row in found.rows
    ]
    lines = tuple(run([(one.refs[0], one.value) for one in found.values]))
    return Held(len(rows), found.tlp, lines, lambda: table(TABLE_COLUMNS, rows))


def _losses(found: Collected) -> bytes:
    head = tuple("objects" if name == "pieces" else name for name in COLUMNS)
    forms = ((form.value, held_in(found, form).lines) for form in LISTS)
    return table(head, told(((EVERY_FORM, found.lines), *forms)))


def _line(subject: str, ref: str, reason: str, *, outcome: Outcome = Outcome.REFUSED) -> Line:
    return Line(subject, outcome, (Problem(ref, reason),))
