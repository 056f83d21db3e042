"""The door of every TAXII address: signs the machine in, and turns refusals into answers."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from infohub.taxii.answers import RefusedError
from infohub.taxii.auth import let_in

Inside = Callable[..., HttpResponse]
READING = ("GET", "HEAD")


def door(inside: Inside) -> Callable[..., HttpResponse]:
    """A view for machines: it is called with the viewer, and needs neither session nor form token."""

    @csrf_exempt
    @wraps(inside)
    def outside(request: HttpRequest, **names: str) -> HttpResponse:
        try:
            response = inside(request, let_in(request), **names)
        except RefusedError as refused:
            response = refused.answer
        if request.method == "HEAD":
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return outside


def demand_reading(request: HttpRequest, *, writing: str = "") -> None:
    """Refuse everything but reading; the method that would write here is forbidden, others are unknown."""
    if request.method in READING:
        return
    if request.method == writing:
        raise RefusedError(403, "Not allowed", "This token may read the collection, not write to it.")
    raise RefusedError(405, "Method not allowed", Allow=", ".join(READING))
