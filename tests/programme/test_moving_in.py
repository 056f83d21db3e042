"""What a programme file says is there afterwards, as it was then, and for exactly its readers."""

import json
import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from django.core import mail

import infohub.programme
from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.delivery.models import Notice
from infohub.intel.models import Collection
from infohub.members.models import Group, Membership, Organisation, Person, Programme, Role, Seat, Token
from infohub.policy.viewer import person_viewer
from infohub.programme.moving_in import Outcome
from infohub.programme.verifying import compare
from infohub.releases.models import Release
from infohub.sharing.models import Attachment, Comment, Item, ItemState
from infohub.standards.tlp import Tlp
from infohub.support.ids import keyed_digest
from tests.programme.small import SMALL, Mover, below, item, problems, row, small

pytestmark = pytest.mark.django_db

SCHEMA = Path(infohub.programme.__file__).parent / "programme_file.schema.json"


def readers(name: str) -> set[str]:
    """Who reads a piece now."""
    return {
        person.name.lower()
        for person in Person.objects.all()
        if Item.objects.readable(person_viewer(person)).filter(pk=item(name).pk).exists()
    }


def test_the_small_file_is_what_the_schema_says() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(SMALL)) == []


def test_everything_goes_in_without_a_refusal(moved: Outcome) -> None:
    assert (moved.status, moved.problem, problems(moved)) == (0, "", [])
    assert compare().differences == []
    lists = ("organisations", "people", "groups", "tokens", "collections", "items")
    assert {name: len(getattr(moved.result, name)) for name in lists} == {
        name: len(rows) for name, rows in small().items() if name in lists
    }


def test_each_piece_has_exactly_its_readers(moved: Outcome) -> None:
    assert readers("open") == {"ann", "ben", "cara", "moe"}  # Cara and Moe: the clinic's seat
    assert readers("unmarked") == {"ann", "ben", "cara", "moe"}
    assert readers("public") == {"ann", "ben", "cara", "moe", "eve"}  # not Mori, who represents nobody
    assert readers("all") == {"ann", "ben", "cara", "moe"}  # not the vendor's Eve
    assert readers("draft") == readers("back") == {"ann"}
    assert readers("waiting") == {"ann", "mori"}


def test_red_is_frozen_to_those_seated_then(moved: Outcome) -> None:
    assert item("red").label.clauses[0].frozen
    assert readers("red") == {"ann", "eve"}  # Ben and the clinic came later, Eve's seat has ended since


def test_what_has_no_marking_is_strict(moved: Outcome) -> None:
    assert item("unmarked").marking is Tlp.AMBER_STRICT
    assert item("public").marking is Tlp.CLEAR


def test_pieces_keep_their_time_their_state_and_their_words(moved: Outcome) -> None:
    row_of = {name: item(name) for name in ("open", "draft", "waiting", "back")}
    assert row_of["open"].published_at == datetime(2026, 2, 2, 1, tzinfo=UTC)
    assert {name: one.state for name, one in row_of.items()} == {
        "open": ItemState.PUBLISHED,
        "draft": ItemState.DRAFT,
        "waiting": ItemState.SUBMITTED,
        "back": ItemState.WITHDRAWN,
    }
    whole = row_of["open"]
    assert (whole.title, whole.severity, whole.pap) == ("Piece open", 3, Tlp.AMBER.value)
    found = whole.indicators.as_system("a test looks").values_list("value", flat=True)
    assert set(found) == {"http://198.51.100.7/pay", "203.0.113.9"}
    file = Attachment.objects.as_system("a test looks").get(item=whole)
    assert (file.name, file.content_type) == ("hops.csv", "text/csv")
    entry = Entry.objects.as_system("a test looks").get(ref=whole.ref)
    assert (entry.comment_count, entry.author_name) == (2, "Ann, Bank Ltd")


def test_nobody_is_told(moved: Outcome) -> None:
    assert not Notice.objects.exists()
    assert mail.outbox == []


def test_the_author_of_an_unattributed_piece_answers_under_the_seal(moved: Outcome) -> None:
    hidden = item("hidden")
    assert (hidden.author, hidden.label.author, hidden.label.owner) == (None, None, None)
    said = Comment.objects.as_system("a test looks").get(item=hidden)
    assert (said.author, said.seal) == (None, hidden.seal)
    assert Entry.objects.as_system("a test looks").get(ref=hidden.ref).author_name == ""


def test_the_discussion_of_a_withdrawn_piece_is_withdrawn_with_it(moved: Outcome) -> None:
    back = item("back")
    assert Comment.objects.as_system("a test looks").get(item=back).label == back.label
    assert back.label.private


