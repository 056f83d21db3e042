"""The programme's row as everybody asks for it, read once per request or batch: its languages and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import tzinfo

from django.utils import timezone, translation

from infohub.members.models import Programme

_held: ContextVar[list[Programme | None] | None] = ContextVar("programme", default=None)


@contextmanager
def programme_held() -> Iterator[None]:
    """Within it the row is read at most once, when somebody first asks."""
    if _held.get() is not None:
        yield
        return
    before = _held.set([])
    try:
        yield
    finally:
        _held.reset(before)


def this_programme() -> Programme | None:
    """The row, where there is one yet."""
    held = _held.get()
    if held is None:
        return Programme.objects.first()
    if not held:
        held.append(Programme.objects.first())
    return held[0]


def offered_languages() -> list[tuple[str, str]]:
    """The languages of pages and mail, as choices; the first stands in for those the programme does not offer."""
    return (this_programme() or Programme()).offered


def language_for(code: str) -> str:
    """What somebody gets who wants this language. What a person chose stays as it is, and counts when it is back."""
    codes = [offered for offered, _name in offered_languages()]
    return code if code in codes else codes[0]


def clock() -> tzinfo:
    """The time zone of dates and hours."""
    programme = this_programme()
    return programme.zone if programme else timezone.get_default_timezone()


@contextmanager
def speaking_to(code: str) -> Iterator[None]:
    """Words for somebody who wants this language, and times on the programme's clock."""
    with programme_held(), translation.override(language_for(code)), timezone.override(clock()):
        yield
