"""So many requests in each minute, wherever they are answered, and no living token pays for wrong ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.cache import cache

from infohub.support.pace import FAILED_PER_MINUTE, MOST_ADDRESSES, Tally, failed

AT = datetime(2026, 3, 2, 8, 0, 12, 500_000, tzinfo=UTC)


def passed(tally: Tally, times: int, *, who: str = "token-1", most: int = 100, at: datetime = AT) -> int:
    """How many of so many requests pass."""
    return sum(not tally.counted(who, at=at, most=most).is_exceeded for _ in range(times))


def test_so_many_pass_in_each_minute_and_others_as_well() -> None:
    tally = Tally()
    assert passed(tally, 150) == 100
    assert passed(tally, 1) == 0
    assert passed(tally, 150, who="token-2") == 100
    later = AT + timedelta(seconds=48)
    assert passed(tally, 150, at=later - timedelta(seconds=1)) == 0
    assert passed(tally, 150, at=later) == 100


def test_it_says_how_many_may_follow_and_how_long_to_wait() -> None:
    tally = Tally()
    first, second = (tally.counted("token-1", at=AT, most=1) for _ in range(2))
    assert first.headers == {"RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "48"}
    assert second.headers == first.headers | {"Retry-After": "48"}
    assert "Wait 48 s." in second.refusal


def test_several_processes_let_no_more_pass_than_each_its_part_too_many() -> None:
    first, second = Tally(), Tally()
    together = sum(passed(process, 1, most=1000) for _ in range(1000) for process in (first, second))
    assert 1000 <= together <= 1000 + 2 * 1000 // 20
    assert passed(Tally(), 1000, most=1000) <= 1000 // 20


def test_what_the_shared_cache_forgets_is_still_counted_in_the_process() -> None:
    tally = Tally()
    done = 0
    for _ in range(15):
        done += passed(tally, 10)
        cache.clear()
    assert done == 100


def test_a_million_objects_are_pulled_and_added_by_the_thousand_within_one_minute() -> None:
    assert passed(Tally(), 2 * 1000 + 100, most=settings.EXCHANGE_PER_MINUTE) == 2 * 1000 + 100


def number(address: str, *forwarded: str) -> int:
    """Which request with a wrong token this is of its address."""
    environ = {"REMOTE_ADDR": address} | ({"HTTP_X_FORWARDED_FOR": ", ".join(forwarded)} if forwarded else {})
    return failed(environ, at=AT).number


def test_wrong_tokens_are_counted_by_address_and_in_ipv6_by_network() -> None:
    assert [number("192.0.2.1"), number("192.0.2.1"), number("192.0.2.2")] == [1, 2, 1]
    assert [number("2001:db8::1"), number("2001:db8::2"), number("2001:db8:0:1::1")] == [1, 2, 1]
    assert [number(""), number("a socket")] == [1, 2]
    assert number("192.0.2.1", "198.51.100.9") == 3


def test_behind_our_own_proxies_the_address_they_name_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 1)
    assert [number("192.0.2.1", "203.0.113.7", "198.51.100.9") for _ in range(2)] == [1, 2]
    assert number("192.0.2.1", "203.0.113.8", "198.51.100.9") == 3
    assert number("192.0.2.1", "203.0.113.7") == 1
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 2)
    assert number("192.0.2.1", "203.0.113.7", "198.51.100.9") == 2
    assert number("192.0.2.1", "198.51.100.7") == 1


def test_who_has_many_addresses_fills_no_memory() -> None:
    for one in range(MOST_ADDRESSES + FAILED_PER_MINUTE):
        assert number(f"10.{one >> 16}.{one >> 8 & 255}.{one & 255}") <= FAILED_PER_MINUTE
    assert number("203.0.113.1") > FAILED_PER_MINUTE
