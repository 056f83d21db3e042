"""Lost second steps: who asks for a new one, and the two yeses it takes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from infohub.policy import offices
from infohub.register import actions
from infohub.register.models import Recovery
from infohub.register.recovery import recovery_of, standing, standings
from infohub.web.accounts import letters
from infohub.web.accounts.doors import fresh
from infohub.web.lists import paged
from infohub.web.office.confirming import Step, confirmed
from infohub.web.office.doors import open_to
from infohub.web.office.people import known
from infohub.web.viewer import viewer_of


@require_safe
@open_to(offices.cares_for_people)
def recoveries(request: HttpRequest) -> HttpResponse:
    """Requests of the people in the viewer's care, whoever waits longest first."""
    viewer = viewer_of(request)
    rows = Recovery.objects.asked()
    if not offices.keeps_register(viewer):
        rows = rows.of_organisation(viewer.organisation)
    page, newer, older = paged(request, rows)
    context = {
        "nav": "recoveries",
        "rows": [(stands, stands.waits_for(viewer)) for stands in standings(page)],
        "newer": newer,
        "older": older,
    }
    return render(request, "office/recoveries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.cares_for_people)
@fresh
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes, after a look at what that ends; the page is there for those whose yes is missing."""
    viewer = viewer_of(request)
    person = known(viewer, pk).person
    recovery = recovery_of(person)
    if recovery is None or not standing(recovery).waits_for(viewer):
        raise Http404
    step = Step(
        title=_("%(name)s has lost the second step") % {"name": person.name},
        button=_("I have spoken with this person: yes"),
        back=reverse("office:person", args=[person.pk]),
        nav="recoveries",
        changes=[
            _("every session and every trusted browser of this person"),
            _("the password, the authenticator app, the passkeys and the recovery codes"),
        ],
        stays=[
            _("This happens with the last yes; the person then gets a link by e-mail to set up sign-in anew."),
            _("Say yes only after you have spoken with the person, on a number you had before or face to face."),
        ],
        asks_reason=False,
    )
    given: list[str] = []
    page = confirmed(request, step, lambda _reason: given.append(actions.allow_recovery(viewer, recovery=recovery)))
    if page is not None:
        return page
    if given[0]:
        letters.invite(person, given[0])
        messages.success(request, _("Both have said yes. The link is on its way to %(name)s.") % {"name": person.name})
    else:
        letters.tell_of_recovery("recovery_allowed", recovery)
        messages.success(request, _("Your yes is noted. One more person has to say yes."))
    return redirect("office:person", pk=pk)
