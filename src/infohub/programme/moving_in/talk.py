"""The discussion of a piece that moves in: each contribution by somebody who could read the piece."""

from __future__ import annotations

import uuid
from collections import Counter

from infohub.policy.viewer import SYSTEM
from infohub.programme.moving_in.reading import Row, RowRefusedError
from infohub.programme.moving_in.run import Run
from infohub.sharing.actions.discussion import COMMENT_CHARACTERS
from infohub.sharing.actions.moving_in import Contribution, bring_in_talk, could_read
from infohub.sharing.models import Item

NAMES = frozenset({"author", "at", "body"})
_NAMESPACE = uuid.UUID("b1a2cf0e-6d0f-4d5e-9a57-5a3c9d1f7e10")


def talk(row: Row, run: Run, item: Item) -> None:
    """Bring in what was said below the piece; what is there already is corrected where it changed."""
    said: list[Contribution] = []
    times: Counter[str] = Counter()
    for one in row.rows("comments"):
        try:
            if isinstance(one, RowRefusedError):
                raise one
            said.append(_contribution(one, run, item, times))
        except RowRefusedError as refusal:
            run.refuse(row, refusal)
    if said:
        bring_in_talk(SYSTEM, item=item, said=said)


def _contribution(row: Row, run: Run, item: Item, times: Counter[str]) -> Contribution:
    """One contribution; its name is made of the piece, its author and its time, and of its place among equals."""
    run.look_over(row, NAMES)
    at, writer = row.past("at"), row.text("author")
    author = run.known.membership_at(row, "author", writer, at)
    if not could_read(item, author=author, at=at):
        raise row.refuse("who writes here must be able to read the piece", "author")
    key = f"{item.uuid} {writer} {at.isoformat()}"
    times[key] += 1
    return Contribution(
        author=author,
        at=at,
        body=row.text("body", most=COMMENT_CHARACTERS),
        nonce=uuid.uuid5(_NAMESPACE, f"{key} {times[key]}"),
    )
