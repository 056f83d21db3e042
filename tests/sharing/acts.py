"""Acts of sharing as tests perform them: a draft, checked and shared."""

from __future__ import annotations

from infohub.policy.viewer import Viewer
from infohub.sharing.actions import Text, publish, start_draft
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp

BODY = "They called our accounts team from hxxp://198.51.100[.]7/pay and asked for a code."


def text(
    title: str = "Calls to the accounts team",
    *,
    body: str = BODY,
    tlp: Tlp | None = Tlp.AMBER,
    kind: str = "alert",
    severity: int = 3,
    safe_line: str = "",
    unattributed: bool = False,
    declined: tuple[str, ...] = (),
    confirmed: tuple[str, ...] = (),
) -> Text:
    """A text that could be shared."""
    return Text(
        kind=kind,
        title=title,
        body=body,
        language="en",
        severity=severity,
        tlp=tlp,
        safe_line=safe_line,
        unattributed=unattributed,
        declined=declined,
        confirmed=confirmed,
    )


def shared(viewer: Viewer, choice: Choice, written: Text | None = None) -> Item:
    """A piece that went through draft, check and share."""
    item = start_draft(viewer, text=written or text(), choice=choice)
    return publish(viewer, item=item, nonce=check(viewer, item=item).nonce)
