"""What ties a piece to others, as a graph and as tables that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infohub.analysis.findings import Kind
from infohub.assist.models import Reading, Said
from infohub.catalogue.models import Entry
from infohub.members.models import Person
from infohub.sharing.models import ItemState
from infohub.sharing.ties import Bond, Tie, Ties, ties_of
from infohub.web.context import viewer_person
from infohub.web.findings import KINDS
from infohub.web.graph import WIDTH, Graph, Node, graph_of
from infohub.web.handling import may_pass_on
from infohub.web.items.door import entry_of, readable_piece
from infohub.web.items.reading import name_of
from infohub.web.rows import foreign
from infohub.web.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class Thing:
    """A tie as the page shows it; a likeness of the texts leads to no list."""

    sort: str
    name: str
    url: str
    standing: str
    pieces: int

    @property
    def words(self) -> str:
        """All of it in one line."""
        return f"{self.sort}: {self.name}" if self.url else self.name


@dataclass(frozen=True, slots=True)
class Piece:
    """Another piece, and what both have."""

    entry: Entry
    title: str
    lang: str
    url: str
    shares: Sequence[Thing]


@require_safe
def relations(request: HttpRequest, ref: str) -> HttpResponse:
    """What a shared piece is tied to, among what the viewer may read."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    if piece.state != ItemState.PUBLISHED:
        raise Http404
    entry = entry_of(viewer, piece)
    ties = ties_of(viewer, piece, entry)
    things = {tie: _thing(tie) for tie in ties.ties}
    own = _piece(entry, [])
    pieces = [_piece(other, [things[tie] for tie in ties.of(other)]) for other in ties.pieces]
    level = max(entry.tlp, *(other.tlp for other in ties.pieces)) if ties.pieces else entry.tlp
    context = {
        "nav": "feed",
        "own": own,
        "level": level,
        "may": may_pass_on(level, viewer_person(cast(Person, request.user)).organisation_name),
        "things": list(things.values()),
        "pieces": pieces,
        "more_ties": ties.more_ties,
        "more_pieces": ties.more_pieces,
        "graph": _graph(own, ties, list(things.values()), pieces),
        "width": WIDTH,
        "waits": Reading.objects.filter(entry=entry, read_at=None).exclude(due_at=None).exists(),
    }
    return render(request, "items/relations.html", context)


def _graph(own: Piece, ties: Ties, things: Sequence[Thing], pieces: Sequence[Piece]) -> Graph:
    places = {piece.pk: place for place, piece in enumerate(ties.pieces)}
    leads = {(number, places[pk]) for number, tie in enumerate(ties.ties) for pk in tie.pieces}
    marked = [f"✓ {one.words}" if tie.confirmed else one.words for tie, one in zip(ties.ties, things, strict=True)]
    return graph_of(
        Node(own.title, own.url, own.lang),
        [Node(words, one.url) for words, one in zip(marked, things, strict=True)],
        [Node(one.title, one.url, one.lang) for one in pieces],
        leads,
    )


def _piece(entry: Entry, shares: Sequence[Thing]) -> Piece:
    title, _summary, language = entry.told_in(get_language() or "en")
    return Piece(entry, title, foreign(language), reverse("items:item", args=[entry.ref]), shares)


def _thing(tie: Tie) -> Thing:
    likeness = {Bond.TWIN.value: _("Says the same"), Bond.STORY.value: _("The same story")}
    if tie.bond in likeness:
        return Thing(_("Text"), likeness[tie.bond], "", _("by comparing the texts"), len(tie.pieces))
    return Thing(_sort(tie), name_of(tie.bond, tie.value, tie.name), _url(tie), _standing(tie), len(tie.pieces))


def _sort(tie: Tie) -> str:
    if tie.bond == Bond.CVE:
        return str(KINDS[Kind.CVE])
    return _("Indicator") if tie.bond == Bond.INDICATOR else str(Said(tie.bond).label)


def _url(tie: Tie) -> str:
    """The list of what speaks of it."""
    if tie.bond == Said.TECHNIQUE:
        return f"{reverse('member:feed')}?{urlencode({'technique': tie.value})}"
    return f"{reverse('member:search')}?{urlencode({'q': tie.name})}"


def _standing(tie: Tie) -> str:
    if tie.confirmed is None:
        return _("only read in the text")
    return _("confirmed") if tie.confirmed else _("not reviewed yet")
