"""Long lists by cursor: newest first, where the last page ended, whatever came meanwhile."""

from __future__ import annotations

from datetime import datetime
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
    query = {name: value for name, value in request.GET.items() if name != "cursor"}
    place = f"{request.path}?{urlencode(sorted(query.items()))}"
    if cursor:
        at, pk = _position(cursor, place)
        rows = rows.filter(published_at__lte=at).exclude(Q(published_at=at, pk__gte=pk))
    found = list(rows.order_by("-published_at", "-pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    position = f"{getattr(last, 'published_at').isoformat()} {last.pk}"  # noqa: B009  (every such list has it)
    following = urlencode(query | {"cursor": cursors.encode(settings.SECRET_KEY.encode(), position, place)})
    return found[:limit], f"{settings.BASE_URL}{request.path}?{following}"


def _position(cursor: str, place: str) -> tuple[datetime, int]:
    position = cursors.decode(settings.SECRET_KEY.encode(), cursor, place)
    if position is None:
        raise ProblemError(422, errors=[Wrong(where="query.cursor", what="Send the `next` of the answer before.")])
    at, _space, pk = position.partition(" ")
    return datetime.fromisoformat(at), int(pk)
