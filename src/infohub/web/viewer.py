"""Deny by default: builds the viewer of each request and lets only signed-in, second-stepped members past the door."""

from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from infohub.members.programme import programme_held, speaking_to
from infohub.policy.viewer import NOBODY, Viewer, person_viewer
from infohub.web.accounts import progress
from infohub.web.still_here import still_here

Answer = Callable[[HttpRequest], HttpResponse]

ENTRY = "/accounts/"
OPEN = (ENTRY, "/static/", "/feeds/", "/api/", "/.well-known/", "/healthz", "/readyz", "/metrics")
API = "/api/"  # answers for itself, refusals too; there a signed-in person's own pages may ask too
DOORS = ("/member/", "/items/", "/office/")


class AskedRequest(HttpRequest):
    """A request after this middleware: it knows who asks."""

    viewer: Viewer


def viewer(answer: Answer) -> Answer:
    """Set `request.viewer`; whatever lies behind a door sends strangers to sign-in, existing or not."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = cast(AskedRequest, request)
        asked.viewer = NOBODY
        nul = "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        if nul:
            raise SuspiciousOperation  # no address of ours has one, and PostgreSQL takes none
        if request.path.startswith(ENTRY):
            with speaking_to(_entry_language(request)):
                return answer(request)
        if request.path.startswith(API):
            asked.viewer = _own_page(request)
        with programme_held():
            return _behind_a_door(asked, answer) if request.path.startswith(DOORS) else answer(request)

    return middleware


def _behind_a_door(request: AskedRequest, answer: Answer) -> HttpResponse:
    """The page in the person's language; the way to sign-in for everybody else."""
    if not request.user.is_authenticated:
        return _out(request)
    person = request.user
    missing = progress.missing_step(request, person)
    if missing:
        return _to(request, missing)
    request.viewer = person_viewer(person)
    if not request.viewer.has_standing:
        return _out(request)
    progress.note(request, request.viewer)
    with speaking_to(person.language):
        return answer(request)


def _own_page(request: HttpRequest) -> Viewer:
    """Whoever has gone through every step of sign-in in this browser; nobody where a token asks."""
    if "Authorization" in request.headers or not request.user.is_authenticated:
        return NOBODY
    if progress.missing_step(request, request.user):
        return NOBODY
    found = person_viewer(request.user)
    return found if found.has_standing else NOBODY


def _entry_language(request: HttpRequest) -> str:
    """The person's language, else the browser's."""
    if request.user.is_authenticated:
        return request.user.language
    return translation.get_language_from_request(request)


def _out(request: HttpRequest) -> HttpResponse:
    """To sign-in; a session whose person was suspended, has left or lost the last membership ends for good."""
    if SESSION_KEY in request.session:
        logout(request)
    if not request.headers.get("HX-Request"):
        with speaking_to(_entry_language(request)):
            page = still_here(request, status=401)
        if page is not None:
            return page
    return _to(request, reverse("account_login"))


def _to(request: HttpRequest, address: str) -> HttpResponse:
    """To an address that leads back to this page; only pages one can open by their address are led back to."""
    wanted = request.get_full_path() if request.method == "GET" else ""
    if request.headers.get("HX-Request"):
        wanted = cast(HtmxDetails, getattr(request, "htmx", None)).current_url_abs_path or ""
    target = f"{address}?{urlencode({'next': wanted})}" if wanted else address
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks, as the middleware found out."""
    return cast(AskedRequest, request).viewer
