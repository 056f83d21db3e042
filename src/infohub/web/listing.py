"""Lists whose filters and pages live in the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)

LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter: an address that sets or lifts it."""

    url: str
    label: str
    active: bool
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The addresses of the neighbouring pages, empty where there is none."""

    newer: str
    older: str


def address(request: HttpRequest, **changes: str) -> str:
    """The present address with these changes to its query; an empty value leaves its name out."""
    query = {**request.GET.dict(), **changes}
    return "?" + urlencode({name: value for name, value in query.items() if value})


def choices(request: HttpRequest, name: str, options: Iterable[tuple[str, str]]) -> list[Choice]:
    """The choices of one filter; choosing the active one again lifts it."""
    chosen = request.GET.get(name, "")
    return [
        Choice(address(request, **{name: "" if value == chosen else value, "page": ""}), label, value == chosen)
        for value, label in options
    ]


def page_of(request: HttpRequest, rows: QuerySet[M], *, size: int) -> tuple[list[M], Turn]:
    """One page by the number in the address: one query, no count."""
    written = request.GET.get("page", "")
    number = min(max(int(written), 1), LAST_PAGE) if written.isascii() and written.isdigit() and len(written) < 9 else 1
    page = list(rows[(number - 1) * size : number * size + 1])
    newer = address(request, page=str(number - 1)) if number > 1 else ""
    older = address(request, page=str(number + 1)) if len(page) > size else ""
    return page[:size], Turn(newer, older)
