"""The audit as one reads it: who did what when; never what a piece says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infohub.audit.anchor import last_anchor
from infohub.audit.models import Link, Record
from infohub.members.models import Organisation, Person
from infohub.policy import offices
from infohub.web.lists import address, asked, paged
from infohub.web.office.doors import open_to

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One record in words; `position` is its place in the chain, nothing while it waits for its seal."""

    record: Record
    who: str
    detail: str
    position: int | None
    verb_url: str
    subject_url: str


@require_safe
@open_to(offices.sees_records)
def records(request: HttpRequest) -> HttpResponse:
    """The newest records, of one verb or about one subject where the address says so."""
    verb, subject = (asked(request, name, most=64) for name in ("verb", "subject"))
    page, newer, older = paged(request, Record.objects.matching(verb=verb, subject=subject), size=PAGE)
    head = Link.objects.order_by("position").last()
    context = {
        "nav": "records",
        "rows": list(_lines(request, page)),
        "newer": newer,
        "older": older,
        "verb": verb,
        "subject": subject,
        "filtered": bool(verb or subject),
        "head": head,
        "anchor": last_anchor(),
        "unsealed": Record.objects.unsealed().count(),
    }
    return render(request, "office/records.html", context)


def _lines(request: HttpRequest, page: list[Record]) -> Iterator[Line]:
    people = Person.objects.in_bulk([row.person for row in page if row.person])
    organisations = Organisation.objects.in_bulk([row.organisation for row in page if row.organisation])
    for row in page:
        yield Line(
            record=row,
            who=_who(row, people, organisations),
            detail=""
            if row.seal
            else ", ".join(f"{name} {_value(value)}" for name, value in row.detail.items() if value not in ("", None)),
            position=row.link.position if hasattr(row, "link") else None,
            verb_url=address(request, verb=row.verb, page=""),
            subject_url=address(request, subject=row.subject, page=""),
        )


def _who(row: Record, people: Mapping[int, Person], organisations: Mapping[int, Organisation]) -> str:
    """Who did it, as the record names it: a person, an organisation's machine, a seal, or the installation itself."""
    if row.seal:
        return _("under a seal")
    person, organisation = people.get(row.person or 0), organisations.get(row.organisation or 0)
    names = [one.name for one in (person, organisation) if one is not None]
    if row.token:
        names.append(_("token %(number)d") % {"number": row.token})
    return ", ".join(names) or _("the installation")


def _value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
