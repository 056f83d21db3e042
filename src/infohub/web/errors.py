"""Error pages: one for everything that is not there or not yours."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from infohub.members.programme import speaking_to
from infohub.web.languages import language_at
from infohub.web.still_here import still_here


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; the page says how to go on without losing what was typed."""
    return still_here(request, status=403) or render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same words whether a thing does not exist or may not be read."""
    with speaking_to(_language(request)):
        return render(request, "404.html", status=404)


def _language(request: HttpRequest) -> str:
    """A public address says its language; behind a door the person's is active already."""
    here = language_at(request.path)
    return translation.get_language() or here.code if here.code == settings.LANGUAGE_CODE else here.code
