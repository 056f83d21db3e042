"""An authenticator app for tests, written from RFC 6238, and a clock for it that stands still."""

import base64
import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache

PERIOD = 30


@dataclass
class Clock:
    """The moment at which the product reads codes."""

    at: float = 1_800_000_015.0

    def time(self) -> float:
        return self.at

    def code(self, secret: str, *, steps: int = 0) -> str:
        """What an app with this secret shows now, or so many steps of thirty seconds later."""
        counter = int(self.at // PERIOD) + steps
        digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
        start = digest[-1] & 15
        (number,) = struct.unpack(">I", digest[start : start + 4])
        return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """The clock of the codes and of the cache, with no throttle or used code left from another test."""
    still = Clock()
    for place in (
        "allauth.mfa.totp.internal.auth",
        "django.core.cache.backends.locmem",
        "django.core.cache.backends.base",
    ):
        monkeypatch.setattr(f"{place}.time", still)
    cache.clear()
    yield still
    cache.clear()
