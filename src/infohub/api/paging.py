"""Long lists by cursor: newest first, where the last page ended, whatever came meanwhile."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from infohub.api.problems import ProblemError, Wrong
from infohub.standards.taxii21 import cursor as cursors

M = TypeVar("M", bound=Model)


def page(request: HttpRequest, rows: QuerySet[M], *, limit: int, cursor: str) -> tuple[list[M], str | None]:
    """The next rows by `published_at` and id, and the address of the page after them. One query, no count."""
    position = position_of(request, cursor)
    if position is not None:
        at, _space, pk = position.partition(" ")
        rows = rows.filter(published_at__lte=at).exclude(Q(published_at=at, pk__gte=pk))
    found = list(rows.order_by("-published_at", "-pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    position = f"{getattr(last, 'published_at').isoformat()} {last.pk}"  # noqa: B009  (every such list has it)
    return found[:limit], following(request, position)


def following(request: HttpRequest, position: str) -> str:
    """The address of the page that goes on after this position."""
    cursor = cursors.encode(settings.SECRET_KEY.encode(), position, _place(request))
    return f"{settings.BASE_URL}{request.path}?{urlencode(_query(request) | {'cursor': cursor})}"


def position_of(request: HttpRequest, cursor: str) -> str | None:
    """The position a cursor stands for, none where there is no cursor; one of another list is refused."""
    if not cursor:
        return None
    position = cursors.decode(settings.SECRET_KEY.encode(), cursor, _place(request))
    if position is None:
        raise ProblemError(422, errors=[Wrong(where="query.cursor", what="Send the `next` of the answer before.")])
    return position


def _place(request: HttpRequest) -> str:
    return f"{request.path}?{urlencode(sorted(_query(request).items()))}"


def _query(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items() if name != "cursor"}
