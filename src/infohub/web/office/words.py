"""What the office's pages say of seats, people and long lists of names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infohub.members.models import Seat
from infohub.policy import offices
from infohub.policy.viewer import Viewer

NAMED = 5


@dataclass(frozen=True, slots=True)
class SeatWords:
    """A seat as this viewer may hear of it: an unlisted group has no name for those outside it."""

    seat: Seat
    group: str
    ref: str
    holder: str


def seat_words(viewer: Viewer, seat: Seat) -> SeatWords:
    """The words for a seat."""
    known = offices.knows_group(viewer, seat.group)
    return SeatWords(
        seat=seat,
        group=seat.group.name if known else _("an unlisted group"),
        ref=seat.group.ref if offices.keeps_group(viewer, seat.group_id) else "",
        holder=seat.membership.person.name if seat.membership else _("the whole organisation"),
    )


@dataclass(frozen=True, slots=True)
class GroupSeats:
    """One group and who holds seats in it."""

    group: str
    ref: str
    holders: tuple[str, ...]


def by_group(seats: Iterable[SeatWords]) -> list[GroupSeats]:
    """The same seats, group by group; unlisted groups that may not be named stay apart."""
    held: dict[int, list[SeatWords]] = {}
    for seat in seats:
        held.setdefault(seat.seat.group_id, []).append(seat)
    return [GroupSeats(rows[0].group, rows[0].ref, tuple(row.holder for row in rows)) for rows in held.values()]


def some(names: Sequence[str]) -> str:
    """A colon and the first names, and how many more there are; nothing for no names."""
    if not names:
        return ""
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    if more <= 0:
        return f": {shown}"
    return ": " + ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {"names": shown, "n": more}
