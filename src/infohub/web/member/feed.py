"""The feed: everything the viewer may read, newest first, filtered by the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.members.models import Group, Sector
from infohub.sharing.models import ItemKind
from infohub.standards.tlp import Tlp, tlp_from
from infohub.web.lists import chips, paged
from infohub.web.rows import rows_of
from infohub.web.viewer import viewer_of


def feed(request: HttpRequest) -> HttpResponse:
    """A page of the feed."""
    viewer = viewer_of(request)
    chosen = {name: request.GET.get(name, "") for name in ("kind", "tlp", "group", "sector")}
    groups = list(Group.objects.listed_or_in(viewer.groups).filter(pk__in=viewer.groups))
    sectors = list(Sector.objects.all())
    entries = filtered(Entry.objects.readable(viewer), chosen, groups).carded().newest()
    page, newer, older = paged(request, entries)
    return render(
        request,
        "member/feed.html",
        {
            "nav": "feed",
            "rows": rows_of(page),
            "newer": newer,
            "older": older,
            "filters": [
                (_("Kind"), chips(request, "kind", [(k.value, str(k.label)) for k in ItemKind])),
                (_("TLP"), chips(request, "tlp", [(t.word, t.mark) for t in Tlp])),
                (_("Your groups"), chips(request, "group", [(g.ref, g.name) for g in groups])),
                (_("Sector"), chips(request, "sector", [(s.key, s.name) for s in sectors])),
            ],
            "filtered": any(chosen.values()),
        },
    )


def filtered(entries: EntryQuerySet, chosen: dict[str, str], groups: list[Group]) -> EntryQuerySet:
    """Narrow by the filters of the address; a value nobody knows finds nothing."""
    if chosen["kind"]:
        entries = entries.filter(kind=chosen["kind"])
    if chosen["tlp"]:
        level = tlp_from(chosen["tlp"])
        entries = entries.none() if level is None else entries.filter(label__tlp=level.value)
    if chosen["group"]:
        entries = entries.filter(groups__in=[group.pk for group in groups if group.ref == chosen["group"]])
    if chosen["sector"]:
        entries = entries.filter(sectors__key=chosen["sector"])
    return entries
