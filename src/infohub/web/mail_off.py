"""The address in every mail that stops the mails to its person, without signing in (RFC 8058)."""

from __future__ import annotations

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from infohub.delivery.actions import mail_off_person, stop_mail
from infohub.policy.viewer import NOBODY


@csrf_exempt  # a mail program posts here with nothing but the link, and the link is all it takes
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, signed: str) -> HttpResponse:
    """GET asks whether you are sure, because programs follow links by themselves; POST does it."""
    try:
        if request.method == "POST":
            stop_mail(NOBODY, signed=signed)
        else:
            mail_off_person(signed)
    except BadSignature as problem:
        raise Http404 from problem
    return render(request, "accounts/mail_off.html", {"done": request.method == "POST"})
