"""Who stands behind a token that a machine presents: one look-up, no slow hash, rights as they stand now."""

from __future__ import annotations

from infohub.intel.actions import note_use
from infohub.members.models import Token
from infohub.policy.viewer import Viewer, ViewerKind, token_viewer
from infohub.support.clock import now
from infohub.support.ids import keyed_digest


def machine_viewer(secret: str) -> Viewer | None:
    """The viewer behind a live token; nothing for any other secret, and where its holder has lost the right."""
    if not secret:
        return None
    at = now()
    tokens = Token.objects.of_machines().live(at).order_by()
    token = tokens.filter(digest=keyed_digest(secret)).first()
    viewer = token_viewer(token) if token else None
    if token is None or viewer is None or viewer.kind is ViewerKind.NOBODY:
        return None
    note_use(token, at=at)
    return viewer
