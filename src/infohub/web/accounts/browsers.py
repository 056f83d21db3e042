"""The browser a request comes from: its name in words, and whether its owner trusts it."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from infohub.members.models import Person
from infohub.register.models import TrustedBrowser
from infohub.support.ids import keyed_digest

COOKIE = "__Host-trusted" if settings.HTTPS else "trusted"
# The first sign found counts: most browsers also carry the names of those they descend from.
_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


class Named(TypedDict):
    """What is kept of a browser."""

    browser: str
    system: str


def named(request: HttpRequest) -> Named:
    """The browser's name and its system's, as far as it says so."""
    said = request.headers.get("User-Agent", "")
    return Named(browser=_first(_BROWSERS, said), system=_first(_SYSTEMS, said))


def _first(signs: dict[str, str], said: str) -> str:
    return next((name for sign, name in signs.items() if sign in said), "")


def is_trusted(request: HttpRequest, person: Person) -> bool:
    """Whether this person trusts this browser; the cookie alone says nothing."""
    secret = request.COOKIES.get(COOKIE, "")
    return TrustedBrowser.objects.running().filter(person=person, digest=keyed_digest(secret)).exists()


def is_this(request: HttpRequest, trusted: TrustedBrowser) -> bool:
    """Whether the request comes from this trusted browser."""
    return trusted.digest == keyed_digest(request.COOKIES.get(COOKIE, ""))


def remember(answer: HttpResponse, secret: str) -> None:
    """Give the browser the secret by which it is known again."""
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=TrustedBrowser.LIFETIME,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
