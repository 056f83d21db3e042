"""How often a machine may ask over TAXII and MISP together, and that wrong tokens lock nobody out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from infohub.intel.actions import write_calls
from infohub.intel.models import Call
from infohub.members.models import Token
from infohub.standards.tlp import Tlp
from infohub.support import pace
from infohub.support.clock import now
from infohub.support.pace import FAILED_PER_MINUTE
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import indicator
from tests.taxii.machine import ROOT, Machine

pytestmark = pytest.mark.django_db


def test_one_request_too_many_is_refused_in_taxii_with_the_time_to_wait(
    bank: Machine, cast: Cast, settings: object
) -> None:
    settings.EXCHANGE_PER_MINUTE = 3  # type: ignore[attr-defined]
    other = Machine(pieces.token(cast.bank)[1])
    left = [bank.ask(path).headers["RateLimit-Remaining"] for path in ("", "collections/", "nowhere/")]
    assert left == ["2", "1", "0"]
    for refused in (
        bank.ask(),
        bank.ask("collections/", "HEAD"),
        bank.add("collections/members/objects/", indicator()),
    ):
        assert refused.status == 429
        assert refused.headers["RateLimit-Limit"] == "3"
        assert refused.headers["RateLimit-Remaining"] == "0"
        assert 0 < int(refused.headers["Retry-After"]) <= 60
    told = bank.ask().body
    assert (told["title"], told["http_status"]) == ("Too many requests", "429")
    assert "At most 3 requests a minute" in str(told["description"])
    assert other.ask().status == 200


def test_over_misp_the_same_requests_count_and_over_rest_they_do_not(cast: Cast, settings: object) -> None:
    settings.EXCHANGE_PER_MINUTE = 2  # type: ignore[attr-defined]
    secret = pieces.token(cast.bank, scopes=("taxii", "misp", "read"))[1]
    headers = {"authorization": f"Bearer {secret}"}
    paths = (ROOT, "/misp/servers/getVersion", ROOT, "/misp/servers/getVersion", "/api/v1/me")
    assert [Client().get(path, headers=headers).status_code for path in paths] == [200, 200, 429, 429, 200]


def test_a_token_for_something_else_keeps_the_pace_too(cast: Cast, settings: object) -> None:
    settings.EXCHANGE_PER_MINUTE = 1  # type: ignore[attr-defined]
    feed = Machine(pieces.token(cast.bank, scopes=("feed",))[1])
    assert [feed.ask().status for _ in range(2)] == [403, 429]


@pytest.mark.parametrize("path", [ROOT, "/misp/servers/getVersion", "/api/v1/me"])
def test_wrong_tokens_are_refused_ever_more_shortly_and_lock_out_no_living_one(
    path: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MINUTE", 10**9)  # six hundred requests may take longer than what is left of this one
    living = pieces.token(cast.bank, scopes=("taxii", "misp", "read"))[1]

    def ask(secret: str | None, address: str = "192.0.2.1") -> int:
        headers = {} if secret is None else {"authorization": f"Bearer {secret}"}
        response = Client().get(path, headers=headers, REMOTE_ADDR=address)
        assert response.status_code != 429 or int(response.headers["Retry-After"]) > 0
        return response.status_code

    assert {ask(f"wrong-{number}") for number in range(FAILED_PER_MINUTE)} == {401}
    assert [ask("wrong"), ask("wrong"), ask("wrong", "192.0.2.2")] == [429, 429, 401]
    assert [ask(living), ask(None), ask("wrong")] == [200, 401, 429]


def test_who_asks_without_a_token_first_is_not_counted(bank: Machine) -> None:
    assert {Client().get(ROOT).status_code for _ in range(2 * FAILED_PER_MINUTE)} == {401}
    assert replace(bank, secret="wrong").ask().status == 401


def test_of_a_dead_token_that_asks_too_often_nothing_is_noted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "FAILED_PER_MINUTE", few := 20)
    row, secret = pieces.token(cast.bank, ceiling=Tlp.GREEN)
    Token.objects.filter(pk=row.pk).update(revoked=now())
    write_calls()
    Call.objects.all().delete()
    assert {Machine(secret).ask().status for _ in range(few + 10)} == {401, 429}
    write_calls()
    assert Call.objects.filter(token=row, status=401).count() == few
    assert not Call.objects.filter(status=429).exists()
