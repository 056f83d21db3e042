"""One page of a collection: reads the query, takes a page's worth of placements, makes the cursor for the next."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest

from infohub.intel.models import Collection
from infohub.intel.pulling import Pulled, pull
from infohub.policy.viewer import Viewer
from infohub.standards.stix21.timestamp import moment_of
from infohub.standards.taxii21 import cursor
from infohub.standards.taxii21.filters import Problem, Query, query_of
from infohub.taxii.answers import RefusedError

LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one text or several, each after its date of addition; `next` is there when more rows follow."""

    rows: list[Pulled]
    next: str | None


def asked(request: HttpRequest) -> Query:
    """The query of the request; a parameter that is malformed or repeated is refused."""
    try:
        query = query_of(dict(request.GET.lists()))
    except TooManyFieldsSent as too_many:
        raise RefusedError(400, "The query is not valid", "Too many parameters.") from too_many
    if isinstance(query, Problem):
        raise RefusedError(400, query.title, query.description)
    return query


def page(viewer: Viewer, collection: Collection, query: Query, *columns: str, scope: str) -> Page:
    """The next rows for this query as the viewer's rights stand now, wherever the cursor came from."""
    limit = min(query.limit or LARGEST_PAGE, LARGEST_PAGE)
    place = f"{collection.uuid} {scope}"
    query = replace(query, added_after=_later(query.added_after, _position(query.next, place)))
    found = pull(viewer, collection, query, *columns, most=limit)
    following = cursor.encode(_secret(), stamp(found.rows[-1][0]), place) if found.is_cut else None
    return Page(found.rows, following)


def stamp(moment: bytes) -> str:
    """A moment of a row as TAXII writes it; SQLite leaves its fraction out where that is zero."""
    return f"{moment.decode().replace(' ', 'T')}{'' if b'.' in moment else '.000000'}Z"


def _position(following: str | None, place: str) -> datetime | None:
    """The position a cursor stands for; one that was altered, or made for another address, is refused."""
    if following is None:
        return None
    position = cursor.decode(_secret(), following, place)
    moment = moment_of(position) if position else None
    if moment is None:
        raise RefusedError(400, "The query is not valid", "next: must be the value of the previous answer")
    return moment


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    given = [moment for moment in (one, other) if moment is not None]
    return max(given, default=None)


def _secret() -> bytes:
    return settings.SECRET_KEY.encode()
