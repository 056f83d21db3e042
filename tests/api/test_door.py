"""Who is let in, how far, and how often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from infohub.members.models import Organisation, Person, Token
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.api.program import Program, program
from tests.cast import Cast, sign_in
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

OPERATIONS = (
    *("me", "items", "items/IH-ZZZZZZ", "items/IH-ZZZZZZ/comments", "items/IH-ZZZZZZ/attachments", "notices"),
    *("items/IH-ZZZZZZ/related", "items/IH-ZZZZZZ/indicators", "items/IH-ZZZZZZ/sightings", "items/IH-ZZZZZZ/stix"),
    *("items/IH-ZZZZZZ/misp", "search?q=x", "suggest?q=xx", "lookup?value=x", "groups", "groups/GR-1", "people?q=an"),
    "collections",
)


@pytest.mark.parametrize("path", OPERATIONS)
def test_a_stranger_hears_the_same_at_every_door(path: str, client: Client) -> None:
    answer = Program().ask(path)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Infohub"')
    assert answer.content == Program().ask("me").content


@pytest.mark.parametrize("path", OPERATIONS)
def test_a_token_needs_the_scope(path: str, cast: Cast) -> None:
    assert program(cast.ann, "taxii", "write").ask(path).status == 403
    assert program(cast.ann, "read").ask(path).status in {200, 404}


@pytest.mark.parametrize("harm", ["revoked", "expired", "suspended", "left"])
def test_a_token_dies_at_the_next_request(harm: str, cast: Cast) -> None:
    asking = program(cast.ann)
    assert asking.ask("me").status == 200
    match harm:
        case "revoked":
            Token.objects.update(revoked=now())
        case "expired":
            Token.objects.update(expires=now() - timedelta(seconds=1))
        case _:
            Person.objects.filter(pk=cast.ann.pk).update(status=harm)
    assert asking.ask("me").status == 401


def test_it_says_who_asks_and_how_far_the_token_reaches(cast: Cast) -> None:
    banking = cast.banking
    told = program(cast.ann, "read", "write").ask("me").body
    assert (told["kind"], told["name"], told["organisation"]) == ("person", "Ann", "Bank")
    assert (told["groups"], told["scopes"], told["ceiling"]) == ([banking.ref], ["read", "write"], "AMBER+STRICT")
    assert program(cast.bank).ask("me").body["kind"] == "organisation"
    peer = program(None).ask("me").body
    assert (peer["kind"], peer["organisation"], peer["ceiling"]) == ("peer", None, "GREEN")


def test_a_peer_learns_nothing_of_members(cast: Cast) -> None:
    peer = program(None)
    told = make.entry(make.label(Tlp.GREEN))
    assert peer.ask("items").refs == {told.ref}
    assert {peer.ask(f"items/IH-ZZZZZZ/{child}").status for child in ("comments", "sightings")} == {403}
    assert {peer.ask(path).status for path in ("groups", f"groups/{cast.banking.ref}", "people?q=ann", "notices")} == {
        403
    }
    assert {row["type"] for row in peer.ask("suggest", q="bank").rows} == set()


def test_a_signed_in_browser_reads_from_our_own_pages_only(cast: Cast) -> None:
    browser = sign_in(Client(), cast.ann)
    assert browser.get("/api/v1/me").json()["name"] == "Ann"
    assert browser.get("/api/v1/me", headers={"sec-fetch-site": "same-origin"}).status_code == 200
    assert browser.get("/api/v1/me", headers={"sec-fetch-site": "cross-site"}).status_code == 401
    assert browser.post("/api/v1/lookup", {"values": ["x"]}, content_type="application/json").status_code == 401
    assert browser.get("/api/v1/me", headers={"authorization": "Bearer nonsense"}).status_code == 401


def test_a_browser_without_its_second_step_is_nobody(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.ann)
    assert browser.get("/api/v1/me").status_code == 401


def test_too_many_requests_are_told_when_to_come_back(cast: Cast, settings: object) -> None:
    cache.clear()  # other tests had tokens of the same number
    settings.API_PER_MINUTE = 3  # type: ignore[attr-defined]
    asking, other = program(cast.ann), program(cast.ann)
    left = [asking.ask("me").headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = asking.ask("me")
    assert refused.status == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["RateLimit-Limit"] == "3"
    assert other.ask("me").status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("delete", "items", 405),
        ("put", "lookup", 405),
        ("get", "nowhere", 404),
        ("get", "items/IH-ZZZZZZ/nowhere", 404),
        ("get", "items?q=%00", 400),
        ("get", "items/%00", 400),
    ],
)
def test_every_error_is_a_problem_document(method: str, path: str, status: int, cast: Cast) -> None:
    headers = {"authorization": f"Bearer {program(cast.ann).secret}"}
    answer = getattr(Client(raise_request_exception=False), method)(f"/api/v1/{path}", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert told["title"]
    assert told["detail"]
    assert status != 405 or answer["Allow"]


def test_an_officer_without_membership_reads_no_piece(cast: Cast) -> None:
    make.entry(make.label(Tlp.CLEAR))
    browser = sign_in(Client(), cast.opal)
    assert browser.get("/api/v1/items").json()["items"] == []


def test_a_browser_whose_organisation_was_suspended_is_nobody(cast: Cast) -> None:
    browser = sign_in(Client(), cast.ann)
    assert browser.get("/api/v1/me").status_code == 200
    Organisation.objects.filter(pk=cast.bank.pk).update(status="suspended")
    for path in ("me", "people?q=ca", "groups", "suggest?q=ca"):
        assert browser.get(f"/api/v1/{path}").status_code == 401, path


def test_an_office_is_held_in_person_and_by_no_program(cast: Cast) -> None:
    cast.banking.review = True
    cast.banking.save()
    cast.banking.moderators.add(cast.ben)
    waiting = shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), text(tlp=Tlp.GREEN))
    assert sign_in(Client(), cast.ben).get(f"/api/v1/items/{waiting.ref}").status_code == 200
    assert program(cast.ben).ask(f"items/{waiting.ref}").status == 404


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_edges_of_time_are_refused(since: str, cast: Cast) -> None:
    assert program(cast.ann).ask("items", since=since).status == 422
