"""How often somebody may ask: so many requests in each minute, counted where all processes count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.cache import cache

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Pace:
    """Where somebody is in this minute: the request of this number, of so many, with so many seconds to the next."""

    number: int
    most: int
    seconds: int

    @property
    def is_exceeded(self) -> bool:
        return self.number > self.most

    @property
    def refusal(self) -> str:
        return f"At most {self.most} requests a minute. Wait {self.seconds} s."

    @property
    def headers(self) -> dict[str, str]:
        """What a client needs to know to keep within it."""
        told = {
            "RateLimit-Limit": str(self.most),
            "RateLimit-Remaining": str(max(0, self.most - self.number)),
            "RateLimit-Reset": str(self.seconds),
        }
        return told | ({"Retry-After": str(self.seconds)} if self.is_exceeded else {})


def counted(who: str, *, at: datetime, most: int) -> Pace:
    """Count one request."""
    minute = int(at.timestamp()) // MINUTE
    left = (datetime.fromtimestamp((minute + 1) * MINUTE, UTC) - at).seconds + 1
    key = f"pace:{who}:{minute}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        number = cache.incr(key)
    except ValueError:  # thrown out of the cache meanwhile: better one request too many than none
        number = 1
    return Pace(number, most, left)
