"""Drafts: kept on the server, read by their author alone, and not in the audit: a sealed piece begins as one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction

from infohub.analysis.extract import NOT_BY_ITSELF, extract
from infohub.members.models import Membership
from infohub.policy.models import Label
from infohub.policy.offices import shares
from infohub.policy.viewer import Viewer
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemState
from infohub.sharing.refusals import NotAllowedError, WrittenElsewhereError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.ids import fresh_ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What an author writes and ticks, apart from the audience."""

    kind: str
    title: str
    body: str
    language: str
    severity: int = 0
    tlp: Tlp | None = None
    pap: Tlp | None = None
    safe_line: str = ""
    unattributed: bool = False
    declined: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    """What analysis says of the text, as `subject:value`, that the author ticked; and what was shown and is not."""

    def replaced(self, written: str, instead: str) -> Text:
        """The same with other words wherever these stand."""
        if not written:
            return self
        return replace(self, title=self.title.replace(written, instead), body=self.body.replace(written, instead))


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which window writes a draft, the state of it there, and which of the window's saves this is (0: the last)."""

    window: str
    version: str = ""
    turn: int = 0


def version_of(item: Item) -> str:
    """The state of a draft, as forms carry it."""
    return item.updated_at.isoformat()


def private_label(author: Membership, tlp: Tlp | None) -> Label:
    """The label of a draft or a withdrawn piece: its author, nobody else."""
    return Label.objects.intern(
        tlp=Tlp.RED if tlp is None else tlp, owner=author.organisation, author=author, private=True
    )


@transaction.atomic
def start_draft(viewer: Viewer, *, text: Text, choice: Choice, stamp: Stamp | None = None) -> Item:
    """Begin a piece. Only members share: an officer without a membership has nobody to speak for."""
    if not shares(viewer):
        raise NotAllowedError
    author = Membership.objects.select_related("organisation").get(pk=viewer.membership or 0)
    moment = now()
    item = Item(
        ref=fresh_ref(Item, "IH"),
        author=author,
        state=ItemState.DRAFT,
        state_at=moment,
        created_at=moment,
        edited_in=stamp.window if stamp else "",
        edited_turn=stamp.turn if stamp else 0,
        label=private_label(author, text.tlp),
    )
    write(item, text=text, choice=choice)
    return item


@transaction.atomic
def save_draft(viewer: Viewer, *, item: Item, text: Text, choice: Choice, stamp: Stamp | None = None) -> Item:
    """Keep what the author typed; a draft may be incomplete and contradict itself.

    Raises WrittenElsewhereError where another window wrote it since this one read it, or a later save of this one did.
    """
    item = own_draft(viewer, item)
    if stamp is not None:
        _demand_latest(item, stamp)
        item.edited_in, item.edited_turn = stamp.window, stamp.turn
    item.label = private_label(_author(item), text.tlp)
    write(item, text=text, choice=choice)
    for child in (item.attachments, item.indicators):
        child.as_system("children follow their draft").update(label=item.label)
    return item


def _demand_latest(item: Item, stamp: Stamp) -> None:
    """Refuse a save that was overtaken: saves while typing may arrive after the button that followed them."""
    if item.edited_in == stamp.window:
        overtaken = 0 < stamp.turn < item.edited_turn
    else:
        overtaken = item.edited_in != "" and version_of(item) != stamp.version
    if overtaken:
        raise WrittenElsewhereError


@transaction.atomic
def discard(viewer: Viewer, *, item: Item) -> None:
    """Throw an own draft away, files and all."""
    item = own_draft(viewer, item)
    item.delete()


def own_draft(viewer: Viewer, item: Item) -> Item:
    """The draft again, locked, if it is the viewer's own and still a draft."""
    locked = Item.objects.readable(viewer).select_for_update(of=("self",)).get(pk=item.pk)
    if locked.state != ItemState.DRAFT or locked.author_id != viewer.membership or not shares(viewer):
        raise NotAllowedError
    return locked


def _author(item: Item) -> Membership:
    if item.author is None:
        raise NotAllowedError
    return item.author


def write(item: Item, *, text: Text, choice: Choice) -> None:
    """Keep what was typed; part of the actions that keep a draft."""
    typed(item, text=text, choice=choice, at=now())
    item.save()


def typed(item: Item, *, text: Text, choice: Choice, at: datetime) -> None:
    """Put what was typed on the row, to be saved with the rest of it."""
    item.kind, item.title, item.body, item.language = text.kind, text.title, text.body, text.language
    item.severity, item.safe_line, item.unattributed = text.severity, text.safe_line, text.unattributed
    item.tlp = None if text.tlp is None else text.tlp.value
    item.pap = None if text.pap is None else text.pap.value
    decided = {"declined": declined_in(text), "kept": sorted(text.kept)}
    decided |= {"said": sorted(text.said), "unsaid": sorted({*text.unsaid} - {*text.said})}
    item.choice = asdict(choice) | decided
    item.updated_at = at


def declined_in(text: Text) -> list[str]:
    """What the author unticked, and what nobody should block: inside addresses count only when they are ticked."""
    inside = [one.value for one in extract(f"{text.title}\n{text.body}") if one.note in NOT_BY_ITSELF]
    return sorted({*text.declined, *inside} - set(text.confirmed))  # in one order: what was checked is compared
