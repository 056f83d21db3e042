"""The organisations of the programme: the list, the page of one, admitting, suspending, restoring."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infohub.members.models import (
    Membership,
    Organisation,
    OrganisationClass,
    OrganisationStatus,
    Seat,
    Token,
    TokenKind,
)
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register import actions
from infohub.register.models import Recovery
from infohub.register.refusals import RegisterError
from infohub.standards.tlp import tlp_from
from infohub.support.clock import now
from infohub.web.accounts.doors import fresh
from infohub.web.lists import asked, chips, chosen_id, paged
from infohub.web.office.confirming import Step, confirmed
from infohub.web.office.doors import open_to
from infohub.web.office.forms import AdmitForm
from infohub.web.office.words import by_group, seat_words, some
from infohub.web.viewer import viewer_of


@require_safe
@open_to(offices.keeps_register)
def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations by name; status, class and words are in the address."""
    words = asked(request, "q")
    chosen = {"status": asked(request, "status"), "organisation_class": asked(request, "class")}
    rows = Organisation.objects.found(words).filter(**{name: value for name, value in chosen.items() if value})
    page, newer, older = paged(request, rows.with_people().prefetch_related("sectors"))
    context = {
        "nav": "organisations",
        "rows": page,
        "newer": newer,
        "older": older,
        "query": words,
        "filtered": bool(words or any(chosen.values())),
        "filters": [
            (_("Status"), chips(request, "status", [(s.value, str(s.label)) for s in OrganisationStatus])),
            (_("Class"), chips(request, "class", [(c.value, str(c.label)) for c in OrganisationClass])),
        ],
    }
    return render(request, "office/organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.keeps_register)
def admit(request: HttpRequest) -> HttpResponse:
    """Take an organisation into the programme."""
    form = AdmitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = actions.admit(viewer_of(request), **form.cleaned_data)
        messages.success(request, _("%(name)s is admitted. Next, invite its representatives.") % {"name": made.name})
        return redirect("office:organisation", ref=made.ref)
    status = 422 if form.is_bound else 200
    return render(request, "office/organisation_new.html", {"nav": "organisations", "form": form}, status=status)


@require_safe
@open_to(offices.cares_for_people)
def organisation(request: HttpRequest, ref: str) -> HttpResponse:
    """One organisation, for the office and for its own administrators."""
    viewer = viewer_of(request)
    row = _seen(viewer, ref)
    present = row.memberships.filter(ended__isnull=True).select_related("person").prefetch_related("person__roles")
    representatives = list(present.order_by("person__name"))
    seats = Seat.objects.held().of_organisation(row).select_related("group", "membership__person")
    context = {
        "nav": _nav(viewer),
        "organisation": row,
        "representatives": representatives,
        "removable": {one.pk for one in representatives if _removable(viewer, one, row)},
        "seats": by_group(seat_words(viewer, seat) for seat in seats.order_by("group", "pk")),
        "tokens": list(Token.objects.live(now()).of_organisation(row).of_machines()),
        "keeps": offices.keeps_register(viewer),
        "own": viewer.organisation == row.pk,
        "steward": row.steward_id,
        "ceilings": offices.ceilings(TokenKind.ORGANISATION, None),
        "lost": Recovery.objects.asked().of_organisation(row.pk).count(),
        "suspendable": row.status == OrganisationStatus.ACTIVE,
    }
    return render(request, "office/organisation.html", context)


def _removable(viewer: Viewer, membership: Membership, organisation: Organisation) -> bool:
    """Whether the viewer may end the membership."""
    roles = frozenset(role.name for role in membership.person.roles.all())
    return offices.may_change(viewer, person=membership.person_id, roles=roles, organisation=organisation)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.keeps_register)
