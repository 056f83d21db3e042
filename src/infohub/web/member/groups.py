"""The groups a member may know of, the page of one, and asking for a seat in it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.delivery.models import Following
from infohub.members.models import Group
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.actions import ask_to_join, withdraw_joining
from infohub.register.models import Joining
from infohub.register.refusals import RegisterError
from infohub.sharing.models import Attachment, ItemKind, ItemState
from infohub.web.lists import Chip, address, paged
from infohub.web.rows import rows_of
from infohub.web.typed import line
from infohub.web.viewer import viewer_of

FILES = 50


def groups(request: HttpRequest) -> HttpResponse:
    """Own groups first, then the listed ones."""
    viewer = viewer_of(request)
    known = Group.objects.listed_or_in(viewer.groups | viewer.moderates).with_crowd()
    rows = sorted(known, key=lambda group: (group.pk not in viewer.groups, group.name))
    return render(request, "member/groups.html", {"nav": "groups", "groups": rows, "own": viewer.groups})


def group(request: HttpRequest, ref: str) -> HttpResponse:
    """One group: what is shared there, its questions, members and files. An unlisted group is not there for others."""
    viewer = viewer_of(request)
    row = _known(viewer, ref)
    seated = row.pk in viewer.groups
    shown = request.GET.get("show", "") if request.GET.get("show", "") in {"questions", "members", "files"} else ""
    page, newer, older = paged(request, _pieces(viewer, row, shown).carded().newest())
    pinned = _pinned(viewer, row) if not shown and not newer else []
    context = {
        "nav": row.ref if seated else "groups",
        "group": row,
        "seated": seated,
        "shown": shown,
        "tabs": _tabs(request, shown),
        "pinned": rows_of(pinned),
        "rows": rows_of(page),
        "newer": newer,
        "older": older,
        "organisations": row.organisation_names() if seated else [],
        "stance": Following.objects.filter(group=row, person=viewer.person).values_list("stance", flat=True).first(),
        "keeps": offices.keeps_group(viewer, row.pk),
        "joining": Joining.objects.filter(group=row, membership=viewer.membership or 0).order_by("-pk").first(),
    }
    if shown == "files":
        context["files"] = list(_files(viewer, row))
    return render(request, "member/group.html", context)


@require_POST
def join(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask for a seat, or take the request back."""
    viewer = viewer_of(request)
    row = _known(viewer, ref)
    try:
        if request.POST.get("do") == "withdraw":
            withdraw_joining(viewer, group=row)
            messages.success(request, _("Your request is taken back."))
        else:
            whole = request.POST.get("organisation") == "on"
            ask_to_join(viewer, group=row, reason=line(request, "reason"), organisation=whole)
            messages.success(request, _("Asked. The moderators of the group decide; you see their answer here."))
    except RegisterError as refusal:
        messages.warning(request, str(refusal))
    except offices.NotAllowedError:
        raise Http404 from None
    return redirect("member:group", ref=row.ref)


def _known(viewer: Viewer, ref: str) -> Group:
    """The group, if the viewer may hear of it; the same queries and words where it is not there."""
    known = Group.objects.listed_or_in(viewer.groups | viewer.moderates).with_crowd()
    row = known.prefetch_related("moderators").filter(ref=ref).first()
    if row is None:
        raise Http404
    return row


def _pieces(viewer: Viewer, row: Group, shown: str) -> EntryQuerySet:
    entries = Entry.objects.readable(viewer).filter(groups=row)
    if shown == "questions":
        return entries.filter(kind=ItemKind.QUESTION)
    return entries.none() if shown else entries


def _pinned(viewer: Viewer, row: Group) -> list[Entry]:
    """What the moderators keep on top, as far as the viewer may read it."""
    refs = list(row.pins.values_list("item__ref", flat=True))
    return list(Entry.objects.readable(viewer).called(refs).carded().newest()) if refs else []


def _files(viewer: Viewer, row: Group) -> list[Attachment]:
    """The files of the group's pieces that the viewer may read, the newest first."""
    files = Attachment.objects.readable(viewer).filter(item__groups=row, item__state=ItemState.PUBLISHED)
    return list(files.select_related("item").order_by("-added_at", "-pk")[:FILES])


def _tabs(request: HttpRequest, shown: str) -> list[Chip]:
    names = {"": _("Pieces"), "questions": _("Questions"), "members": _("Members"), "files": _("Files")}
    return [Chip(address(request, show=name, page=""), words, name == shown) for name, words in names.items()]
