"""What programs share: the same rules as the pages, one piece per key, and refusals that say where."""

from __future__ import annotations

import json

import pytest

from infohub.delivery.models import Notice
from infohub.members.models import Person, Sector
from infohub.sharing.actions import Stamp, save_draft
from infohub.sharing.choice import Choice
from infohub.sharing.models import Item, ItemState
from infohub.standards.tlp import Tlp
from tests import make
from tests.api.program import Program, program
from tests.cast import Cast
from tests.sharing.acts import text

pytestmark = pytest.mark.django_db


def body(cast: Cast, **changes: object) -> dict[str, object]:
    """A piece for the clinic."""
    return {
        "kind": "alert",
        "title": "Calls to the accounts team",
        "body": "They called from 198.51.100[.]7 and asked for a code.",
        "tlp": "AMBER",
        "severity": "high",
        "audience": {"organisations": [cast.clinic.ref]},
        "state": "published",
    } | changes


@pytest.fixture
def writing(cast: Cast) -> Program:
    return program(cast.ann, "read", "write")


def items() -> int:
    return Item.objects.as_system("a test counts").count()


def test_a_program_shares_with_exactly_whom_it_names(cast: Cast, writing: Program) -> None:
    answer = writing.send("items", body(cast))
    assert (answer.status, answer.body["state"]) == (201, "published")
    assert answer.body["readers"] == {"people": 2, "organisations": 2, "waits_for": []}
    ref = str(answer.body["ref"])
    assert program(cast.cara).ask(f"items/{ref}").status == 200
    assert program(cast.ben).ask(f"items/{ref}").status == 404
    assert [notice.person.name for notice in Notice.objects.select_related("person")] == ["Cara"]
    told = writing.ask(f"items/{ref}/indicators").rows
    assert [one["value"] for one in told] == ["198.51.100.7"]


def test_people_are_named_by_address_or_in_full(cast: Cast, writing: Program) -> None:
    answer = writing.send("items", body(cast, audience={"people": [cast.cara.email, "Ben, Bank"]}))
    assert answer.status == 201
    assert answer.body["readers"]["people"] == 3  # type: ignore[index]


def test_who_does_not_let_itself_be_found_is_nobody_by_name_alone(cast: Cast, writing: Program) -> None:
    def said(name: str) -> tuple[int, object]:
        draft = body(cast, audience={"people": [name]})
        del draft["state"]
        answer = writing.send("readers", draft)
        return answer.status, answer.body.get("people")

    assert said("Cara") == (200, 1)
    Person.objects.filter(pk__in=(cast.cara.pk, cast.ben.pk)).update(in_directory=False)
    assert said("Cara") == said("Nobody") == (422, None)
    assert [said(name) for name in ("Cara, Clinic", cast.cara.email, "Ben")] == [(200, 1)] * 3


def test_a_draft_stays_with_its_author(cast: Cast, writing: Program) -> None:
    answer = writing.send("items", body(cast, state="draft"))
    assert (answer.status, answer.body["state"], answer.body["readers"]) == (201, "draft", None)
    assert program(cast.cara).ask(f"items/{answer.body['ref']}").status == 404
    assert Notice.objects.count() == 0


def test_what_would_happen_is_told_and_nothing_kept(cast: Cast, writing: Program) -> None:
    draft = body(cast)
    del draft["state"]
    assert writing.send("readers", draft).body == {"people": 1, "organisations": 1, "waits_for": []}
    refused = writing.send("readers", draft | {"tlp": "RED"})
    assert (refused.status, set(refused.wrong)) == (422, {"audience"})
    assert items() == 0


def test_the_same_key_is_the_same_piece(cast: Cast, writing: Program) -> None:
    first, again = (writing.send("items", body(cast), key="run-7") for _ in range(2))
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body
    assert (items(), Notice.objects.count()) == (1, 1)
    for changes in ({"title": "Another"}, {"state": "draft"}, {"audience": {"people": [cast.cara.email]}}):
        assert writing.send("items", body(cast, **changes), key="run-7").status == 409
    assert program(cast.ben, "write").send("items", body(cast), key="run-7").status == 201
    assert items() == 2


def test_a_key_holds_though_its_author_went_on_writing(cast: Cast, writing: Program) -> None:
    ref = writing.send("items", body(cast, state="draft"), key="run-8").body["ref"]
    draft = Item.objects.as_system("a test").get(ref=ref)
    later = text("Mine now", tlp=Tlp.AMBER)
    save_draft(cast.as_(cast.ann), item=draft, text=later, choice=Choice(), stamp=Stamp(window="a browser"))
    again = writing.send("items", body(cast, state="draft"), key="run-8")
    assert (again.status, again.body["ref"], items()) == (200, ref, 1)


