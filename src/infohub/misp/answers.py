"""What MISP answers look like over HTTP: JSON, refusals with `name`, `message` and `url`, nothing kept by caches."""

from __future__ import annotations

import hashlib
from datetime import datetime

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_etags

JSON = "application/json"
_KEPT = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}


class RefusedError(Exception):
    """The request ends here; `message` says why and what to do."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.headers = {name.replace("_", "-"): content for name, content in headers.items()}

    def answer(self, request: HttpRequest) -> HttpResponse:
        told = {"name": self.message, "message": self.message, "url": request.path}
        return HttpResponse(orjson.dumps(told), status=self.status, content_type=JSON, headers=_KEPT | self.headers)


def answer(value: object, **headers: str) -> HttpResponse:
    """A value as JSON."""
    told = {name.replace("_", "-"): content for name, content in headers.items()}
    return HttpResponse(orjson.dumps(value), content_type=JSON, headers=_KEPT | told)


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    """The answer that what the client has is still so; None where it has something else."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if known != ["*"] and etag not in {one.removeprefix("W/") for one in known}:
        return None
    return HttpResponse(status=304, headers=_KEPT | {"ETag": etag})


def file(body: bytes, etag: str, *, content_type: str = JSON, newest: datetime | None = None) -> HttpResponse:
    """A file of a feed. When it changed last is said and never asked: what left a collection leaves no time behind."""
    dated = {"Last-Modified": http_date(newest.timestamp())} if newest else {}
    return HttpResponse(body, content_type=content_type, headers=_KEPT | {"ETag": etag} | dated)


def etag_of(*parts: str | bytes) -> str:
    """A strong validator for what follows from these parts alone."""
    told = b"\n".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return f'"{hashlib.sha256(told).hexdigest()}"'


def absent() -> RefusedError:
    """The one answer for what does not exist and for what is not yours."""
    return RefusedError(404, "Not found, or nothing that this token may read.")
