"""What all public answers have in common: the language of the address, no session, the same bytes for everybody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from infohub.web.languages import language_of

FRESH_SECONDS = 60


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Answer in the language of the address; any cache may keep the answer for a minute and ask again by its ETag."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, language: str = "en", **places: str) -> HttpResponseBase:
        with translation.override(language):
            response = view(request, **places)
        response.headers["Content-Language"] = language_of(language).html
        if "messages" in request.COOKIES or response.status_code != 200:
            return response  # a message is for one person
        response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        set_response_etag(response)
        return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response

    return page
