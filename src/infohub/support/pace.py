"""How often somebody may ask: so many requests in each minute, counted in the process and summed up over all of them.

Asking a shared cache at every request would cost more than many an answer. So each process counts by itself, and adds
what it counted to the shared cache every so many requests: with several processes, each may let that many more pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address, ip_address, ip_network
from threading import Lock

from django.conf import settings
from django.core.cache import cache

MINUTE = 60
FAILED_PER_MINUTE = 600
"""Requests with wrong tokens from one address."""

MOST_ADDRESSES = 10_000
_LEAST_SHARED = 10


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


@dataclass(slots=True)
class Tally:
    """What one process has counted in this minute: of each its number, as far as is known, and what was not shared."""

    minute: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    unshared: dict[str, int] = field(default_factory=dict)
    _counting: Lock = field(default_factory=Lock)

    def counted(self, who: str, *, at: datetime, most: int) -> Pace:
        """Count one request."""
        minute = int(at.timestamp()) // MINUTE
        left = (datetime.fromtimestamp((minute + 1) * MINUTE, UTC) - at).seconds + 1
        with self._counting:
            if minute != self.minute:
                self.minute, self.numbers, self.unshared = minute, {}, {}
            number = self.numbers[who] = self.numbers.get(who, 0) + 1
            unshared = self.unshared[who] = self.unshared.get(who, 0) + 1
            is_due = unshared >= max(_LEAST_SHARED, most // 20) and number <= most
            if is_due:
                self.unshared[who] = 0
        return Pace(self._shared(who, minute, unshared) if is_due else number, most, left)

    def _shared(self, who: str, minute: int, more: int) -> int:
        """Add so many to what all processes have counted; how many that are. Two that add at once may lose a part."""
        key = f"pace:{who}:{minute}"
        cache.add(key, 0, 2 * MINUTE)
        try:
            total = cache.incr(key, more)
        except ValueError:  # thrown out of the cache meanwhile: better some requests too many than none
            total = more
        with self._counting:
            if minute != self.minute:
                return total
            number = self.numbers[who] = max(self.numbers[who], total + self.unshared[who])
            return number


tokens, addresses = Tally(), Tally()


def counted(who: str, *, at: datetime, most: int) -> Pace:
    """Count one request of somebody who was let in."""
    return tokens.counted(who, at=at, most=most)


def failed(environ: Mapping[str, object], *, at: datetime) -> Pace:
    """Count one request with a wrong token, of which no address may send more than a few.

    Whoever brings a living token is let in all the same: it is looked at first.
    """
    who = f"address-{_address(environ)}"
    if who not in addresses.numbers and len(addresses.numbers) >= MOST_ADDRESSES:
        who = "address-any"
    return addresses.counted(who, at=at, most=FAILED_PER_MINUTE)


def _address(environ: Mapping[str, object]) -> str:
    """What the last of our own proxies names, else the connection's address; of IPv6 the network of a host."""
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    named = forwarded[-proxies] if 0 < proxies <= len(forwarded) else ""
    written = named.strip() or str(environ.get("REMOTE_ADDR", ""))
    try:
        address = ip_address(written)
    except ValueError:
        return "unknown"
    return str(address if isinstance(address, IPv4Address) else ip_network((address, 64), strict=False))
