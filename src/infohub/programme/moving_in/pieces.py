"""Items of a programme file: a piece, its files, its discussion and, where it was public, its release."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from infohub.members.models import Membership, Sector
from infohub.policy.rules import RefusedError, releasable
from infohub.policy.viewer import SYSTEM
from infohub.programme.moving_in import known
from infohub.programme.moving_in.audience import choice_from
from infohub.programme.moving_in.reading import Row
from infohub.programme.moving_in.result import Result
from infohub.releases.actions import bring_in as bring_in_release
from infohub.sharing.actions import Text
from infohub.sharing.actions.moving_in import Arrival, bring_in, bring_in_comment
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemKind, ItemState
from infohub.sharing.refusals import FileRefusedError, NotReadyError
from infohub.standards.tlp import Tlp
from infohub.support.clock import now

SEVERITIES = {"": 0, "none": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}
_NAMESPACE = uuid.UUID("b1a2cf0e-6d0f-4d5e-9a57-5a3c9d1f7e10")


@dataclass(frozen=True, slots=True)
class Unmarked:
    """What a piece without a marking becomes, and whether only people, organisations and groups may get it."""

    tlp: Tlp
    narrow: bool


def item(row: Row, result: Result, earlier: Item | None, unmarked: Unmarked) -> Item:
    """Bring one piece in, or what was added to its discussion since."""
    made = earlier or _made(row, unmarked)
    if earlier is not None:
        result.problem(row.where, row.id, "a piece that is in keeps its words; only its discussion is added to", "kept")
    if made.state == ItemState.PUBLISHED:
        _talk(row, made)
    return made


def _made(row: Row, unmarked: Unmarked) -> Item:
    state = row.one_of("state", ItemState.values, "published")
    at = _time_of(row, state)
    choice = choice_from(row.row("audience"), at)
    public = row.row("audience").flag("public")
    tlp = _marking(row, choice, unmarked)
    if public and not releasable(tlp):
        raise row.refuse("only CLEAR pieces can be public", "audience.public")
    author = known.membership_at(row, "author", row.text("author"), at)
    try:
        made = bring_in(SYSTEM, arrival=_arrival(row, author=author, choice=choice, tlp=tlp, state=state, at=at))
    except RefusedError as refusal:
        raise row.refuse(str(refusal), "audience") from refusal
    except (NotReadyError, FileRefusedError) as refusal:
        raise row.refuse(str(refusal)) from refusal
    if public and state == ItemState.PUBLISHED:
        bring_in_release(SYSTEM, item=made)
    return made


def _arrival(row: Row, *, author: Membership, choice: Choice, tlp: Tlp, state: str, at: datetime) -> Arrival:
    severity = row.one_of("severity", list(SEVERITIES), "")
    sectors: list[Sector] = known.sectors(row, "sectors")
    return Arrival(
        author=author,
        text=Text(
            kind=row.one_of("kind", ItemKind.values),
            title=row.text("title", most=300),
            body=row.text("body", most=2_000_000),
            language=row.one_of("language", [code for code, _name in settings.LANGUAGES], "en"),
            severity=SEVERITIES[severity],
            tlp=tlp,
            pap=row.tlp("pap"),
            unattributed=row.flag("unattributed"),
        ),
        choice=choice,
        state=state,
        at=at,
        sectors=tuple(sectors),
        extra_indicators=tuple(row.texts("indicators")),
        files=tuple(
            (one.text("name", most=200), one.text("text", most=10_000_000).encode()) for one in row.rows("attachments")
        ),
    )


def _time_of(row: Row, state: str) -> datetime:
    """When it was shared; what was not shared yet may have no such time."""
    at = row.moment_or_none("published_at")
    if at is None and state in {ItemState.PUBLISHED, ItemState.WITHDRAWN}:
        raise row.refuse("a time is needed here", "published_at")
    return at or now()


def _marking(row: Row, choice: Choice, unmarked: Unmarked) -> Tlp:
    tlp = row.tlp("tlp")
    if tlp is not None:
        return tlp
    if unmarked.narrow and (choice.everyone or choice.sectors):
        raise row.refuse("a piece without a marking may only go to people, organisations or groups", "tlp")
    return unmarked.tlp


def _talk(row: Row, made: Item) -> None:
    for number, one in enumerate(row.rows("comments")):
        at = one.moment("at")
        author = known.membership_at(one, "author", one.text("author"), at)
        nonce = uuid.uuid5(_NAMESPACE, f"{row.id}.{number}.{at.isoformat()}")
        bring_in_comment(SYSTEM, item=made, author=author, body=one.text("body", most=100_000), at=at, nonce=nonce)
