"""The body of a request, piece by piece and never without end."""

from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest

MAX_CONTENT_LENGTH = 10 * 1024 * 1024
_READ_AT_MOST = 10 * MAX_CONTENT_LENGTH
_PART = 64 * 1024


def parts(request: HttpRequest) -> Iterator[bytes]:
    """As much as was announced, or all of a body that comes in chunks (RFC 9112, 7.1).

    Ends early where there is far more than anybody takes: whoever sends on does not listen, and the connection may
    break.
    """
    chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    left = _PART if chunked else announced(request)
    most = _READ_AT_MOST
    while left > 0 and most > 0 and (part := _stream(request).read(min(left, _PART))):
        left -= 0 if chunked else len(part)
        most -= len(part)
        yield part


def announced(request: HttpRequest) -> int:
    """How long the client says that the body is."""
    length = request.headers.get("Content-Length") or "0"
    return int(length) if length.isdecimal() else 0


def _stream(request: HttpRequest) -> BinaryIO:
    stream: BinaryIO = request.META["wsgi.input"]
    return stream