def test_many_names_are_few_questions(cast: Cast, writing: Program, django_assert_max_num_queries: object) -> None:
    named = {"organisations": [f"Nobody {n}" for n in range(400)], "people": [f"n{n}@x.example" for n in range(400)]}
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert writing.send("items", body(cast, audience=named)).status == 422


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"audience": {}}, "audience"),
        ({"tlp": "RED"}, "audience"),
        ({"audience": {"everyone": True}}, "audience"),
        ({"audience": {"organisations": ["Nobody Ltd"]}}, "audience.organisations[0]"),
        ({"audience": {"people": ["nobody@nowhere.example"]}}, "audience.people[0]"),
        ({"audience": {"sectors": ["x"], "groups": ["GR-ZZZZZZ"]}}, "audience.sectors[0]"),
        ({"audience": {"everyone": True, "exceptt": {}}}, "audience.exceptt"),
        ({"audience": {"everyone": True, "except": {"classes": ["vendors"]}}}, "audience.except.classes[0]"),
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"body": ""}, "body"),
        ({"tlp": None}, "tlp"),
        ({"tlp": "PURPLE"}, "tlp"),
        ({"kind": "rumour"}, "kind"),
        ({"state": "withdrawn"}, "state"),
        ({"sectors": ["unheard-of"]}, "sectors[0]"),
        ({"author": "somebody"}, "author"),
    ],
)
def test_a_refusal_names_the_place_and_keeps_nothing(
    changes: dict[str, object], place: str, cast: Cast, writing: Program
) -> None:
    answer = writing.send("items", body(cast, **changes))
    assert answer.status == 422
    assert place in answer.wrong, answer.body
    assert items() == 0


def test_all_members_with_amber_need_a_confirmation(cast: Cast, writing: Program) -> None:
    confirmed = {"everyone": True, "confirmed": True}
    assert writing.send("items", body(cast, audience=confirmed)).status == 201


def test_an_unlisted_group_is_nothing_to_who_does_not_sit_there(cast: Cast, writing: Program) -> None:
    secret = make.group("Fusion", cast.cara, listed=False)
    hidden = writing.send("items", body(cast, audience={"groups": [secret.ref]}))
    absent = writing.send("items", body(cast, audience={"groups": ["GR-ZZZZZZ"]}))
    assert hidden.status == absent.status == 422
    assert list(hidden.wrong) == list(absent.wrong)
    assert hidden.wrong["audience.groups[0]"].replace(secret.ref, "") == absent.wrong["audience.groups[0]"].replace(
        "GR-ZZZZZZ", ""
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'{"tlp": "AMBER", "tlp": "CLEAR"}',
        b'{"title": "\\ud800"}',
        b'{"title": NaN}',
        b"[" * 200 + b"]" * 200,
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_body_that_cannot_be_trusted_is_refused_whole(raw: bytes, writing: Program) -> None:
    answer = writing.send("items", raw)
    assert answer.status in {400, 422}
    assert items() == 0


def test_who_may_not_share_shares_nothing(cast: Cast) -> None:
    for asking in (program(cast.ann, "read"), program(cast.bank, "read", "write"), program(None, "read")):
        assert asking.send("items", body(cast)).status == 403
        assert asking.send("readers", {key: one for key, one in body(cast).items() if key != "state"}).status == 403
    assert Program().send("items", body(cast)).status == 401
    assert items() == 0


def test_a_token_shares_no_higher_than_it_reads(cast: Cast) -> None:
    asking = program(cast.ann, "write", ceiling=Tlp.GREEN)
    assert asking.send("items", body(cast)).status == 422
    assert asking.send("items", body(cast, tlp="GREEN")).status == 201


def test_a_piece_waits_where_a_group_reviews_first(cast: Cast, writing: Program) -> None:
    banking = cast.banking
    banking.review = True
    banking.save()
    banking.moderators.add(cast.ben)
    answer = writing.send("items", body(cast, audience={"groups": [banking.ref], "organisations": [cast.clinic.ref]}))
    assert (answer.status, answer.body["state"], answer.body["readers"]) == (201, "submitted", None)
    assert program(cast.cara).ask(f"items/{answer.body['ref']}").status == 404


def test_an_unattributed_piece_names_nobody(cast: Cast, writing: Program) -> None:
    answer = writing.send("items", body(cast, unattributed=True))
    told = program(cast.cara).ask(f"items/{answer.body['ref']}")
    assert told.body["author"] == "A member"
    assert b"Ann" not in told.content
    assert writing.ask(f"items/{answer.body['ref']}").status == 200


def test_sectors_and_declined_values_are_kept(cast: Cast, writing: Program) -> None:
    Sector.objects.create(key="finance", names={"en": "Finance"})
    answer = writing.send("items", body(cast, sectors=["finance"], not_indicators=["198.51.100.7"]))
    ref = answer.body["ref"]
    assert writing.ask("items", sector="finance").refs == {ref}
    assert writing.ask(f"items/{ref}/indicators").rows == []


def test_two_million_characters_are_taken(cast: Cast, writing: Program) -> None:
    long = "資料外洩。" * 400_000
    answer = writing.send("items", json.dumps(body(cast, body=long)).encode())
    assert answer.status == 201
    assert Item.objects.as_system("a test looks").get(ref=answer.body["ref"]).body == long
    assert writing.send("items", body(cast, body=long + "x")).status == 422


def test_a_piece_shared_by_a_program_is_its_authors_on_the_pages(cast: Cast, writing: Program) -> None:
    ref = writing.send("items", body(cast)).body["ref"]
    row = Item.objects.readable(cast.as_(cast.ann)).get(ref=ref)
    assert (row.state, row.author_id) == (ItemState.PUBLISHED, make.membership(cast.ann).pk)
