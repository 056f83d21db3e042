"""A token's own page: its last calls in words, what its machine missed, and a trial through the real door."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infohub.intel.actions import calls, ensure_collections, note_call, write_calls
from infohub.intel.models import Call, CallKind, Collection, Face, Placement
from infohub.members.models import Organisation, Person, Seat, Token
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.api.program import Program
from tests.cast import Cast, make_administrator, sign_in
from tests.intel import pieces
from tests.taxii.machine import Machine

pytestmark = pytest.mark.django_db

MEMBERS = "collections/members/objects/"


@pytest.fixture(autouse=True)
def nothing_gathered() -> Iterator[None]:
    """What other tests gathered is not written here."""
    calls.gathered.clear()
    yield
    calls.gathered.clear()


def page_of(token: Token) -> str:
    return f"/member/integrations/tokens/{token.pk}/"


def told(client: Client, token: Token) -> list[str]:
    """The calls on the page, newest first, as one reads them."""
    write_calls()
    page = client.get(page_of(token)).text
    table = page[page.index('id="calls"') :].partition("</section>")[0]
    cells = re.findall(r"<td>(.*?)</td>", table, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells]


def open_writing(alias: str, organisation: Organisation) -> None:
    """Let the machines of an organisation add to a collection."""
    clause = Clause(organisations=frozenset({organisation.pk}))
    Collection.objects.filter(alias=alias).update(writers=Audience.objects.intern(clause))


def test_a_machine_is_told_of_in_words_with_what_to_do_next(client: Client, cast: Cast) -> None:
    ensure_collections()
    pieces.placed("IH-1", *(pieces.indicator() for _ in range(3)))
    token, secret = pieces.token(cast.ann)
    machine = Machine(secret)
    machine.ask("/taxii2/")
    machine.ask(MEMBERS)
    machine.ask(MEMBERS, added_after="2027-01-01T00:00:00Z")
    machine.add(MEMBERS, pieces.indicator())
    machine.ask("collections/nowhere/objects/")
    Program(secret).ask("items")
    said = told(sign_in(client, cast.ann), token)
    assert said == [
        "refused: the token has not the scope read Issue a token with the scope read and put it into the machine.",
        (
            "refused: nothing at that address, or nothing it may read "
            "Compare the address and the collection ID with those on the page Integrations."
        ),
        (
            "refused: may read but not add to “All members” Use a token with the scope taxii-write; "
            "if your organisation has no write access, ask the programme office."
        ),
        "found nothing new in “All members”",
        "pulled 3 objects of “All members”",
        "asked where the API root is",
    ]


def test_thousands_are_counted_in_the_language_of_the_page(client: Client, cast: Cast) -> None:
    ensure_collections()
    token, _ = pieces.token(cast.ann)
    members = pieces.collection("members").pk
    note_call(token.pk, face=Face.TAXII, what=CallKind.OBJECTS, status=200, collection=members, told=1000)
    note_call(token.pk, face=Face.TAXII, what=CallKind.ADDED, status=403, collection=members)
    sign_in(client, cast.ann)
    assert told(client, token)[1] == "pulled 1,000 objects of “All members”"
    for language, pulled, refused in (
        ("zh-hant", "擷取「全體成員」的 1,000 個物件", "被拒：可閱覽「全體成員」，但不可加入物件"),
        ("zh-hans", "拉取“全体成员”的 1,000 个对象", "被拒：可阅览“全体成员”，但不可加入对象"),
    ):
        Person.objects.filter(pk=cast.ann.pk).update(language=language)
        words = told(client, token)
        assert words[1] == pulled
        assert words[0].startswith(refused)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expires": now() - timedelta(days=1)}, "refused: the token has expired"),
        ({"revoked": now() - timedelta(days=1)}, "refused: the token has been revoked"),
    ],
)
def test_a_machine_that_goes_on_with_a_dead_token_is_seen(
    change: dict[str, datetime], words: str, client: Client, cast: Cast
) -> None:
    token, secret = pieces.token(cast.ann)
    Token.objects.filter(pk=token.pk).update(**change)
    sign_in(client, cast.ann)
    assert page_of(token) not in client.get("/member/integrations/").text
    Machine(secret).ask("/taxii2/")
    assert told(client, token) == [f"{words} Issue a new token and put it into the machine."]
    listed = client.get("/member/integrations/").text
    assert page_of(token) in listed
    assert "last call refused" in listed


def test_nobody_sees_what_another_person_or_organisation_calls(cast: Cast) -> None:
    own, shared, foreign, peer = (pieces.token(holder)[0] for holder in (cast.ann, cast.bank, cast.clinic, None))
    make_administrator(cast.ben)
    may = {
        cast.ann: {own},
        cast.ben: {shared},  # he administers the bank, and sees nothing of his colleague's
        cast.cara: set(),
        cast.opal: set(),
        cast.grace: set(),
    }
    for person, theirs in may.items():
        client = sign_in(Client(), person)
        for token in (own, shared, foreign, peer):
            expected = 200 if token in theirs else 404
            assert client.get(page_of(token)).status_code == expected, (person.name, token.name)
            assert client.post(page_of(token)).status_code == expected
    assert "/accounts/" in Client().get(page_of(own)).headers["Location"]
    link = Token.objects.create(kind="setup", name="set-up", digest="0" * 64, person=cast.ann, created=make.START)
    assert sign_in(Client(), cast.ann).get(page_of(link)).status_code == 404


def test_a_collection_that_has_closed_is_named_no_longer(client: Client, cast: Cast) -> None:
    assert cast.banking.name
    ensure_collections()
    token, secret = pieces.token(cast.ann)
    alias = Collection.objects.get(group=cast.banking).alias
    Machine(secret).ask(f"collections/{alias}/objects/")
    sign_in(client, cast.ann)
    assert told(client, token) == ["found nothing new in “Banking”"]
    Seat.objects.filter(group=cast.banking).update(ended=now())
    assert told(client, token) == ["found nothing new in a collection that is closed to it now"]


def test_a_trial_says_what_the_machine_would_see_and_leaves_no_call(client: Client, cast: Cast) -> None:
    ensure_collections()
    pieces.placed("IH-1", pieces.indicator(), pieces.indicator())
    pieces.placed("IH-2", pieces.indicator(), tlp=Tlp.AMBER)
    token, secret = pieces.token(cast.bank, scopes=["taxii", "taxii-write"], expires=now() + timedelta(days=3, hours=1))
    open_writing("members", cast.bank)
    sign_in(client, make_administrator(cast.ann))
    page = " ".join(re.sub(r"<[^>]+>", " ", client.post(page_of(token)).text).split())
    assert "The connection works" in page
    assert re.search(r"All members 2 without what is stricter \d[^a-z]+ \w+ \d{4}, [\d:]+ [ap]m yes", page), page
    assert re.search(r"Everything I may read 2 .{10,30} no ", page), page
    assert "It reads up to TLP:GREEN; what is stricter is left out." in page
    assert "expires in 3 days" in page
    assert write_calls() == 0
    token.refresh_from_db()
    assert token.used_at is None
    assert secret not in page
    listed = Machine(secret).ask("collections/").listed("collections")
    assert {str(row["title"]) for row in listed} == {"All members", "Everything I may read"}


def test_a_trial_says_what_stands_in_the_way(client: Client, cast: Cast) -> None:
    ensure_collections()
    sign_in(client, cast.ann)
    reads, _ = pieces.token(cast.ann, scopes=["read"])
    page = client.post(page_of(reads)).text
    assert "The machine is not let in" in page
    assert "has not the scope taxii" in page
    old, _ = pieces.token(cast.ann, expires=now() - timedelta(days=1))
    assert "The token has expired" in client.post(page_of(old)).text


def test_no_header_of_a_client_stands_for_a_machine(client: Client) -> None:
    for name in ("infohub.machine", "infohub-machine", "infohub_machine"):
        assert client.get("/taxii2/api/collections/", headers={name: "1"}).status_code == 401


def older(client: Client, token: Token) -> tuple[str, str] | None:
    """How many objects the page says were missed, and after when they were added."""
    page = client.get(page_of(token)).text
    found = re.search(r"(\d+) older objects? in .*?added_after=([^<]+)<", page, re.DOTALL)
    return (found[1], found[2]) if found else None


def test_what_a_later_seat_opened_is_told_with_the_date_to_pull_from(client: Client, cast: Cast) -> None:
    group = make.group("Banking", cast.ben)
    ensure_collections()
    clause = Clause(groups=frozenset({group.pk}))
    pieces.placed("IH-1", pieces.indicator(), pieces.indicator(), clauses=[clause])
    pieces.placed("IH-2", pieces.indicator(), tlp=Tlp.AMBER, clauses=[clause])
    pieces.placed("IH-3", pieces.indicator())
    first = Placement.objects.filter(collection__kind="everything").order_by("date_added")[0].date_added
    token, secret = pieces.token(cast.ann)
    unused, _ = pieces.token(cast.ann)
    Machine(secret).ask("/taxii2/")
    sign_in(client, cast.ann)
    assert older(client, token) is None
    Seat.objects.create(group=group, membership=make.membership(cast.ann), started=now())
    pieces.placed("IH-4", pieces.indicator(), clauses=[clause])
    Placement.objects.filter(source="IH-4").update(date_added=now() + timedelta(minutes=1))
    told_of = older(client, token)
    assert told_of is not None
    assert told_of[0] == "2"
    assert datetime.fromisoformat(told_of[1]) < first
    assert first - datetime.fromisoformat(told_of[1]) < timedelta(seconds=3)
    pulled = Machine(secret).ask("collections/everything/objects/", added_after=told_of[1])
    assert len(pulled.objects) == 4
    assert older(client, unused) is None
    assert "older objects" in client.get("/member/integrations/").text
    Token.objects.filter(pk=token.pk).update(created=now())
    assert older(client, token) is None
    ben = pieces.token(cast.ben)[0]
    assert older(sign_in(Client(), cast.ben), ben) is None


def test_the_page_asks_as_often_for_many_calls_as_for_few(client: Client, cast: Cast) -> None:
    ensure_collections()
    token, secret = pieces.token(cast.ann)
    sign_in(client, cast.ann)
    asked = []
    for times in (1, 40):
        for _ in range(times):
            Machine(secret).ask(MEMBERS)
        write_calls()
        client.get(page_of(token))
        with CaptureQueriesContext(connection) as page:
            client.get(page_of(token))
        with CaptureQueriesContext(connection) as listing:
            client.get("/member/integrations/")
        asked.append((len(page), len(listing)))
        for _ in range(times):
            pieces.token(cast.ann)
    assert asked[0] == asked[1]
    assert Call.objects.count() == 41
    assert len(told(client, token)) == 20
