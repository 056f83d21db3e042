"""What was typed in the composer and reached us after the session ended: shown again, to be sent once more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

COMPOSER = "/member/share/"
_NOT_CARRIED = {"csrfmiddlewaretoken", "do", "nonce", "turn", "use", "replace", "open"}


def still_here(request: HttpRequest, *, status: int) -> HttpResponse | None:
    """The page with what was typed and a button that keeps it as a draft, no more; None for any other form.

    What another site sends in a member's name is not offered to be sent on.
    """
    typed = request.method == "POST" and request.path.startswith(COMPOSER) and "body" in request.POST
    if not typed or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return None
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {*_NOT_CARRIED, "title", "body"}
    ]
    context = {"path": request.path, "carried": carried, "signed_in": request.user.is_authenticated}
    context |= {"title": request.POST.get("title", ""), "body": request.POST["body"]}
    return render(request, "still_here.html", context, status=status)
