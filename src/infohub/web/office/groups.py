"""Groups for those who keep them: open one, seat people and organisations, appoint moderators."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infohub.members.models import Group, Membership, Organisation, Person, Seat
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register import actions
from infohub.register.models import Joining
from infohub.register.refusals import RegisterError
from infohub.sharing.addressees import Match
from infohub.web.lists import chosen_id, paged
from infohub.web.office.doors import open_to
from infohub.web.office.forms import GroupForm, WhomForm
from infohub.web.typed import line
from infohub.web.viewer import viewer_of


@require_safe
@open_to(offices.keeps_groups)
def groups(request: HttpRequest) -> HttpResponse:
    """The groups the viewer keeps: all of them, or those the viewer moderates."""
    viewer = viewer_of(request)
    kept = Group.objects.all() if offices.steers(viewer) else Group.objects.filter(pk__in=viewer.moderates)
    page, newer, older = paged(request, kept.with_crowd().prefetch_related("moderators"))
    context = {"nav": "groups", "rows": page, "newer": newer, "older": older, "steers": offices.steers(viewer)}
    return render(request, "office/groups.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
def open_one(request: HttpRequest) -> HttpResponse:
    """Open a group; its seats come next."""
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.open_group(viewer_of(request), **form.settings)
        messages.success(request, _("The group is open. Next, give seats."))
        return redirect("office:group", ref=made.ref)
    status = 422 if form.is_bound else 200
    return render(request, "office/group_form.html", {"nav": "groups", "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.keeps_groups)
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Change what a group is called and how it works."""
    viewer = viewer_of(request)
    row = _kept(viewer, ref)
    steers = offices.steers(viewer)
    form = GroupForm.about_group(request.POST if request.method == "POST" else None, row, steers=steers)
    if form.is_valid():
        actions.change_group(viewer, group=row, **form.settings)
        messages.success(request, _("The group is changed."))
        return redirect("office:group", ref=ref)
    status = 422 if form.is_bound else 200
    return render(request, "office/group_form.html", {"nav": "groups", "form": form, "group": row}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.keeps_groups)
def group(request: HttpRequest, ref: str) -> HttpResponse:
    """One group with its seats; POST seats somebody."""
    viewer = viewer_of(request)
    row = _kept(viewer, ref)
    form = _seat_form(request if request.method == "POST" else None)
    if form.is_valid() and _seated(request, row, form):
        return redirect("office:group", ref=ref)
    return _page(request, row, seat_form=form, moderator_form=_moderator_form(None))


@require_POST
@open_to(offices.keeps_groups)
def unseat(request: HttpRequest, ref: str) -> HttpResponse:
    """End one seat of this group."""
    viewer = viewer_of(request)
    row = _kept(viewer, ref)
    held = row.seats.filter(pk=chosen_id(request, "seat"))
    seat = held.select_related("group", "membership__organisation").first()
    if seat is None:
        raise Http404
    actions.unseat(viewer, seat=seat)
    messages.success(request, _("The seat has ended, and with it reading here."))
    return redirect("office:group", ref=ref)


@require_POST
@open_to(offices.keeps_groups)
def joining(request: HttpRequest, ref: str) -> HttpResponse:
    """Give the seat that was asked for, or say why not."""
    viewer = viewer_of(request)
    row = _kept(viewer, ref)
    asked = Joining.objects.for_keeper(viewer).filter(pk=chosen_id(request, "joining"), group=row).first()
    if asked is None:
        raise Http404
    try:
        if request.POST.get("do") == "grant":
            actions.grant_joining(viewer, joining=asked)
            messages.success(request, _("A seat is given, for what is shared from now on and what is there."))
        else:
            actions.decline_joining(viewer, joining=asked, words=line(request, "words"))
            messages.success(request, _("Declined. The asker sees your words."))
    except (RegisterError, offices.NotAllowedError) as refusal:
        messages.warning(request, str(refusal))
    return redirect("office:group", ref=ref)


@require_POST
@open_to(offices.steers)
def moderators(request: HttpRequest, ref: str) -> HttpResponse:
    """Appoint a moderator, or dismiss one."""
    viewer = viewer_of(request)
    row = _kept(viewer, ref)
    present = list(row.moderators.all())
    dismissed = chosen_id(request, "dismiss")
    if dismissed:
        return _appointed(request, row, [person for person in present if person.pk != dismissed])
    form = _moderator_form(request)
    if not form.is_valid():
        return _page(request, row, seat_form=_seat_form(None), moderator_form=form)
    match: Match = form.cleaned_data["whom"]
    chosen = Person.objects.filter(memberships=match.pk).first()
    return _appointed(request, row, [*present, chosen] if chosen else present)


def _kept(viewer: Viewer, ref: str) -> Group:
    """The group, if the viewer keeps it; others do not exist here."""
    row = Group.objects.with_crowd().filter(ref=ref).prefetch_related("moderators").first()
    if row is None or not offices.keeps_group(viewer, row.pk):
        raise Http404
    return row


def _seat_form(request: HttpRequest | None) -> WhomForm:
    return WhomForm(request.POST if request else None, label=_("Seat a person or a whole organisation"))


def _moderator_form(request: HttpRequest | None) -> WhomForm:
    return WhomForm(
        request.POST if request else None, label=_("Appoint a moderator"), people_only=True, prefix="moderator"
    )


def _seated(request: HttpRequest, row: Group, form: WhomForm) -> bool:
    """Seat who was found; what the register or the policy refuses stands beside the field."""
    match: Match = form.cleaned_data["whom"]
    membership = Membership.objects.filter(pk=match.pk).first() if match.membership else None
    organisation = None if match.membership else Organisation.objects.filter(pk=match.pk).first()
    try:
        actions.seat(viewer_of(request), group=row, membership=membership, organisation=organisation)
    except (RegisterError, offices.NotAllowedError) as refusal:
        form.add_error("whom", str(refusal))
        return False
    messages.success(request, _("%(name)s has a seat, and reads what is shared from now on.") % {"name": match.name})
    return True


def _appointed(request: HttpRequest, row: Group, chosen: list[Person]) -> HttpResponse:
    try:
        actions.appoint(viewer_of(request), group=row, moderators=chosen)
        messages.success(request, _("The moderators are changed."))
    except offices.NotAllowedError as refusal:
        messages.error(request, str(refusal))
    return redirect("office:group", ref=row.ref)


def _page(request: HttpRequest, row: Group, *, seat_form: WhomForm, moderator_form: WhomForm) -> HttpResponse:
    viewer = viewer_of(request)
    seats = (
        Seat.objects.held()
        .filter(group=row)
        .select_related("membership__person", "membership__organisation", "organisation")
    )
    page, newer, older = paged(request, seats.order_by("organisation__name", "membership__person__name", "pk"))
    context = {
        "nav": "groups",
        "group": row,
        "seats": page,
        "newer": newer,
        "older": older,
        "form": moderator_form if moderator_form.is_bound else seat_form,
        "seat_form": seat_form,
        "moderator_form": moderator_form,
        "steers": offices.steers(viewer),
        "viewer_id": viewer.person,
        "asked": list(Joining.objects.waiting().for_keeper(viewer).filter(group=row)),
    }
    status = 422 if seat_form.errors or moderator_form.errors else 200
    return render(request, "office/group.html", context, status=status)
