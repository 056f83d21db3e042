"""The door of every TAXII address: signs the machine in, and turns refusals into answers."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from infohub.standards.taxii21.media import TAXII
from infohub.taxii.answers import RefusedError
from infohub.taxii.auth import Caller, caller_of, let_in
from infohub.taxii.memory import remember

PREFIX = "/taxii2/"

Answer = Callable[[HttpRequest], HttpResponse]
Inside = Callable[..., HttpResponse]
READING = ("GET", "HEAD")


def everywhere(answer: Answer) -> Answer:
    """Below `/taxii2/` every answer is TAXII, also where we failed: an error resource without a word of what broke."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.path_info.startswith(PREFIX) and response.get("Content-Type") != TAXII:
            return RefusedError(response.status_code, "This did not work", "Try again later.").answer
        return response

    return middleware


def door(inside: Inside) -> Callable[..., HttpResponse]:
    """A view for machines: it is called with who asks, and needs neither session nor form token."""

    @wraps(inside)
    def outside(request: HttpRequest, **names: str) -> HttpResponse:
        caller = caller_of(request)
        try:
            response = inside(request, let_in(request, caller), **names)
        except RefusedError as refused:
            response = refused.answer
        if caller is not None:
            _read_to_the_end(caller)
        remember(request, caller, inside.__name__, response.status_code)
        for name, number in (caller.pace.headers if caller and caller.pace else {}).items():
            response[name] = number
        if request.method == "HEAD":
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return outside


def demand(request: HttpRequest, *methods: str) -> None:
    """Refuse every method but these; reading alone where none are named."""
    if request.method not in (methods or READING):
        raise RefusedError(405, "Method not allowed", Allow=", ".join(methods or READING))


def _read_to_the_end(caller: Caller) -> None:
    """A client that is still sending gets the answer, not a broken connection; for a stranger nobody waits."""
    for _part in caller.body:
        pass
