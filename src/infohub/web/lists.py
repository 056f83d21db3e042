"""Lists: long ones by number, filters that live in the address, and short ones that complete what is being typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

PAGE = 30

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter: an address that sets or lifts it."""

    url: str
    label: str
    active: bool
    number: int | None = None


def paged(request: HttpRequest, rows: QuerySet[M], *, size: int = PAGE) -> tuple[list[M], str, str]:
    """One page by number, with the addresses of its neighbours; one query, no count."""
    try:
        number = max(1, min(int(request.GET.get("page", "1")), 10_000))
    except ValueError:
        number = 1
    page = list(rows[(number - 1) * size : number * size + 1])
    newer = address(request, page=str(number - 1)) if number > 1 else ""
    older = address(request, page=str(number + 1)) if len(page) > size else ""
    return page[:size], newer, older


def asked(request: HttpRequest, name: str, *, most: int = 200) -> str:
    """What the address says for this filter, as far as a database takes it."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:most]


def chosen_id(request: HttpRequest, name: str) -> int:
    """The id of the row that a form sends, or a link names; 0, which no row has, where there is none."""
    sent = request.POST.get(name, "") or request.GET.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 19 else 0


def chips(request: HttpRequest, name: str, options: list[tuple[str, str]]) -> list[Chip]:
    """The choices of one filter; choosing the active one again lifts it."""
    chosen = request.GET.get(name, "")
    return [
        Chip(
            url=address(request, **{name: "" if value == chosen else value, "page": ""}),
            label=label,
            active=value == chosen,
        )
        for value, label in options
    ]


def address(request: HttpRequest, **changes: str) -> str:
    """This page's address with other filters; empty values are left out."""
    query = {**request.GET.dict(), **changes}
    return "?" + urlencode({name: value for name, value in query.items() if value})


def fragment(template: str, context: dict[str, object]) -> HttpResponse:
    """A piece of a page that is asked for at every letter: without what only whole pages show around it."""
    return HttpResponse(render_to_string(template, context))
