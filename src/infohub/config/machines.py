"""Leads the requests of machines past what is there for people's browsers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

PREFIXES = ("/taxii2/", "/misp/")
DISCOVERY = "/taxii2"  # as people write it; a redirect would answer with a page, and lose the token

Answer = Callable[[HttpRequest], HttpResponse]


def straight(answer: Answer) -> Answer:
    """A machine's request goes straight to its view: it has no session, form, message or language of a person."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info != DISCOVERY and not request.path_info.startswith(PREFIXES):
            return answer(request)
        found = resolve(request.path_info)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response

    return middleware
