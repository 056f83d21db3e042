"""What of a list of pieces may leave: the shared pieces, the indicators that still count, the rules in their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network

from django.db.models import Q

from infohub.analysis import addresses, hosts
from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.policy.rules import asks_not_to_block
from infohub.policy.viewer import Viewer
from infohub.sharing.confirmed import confirmed_in
from infohub.sharing.models import Attachment, Indicator, IndicatorQuerySet, Item, ItemQuerySet, ItemState
from infohub.standards.blocklists import ADDRESSES, Listed
from infohub.standards.detection import DetectionRule, rules_in
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.confirmed import Confirmed
from infohub.standards.tlp import Tlp
from infohub.support.markdown import fences

PIECES, INDICATORS = 10_000, 100_000
SEARCHED_CHARACTERS = 100_000  # as much of a text as its page renders

WITHDRAWN = "The piece was withdrawn. Only its author still sees it."
RETRACTED = "It was retracted as a false positive."
ELSEWHERE = "It was retracted in this piece as a false positive, but leaves because of another one."
EXPIRED = "It has expired."
TOO_LONG = "The text is too long to be searched for detection rules. Copy them from the page of the piece."
PRIVATE = "It is of a private or reserved range. Look twice before you block it."
WELL_KNOWN = "It is well known, and many rely on it. Look twice before you block it."

SENTENCES = (WITHDRAWN, RETRACTED, ELSEWHERE, EXPIRED, TOO_LONG, PRIVATE, WELL_KNOWN)

_NEWEST = ("-item__published_at", "-item", "pk")
_SHOWN = ("uuid", "kind", "value", "valid_from", "valid_until", "item")
_FENCED = Q(body__contains="```") | Q(body__contains="~~~")
_SPECIAL = {
    addresses.PRIVATE: PRIVATE,
    addresses.RESERVED: PRIVATE,
    addresses.WELL_KNOWN: WELL_KNOWN,
    hosts.WELL_KNOWN: WELL_KNOWN,
    hosts.INTERNAL_NAME: PRIVATE,
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the filters found, the newest piece first; `lines` say what of it leaves in no form, or wants a second look.

    `pieces` are without their texts and by their id, as are the names of their `files` and what people `confirmed`.
    """

    viewer: Viewer
    at: datetime
    entries: list[Entry]
    pieces: dict[int, Item]
    rows: list[Indicator]
    values: list[Listed]
    rules: list[DetectionRule]
    files: dict[int, list[str]]
    confirmed: dict[int, tuple[Confirmed, ...]]
    more_pieces: int
    more_indicators: int
    lines: list[Line]

    @property
    def tlp(self) -> Tlp:
        """The strictest marking among the pieces."""
        return max((piece.marking for piece in self.pieces.values()), default=Tlp.CLEAR)


def gathered(viewer: Viewer, entries: EntryQuerySet, *, at: datetime) -> Gathered:
    """Everything that leaves, in a fixed number of queries; the forms that hold whole texts read those later."""
    listed = list(entries.newest().carded()[:PIECES])
    shared = Item.objects.readable(viewer).filter(ref__in=[entry.ref for entry in listed], state=ItemState.PUBLISHED)
    by_ref = {piece.ref: piece for piece in shared.defer("body", "choice")}
    pieces = {by_ref[entry.ref].pk: by_ref[entry.ref] for entry in listed if entry.ref in by_ref}
    own = Indicator.objects.readable(viewer).filter(item__in=list(pieces))
    live = list(own.live(at).order_by(*_NEWEST).only(*_SHOWN)[:INDICATORS])
    values = _values(live, pieces)
    rules, unsearched = _rules(shared)
    withdrawn = [_line(entry.ref, entry.ref, WITHDRAWN) for entry in listed if entry.ref not in by_ref]
    return Gathered(
        viewer=viewer,
        at=at,
        entries=[entry for entry in listed if entry.ref in by_ref],
        pieces=pieces,
        rows=live,
        values=values,
        rules=rules,
        files=_files(viewer, pieces),
        confirmed=confirmed_in(pieces.values()),
        more_pieces=entries.count() - PIECES if len(listed) == PIECES else 0,
        more_indicators=own.live(at).count() - INDICATORS if len(live) == INDICATORS else 0,
        lines=[*withdrawn, *_dead(own, values, at), *special(values), *unsearched],
    )


def _values(rows: Iterable[Indicator], pieces: dict[int, Item]) -> list[Listed]:
    """Each value once, with the strictest marking of its pieces."""
    found: dict[tuple[str, str], list[Item]] = {}
    for row in rows:
        found.setdefault((row.kind, row.value), []).append(pieces[row.item_id])
    return [
        Listed(
            kind=kind,
            value=value,
            tlp=max(piece.marking for piece in having),
            refs=tuple(piece.ref for piece in having),
            unblocked=any(piece.pap is not None and asks_not_to_block(Tlp(piece.pap)) for piece in having),
        )
        for (kind, value), having in found.items()
    ]


def _dead(own: IndicatorQuerySet, values: Iterable[Listed], at: datetime) -> Iterator[Line]:
    """What counts no more; the same value may leave all the same, because of another piece."""
    leaving = {(one.kind, one.value) for one in values}
    rows = own.dead(at).order_by(*_NEWEST).values_list("item__ref", "kind", "value", "retracted_at")[:INDICATORS]
    for ref, kind, value, retracted in rows:
        if retracted is None:
            yield _line(value, ref, EXPIRED)
        elif (kind, value) in leaving:
            yield _line(value, ref, ELSEWHERE, outcome=Outcome.TAKEN)
        else:
            yield _line(value, ref, RETRACTED)


def special(values: Iterable[Listed]) -> Iterator[Line]:
    """What should hardly be blocked, whoever named it."""
    for one in values:
        if reason := _SPECIAL.get(_note(one)):
            yield _line(one.value, ", ".join(one.refs), reason, outcome=Outcome.TAKEN)


def _note(one: Listed) -> str:
    if one.kind in ADDRESSES:
        try:
            return addresses.address_note(ip_network(one.value).network_address)
        except ValueError:
            return ""
    domain = hosts.domain_of(one.value) if one.kind == "domain" else None
    return domain[1] if domain else ""


def _rules(shared: ItemQuerySet) -> tuple[list[DetectionRule], list[Line]]:
    """The detection rules in the texts, and the texts that are too long to be searched."""
    rules: list[DetectionRule] = []
    unsearched: list[Line] = []
    for piece in shared.filter(_FENCED).order_by("-published_at", "-pk").only("ref", "tlp", "body"):
        if len(piece.body) > SEARCHED_CHARACTERS:
            unsearched.append(_line(piece.ref, piece.ref, TOO_LONG))
        else:
            rules += rules_in(fences(piece.body), tlp=piece.marking, ref=piece.ref)
    return rules, unsearched


def _files(viewer: Viewer, pieces: dict[int, Item]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Attachment.objects.readable(viewer).filter(item__in=list(pieces))
    for item, name in rows.values_list("item", "name"):
        found.setdefault(item, []).append(name)
    return found


def _line(subject: str, ref: str, reason: str, *, outcome: Outcome = Outcome.REFUSED) -> Line:
    return Line(subject, outcome, (Problem(ref, reason),))
