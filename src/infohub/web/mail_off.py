"""The address in every mail that stops or lessens the mails to its person, without signing in (RFC 8058)."""

from __future__ import annotations

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from infohub.delivery.actions import Ease, ease_mail, mail_off_holder
from infohub.policy.viewer import NOBODY


@csrf_exempt  # a mail program posts here with nothing but the link, and the link is all it takes
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, signed: str) -> HttpResponse:
    """GET asks what is wanted, because programs follow links by themselves; a POST without words stops the mails."""
    asked = request.POST.get("do", Ease.STOP.value)
    wish = Ease(asked) if asked in {ease.value for ease in Ease} else Ease.STOP
    try:
        _person, entry = mail_off_holder(signed)
        if request.method == "POST":
            ease_mail(NOBODY, signed=signed, wish=wish)
    except BadSignature as problem:
        raise Http404 from problem
    done = wish.value if request.method == "POST" else ""
    return render(request, "accounts/mail_off.html", {"done": done, "about_a_piece": entry is not None})
