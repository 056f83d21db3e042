"""How I sign in: second steps, trusted browsers, sessions, and the log of what happened to them; one's own alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from infohub.audit.models import Record
from infohub.members.models import Person, Token
from infohub.register import actions, second_step
from infohub.register.models import TrustedBrowser, Visit
from infohub.web.accounts import browsers, progress
from infohub.web.viewer import viewer_of

LOG = 50
_WORDS = {
    "enrolled": gettext_lazy("You were entered in the programme"),
    "invited": gettext_lazy("A set-up link was sent to you"),
    "chose_password": gettext_lazy("A password was chosen with a set-up link"),
    "changed_password": gettext_lazy("The password was changed"),
    "set_up_second_step": gettext_lazy("An authenticator app was set up"),
    "added_passkey": gettext_lazy("A passkey was added"),
    "renamed_passkey": gettext_lazy("A passkey was renamed"),
    "removed_second_step": gettext_lazy("A passkey or an app was removed"),
    "renewed_codes": gettext_lazy("New recovery codes were made"),
    "stored_codes": gettext_lazy("The recovery codes were stored"),
    "accepted_terms": gettext_lazy("The terms were accepted"),
    "trusted_browser": gettext_lazy("A browser was trusted"),
    "ended_trust": gettext_lazy("A browser is no longer trusted"),
    "ended_session": gettext_lazy("A session was ended"),
    "ended_sessions": gettext_lazy("All other sessions were ended"),
    "asked_recovery": gettext_lazy("A new second step was asked for, because the old one is lost"),
    "allowed_recovery": gettext_lazy("Somebody said yes to a new second step"),
    "granted_recovery": gettext_lazy("The old sign-in ended; a link for a new one was sent"),
    "stopped_recovery": gettext_lazy("The request for a new second step was stopped"),
    "corrected_person": gettext_lazy("Your details were corrected"),
    "suspended_person": gettext_lazy("You were suspended"),
    "restored_person": gettext_lazy("You were let in again"),
    "made_administrator": gettext_lazy("Your task in the organisation changed"),
    "granted_role": gettext_lazy("You were given an office"),
    "withdrew_role": gettext_lazy("An office was taken from you"),
    "issued_token": gettext_lazy("A token was issued"),
    "changed_token": gettext_lazy("A token was changed"),
    "revoked_token": gettext_lazy("A token was revoked"),
}
_WAYS = {
    second_step.TOTP.value: gettext_lazy("Signed in with a code of the app"),
    second_step.PASSKEY.value: gettext_lazy("Signed in with a passkey"),
    second_step.CODES.value: gettext_lazy("Signed in with a recovery code"),
    "trusted_browser": gettext_lazy("Signed in from a trusted browser"),
    "set_up": gettext_lazy("Signed in with a new second step"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log; `others` when somebody else did it."""

    at: datetime
    words: str
    others: bool


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Everything about one's own sign-in on one page."""
    person = cast(Person, request.user)
    codes = second_step.codes_of(person)
    steps = list(second_step.steps_of(person))
    trusted = TrustedBrowser.objects.running().filter(person=person)
    context = {
        "nav": "account",
        "steps": [(step, step.type == second_step.PASSKEY) for step in steps],
        "removable": len(steps) > 1,
        "has_app": any(step.type == second_step.TOTP for step in steps),
        "codes_left": len(second_step.unused_codes(codes)) if codes else 0,
        "trusted": [(row, browsers.is_this(request, row)) for row in trusted],
        "visits": list(Visit.objects.running().filter(person=person)),
        "here": progress.visit(request),
        "log": list(_log(person)),
    }
    return render(request, "member/security.html", context)


def _log(person: Person) -> Iterator[Line]:
    tokens = Token.objects.filter(membership__person=person).values_list("pk", flat=True)
    about = [f"person:{person.pk}", *(f"token:{pk}" for pk in tokens)]
    for row in Record.objects.about(about, verbs=[*_WORDS, "signed_in"])[:LOG]:
        way = str(row.detail.get("way", ""))
        words = _WAYS.get(way, _("Signed in")) if row.verb == "signed_in" else _WORDS[row.verb]
        yield Line(at=row.at, words=str(words), others=row.person not in {None, person.pk})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; it is shut out at its next request."""
    visit = Visit.objects.filter(pk=pk, person=viewer_of(request).person).first()
    if visit is None:
        raise Http404
    actions.end_visit(viewer_of(request), visit=visit)
    messages.success(request, _("The session has ended."))
    return redirect("member:security")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    ended = actions.end_other_visits(viewer_of(request), kept=progress.visit(request) or 0)
    messages.success(request, ngettext("%(n)d session has ended.", "%(n)d sessions have ended.", ended) % {"n": ended})
    return redirect("member:security")


@require_POST
def end_trust(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a browser ask for the second step again."""
    trusted = TrustedBrowser.objects.filter(pk=pk, person=viewer_of(request).person).first()
    if trusted is None:
        raise Http404
    actions.end_trust(viewer_of(request), trusted=trusted)
    messages.success(request, _("That browser asks for the second step again."))
    return redirect("member:security")
