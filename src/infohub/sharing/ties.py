"""What a piece speaks of, and which other pieces do so too: of what its reader may read, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from infohub.analysis.findings import Kind
from infohub.analysis.relate.subjects import Sort, Trait
from infohub.assist.actions import text_of
from infohub.assist.models import Assertion, Key, Said, State
from infohub.assist.relations import Close, close_to, traits_of, twins_of
from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.policy.viewer import Viewer
from infohub.sharing.models import Indicator, Item
from infohub.sharing.related import VALUES, related_to

PIECES, TIES = 10, 18
"""With the piece itself hardly more than a page of a graph holds."""

_CLOSE = 40


class Bond(StrEnum):
    """What ties two pieces together besides what analysis says of them; for the rest it is a value of `Said`."""

    TWIN = "twin"
    STORY = "story"
    CVE = "cve"
    INDICATOR = "indicator"


_ORDER = (*Bond, Said.MALWARE, Said.ACTOR, Said.CAMPAIGN, Said.TOOL, Said.PRODUCT, Said.TECHNIQUE)
_NAMED = frozenset({Said.MALWARE, Said.ACTOR, Said.CAMPAIGN, Said.TOOL, Said.PRODUCT, Said.TECHNIQUE})
_OF_TRAITS = {Sort.CVE: Bond.CVE, Sort.INDICATOR: Bond.INDICATOR}


@dataclass(frozen=True, slots=True)
class Tie:
    """One thing, the other pieces that it leads to, and whether a person stands behind it (None: nobody is asked)."""

    bond: str
    value: str
    name: str
    confirmed: bool | None
    pieces: frozenset[int]


@dataclass(frozen=True, slots=True)
class Ties:
    """What a piece speaks of and the pieces that this leads to, the closest first; and how many more there are."""

    ties: tuple[Tie, ...]
    pieces: tuple[Entry, ...]
    more_ties: int
    more_pieces: int

    def of(self, piece: Entry) -> list[Tie]:
        """What it shares with one of them."""
        return [tie for tie in self.ties if piece.pk in tie.pieces]


def ties_of(viewer: Viewer, item: Item, entry: Entry, *, most_pieces: int = PIECES, most_ties: int = TIES) -> Ties:
    """The ties of a piece that the viewer reads, in a fixed number of queries."""
    readable = Entry.objects.readable(viewer)
    twins = [twin for twin in twins_of(viewer, text_of(entry)) if twin.pk != entry.pk]
    close = close_to(viewer, entry, most=_CLOSE)
    standing = (row for row in item.indicators.readable(viewer) if row.retracted_at is None)
    indicators = [row for row in standing if row.kind != Kind.ATTACK]  # said as a technique already
    sharing = [one.ref for one in related_to(viewer, item, indicators, most=_CLOSE)]
    others = _candidates(readable, twins, close, sharing)
    ties = [
        *_of_texts(twins, close),
        *_said(entry, others),
        *_valued(viewer, entry, item, indicators, others),
    ]
    tied = [piece for piece in others.values() if any(piece.pk in tie.pieces for tie in ties)]
    shown = tied[:most_pieces]
    chosen = _chosen(ties, [piece.pk for piece in shown], most=most_ties)
    return Ties(
        ties=tuple(chosen),
        pieces=tuple(shown),
        more_ties=len(ties) - len(chosen),
        more_pieces=len(tied) - len(shown) + _beyond(viewer, readable, item, indicators, [*others.values(), entry]),
    )


def _candidates(
    readable: EntryQuerySet, twins: Sequence[Entry], close: Sequence[Close], sharing: Sequence[str]
) -> dict[int, Entry]:
    """Pieces that may be tied, the closest first: twins, what is about the same, what has indicators in common."""
    by_ref = {one.ref: one for one in readable.select_related("label").filter(ref__in=sharing).defer("text")}
    found = [*twins, *(one.entry for one in close), *(by_ref[ref] for ref in sharing if ref in by_ref)]
    return {one.pk: one for one in found}


def _of_texts(twins: Sequence[Entry], close: Sequence[Close]) -> Iterator[Tie]:
    """That another piece says the same, or tells of the same happening."""
    for bond, pieces in (
        (Bond.TWIN, frozenset(one.pk for one in twins)),
        (Bond.STORY, frozenset(one.entry.pk for one in close if one.in_story)),
    ):
        if pieces:
            yield Tie(bond.value, "", "", None, pieces)


def _said(entry: Entry, others: Collection[int]) -> Iterator[Tie]:
    """Techniques and names that nobody rejected, here nor there."""
    own = list(Assertion.objects.of(entry).standing().filter(subject__in=_NAMED))
    same = Assertion.objects.standing().filter(
        entry__in=list(others), subject__in=_NAMED, value__in=[row.value for row in own]
    )
    leads = _gathered(
        ((subject, value), piece) for piece, subject, value in same.values_list("entry", "subject", "value")
    )
    for row in own:
        pieces = leads.get((row.subject, row.value), frozenset())
        yield Tie(row.subject, row.value, row.name, row.state == State.CONFIRMED, pieces)


def _valued(
    viewer: Viewer, entry: Entry, item: Item, indicators: Sequence[Indicator], others: Mapping[int, Entry]
) -> Iterator[Tie]:
    """Indicators and vulnerabilities, confirmed or only read in the text, that other pieces have too."""
    gone = {row.value for row in item.indicators.readable(viewer) if row.retracted_at is not None}
    read = [one for one in traits_of(entry) if one.sort in _OF_TRAITS and one.value not in gone]
    bonds = {one.value: _OF_TRAITS[one.sort] for one in read}
    bonds |= {row.value: Bond.CVE if row.kind == Kind.CVE else Bond.INDICATOR for row in indicators[:VALUES]}
    confirmed = {row.value for row in indicators}
    leads = _gathered([*_read_there(read, others), *_confirmed_there(viewer, list(bonds), others)])
    for (_any, value), pieces in leads.items():
        yield Tie(bonds[value].value, value, value, True if value in confirmed else None, pieces)


def _read_there(traits: Iterable[Trait], others: Collection[int]) -> Iterator[tuple[tuple[str, str], int]]:
    values = {one.key: one.value for one in traits}
    for key, piece in Key.objects.filter(key__in=list(values), entry__in=list(others)).values_list("key", "entry"):
        yield ("", values[key]), piece


def _confirmed_there(
    viewer: Viewer, values: list[str], others: Mapping[int, Entry]
) -> Iterator[tuple[tuple[str, str], int]]:
    pieces = {piece.ref: piece.pk for piece in others.values()}
    rows = Indicator.objects.readable(viewer).of_values(values).filter(retracted_at=None, item__ref__in=list(pieces))
    for value, ref in rows.values_list("value", "item__ref"):
        yield ("", value), pieces[ref]


def _gathered(leads: Iterable[tuple[tuple[str, str], int]]) -> dict[tuple[str, str], frozenset[int]]:
    found: dict[tuple[str, str], set[int]] = {}
    for thing, piece in leads:
        found.setdefault(thing, set()).add(piece)
    return {thing: frozenset(pieces) for thing, pieces in found.items()}


def _chosen(ties: Sequence[Tie], shown: Sequence[int], *, most: int) -> list[Tie]:
    """Those that lead furthest among the pieces shown, and at least one for each of these."""
    there = frozenset(shown)
    cut = [replace(one, pieces=one.pieces & there) for one in ties]
    ordered = sorted(cut, key=lambda one: (-len(one.pieces), not one.confirmed, _ORDER.index(one.bond), one.name))
    needed = {next(place for place, one in enumerate(ordered) if piece in one.pieces) for piece in shown}
    others = [place for place in range(len(ordered)) if place not in needed]
    return [ordered[place] for place in sorted([*needed, *others[: max(0, most - len(needed))]])]


def _beyond(
    viewer: Viewer, readable: EntryQuerySet, item: Item, indicators: Sequence[Indicator], seen: Iterable[Entry]
) -> int:
    """How many more pieces have indicators in common."""
    values = [row.value for row in indicators][:VALUES]
    shared = Indicator.objects.readable(viewer).of_values(values).filter(retracted_at=None).exclude(item=item)
    return readable.filter(ref__in=shared.values("item__ref")).exclude(pk__in=[one.pk for one in seen]).count()
