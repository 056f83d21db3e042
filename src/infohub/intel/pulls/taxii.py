"""Pulls a TAXII 2.1 collection: what was added since last time, page by page, whatever the server does with pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from infohub.intel.models import Source
from infohub.intel.models.sources import Cursor
from infohub.intel.pulls.asking import Asker, Batch, PullError, Trouble, in_thousands, unreadable
from infohub.standards import jsontext
from infohub.standards.jsontext import Json
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.timestamp import microseconds, moment_of
from infohub.standards.targets import target_of
from infohub.standards.taxii21.media import TAXII, content_type_allows

MOST_OBJECTS = 10_000
LONGEST_NEXT = 2000
MOST_EMPTY = 5  # pages without objects, one after the other
_COLLECTION = re.compile(r"(?P<place>.*/collections/[^/?#]+)(?:/objects)?/?\Z")
_NOT_WHERE = Problem("more", "there is more, but the server does not say where")
_NO_OBJECT = Problem("objects", "this is no object")
SENTENCES = (_NOT_WHERE.message, _NO_OBJECT.message)


@dataclass(frozen=True, slots=True)
class _Page:
    """What one answer holds: its objects, where the next page is, and the latest date of addition."""

    objects: list[Mapping[str, Json]]
    next: str
    more: bool
    last: str
    lines: tuple[Line, ...] = ()


def pull(asker: Asker, source: Source) -> Iterator[Batch]:
    """Everything that was added after the date that the cursor holds.

    Between pages the cursor keeps that date and the server's `next`: two objects with one date may lie on two pages,
    so the date moves at the end alone. A `next` that is not good any more costs a walk from the date on, no object.
    """
    objects, cursor = _objects_of(asker, source), source.cursor
    after, reached, token = (_text(cursor, name) for name in ("after", "reached", "next"))
    page = _first(asker, objects, after, token)
    seen, empty = {token}, 0
    while True:
        in_circle = bool(page.next) and page.next in seen
        goes_on = page.more and bool(page.next) and not in_circle
        reached = max(reached, page.last)
        before, cursor = cursor, _cursor(after, reached, page.next) if goes_on else {"after": reached or after}
        if in_circle:
            cursor = {"after": after}
        lines = (*page.lines, *([Line("", Outcome.REFUSED, (_NOT_WHERE,))] if page.more and not page.next else []))
        yield from in_thousands(page.objects, cursor=cursor, before=before, lines=lines)
        empty = 0 if page.objects else empty + 1
        if in_circle or empty > MOST_EMPTY:
            raise PullError(Trouble.LOOP)
        if not goes_on:
            return
        seen.add(page.next)
        page = _page(asker, objects, after, page.next)


def _cursor(after: str, reached: str, token: str) -> Cursor:
    return {"after": after, "reached": reached, "next": token}


def _first(asker: Asker, objects: str, after: str, token: str) -> _Page:
    """The page where the last turn stopped; from the date on where the server knows its `next` no more."""
    try:
        return _page(asker, objects, after, token)
    except PullError as problem:
        if not token or problem.trouble not in {Trouble.GONE, Trouble.FAILING}:
            raise
    return _page(asker, objects, after, "")


def _page(asker: Asker, objects: str, after: str, token: str) -> _Page:
    query = {"limit": "1000", "added_after": after, "next": token}
    answer = asker.ask(f"{objects}?{urlencode({name: said for name, said in query.items() if said})}", accept=TAXII)
    body = _read(answer.headers.get("content-type", ""), answer.body)
    given = body.get("objects", [])
    if not isinstance(given, list) or len(given) > MOST_OBJECTS:
        raise PullError(Trouble.UNREADABLE)
    if len(_text(body, "next")) > LONGEST_NEXT:
        raise PullError(Trouble.UNREADABLE, "(next)")
    last = moment_of(answer.headers.get("x-taxii-date-added-last", ""))
    here = [one for one in given if isinstance(one, dict)]
    none = Line("", Outcome.REFUSED, (_NO_OBJECT,))
    return _Page(
        objects=[*here],
        next=_text(body, "next"),
        more=body.get("more") is True,
        last=microseconds(last) if last else "",
        lines=(none,) * (len(given) - len(here)),
    )


def _objects_of(asker: Asker, source: Source) -> str:
    """The address of the collection's objects, from that of a server, of an API root or of the collection itself."""
    found = _COLLECTION.match(source.url)
    if found:
        return f"{found['place']}/objects/"
    url, body = source.url, _asked(asker, source.url)
    roots = body.get("api_roots")
    if isinstance(roots, list) and roots:
        url = _joined(url, _text(body, "default") or str(roots[0]))
    elif "versions" not in body:
        raise PullError(Trouble.MEDIA)
    collections = f"{url.rstrip('/')}/collections/"
    return f"{collections}{_chosen(_asked(asker, collections), source.part)}/objects/"


def _chosen(body: Mapping[str, Json], part: str) -> str:
    """The id of the collection that is called so, or of the only one."""
    rows = body.get("collections", [])
    names = [
        [_text(row, name) for name in ("id", "alias", "title")]
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and row.get("can_read") is not False
    ]
    ids = [name[0] for name in names if re.fullmatch(r"[\w.~-]+", name[0]) and (part in name or not part)]
    if len(ids) != 1:
        raise PullError(Trouble.CHOICE, "; ".join(title or key for key, _alias, title in names)[:200])
    return ids[0]


def _asked(asker: Asker, url: str) -> Mapping[str, Json]:
    answer = asker.ask(url, accept=TAXII)
    return _read(answer.headers.get("content-type", ""), answer.body)


def _read(kind: str, raw: bytes) -> Mapping[str, Json]:
    """The object in a body; servers that call it plain JSON mean the same."""
    if not content_type_allows(kind) and kind.partition(";")[0].strip().lower() != "application/json":
        raise PullError(Trouble.MEDIA)
    found = jsontext.read(raw)
    if isinstance(found, Problem):
        raise unreadable(found)
    if not isinstance(found, dict):
        raise PullError(Trouble.UNREADABLE)
    return found


def _joined(url: str, location: str) -> str:
    """Where a root is that stands beside this address."""
    here = target_of(url)
    there = here.joined(location) if here else None
    if there is None:
        raise PullError(Trouble.MEDIA)
    return f"{there.scheme}://{there.authority}{there.path}"


def _text(holder: Mapping[str, Json], name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""
