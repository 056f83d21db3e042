"""Errors of the REST API: problem documents (RFC 9457) that name the place and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Schema

from infohub.api.memory import remember

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"

Answer = Callable[[HttpRequest], HttpResponse]

_DETAILS = {
    400: "What was sent could not be read.",
    404: "There is nothing here, or nothing that you may read.",
    405: "This address does not know this method.",
    413: "What was sent is larger than the largest piece with its files.",
    500: "The fault is ours and has been recorded. Nothing of this request was kept; send it again in a moment.",
}


class Wrong(Schema):
    """One thing that is wrong: `where` is its path in what was sent, `what` says what is needed there."""

    where: str
    what: str


class Problem(Schema):
    """A problem document (RFC 9457). `errors` names every place that is wrong, where there are such places."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[Wrong] = []


class ProblemError(Exception):
    """The request ends here with a problem document."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Iterable[Wrong] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.answer = problem(status, detail, errors=errors, headers=headers)


def problem(
    status: int, detail: str = "", *, errors: Iterable[Wrong] = (), headers: Mapping[str, str] = MappingProxyType({})
) -> HttpResponse:
    """The problem document as an answer."""
    document = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or _DETAILS.get(status, ""),
        errors=list(errors),
    )
    body = orjson.dumps(document.model_dump())
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers=dict(headers))


def absent() -> ProblemError:
    """The one answer for what does not exist and for what is not yours."""
    return ProblemError(404)


def everywhere(answer: Answer) -> Answer:
    """Below `/api/` every error is a problem document, and no cache keeps an answer; it says how many may follow."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if not request.path.startswith(PREFIX):
            return response
        if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
            kept = {name: response[name] for name in ("Allow",) if name in response}
            response = problem(response.status_code, headers=kept)
        remember(request, response.status_code)
        for name, number in getattr(request, "limit", {}).items():
            response[name] = number
        response.setdefault("Cache-Control", "private, no-store")
        response["Vary"] = "Authorization, Cookie"
        return response

    return middleware
