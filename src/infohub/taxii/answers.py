"""What TAXII answers look like over HTTP: the media type on everything, refusals as error resources."""

from collections.abc import Mapping

from django.http import HttpResponse

from infohub.standards.taxii21 import envelope
from infohub.standards.taxii21.media import TAXII


class RefusedError(Exception):
    """The request ends here with an error resource."""

    def __init__(
        self,
        status: int,
        title: str,
        description: str = "",
        *,
        details: Mapping[str, str] | None = None,
        **headers: str,
    ) -> None:
        super().__init__(title)
        self.answer = answer(envelope.error(status, title, description, details=details), status=status)
        for name, content in headers.items():
            self.answer[name.replace("_", "-")] = content


def answer(body: bytes, *, status: int = 200) -> HttpResponse:
    """A body in the TAXII media type that no shared cache may keep."""
    kept = {"Cache-Control": "private, no-store", "Vary": "Authorization, Accept"}
    return HttpResponse(body, status=status, content_type=TAXII, headers=kept)


def dated(response: HttpResponse, first: str, last: str) -> HttpResponse:
    """Say in the headers from when to when the objects of a page were added."""
    response["X-TAXII-Date-Added-First"] = first
    response["X-TAXII-Date-Added-Last"] = last
    return response


def absent() -> RefusedError:
    """The one answer for what does not exist and for what is not yours."""
    return RefusedError(404, "Not found", "There is nothing here, or nothing that this token may read.")
