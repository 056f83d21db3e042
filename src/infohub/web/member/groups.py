"""The groups a member may know of, and the page of one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from infohub.catalogue.models import Entry
from infohub.delivery.models import Following
from infohub.members.models import Group
from infohub.web.lists import paged
from infohub.web.rows import rows_of
from infohub.web.viewer import viewer_of


def groups(request: HttpRequest) -> HttpResponse:
    """Own groups first, then the listed ones."""
    viewer = viewer_of(request)
    known = Group.objects.listed_or_in(viewer.groups | viewer.moderates).with_crowd()
    rows = sorted(known, key=lambda group: (group.pk not in viewer.groups, group.name))
    return render(request, "member/groups.html", {"nav": "groups", "groups": rows, "own": viewer.groups})


def group(request: HttpRequest, ref: str) -> HttpResponse:
    """One group: who is in it, what is shared there. An unlisted group is not there for others."""
    viewer = viewer_of(request)
    known = Group.objects.listed_or_in(viewer.groups | viewer.moderates).with_crowd()
    row = known.prefetch_related("moderators").filter(ref=ref).first()
    if row is None:
        raise Http404
    seated = row.pk in viewer.groups
    entries = Entry.objects.readable(viewer).filter(groups=row).carded().newest()
    page, newer, older = paged(request, entries)
    return render(
        request,
        "member/group.html",
        {
            "nav": row.ref if seated else "groups",
            "group": row,
            "seated": seated,
            "rows": rows_of(page),
            "newer": newer,
            "older": older,
            "organisations": row.organisation_names() if seated else [],
            "stance": Following.objects.filter(group=row, person=viewer.person)
            .values_list("stance", flat=True)
            .first(),
        },
    )
