"""A lost second step, as the person meets it: ask after the right password, follow it, stop it."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from infohub.members.models import Person
from infohub.policy.viewer import NOBODY, person_viewer
from infohub.register import actions
from infohub.register.models import Recovery
from infohub.register.recovery import recovery_of, standing, stopped_by
from infohub.web.accounts import letters
from infohub.web.accounts.doors import proven
from infohub.web.accounts.views import pending


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Only after the right password: what the request does, the button, and how far it has come."""
    stage = pending(request)
    if stage is None:
        return redirect("account_login")
    person: Person = stage.login.user
    if request.method == "POST":
        if not ratelimit.consume(request, action="recovery", key=str(person.pk)):
            return render(request, "429.html", status=429)
        asked, is_new = actions.ask_recovery(NOBODY, person=person)
        if is_new:
            letters.tell_of_recovery("recovery_asked", asked)
        return redirect("accounts_recovery")
    waiting = recovery_of(person)
    return render(request, "accounts/recovery.html", {"stands": standing(waiting) if waiting else None})


@proven
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """Stop one's own request, from any session."""
    person = cast(Person, request.user)
    waiting = Recovery.objects.stoppable().select_related("person").filter(person=person).first()
    if waiting is not None:
        actions.stop_recovery(person_viewer(person), recovery=waiting)
        letters.tell("recovery_stopped", person)
        messages.success(request, _("The request is stopped. Your sign-in stays as it is."))
    return redirect("member:security")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mails: GET asks whether one is sure, because programs follow links by themselves."""
    waiting = stopped_by(secret)
    if waiting is not None and request.method == "POST":
        actions.stop_recovery(NOBODY, recovery=waiting, secret=secret)
        letters.tell("recovery_stopped", waiting.person)
    context = {"waiting": waiting, "done": waiting is not None and request.method == "POST"}
    return render(request, "accounts/recovery_stop.html", context, status=200 if waiting else 404)
