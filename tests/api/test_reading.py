"""What programs read: exactly what their holder may read, within the ceiling, page by page."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from infohub.api import finding
from infohub.catalogue.models import Entry
from infohub.intel.actions import ensure_collections, sight
from infohub.members.models import Person
from infohub.sharing.actions import comment, publish, retract_indicator, withdraw
from infohub.sharing.actions.attachments import attach
from infohub.sharing.actions.drafts import start_draft
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from tests import make
from tests.api.program import Program, program
from tests.cast import Cast
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

BODY = "They called from 198.51.100[.]7 and sent hxxp://198.51.100[.]7/pay."
CHILDREN = ("", "/comments", "/attachments", "/related", "/indicators", "/sightings", "/stix", "/misp")


def choice_of(cast: Cast) -> Choice:
    """The bank and the clinic."""
    return Choice(organisations=[cast.bank.pk, cast.clinic.pk])


def piece(cast: Cast, tlp: Tlp = Tlp.AMBER, title: str = "Calls to the accounts team", **about: object) -> Item:
    return shared(cast.as_(cast.ann), choice_of(cast), text(title, tlp=tlp, **({"body": BODY} | about)))  # type: ignore[arg-type]


def test_a_list_holds_what_the_holder_may_read_up_to_the_ceiling(cast: Cast) -> None:
    made = {tlp: piece(cast, tlp).ref for tlp in (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT)}
    alone = shared(cast.as_(cast.ann), Choice(memberships=[make.membership(cast.ben).pk]), text(tlp=Tlp.RED))
    for ceiling in made:
        readable = {ref for tlp, ref in made.items() if tlp <= ceiling}
        assert program(cast.cara, ceiling=ceiling).ask("items").refs == readable
        assert program(cast.clinic, ceiling=ceiling).ask("items").refs == readable
    assert program(cast.eve).ask("items").rows == []
    assert program(None).ask("items").rows == []
    assert alone.ref not in program(cast.ben).ask("items").refs


@pytest.mark.parametrize("child", CHILDREN)
def test_what_is_not_yours_does_not_exist(child: str, cast: Cast) -> None:
    ref = piece(cast).ref
    assert program(cast.cara).ask(f"items/{ref}{child}").status == 200
    peer = [program(None)] if child not in {"/comments", "/sightings"} else []  # it hears nothing of members at all
    for stranger in (program(cast.eve), program(cast.vendor), *peer, program(cast.cara, ceiling=Tlp.GREEN)):
        hidden, absent = stranger.ask(f"items/{ref}{child}"), stranger.ask(f"items/IH-ZZZZZZ{child}")
        assert (hidden.status, hidden.content) == (404, absent.content)


def test_a_piece_comes_in_full(cast: Cast) -> None:
    row = piece(cast, severity=4, kind="incident")
    told = program(cast.cara).ask(f"items/{row.ref}").body
    assert (told["title"], told["body"], told["author"]) == (row.title, row.body, "Ann, Bank")
    assert (told["kind"], told["state"]) == ("incident", "published")
    assert (told["tlp"], told["severity"]) == ("AMBER", "critical")
    assert told["url"] == f"http://localhost:8000/items/{row.ref}"


def test_a_group_is_named_only_to_who_may_hear_of_it(cast: Cast) -> None:
    secret = make.group("Fusion", cast.ann, cast.ben, listed=False)
    both = Choice(groups=[secret.pk], organisations=[cast.clinic.pk])
    row = shared(cast.as_(cast.ann), both, text(tlp=Tlp.GREEN))
    assert program(cast.ben).ask(f"items/{row.ref}").body["groups"] == [secret.ref]
    asking = program(cast.cara)
    assert asking.ask(f"items/{row.ref}").body["groups"] == []
    assert asking.ask("items", group=secret.ref).rows == []
    assert asking.ask(f"groups/{secret.ref}").content == asking.ask("groups/GR-ZZZZZZ").content
    assert secret.ref not in {group["ref"] for group in asking.ask("groups").rows}
    assert asking.ask("suggest", q="Fusion").rows == []


def test_a_sealed_author_is_nowhere(cast: Cast) -> None:
    row = piece(cast, unattributed=True)
    author = cast.as_(cast.ann)
    comment(author, item=row, body="Yes, twice.", nonce=uuid4())
    asking = program(cast.cara)
    paths = [f"items/{row.ref}{child}" for child in CHILDREN]
    for answer in map(asking.ask, [*paths, "items", "notices", "search?q=accounts"]):
        assert b"Ann" not in answer.content
        assert b"Bank" not in answer.content
    said = asking.ask(f"items/{row.ref}/comments").rows[0]
    assert (said["author"], said["organisation"]) == ("The author", None)


def test_pages_meet_every_piece_once_whatever_comes_meanwhile(cast: Cast) -> None:
    refs = [piece(cast, title=f"Piece {number}").ref for number in range(7)]
    asking = program(cast.cara)
    first = asking.ask("items", limit=3)
    piece(cast, title="Meanwhile")
    following = Program(asking.secret).pages(str(first.body["next"]).partition("/api/v1/")[2])
    met = [row["ref"] for page in (first, *following) for row in page.rows]
    assert met == refs[::-1]


def test_a_cursor_is_good_for_its_own_list_only(cast: Cast) -> None:
    for number in range(3):
        piece(cast, title=f"Piece {number}")
    asking = program(cast.cara)
    cursor = str(asking.ask("items", limit=1).body["next"]).partition("cursor=")[2]
    assert asking.ask("items", limit=1, cursor=cursor).status == 200
    for changed in ({"kind": "alert", "cursor": cursor}, {"cursor": cursor[:-2] + "xx"}, {"cursor": "???"}):
        answer = asking.ask("items", limit=1, **changed)
        assert (answer.status, set(answer.wrong)) == (422, {"query.cursor"})


def test_filters_narrow_and_unknown_words_are_named(cast: Cast) -> None:
    urgent = piece(cast, Tlp.GREEN, severity=4, kind="incident").ref
    calm = piece(cast, Tlp.AMBER, "Patch day", body="Nothing burns.", severity=1, kind="news").ref
    asking = program(cast.cara)
    for query, found in (
        ({"kind": "incident"}, {urgent}),
        ({"severity": "low"}, {calm}),
        ({"tlp": "AMBER"}, {calm}),
        ({"q": "burns"}, {calm}),
        ({"q": "burns", "kind": "incident"}, set()),
        ({"since": "2020-01-01T00:00:00Z"}, {urgent, calm}),
        ({"since": "2100-01-01T00:00:00"}, set()),
        ({"sector": "nothing"}, set()),
    ):
        assert asking.ask("items", **query).refs == found, query
    refused = asking.ask("items", kind="rumour", limit=0, since="yesterday")
    assert (refused.status, set(refused.wrong)) == (422, {"query.kind", "query.limit", "query.since"})


@pytest.mark.parametrize("path", ["me", "items", "items/{ref}", "search?q=x", "collections", "releases", "figures"])
def test_a_parameter_nobody_knows_is_refused_and_named(path: str, cast: Cast) -> None:
    there, asking = path.format(ref=piece(cast).ref), program(cast.cara)
    assert asking.ask(there).status == 200
    refused = asking.ask(there, knid="alert")
    assert (refused.status, set(refused.wrong)) == (422, {"query.knid"})
    assert Program().ask("me", knid="alert").status == 401


def test_a_parameter_that_stands_twice_is_refused(cast: Cast) -> None:
    refused = program(cast.cara).ask("items?kind=alert&kind=news")
    assert (refused.status, refused.wrong) == (422, {"query.kind": "Say it once."})


def test_children_of_a_piece(cast: Cast) -> None:
    row, author = piece(cast), cast.as_(cast.ann)
    said = comment(cast.as_(cast.cara), item=row, body="Here too.", nonce=uuid4())
    comment(author, item=row, body="Since when?", nonce=uuid4(), parent=said)
    other = piece(cast, title="The same again")
    sight(cast.as_(cast.cara), entry=entry_of(row), seen=True)
    asking = program(cast.cara)
    talk = asking.ask(f"items/{row.ref}/comments").rows
    assert [(one["author"], one["body"]) for one in talk] == [("Cara", "Here too."), ("Ann", "Since when?")]
    assert (talk[0]["reply_to"], talk[1]["reply_to"]) == (None, talk[0]["id"])
    assert [one["ref"] for one in asking.ask(f"items/{row.ref}/related").rows] == [other.ref]
    assert asking.ask(f"items/{row.ref}/sightings").body["seen"] == 1
    values = {one["value"]: one["type"] for one in asking.ask(f"items/{row.ref}/indicators").rows}
    assert values["http://198.51.100.7/pay"] == "url"
    assert {"report", "indicator"} <= {one["type"] for one in asking.ask(f"items/{row.ref}/stix").body["objects"]}  # type: ignore[attr-defined]
    assert asking.ask(f"items/{row.ref}/misp").body["Event"]["info"] == row.title  # type: ignore[index]


def entry_of(row: Item) -> Entry:
    return Entry.objects.as_system("a test looks").get(ref=row.ref)


def test_a_file_comes_as_it_was_attached_and_to_readers_only(cast: Cast) -> None:
    author = cast.as_(cast.ann)
    draft = start_draft(author, text=text(), choice=choice_of(cast))
    attach(author, item=draft, name="hops.csv", chunks=[b"hop,time\n1,2\n"])
    row = publish(author, item=draft, nonce=check(author, item=draft).nonce)
    asking = program(cast.cara)
    (file,) = asking.ask(f"items/{row.ref}/attachments").rows
    there = str(file["url"]).partition("/api/v1/")[2]
    got = asking.ask(there)
    assert (got.content, got.headers["X-Content-Type-Options"]) == (b"hop,time\n1,2\n", "nosniff")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert program(cast.eve).ask(there).status == 404
    assert asking.ask(there.replace(row.ref, piece(cast).ref)).status == 404


def test_lookup_says_whether_members_know_a_value(cast: Cast) -> None:
    row = piece(cast)
    asking = program(cast.cara)
    for written in ("198.51.100[.]7", "198.51.100.7", " 198.51.100.7 "):
        told = asking.ask("lookup", value=written).body
        assert (told["value"], told["type"], told["known"]) == ("198.51.100.7", "ipv4", True), written
        assert [one["ref"] for one in told["items"]] == [row.ref]  # type: ignore[attr-defined]
    assert program(cast.eve).ask("lookup", value="198.51.100.7").body["known"] is False
    many = asking.send("lookup", {"values": ["nothing", "hxxp://198.51.100[.]7/pay", "198.51.100.7"]})
    assert [one["known"] for one in many.rows] == [False, True, True]
    indicator = row.indicators.as_system("a test looks").get(value="198.51.100.7")
    retract_indicator(cast.as_(cast.ann), item=row, indicator=indicator, reason="our own proxy")
    told = asking.ask("lookup", value="198.51.100.7").body
    assert (told["known"], told["items"][0]["false_positive"]) == (False, True)  # type: ignore[index]


def test_of_a_value_that_many_pieces_have_lookup_tells_the_newest_and_whether_any_counts(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MENTIONS", 2)
    rows = [piece(cast, title=f"Call {number}") for number in range(3)]
    asking = program(cast.cara)
    for row in reversed(rows):
        told = asking.send("lookup", {"values": ["198.51.100.7", "hxxp://198.51.100[.]7/pay"]}).rows
        newest = [rows[2].ref, rows[1].ref]
        assert [(one["known"], [it["ref"] for it in one["items"]]) for one in told] == [(True, newest)] * 2  # type: ignore[attr-defined]
        for indicator in row.indicators.as_system("a test takes them back"):
            retract_indicator(cast.as_(cast.ann), item=row, indicator=indicator, reason="our own proxy")
    told = asking.send("lookup", {"values": ["198.51.100.7"]}).rows
    assert [(one["known"], len(one["items"])) for one in told] == [(False, 2)]  # type: ignore[arg-type]


def test_search_answers_a_value_exactly_and_words_best_first(cast: Cast) -> None:
    row = piece(cast)
    asking = program(cast.cara)
    assert asking.ask("search", q="accounts").refs == {row.ref}
    assert asking.ask("search", q="accounts").body["exact"] is None
    exact = asking.ask("search", q="198.51.100[.]7").body["exact"]
    assert exact["known"] is True  # type: ignore[index]
    assert program(cast.eve).ask("search", q="accounts").rows == []
    assert [row["type"] for row in asking.ask("suggest", q="acc").rows] == ["item"]
    assert asking.ask("suggest", q="a").rows == []


def test_people_are_found_as_they_let_themselves_be(cast: Cast) -> None:
    Person.objects.filter(pk=cast.ann.pk).update(in_directory=False)
    assert program(cast.cara).ask("people", q="ann").rows == []
    assert program(cast.ben).ask("people", q="ann").rows == [{"name": "Ann", "organisation": "Bank"}]
    assert program(cast.cara).ask("people", q="a").status == 422


def test_notices_are_a_persons_own_and_only_of_what_is_readable_still(cast: Cast) -> None:
    row = piece(cast)
    asking = program(cast.cara)
    assert [one["ref"] for one in asking.ask("notices").rows] == [row.ref]
    assert program(cast.clinic).ask("notices").rows == []
    withdraw(cast.as_(cast.ann), item=row, reason="wrong")
    assert asking.ask("notices").rows == []
    assert asking.ask(f"items/{row.ref}").status == 404


def test_collections_are_those_that_the_token_may_pull(cast: Cast) -> None:
    ensure_collections()
    aliases = {row["alias"] for row in program(cast.clinic).ask("collections").rows}
    assert {"members", "everything"} <= aliases
    assert "everything" not in {row["alias"] for row in program(None).ask("collections").rows}


def test_a_draft_is_its_authors_alone(cast: Cast) -> None:
    draft = start_draft(cast.as_(cast.ann), text=text(tlp=Tlp.GREEN), choice=choice_of(cast))
    told = program(cast.ann).ask(f"items/{draft.ref}").body
    assert (told["state"], told["published_at"]) == ("draft", None)
    assert program(cast.ben).ask(f"items/{draft.ref}").status == 404
    assert program(cast.ann).ask(f"items/{draft.ref}/comments").status == 404


def test_a_list_asks_the_database_as_often_for_two_pieces_as_for_twenty(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    asking = program(cast.cara)
    asking.ask("items")  # the first request notes when the token was used
    counts = []
    for number in (2, 18):
        for one in range(number):
            piece(cast, title=f"Piece {number} {one}")
        with django_assert_max_num_queries(40) as asked:  # type: ignore[operator]
            asking.ask("items")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_anybody_may_read_needs_no_token(cast: Cast) -> None:
    stranger = Program()
    assert stranger.ask("releases").rows == []
    assert stranger.ask("releases/PZ-ZZZZZZ").status == 404
    assert stranger.ask("figures").body["released"] == 0
    assert json.loads(stranger.ask("openapi.json").content)["openapi"] == "3.1.0"
