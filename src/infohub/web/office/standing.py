"""What changes a person's standing: suspend, restore, leave, offices, the care for an organisation."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from infohub.members.models import PersonStatus, RoleName, Seat, Token
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register import actions
from infohub.support.clock import now
from infohub.web.accounts.doors import fresh
from infohub.web.office.confirming import Step, confirmed
from infohub.web.office.doors import open_to
from infohub.web.office.people import Known, known
from infohub.web.office.words import seat_words, some
from infohub.web.viewer import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.cares_for_people)
@fresh
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut a person out, after a look at what that ends."""
    viewer = viewer_of(request)
    one = _changeable(viewer, pk)
    if one.person.status not in {PersonStatus.INVITED, PersonStatus.ACTIVE}:
        return redirect("office:person", pk=pk)
    step = _step(
        viewer,
        one,
        title=_("Suspend %(name)s"),
        button=_("Suspend this person"),
        changes=_holdings(viewer, one) + _powers(one),
        stays=[
            _("What this person has shared stays with its readers."),
            _("Restoring brings back what is listed here."),
        ],
    )
    page = confirmed(request, step, lambda reason: actions.suspend_person(viewer, person=one.person, reason=reason))
    if page is None:
        messages.success(request, _("%(name)s is suspended.") % {"name": one.person.name})
    return page or redirect("office:person", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.keeps_register)
@fresh
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a suspended person in again."""
    viewer = viewer_of(request)
    one = _changeable(viewer, pk)
    if one.person.status != PersonStatus.SUSPENDED:
        return redirect("office:person", pk=pk)
    step = _step(
        viewer,
        one,
        title=_("Restore %(name)s"),
        button=_("Restore this person"),
        changes=_holdings(viewer, one) + _powers(one),
        dangerous=False,
    )
    page = confirmed(request, step, lambda reason: actions.restore_person(viewer, person=one.person, reason=reason))
    if page is None:
        messages.success(request, _("%(name)s is restored.") % {"name": one.person.name})
    return page or redirect("office:person", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.cares_for_people)
@fresh
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End a membership, after a look at what ends with it; coming back starts anew."""
    viewer = viewer_of(request)
    one = _changeable(viewer, pk)
    membership = one.membership
    if membership is None:
        return redirect("office:person", pk=pk)
    organisation = membership.organisation
    step = _step(
        viewer,
        one,
        title=_("%(name)s leaves %(organisation)s") % {"name": one.person.name, "organisation": organisation.name},
        button=_("End the membership"),
        changes=_holdings(viewer, one) + _with_the_membership(one),
        stays=[
            _("What this person has shared stays, and belongs to %(name)s.") % {"name": organisation.name},
            _("Coming back starts anew: nothing listed here is restored."),
            *([_("The person stays an officer: %(what)s") % {"what": _offices(one)}] if one.roles else []),
        ],
        asks_reason=False,
    )
    page = confirmed(request, step, lambda _reason: actions.leave(viewer, membership=membership))
    if page is not None:
        return page
    messages.success(request, _("%(name)s has left. All access has ended.") % {"name": one.person.name})
    if offices.keeps_register(viewer):
        return redirect("office:person", pk=pk)
    return redirect("office:organisation", ref=organisation.ref)


@require_POST
@open_to(offices.steers)
@fresh
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an office of the programme, or take it away."""
    viewer = viewer_of(request)
    one = known(viewer, pk)
    chosen = request.POST.get("role", "")
    if chosen not in RoleName.values:
        messages.error(request, _("Choose an office."))
    elif request.POST.get("do") == "withdraw":
        actions.withdraw_role(viewer, person=one.person, role=chosen)
        messages.success(request, _("The office is withdrawn; its powers ended at once."))
    else:
        actions.grant_role(viewer, person=one.person, role=chosen)
        messages.success(request, _("The office is granted. It gives powers, and no piece to read."))
    return redirect("office:person", pk=pk)


@require_POST
@open_to(offices.cares_for_people)
@fresh
def administrator(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an organisation into a representative's care, or take it back."""
    viewer = viewer_of(request)
    one = _changeable(viewer, pk)
    if one.membership is None:
        raise Http404
    given = request.POST.get("do") == "give"
    actions.make_administrator(viewer, membership=one.membership, administrator=given)
    messages.success(request, _("Saved. It counts from the next request."))
    return redirect("office:person", pk=pk)


def _changeable(viewer: Viewer, pk: int) -> Known:
    """The person, if the viewer may change their standing; else there is no such page."""
    one = known(viewer, pk)
    if not one.changeable:
        raise Http404
    return one


def _step(
    viewer: Viewer,
    one: Known,
    *,
    title: str,
    button: str,
    changes: list[str],
    stays: Sequence[str] = (),
    dangerous: bool = True,
    asks_reason: bool = True,
) -> Step:
    return Step(
        title=title % {"name": one.person.name} if "%(name)s" in title else title,
        button=button,
        back=reverse("office:person", args=[one.person.pk]),
        nav="people" if offices.keeps_register(viewer) else "own-organisation",
        changes=changes,
        stays=stays,
        dangerous=dangerous,
        asks_reason=asks_reason,
    )


def _holdings(viewer: Viewer, one: Known) -> list[str]:
    """What a person has by being in: sessions, tokens, seats."""
    lines = [_("what members read, in every signed-in session")]
    if one.membership is not None:
        seats = Seat.objects.held().filter(membership=one.membership).select_related("group", "membership__person")
        groups = [seat_words(viewer, seat).group for seat in seats]
        tokens = [token.name for token in Token.objects.live(now()).filter(membership=one.membership)]
        if groups:
            lines.append(ngettext("%(n)d seat", "%(n)d seats", len(groups)) % {"n": len(groups)} + some(groups))
        if tokens:
            lines.append(ngettext("%(n)d token", "%(n)d tokens", len(tokens)) % {"n": len(tokens)} + some(tokens))
    return lines


def _powers(one: Known) -> list[str]:
    """The offices, whose powers end with the person's standing."""
    return [_("the powers of an office") + f": {_offices(one)}"] if one.roles else []


def _offices(one: Known) -> str:
    return ", ".join(str(RoleName(name).label) for name in sorted(one.roles))


def _with_the_membership(one: Known) -> list[str]:
    """What ends for good with a membership, beside what a suspension would end."""
    lines = [_("what was shared with this person by name, and what was frozen for the readers of a day")]
    if one.membership is not None and one.membership.stewarding.exists():
        lines.append(_("the stewardship of the organisation: name another steward"))
    moderated = [group.name for group in one.person.moderates.all()]
    if moderated:
        lines.append(_("moderating") + some(moderated))
    return lines
