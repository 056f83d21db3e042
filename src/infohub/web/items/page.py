"""A piece's own page: everything its reader sees there, and what its author sees beside it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from infohub.assist.relations import Close, close_to
from infohub.catalogue.models import Entry
from infohub.delivery.actions import receive
from infohub.delivery.models import Following, ReceiptKind
from infohub.intel.models import Sighting
from infohub.members.models import Group
from infohub.policy import offices
from infohub.policy.rules import must_freeze
from infohub.policy.viewer import Viewer
from infohub.releases.models import Proposal
from infohub.sharing.actions.indicators import decides_indicators
from infohub.sharing.actions.order import keeps
from infohub.sharing.actions.publishing import outbox
from infohub.sharing.actions.review import may_review
from infohub.sharing.actions.suggesting import suggestions_for
from infohub.sharing.actions.withdrawal import may_withdraw
from infohub.sharing.choice import Reach, reach_of
from infohub.sharing.circles import circles
from infohub.sharing.models import Course, Item, ItemKind, ItemState
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.markdown import render as rendered
from infohub.support.marks import Mark
from infohub.support.pdf import prints
from infohub.web.items.door import entry_of
from infohub.web.items.indicators import indicator_rows
from infohub.web.items.marking import marks_in
from infohub.web.items.reading import Shown, shown_reading
from infohub.web.items.talk import Typed, talk_of
from infohub.web.items.texts import shown_of
from infohub.web.languages import LANGUAGES
from infohub.web.rows import foreign, severity_word

RENDERED_CHARACTERS = 100_000
RELATED, COMPARED = 6, 40
NOTHING_TYPED = Typed()


def page(
    request: HttpRequest, viewer: Viewer, piece: Item, *, typed: Typed = NOTHING_TYPED, status: int = 200
) -> HttpResponse:
    """The page of a piece, with what was typed there and could not be taken."""
    published = piece.state == ItemState.PUBLISHED
    entry = entry_of(viewer, piece) if published else None
    if entry:
        receive(viewer, entry=entry)
    proposals = [row for row in Proposal.objects.readable(viewer).about(piece.ref) if row.label.answered_for_by(viewer)]
    indicators = indicator_rows(viewer, piece)
    talk = talk_of(viewer, piece)
    shown = shown_of(piece, request.GET.get("language", ""))
    keeps_order = published and keeps(viewer, piece)
    reading = shown_reading(entry, decides=keeps_order) if entry else Shown()
    marks = marks_in(piece, shown.body, reading=reading, indicators=indicators)
    context = {
        "nav": "feed",
        "item": piece,
        "entry": entry,
        "level": Tlp(piece.tlp) if piece.tlp is not None else None,
        "pap": "" if piece.pap is None else f"PAP:{Tlp(piece.pap).word}",
        "kind": ItemKind(piece.kind).label,
        "severity": severity_word(piece.severity),
        "shown": shown,
        "lang": foreign(shown.language.code),
        "body": _body(shown.body, marks),
        "reading": reading,
        "marked": bool(marks),
        "unwritten": [one for one in LANGUAGES if one.code != piece.language],
        "author": entry.author if entry else _writer(piece),
        "indicators": indicators,
        "decides": published and decides_indicators(viewer, piece),
        "files": list(piece.attachments.readable(viewer)),
        "comments": talk,
        "keeps_order": keeps_order,
        "nonce": uuid.uuid4(),
        "typed": typed,
        "circles": circles(viewer, piece) if published else [],
        "answering": next((one for one in talk if one.row == typed.answering), None),
        "own": piece.label.written_by(viewer),
        "undo": _undo(piece) if published and piece.label.written_by(viewer) else None,
        "answerable": published and piece.label.answered_for_by(viewer),
        "withdrawable": published and may_withdraw(viewer, piece),
        "reviewable": may_review(viewer, piece),
        "acknowledged": entry is not None and entry.acknowledged_by(viewer.membership),
        "proposals": proposals,
        "offerable": all(proposal.is_closed for proposal in proposals),
        "courses": Course.choices,
        "prints": published and prints(),
        "opened": list(piece.openings.opened()) if _wrote_under_seal(viewer, piece) else [],
    }
    if entry:
        close = close_to(viewer, entry, most=COMPARED)
        context |= _around(viewer, piece, entry) | {
            "related": [(one, foreign(one.entry.language)) for one in close[:RELATED]],
            "story": _story(entry, close),
        }
    return render(request, "items/item.html", context | _readers(viewer, piece), status=status)


def _story(entry: Entry, close: Sequence[Close]) -> dict[str, int] | None:
    """Which of the pieces that tell of one happening this is, by the time they were shared; None where it is alone."""
    others = [one.entry.published_at for one in close if one.in_story]
    earlier = sum(moment < entry.published_at for moment in others)
    return {"number": earlier + 1, "all": len(others) + 1} if others else None


def _wrote_under_seal(viewer: Viewer, piece: Item) -> bool:
    return piece.seal_id is not None and piece.label.written_by(viewer)


def _around(viewer: Viewer, piece: Item, entry: Entry) -> dict[str, object]:
    """What readers did with the piece, what is like it, and what became of it."""
    return {
        "sightings": Sighting.objects.counted(entry),
        "my_sighting": Sighting.objects.filter(entry=entry, membership=viewer.membership).first(),
        "stance": Following.objects.filter(entry=entry, person=viewer.person).values_list("stance", flat=True).first(),
        "pins": _pins(viewer, piece),
        "suggestions": suggestions_for(viewer, piece),
        "revisions": list(piece.revisions.defer("body").order_by("-number")[:20]),
        "who_read": _who_read(piece, entry) if piece.label.answered_for_by(viewer) else None,
    }


def _pins(viewer: Viewer, piece: Item) -> list[tuple[Group, bool]]:
    """The groups of the piece that the viewer keeps, and whether it is pinned there."""
    kept = [group for group in piece.groups.all() if offices.keeps_group(viewer, group.pk)]
    pinned = set(piece.pins.values_list("group", flat=True)) if kept else set()
    return [(group, group.pk in pinned) for group in kept]


def _who_read(piece: Item, entry: Entry) -> list[tuple[str, str]]:
    """Who opened and acknowledged the piece: organisations, and for RED the people, as its author may know."""
    by_person = must_freeze(piece.marking)
    name = "membership__person__name" if by_person else "membership__organisation__name"
    done: dict[str, str] = {}
    others = entry.receipts.exclude(membership=piece.author).order_by("pk")
    for who, kind in others.values_list(name, "kind"):
        if kind == ReceiptKind.ACKNOWLEDGED or who not in done:
            done[who] = str(ReceiptKind(kind).label)
    return sorted(done.items())


def _undo(piece: Item) -> dict[str, object] | None:
    """Until when e-mail and machines wait, and how long that is; nothing when it is past."""
    until = outbox(piece.published_at)
    left = int((until - now()).total_seconds())
    return {"until": until, "left": f"{left // 60}:{left % 60:02d}"} if left > 0 else None


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads a piece, as far as the viewer may know."""

    reach: Reach
    names: tuple[str, ...]
    groups: list[Group]