def test_what_is_public_is_a_release_too(moved: Outcome) -> None:
    release = Release.objects.get()
    assert (release.imported, release.is_published, release.published_at) == (True, True, item("public").published_at)
    assert Record.objects.filter(verb="import_release", subject=release.ref).count() == 1


def test_organisations_people_and_groups_are_as_they_were(moved: Outcome) -> None:
    assert Programme.objects.get().names == {"en": "Harbour Exchange", "zh-hant": "海港交流計劃"}
    bank = Organisation.objects.get(name="Bank Ltd")
    assert (bank.domains, bank.since, bank.status) == (
        ["bank.example"],
        datetime(2024, 2, 29, 16, tzinfo=UTC),
        "active",
    )
    stays = {stay.person.name: stay for stay in Membership.objects.filter(ended=None)}
    assert stays["Ann"].administrator
    assert not stays["Ben"].administrator
    assert stays["Moe"].organisation.name == "Clinic Ltd"
    assert {person.name: person.status for person in Person.objects.all() if person.status != "active"} == {
        "Ivy": "invited",
        "Lou": "left",
    }
    assert set(Role.objects.values_list("person__name", "name")) == {("Mori", "moderator"), ("Mori", "expert")}
    group = Group.objects.get()
    assert (group.default_tlp, list(group.moderators.all())) == (Tlp.AMBER.value, [stays["Ann"].person])
    assert Seat.objects.filter(ended=None).count() == 3


def test_secrets_stand_in_the_answer_alone(moved: Outcome, mover: Mover) -> None:
    assert stat.S_IMODE(mover.out.stat().st_mode) == 0o600
    secrets = {name: facts["secret"] for name, facts in mover.result["tokens"].items()}
    kept = {token.name: token for token in Token.objects.exclude(kind="setup")}
    assert kept["script"].digest == keyed_digest(secrets["t1"])
    assert {name: Tlp(token.ceiling) for name, token in kept.items()} == {
        "script": Tlp.AMBER,
        "SIEM": Tlp.GREEN,
        "another community": Tlp.CLEAR,
    }
    links = {name: facts.get("setup_url", "") for name, facts in mover.result["people"].items()}
    assert links["ann"].startswith(f"{settings.BASE_URL}/accounts/set-up/")
    assert links["lou"] == ""


def test_the_answer_says_where_everything_is(moved: Outcome, mover: Mover) -> None:
    ref = item("open").ref
    assert mover.result["items"]["open"] == {"ref": ref, "url": f"{settings.BASE_URL}/items/{ref}"}
    collection = Collection.objects.get(kind="named")
    assert mover.result["collections"]["c1"]["taxii_id"] == str(collection.uuid)
    assert (collection.title, Tlp(collection.ceiling)) == ("Banking indicators", Tlp.AMBER)
    assert collection.writers is not None
    assert collection.writers.clause.organisations == {Organisation.objects.get(name="Bank Ltd").pk}
    assert json.loads(mover.out.read_text("utf-8"))["base_url"] == settings.BASE_URL


def test_a_seat_ends_with_the_membership_that_held_it(mover: Mover) -> None:
    content = small()
    below(content, "groups", "banking", "seats").append({"person": "moe", "from": "2024-05-01T00:00:00Z", "to": None})
    outcome = mover.move(content)
    assert (outcome.status, problems(outcome)) == (0, [("groups[0].seats[4].to", "ended")])
    assert Seat.objects.get(membership__person__name="Moe").ended == datetime(2025, 5, 31, 16, tzinfo=UTC)


def test_demonstration_credentials_need_a_demonstration(mover: Mover) -> None:
    outcome = mover.move(SMALL, demo_credentials=True)
    assert outcome.status == 2
    assert "INFOHUB_DEMO" in outcome.problem
    assert not Organisation.objects.exists()


def test_a_piece_of_an_archive_without_markings_may_be_said_to_be_green(mover: Mover) -> None:
    content = small()
    row(content, "items", "unmarked")["audience"] = {"everyone": True}
    assert mover.move(content | {"unmarked": "GREEN"}).status == 0
    assert item("unmarked").marking is Tlp.GREEN


def test_the_example_of_the_documents_goes_in(mover: Mover) -> None:
    page = (Path(__file__).parents[2] / "docs" / "import.md").read_text("utf-8")
    example = json.loads(re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0])
    outcome = mover.move(example)
    assert (outcome.status, problems(outcome)) == (0, [])
    assert readers("i1") == {"c. wong", "ben lam"}
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(example)) == []
    answer = json.loads(re.findall(r"```json\n(.*?)```", page, re.DOTALL)[1])
    assert answer.keys() == mover.result.keys()
