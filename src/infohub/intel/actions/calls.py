"""Keeps when machines called."""

from __future__ import annotations

from datetime import datetime, timedelta

from infohub.members.models import Token

USE_NOTED_EVERY = timedelta(minutes=1)


def note_use(token: Token, *, at: datetime) -> None:
    """Remember that a token was used, at most once a minute: a pulling machine must not become a writing one."""
    if token.used_at is None or at - token.used_at >= USE_NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=at)
        token.used_at = at