def readers_of(viewer: Viewer, piece: Item) -> Readers:
    """The exact count for everybody; names of organisations only where every group addressed is known to the viewer.

    The sealed author reads too, but would be named by an organisation that nobody addressed.
    """
    groups = list(piece.groups.all())
    known = {group.pk for group in Group.objects.listed_or_in(viewer.groups | viewer.moderates)}
    reach = reach_of(piece.label.addressed() if piece.seal_id else piece.label.audience())
    hidden = any(group.pk not in known for group in groups)
    return Readers(reach, () if hidden else reach.organisations, [group for group in groups if group.pk in known])


def _readers(viewer: Viewer, piece: Item) -> dict[str, object]:
    readers = readers_of(viewer, piece)
    return {
        "reach": readers.reach,
        "names": readers.names,
        "groups": readers.groups,
        "frozen": any(clause.frozen for clause in piece.label.clauses),
    }


def _body(text: str, marks: Sequence[Mark]) -> str:
    """The safe HTML of the text; a very long one is shown as it was typed."""
    if len(text) > RENDERED_CHARACTERS:
        return ""
    return mark_safe(rendered(text, marks))  # noqa: S308  (nh3 has cleaned it)


def _writer(piece: Item) -> str:
    if piece.author is not None:
        return f"{piece.author.person.name}, {piece.author.organisation.name}"
    if piece.seal is not None and piece.seal.sector is not None:
        return _("A member in %(sector)s") % {"sector": piece.seal.sector.name}
    return _("A member")
