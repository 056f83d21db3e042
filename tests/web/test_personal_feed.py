"""Promises of a person's own feed: what each TLP shows, whose it is, and that a wrong address says nothing."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest
from django.test import Client

from infohub.members.models import Membership, Person, Token
from infohub.policy.viewer import SYSTEM
from infohub.register.actions import issue_token, revoke_token
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db


def token(person: Person, *, scopes: tuple[str, ...] = ("feed",), ceiling: Tlp = Tlp.AMBER_STRICT) -> tuple[Token, str]:
    return issue_token(
        SYSTEM, kind="personal", name="reader", membership=make.membership(person), scopes=scopes, ceiling=ceiling
    )


def pieces(cast: Cast) -> dict[Tlp, Item]:
    """One of every TLP, for Ben by name."""
    choice = Choice(memberships=[make.membership(cast.ben).pk])
    return {
        level: shared(
            cast.as_(cast.ann),
            choice,
            text(f"Title {level.value}", body=f"Body {level.value} of it.", tlp=level, safe_line=f"Safe {level.value}"),
        )
        for level in Tlp
    }


def test_each_tlp_shows_what_the_exit_table_lets_out(cast: Cast) -> None:
    made = pieces(cast)
    _token, secret = token(cast.ben)
    client = Client()
    for ending in ("atom", "json"):
        answer = client.get(f"/feeds/mine/{secret}.{ending}")
        content = answer.content.decode()
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store, private"
        for level in Tlp:
            full, safe = level <= Tlp.GREEN, level is Tlp.AMBER
            said = (
                f"Title {level.value}" in content,
                f"Body {level.value}" in content,
                f"Safe {level.value}" in content,
            )
            assert said == (full, full, safe), (ending, level)
            assert (made[level].ref in content) == (full or safe), (ending, level)
    assert len(fromstring(client.get(f"/feeds/mine/{secret}.atom").content).findall("{*}entry")) == 3
    assert len(client.get(f"/feeds/mine/{secret}.json").json()["items"]) == 3


def test_a_feed_stays_within_its_tokens_ceiling_and_filters(cast: Cast) -> None:
    pieces(cast)
    _token, secret = token(cast.ben, ceiling=Tlp.CLEAR)
    items = Client().get(f"/feeds/mine/{secret}.json").json()["items"]
    assert [item["title"] for item in items] == ["[TLP:CLEAR] Title 0"]
    for query in ("?kind=news", "?group=GR-NONE"):
        assert Client().get(f"/feeds/mine/{secret}.json{query}").json()["items"] == []


def test_unchanged_bytes_are_not_sent_again(cast: Cast) -> None:
    pieces(cast)
    _token, secret = token(cast.ben)
    first = Client().get(f"/feeds/mine/{secret}.json")
    again = Client().get(f"/feeds/mine/{secret}.json", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_wrong_ended_or_other_token_finds_nothing_in_the_same_words(cast: Cast) -> None:
    pieces(cast)
    revoked, dead = token(cast.ben)
    revoke_token(SYSTEM, token=revoked)
    _other, taxii = token(cast.ben, scopes=("taxii",))
    _shared, organisation = issue_token(
        SYSTEM, kind="organisation", name="SIEM", organisation=cast.bank, scopes=["feed"], ceiling=Tlp.GREEN
    )
    _live, left = token(cast.ben)
    answers = [Client().get(f"/feeds/mine/{secret}.json") for secret in ("unknown", dead, taxii, organisation)]
    Membership.objects.filter(person=cast.ben).update(ended=now())
    answers.append(Client().get(f"/feeds/mine/{left}.json"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_stranger_reads_nothing_of_it_with_a_feed_of_their_own(cast: Cast) -> None:
    pieces(cast)
    _token, secret = token(cast.cara)
    assert Client().get(f"/feeds/mine/{secret}.json").json()["items"] == []
