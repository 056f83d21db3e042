"""Lets in whom the policy names; for everybody else a page of the office does not exist."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer
from infohub.web.viewer import viewer_of

Page = Callable[..., HttpResponseBase]


def open_to(allowed: Callable[[Viewer], bool]) -> Callable[[Page], Page]:
    """The page is there for those the policy allows; what an action then refuses is not there either."""

    def guard(page: Page) -> Page:
        @wraps(page)
        def guarded(request: HttpRequest, *args: str | int, **kwargs: str | int) -> HttpResponseBase:
            if not allowed(viewer_of(request)):
                raise Http404
            try:
                return page(request, *args, **kwargs)
            except NotAllowedError:
                raise Http404 from None

        return guarded

    return guard