@fresh
def suspend(request: HttpRequest, ref: str) -> HttpResponse:
    """Shut an organisation out, after a look at what that ends."""
    viewer = viewer_of(request)
    row = _seen(viewer, ref)
    offices.demand_another_organisation(viewer, row.pk)
    if row.status != OrganisationStatus.ACTIVE:
        return redirect("office:organisation", ref=row.ref)
    step = Step(
        title=_("Suspend %(name)s") % {"name": row.name},
        button=_("Suspend the organisation"),
        back=f"/office/organisations/{row.ref}/",
        nav="organisations",
        changes=_holdings(viewer, row),
        stays=[_("What it has shared stays with its readers."), _("Restoring it brings back what is listed here.")],
    )
    page = confirmed(
        request, step, lambda reason: actions.suspend_organisation(viewer, organisation=row, reason=reason)
    )
    if page is None:
        messages.success(request, _("%(name)s is suspended.") % {"name": row.name})
    return page or redirect("office:organisation", ref=row.ref)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.keeps_register)
@fresh
def restore(request: HttpRequest, ref: str) -> HttpResponse:
    """Let a suspended, pending or former organisation in."""
    viewer = viewer_of(request)
    row = _seen(viewer, ref)
    if row.status == OrganisationStatus.ACTIVE:
        return redirect("office:organisation", ref=row.ref)
    step = Step(
        title=_("Let %(name)s in") % {"name": row.name},
        button=_("Let the organisation in"),
        back=f"/office/organisations/{row.ref}/",
        nav="organisations",
        changes=_holdings(viewer, row),
        dangerous=False,
    )
    page = confirmed(
        request, step, lambda reason: actions.restore_organisation(viewer, organisation=row, reason=reason)
    )
    if page is None:
        messages.success(request, _("%(name)s is in.") % {"name": row.name})
    return page or redirect("office:organisation", ref=row.ref)


@require_POST
@open_to(offices.cares_for_people)
def steward(request: HttpRequest, ref: str) -> HttpResponse:
    """Name who answers for the pieces of people who have left."""
    viewer = viewer_of(request)
    row = _seen(viewer, ref)
    membership = row.memberships.filter(ended__isnull=True, pk=chosen_id(request, "membership")).first()
    try:
        actions.name_steward(viewer, organisation=row, membership=membership)
        messages.success(request, _("The steward is named.") if membership else _("Nobody is steward now."))
    except (RegisterError, offices.NotAllowedError) as refusal:
        messages.error(request, str(refusal))
    return redirect("office:organisation", ref=row.ref)


@require_POST
@open_to(offices.cares_for_people)
@fresh
def ceiling(request: HttpRequest, ref: str) -> HttpResponse:
    """Say how high the organisation's programs read."""
    viewer = viewer_of(request)
    row = _seen(viewer, ref)
    chosen = tlp_from(request.POST.get("ceiling", ""))
    if chosen is None:
        raise Http404
    try:
        actions.limit_programs(viewer, organisation=row, ceiling=chosen)
        messages.success(request, _("Programs read up to %(tlp)s from now on.") % {"tlp": chosen.mark})
    except RegisterError as refusal:
        messages.error(request, str(refusal))
    return redirect("office:organisation", ref=row.ref)


def _seen(viewer: Viewer, ref: str) -> Organisation:
    """The organisation, if the viewer looks after it; others do not exist here."""
    row = Organisation.objects.filter(ref=ref).prefetch_related("sectors").first()
    if row is None or not offices.looks_after(viewer, row):
        raise Http404
    return row


def _nav(viewer: Viewer) -> str:
    return "organisations" if offices.keeps_register(viewer) else "own-organisation"


def _holdings(viewer: Viewer, row: Organisation) -> list[str]:
    """What an organisation has by being in: access, tokens, seats."""
    present = Membership.objects.filter(organisation=row, ended=None).order_by("person__name")
    people = list(present.values_list("person__name", flat=True))
    tokens = sorted(token.name for token in Token.objects.live(now()).of_organisation(row).of_machines())
    seats = Seat.objects.held().of_organisation(row).select_related("group", "membership__person")
    groups = sorted({seat_words(viewer, seat).group for seat in seats})
    lines = [
        ngettext("the access of %(n)d person", "the access of %(n)d people", len(people)) % {"n": len(people)}
        + some(people),
        ngettext("%(n)d token", "%(n)d tokens", len(tokens)) % {"n": len(tokens)} + some(tokens),
        ngettext("reading in %(n)d group", "reading in %(n)d groups", len(groups)) % {"n": len(groups)} + some(groups),
    ]
    return [line for line, held in zip(lines, (people, tokens, groups), strict=True) if held]
