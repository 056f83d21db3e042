"""Addresses that programs look for under /.well-known/."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from infohub.support.clock import now
from infohub.web.public.page import public_file

_VALID_FOR = timedelta(days=180)


@public_file
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole in this installation (RFC 9116); valid half a year, counted from the month's beginning."""
    month = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.CONTACT}",
        f"Expires: {month + _VALID_FOR:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, zh-Hant, zh-Hans",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
