"""Every address of the service belongs to a channel, and each channel has its door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

CHANNELS: dict[str, set[str]] = {
    "public": {
        "/",
        "/en/",
        "/mark/<str:name>",
        "/en/<path:rest>",
        "/.well-known/security.txt",
        "/advisories",
        "/advisories/<str:ref>",
        "/advisories/<str:ref>/advisory.pdf",
        "/advisories/<str:ref>/indicators.csv",
        "/advisories/<str:ref>/stix.json",
        "/statistics",
        "/guidance",
        "/guidance/first-hour",
        "/guidance/scam",
        "/guidance/basics",
        "/about",
        "/about/accessibility",
        "/about/notices",
        "/feeds/public.atom",
        "/feeds/public.json",
        "/api/v1/openapi.json",
        "/api/v1/releases",
        "/api/v1/releases/<ref>",
        "/api/v1/figures",
    },
    "personal feed": {"/feeds/mine/<str:secret>.atom", "/feeds/mine/<str:secret>.json"},
    "operation": {"/healthz", "/readyz"},
}
DOORS = {
    "/accounts/": "sign-in",
    "/member/": "portal",
    "/items/": "portal",
    "/office/": "office",
    "/taxii2": "machine",
    "/misp/": "machine",
    "/api/v1/": "machine",
}


def addresses() -> Iterator[str]:
    """Every pattern of the service, as written."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern).replace("^", "").replace("$", "")
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, here)
            else:
                yield here

    return walk(get_resolver().url_patterns, "/")


def channel_of(address: str) -> str | None:
    """The channel of an address, if it is in a list; a new public address has to be written down above."""
    for channel, known in CHANNELS.items():
        if address in known:
            return channel
    return next((channel for door, channel in DOORS.items() if address.startswith(door)), None)


def test_every_address_belongs_to_a_channel() -> None:
    assert [address for address in addresses() if channel_of(address) is None] == []


def test_an_address_that_is_in_no_list_is_noticed() -> None:
    assert channel_of("/exports/everything.csv") is None
    assert channel_of("/advisories/<str:ref>/original") is None


def test_no_list_names_an_address_that_is_gone() -> None:
    present = set(addresses())
    assert [address for known in CHANNELS.values() for address in known if address not in present] == []


@pytest.mark.django_db
@pytest.mark.parametrize("door", ["/member/", "/items/", "/office/"])
def test_a_stranger_is_sent_to_sign_in_whether_the_thing_exists_or_not(client: Client, door: str) -> None:
    for address in addresses():
        if address.startswith(door):
            path = address.replace("<str:ref>", "IH-ZZZZZZ").replace("<int:pk>", "1")
            path = path.replace("<uuid:handle>", "28bb3599-77cd-5a82-a950-b5bc3caf07c4")
            for answer in (client.get(path), client.post(path)):
                assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/"), path
                assert "no-store" in answer["Cache-Control"]
