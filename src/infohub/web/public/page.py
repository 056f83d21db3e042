"""What all public answers have in common: the language of the address, no session, the same bytes for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from infohub.members.programme import language_for, speaking_to
from infohub.web.languages import language_of, same_page, with_query

FRESH_SECONDS = 60


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """A page for people: at an address of a language that is not offered, the way to it in the first that is."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, language: str = "en", **places: str) -> HttpResponseBase:
        spoken = language_for(language)
        if spoken != language:
            return redirect(with_query(request, same_page(request.path, language_of(spoken))))
        with speaking_to(language):
            return _answer(request, language, view(request, **places))

    return page


def public_file(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """What programs fetch: it stays at its address, whichever languages are offered."""

    @require_safe
    @wraps(view)
    def file(request: HttpRequest, language: str = "en", **places: str) -> HttpResponseBase:
        with translation.override(language):
            return _answer(request, language, view(request, **places))

    return file


def _answer(request: HttpRequest, language: str, response: HttpResponse) -> HttpResponseBase:
    """Any cache may keep the answer for a minute and ask again by its ETag."""
    response.headers["Content-Language"] = language_of(language).html
    if "messages" in request.COOKIES or response.status_code != 200:
        return response  # a message is for one person
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response
