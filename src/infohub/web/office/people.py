"""The people of the programme: the list, the page of one, enrolling and inviting."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infohub.members.models import Membership, Organisation, Person, PersonStatus, RoleName, Seat, Token
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register import actions, links, second_step
from infohub.register.recovery import recovery_of, standing
from infohub.register.refusals import RegisterError
from infohub.support.clock import now
from infohub.web.accounts import letters
from infohub.web.accounts.doors import fresh
from infohub.web.lists import asked, chips, paged
from infohub.web.office.doors import open_to
from infohub.web.office.forms import EnrolForm
from infohub.web.office.words import seat_words
from infohub.web.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class Known:
    """A person whom the viewer looks after, with what stands now."""

    person: Person
    membership: Membership | None
    roles: frozenset[str]
    changeable: bool

    @property
    def organisation(self) -> Organisation | None:
        return self.membership.organisation if self.membership else None


def known(viewer: Viewer, pk: int) -> Known:
    """The person, if the viewer looks after the person or the organisation; others do not exist here."""
    person = Person.objects.prefetch_related("roles").filter(pk=pk).first()
    if person is None:
        raise Http404
    now_at = Membership.objects.filter(person=person, ended=None).select_related("person", "organisation")
    membership = now_at.first()
    organisation = membership.organisation if membership else None
    if not offices.looks_after(viewer, organisation):
        raise Http404
    roles = frozenset(role.name for role in person.roles.all())
    changeable = offices.may_change(viewer, person=person.pk, roles=roles, organisation=organisation)
    return Known(person, membership, roles, changeable)


@require_safe
@open_to(offices.keeps_register)
def people(request: HttpRequest) -> HttpResponse:
    """All people by name; status, office and words are in the address."""
    words = asked(request, "q")
    chosen = {"status": asked(request, "status"), "roles__name": asked(request, "role")}
    rows = Person.objects.found(words).filter(**{name: value for name, value in chosen.items() if value})
    present = Membership.objects.filter(ended=None).select_related("organisation")
    rows = rows.prefetch_related("roles", Prefetch("memberships", present, to_attr="present"))
    page, newer, older = paged(request, rows)
    context = {
        "nav": "people",
        "rows": page,
        "newer": newer,
        "older": older,
        "query": words,
        "filtered": bool(words or any(chosen.values())),
        "filters": [
            (_("Status"), chips(request, "status", [(s.value, str(s.label)) for s in PersonStatus])),
            (_("Office"), chips(request, "role", [(r.value, str(r.label)) for r in RoleName])),
        ],
    }
    return render(request, "office/people.html", context)


@require_safe
@open_to(offices.cares_for_people)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: memberships, offices, seats, tokens, and what may be done."""
    viewer = viewer_of(request)
    one = known(viewer, pk)
    keeps = offices.keeps_register(viewer)
    past = one.person.memberships.select_related("organisation").order_by("-started")
    seats = Seat.objects.held().filter(membership=one.membership, membership__isnull=False)
    tokens = Token.objects.live(now()).filter(membership=one.membership, membership__isnull=False)
    asked_for = recovery_of(one.person)
    recovery = standing(asked_for) if asked_for else None
    waiting = one.person.status in {PersonStatus.INVITED, PersonStatus.ACTIVE}
    context = {
        "nav": "people" if keeps else "own-organisation",
        "one": one,
        "person": one.person,
        "memberships": list(past if keeps else past.filter(organisation=viewer.organisation)),
        "seats": [seat_words(viewer, seat) for seat in seats.select_related("group", "membership__person")],
        "tokens": list(tokens.of_machines()),
        "roles": [(role, str(RoleName(role).label), _grantable(viewer, one, role)) for role in sorted(one.roles)],
        "grantable": [
            (role.value, str(role.label))
            for role in RoleName
            if role.value not in one.roles and _grantable(viewer, one, role.value)
        ],
        "invitable": one.changeable and waiting and _invitable(one.person, keeps=keeps),
        "recovery": recovery,
        "recovery_waits": recovery is not None and recovery.waits_for(viewer),
        "keeps": keeps,
        "own": viewer.person == one.person.pk,
    }
    return render(request, "office/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.cares_for_people)
@fresh
def enrol(request: HttpRequest) -> HttpResponse:
    """Enter somebody new; the answer shows the invitation, which also goes by mail."""
    viewer = viewer_of(request)
    own = _own(viewer)
    given = request.POST if request.method == "POST" else None
    form = EnrolForm(given, own=own, initial={"organisation": asked(request, "organisation")})
    if form.is_valid():
        try:
            made, secret = actions.welcome(viewer, **form.newcomer)
        except RegisterError as refusal:
            form.add_error("email", str(refusal))
        else:
            return _invited(request, made, secret)
    context = {"nav": "own-organisation" if own else "people", "form": form, "own": own}
    return render(request, "office/person_new.html", context, status=422 if form.is_bound else 200)


@require_POST
@open_to(offices.cares_for_people)
@fresh
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A new set-up link for somebody who never came; links given before die."""
    viewer = viewer_of(request)
    one = known(viewer, pk)
    if not one.changeable:
        raise Http404
    try:
        secret = actions.invite(viewer, person=one.person)
    except RegisterError as refusal:
        messages.error(request, str(refusal))
        return redirect("office:person", pk=pk)
    return _invited(request, one.person, secret)


def _invited(request: HttpRequest, invited: Person, secret: str) -> HttpResponse:
    """The link, shown this once; that of somebody who was in before goes to that person's mail alone."""
    letters.invite(invited, secret)
    if not links.is_newcomer(invited):
        messages.success(request, _("The link is on its way to %(address)s.") % {"address": invited.email})
        return redirect("office:person", pk=invited.pk)
    link = f"{settings.BASE_URL}{links.path_of(secret)}"
    nav = "people" if offices.keeps_register(viewer_of(request)) else "own-organisation"
    return render(request, "office/invited.html", {"nav": nav, "person": invited, "link": link})


def _own(viewer: Viewer) -> Organisation | None:
    """The organisation an administrator enrols for; nothing for the office, which chooses."""
    if offices.keeps_register(viewer):
        return None
    own = Organisation.objects.filter(pk=viewer.organisation or 0).first()
    if not offices.administers(viewer, own):
        raise Http404
    return own


def _invitable(person: Person, *, keeps: bool) -> bool:
    """Whether a set-up link makes sense, and the viewer may send it: to whoever was in before, the office alone."""
    return not second_step.is_set_up(person) and (keeps or links.is_newcomer(person))


def _grantable(viewer: Viewer, one: Known, role: str) -> bool:
    """Whether the viewer gives and takes this office."""
    steers = offices.steers(viewer) and viewer.person != one.person.pk
    return steers and offices.outranks(viewer, frozenset({role}))
