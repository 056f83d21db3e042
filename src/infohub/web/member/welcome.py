"""The first steps of somebody new: five of them, each with where to take it, and three cases about the markings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from infohub.catalogue.models import Entry
from infohub.delivery.models import Preference
from infohub.intel.models import Sighting
from infohub.members.models import Person
from infohub.policy.viewer import Viewer
from infohub.register import second_step
from infohub.register.actions import know_markings, put_welcome_away
from infohub.register.models import Joining, Welcome
from infohub.web.viewer import viewer_of

ENOUGH_STEPS = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One first step: what it is for, where it is taken, and whether it is done."""

    title: str
    why: str
    url: str
    action: str
    done: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A case about a marking: what happens, what one could do, and which of it is right."""

    name: str
    tlp: str
    story: str | Promise
    choices: tuple[str | Promise, ...]
    right: int
    because: str | Promise


CASES = (
    Case(
        "customer",
        "AMBER+STRICT",
        _("An alert about your supplier reached you. A customer asks whether you know more."),
        (_("I send the alert to the customer"), _("I tell nobody outside my organisation")),
        1,
        _("AMBER+STRICT stays inside your organisation, even where a customer could use it."),
    ),
    Case(
        "website",
        "GREEN",
        _("An advisory would help the other firms of your trade."),
        (_("I post it on our website"), _("I send it to the members of our trade association")),
        1,
        _("GREEN is for your community, and not for public places."),
    ),
    Case(
        "manager",
        "RED",
        _("A piece was shared with you by name. Your manager asks what it says."),
        (_("I ask its author before I say anything"), _("I tell my manager, who will keep it")),
        0,
        _("RED is for the people named. Only its author may widen it."),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The five steps; POST puts them away."""
    viewer = viewer_of(request)
    if request.method == "POST":
        put_welcome_away(viewer)
        messages.success(request, gettext("Put away. You find the first steps again in your account."))
        return redirect("member:home")
    steps = _steps(viewer, cast(Person, request.user))
    context = {"nav": "home", "steps": steps, "done": sum(step.done for step in steps)}
    return render(request, "member/welcome.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def cases(request: HttpRequest) -> HttpResponse:
    """Three cases about the markings; a wrong answer says why, and nothing is kept of it."""
    given = {case.name: request.POST.get(case.name, "") for case in CASES}
    rows = [(case, given[case.name], given[case.name] == str(case.right)) for case in CASES]
    if request.method == "POST" and all(right for _case, _given, right in rows):
        know_markings(viewer_of(request))
        messages.success(request, gettext("All three are right."))
        return redirect("member:welcome")
    context = {"nav": "home", "rows": rows, "answered": request.method == "POST"}
    return render(request, "member/cases.html", context, status=422 if request.method == "POST" else 200)


def is_open(viewer: Viewer) -> bool:
    """Whether the first steps still stand on the home page: one query."""
    return viewer.is_member and not Welcome.objects.filter(person=viewer.person, closed_at__isnull=False).exists()


def _steps(viewer: Viewer, person: Person) -> list[Step]:
    known = Welcome.objects.filter(person=person, knows_markings_at__isnull=False).exists()
    newest = Entry.objects.readable(viewer).exclude(label__author=viewer.membership).newest().only("ref").first()
    ways = second_step.steps_of(person).count()
    return [
        Step(
            gettext("A second way in"),
            gettext("With two second steps, such as a passkey and an app, a lost phone shuts you out of nothing."),
            reverse("member:security"),
            gettext("Look at my sign-in"),
            ways >= ENOUGH_STEPS,
        ),
        Step(
            gettext("Your groups"),
            gettext("In groups you read what your trade shares, and ask what only colleagues know."),
            reverse("member:groups"),
            gettext("See all groups"),
            bool(viewer.groups) or Joining.objects.filter(membership=viewer.membership).exists(),
        ),
        Step(
            gettext("How you are told"),
            gettext("At once, in one mail a day, or only here; critical pieces always come at once."),
            reverse("member:notice_settings"),
            gettext("Choose"),
            Preference.objects.filter(person=person).exists(),
        ),
        Step(
            gettext("Three cases about the markings"),
            gettext("Two minutes, and you know what you may pass on to whom."),
            reverse("member:cases"),
            gettext("Take the three cases"),
            known,
        ),
        Step(
            gettext("Say whether you have seen it"),
            gettext("“Seen it” or “looked, not seen” helps everybody more than silence; you are counted, never named."),
            reverse("items:item", args=[newest.ref]) if newest else reverse("member:feed"),
            gettext("Open the newest piece"),
            Sighting.objects.filter(membership=viewer.membership).exists(),
        ),
    ]
