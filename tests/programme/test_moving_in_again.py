"""The same file again changes nothing, a changed one changes what changed, and nothing is there twice."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core import mail

from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.catalogue.search import matching
from infohub.delivery.models import Notice
from infohub.intel.models import StixObject
from infohub.intel.tasks import place_due
from infohub.members.models import Membership, Organisation, Person, Seat, Token
from infohub.policy.viewer import person_viewer
from infohub.programme.moving_in import Outcome
from infohub.programme.moving_in.result import Result
from infohub.programme.verifying import compare
from infohub.sharing.actions import save_draft
from infohub.sharing.choice import Choice
from infohub.sharing.models import Attachment, Comment, Item, ItemState, Revision
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.support.ids import keyed_digest
from infohub.web.accounts import letters
from tests.programme.small import SMALL, Mover, below, item, piece, problems, row, small
from tests.sharing.acts import text

pytestmark = pytest.mark.django_db


class PowerCutError(Exception):
    """The machine stopped."""


def rows_of_all_tables() -> dict[str, int]:
    """How many rows each table of ours has."""
    ours = (model for app in apps.get_app_configs() if app.name.startswith("infohub.") for model in app.get_models())
    return {model._meta.label: model._base_manager.count() for model in ours}


def test_the_same_file_again_changes_nothing(moved: Outcome, mover: Mover) -> None:
    before = rows_of_all_tables()
    again = mover.move(SMALL)
    assert (again.status, problems(again)) == (0, [])
    assert rows_of_all_tables() == before
    assert again.result.items == moved.result.items
    assert again.result.groups == moved.result.groups


def test_secrets_are_not_shown_again_and_the_earlier_answer_is_kept(moved: Outcome, mover: Mover) -> None:
    first = mover.out.read_bytes()
    mover.move(SMALL)
    assert mover.result["tokens"] == {}
    assert all("setup_url" not in facts for facts in mover.result["people"].values())
    assert mover.out.with_name("result.json.1").read_bytes() == first


def test_a_corrected_piece_has_new_words_for_the_same_readers(moved: Outcome, mover: Mover) -> None:
    content = small()
    changed = row(content, "items", "open")
    changed |= {"title": "Corrected title", "body": "It was 192.0.2.44, we are sorry.", "severity": "low"}
    before = item("open")
    assert mover.move(content).status == 0
    after = item("open")
    assert (after.pk, after.title, after.revision, after.severity) == (before.pk, "Corrected title", 2, 1)
    assert (after.label, after.published_at) == (before.label, before.published_at)
    assert Revision.objects.filter(item=after).count() == 2
    entries = Entry.objects.as_system("a test looks")
    assert (entries.get(ref=after.ref).revision, entries.get(ref=after.ref).comment_count) == (2, 2)
    assert [entry.ref for entry in matching(entries, "corrected")] == [after.ref]
    values = set(after.indicators.as_system("a test looks").values_list("value", flat=True))
    assert values == {"192.0.2.44", "203.0.113.9"}
    assert not Notice.objects.exists()
    assert compare().differences == []


def test_machines_get_the_new_report_and_the_old_indicator_revoked(moved: Outcome, mover: Mover) -> None:
    place_due(now())  # what no machine was given is not taken back either
    before = set(StixObject.objects.values_list("pk", flat=True))
    content = small()
    row(content, "items", "open")["body"] = "It was 192.0.2.44, we are sorry."
    mover.move(content)
    new = StixObject.objects.exclude(pk__in=before)
    assert new.filter(type="report").count() == 1
    assert [one for one in new.filter(type="indicator") if '"revoked":true' in one.raw.replace(" ", "")] != []


def test_a_correction_of_files_and_talk(moved: Outcome, mover: Mover) -> None:
    content = small()
    row(content, "items", "open")["attachments"] = [{"name": "new.csv", "type": "text/csv", "text": "hop\n1\n"}]
    talk = below(content, "items", "open", "comments")
    talk[0]["body"] = "We saw it as well."
    talk.insert(0, {"author": "cara", "at": "2026-03-02T10:00:00Z", "body": "In hospitals too."})
    assert mover.move(content).status == 0
    assert [row.name for row in Attachment.objects.as_system("a test looks").filter(item=item("open"))] == ["new.csv"]
    said = Comment.objects.as_system("a test looks").filter(item=item("open")).order_by("at")
    assert [row.body for row in said] == ["We saw it as well.", "Thank you.", "In hospitals too."]
    assert Entry.objects.as_system("a test looks").get(ref=item("open").ref).comment_count == 3
    assert item("open").revision == 2


def test_talk_alone_is_no_correction(moved: Outcome, mover: Mover) -> None:
    content = small()
    below(content, "items", "open", "comments").append({"author": "cara", "at": "2026-03-02T10:00:00Z", "body": "New."})
    assert mover.move(content).status == 0
    assert item("open").revision == 1


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"audience": {"groups": ["banking"], "everyone": True}}, "audience"),
        ({"tlp": "GREEN"}, "tlp"),
        ({"unattributed": True}, "unattributed"),
        ({"author": "ben"}, "author"),
        ({"published_at": "2026-02-02T08:00:00+08:00"}, "published_at"),
    ],
)
def test_readers_of_a_shared_piece_are_not_changed(
    moved: Outcome, mover: Mover, change: dict[str, object], where: str
) -> None:
    content = small()
    changed = row(content, "items", "open")
    changed |= change | {"title": "Changed"}
    outcome = mover.move(content)
    assert (outcome.status, problems(outcome)) == (1, [(f"items[0].{where}", "refused")])
    assert "not changed by an import" in outcome.result.problems[0]["rule"]
    assert item("open").title == "Piece open"


def test_what_was_refused_is_refused_again_until_it_is_mended(mover: Mover) -> None:
    content = small()
    below(content, "groups", "banking", "seats").append({"person": "nobody", "from": "2024-05-01T00:00:00Z"})
    for _time in range(2):
        outcome = mover.move(content)
        assert (outcome.status, problems(outcome)) == (1, [("groups[0].seats[4].person", "refused")])
    below(content, "groups", "banking", "seats").pop()
    assert mover.move(content).status == 0


def test_a_draft_becomes_shared_and_a_shared_piece_withdrawn(moved: Outcome, mover: Mover) -> None:
    content = small()
    draft, shared = row(content, "items", "draft"), row(content, "items", "open")
    before = item("draft")
    draft |= piece("draft")
    shared["state"] = "withdrawn"
    outcome = mover.move(content)
    assert (outcome.status, problems(outcome)) == (0, [])
    assert (item("draft").ref, item("draft").state) == (before.ref, ItemState.PUBLISHED)
    assert item("open").state == ItemState.WITHDRAWN
    ben = person_viewer(Person.objects.get(name="Ben"))
    assert not Item.objects.readable(ben).filter(ref=item("open").ref).exists()
    assert compare().differences == []


def test_a_draft_its_author_went_on_with_is_not_overwritten(moved: Outcome, mover: Mover) -> None:
    ann = person_viewer(Person.objects.get(name="Ann"))
    save_draft(ann, item=item("draft"), text=text("Mine"), choice=Choice())
    content = small()
    row(content, "items", "draft")["title"] = "Theirs"
    outcome = mover.move(content)
    assert (outcome.status, item("draft").title) == (1, "Mine")
    assert "worked on this piece here" in outcome.result.problems[0]["rule"]


def test_a_draft_that_was_thrown_away_stays_away(moved: Outcome, mover: Mover) -> None:
    before = item("draft").pk
    item("draft").delete()
    assert (mover.move(SMALL).status, mover.move(SMALL).result.problems[0]["outcome"]) == (0, "kept")
    assert not Item.objects.as_system("a test looks").filter(pk=before).exists()


def test_a_withdrawn_piece_does_not_come_back_and_a_shared_one_is_no_draft(moved: Outcome, mover: Mover) -> None:
    content = small()
    row(content, "items", "back")["state"] = "published"
    row(content, "items", "open")["state"] = "draft"
    outcome = mover.move(content)
    assert problems(outcome) == [("items[0].state", "refused"), ("items[9].state", "refused")]
    assert item("open").state == ItemState.PUBLISHED
    assert item("back").state == ItemState.WITHDRAWN


def test_people_and_organisations_follow_the_file(moved: Outcome, mover: Mover) -> None:
    content = small()
    ann, ben, bank = row(content, "people", "ann"), row(content, "people", "ben"), row(content, "organisations", "bank")
    ann |= {"name": "Ann Wong", "email": "ann.wong@bank.example", "roles": ["representative", "auditor"]}
    ben["memberships"] = [{"organisation": "bank", "from": "2024-03-01T00:00:00+08:00", "to": "2026-05-01T00:00:00Z"}]
    ben["status"] = "left"
    bank |= {"name": "Bank of the Harbour", "sectors": ["finance", "health"]}
    assert mover.move(content).status == 0
    wong = Person.objects.get(email="ann.wong@bank.example")
    assert (wong.name, list(wong.roles.values_list("name", flat=True))) == ("Ann Wong", ["auditor"])
    assert not Membership.objects.get(person=wong).administrator
    left = Membership.objects.get(person__name="Ben")
    assert (left.ended, left.person.status) == (datetime(2026, 5, 1, tzinfo=UTC), "left")
    assert not Seat.objects.filter(membership=left, ended=None).exists()
    renamed = Organisation.objects.get(name="Bank of the Harbour")
    assert {sector.key for sector in renamed.sectors.all()} == {"finance", "health"}
    assert Record.objects.filter(verb="corrected_person").exists()


def test_a_token_follows_the_file_but_never_changes_hands(moved: Outcome, mover: Mover) -> None:
    content = small()
    token, other = row(content, "tokens", "t1"), row(content, "tokens", "t2")
    token |= {"ceiling": "CLEAR", "scopes": ["read", "taxii"], "expires": "2030-01-01T00:00:00Z"}
    other["organisation"] = "clinic"
    before = Token.objects.get(name="script")
    outcome = mover.move(content)
    assert problems(outcome) == [("tokens[1].kind", "refused")]
    after = Token.objects.get(name="script")
    assert (after.digest, Tlp(after.ceiling), after.scopes) == (before.digest, Tlp.CLEAR, ["read", "taxii"])


def test_secrets_are_on_disk_before_their_rows_are_kept(mover: Mover, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Result.keep_secrets

    def then_power_is_cut(self: Result) -> None:
        keep(self)
        if self.tokens:
            raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(Result, "keep_secrets", then_power_is_cut)
        with pytest.raises(PowerCutError):
            mover.move(SMALL)
    lost = mover.result["tokens"]["t1"]["secret"]
    assert not Token.objects.exclude(kind="setup").exists()
    assert mover.move(SMALL).status == 0
    assert Token.objects.get(name="script").digest == keyed_digest(mover.result["tokens"]["t1"]["secret"])
    assert not Token.objects.filter(digest=keyed_digest(lost)).exists()


def test_whose_address_changes_is_told_at_the_former_one(moved: Outcome, mover: Mover) -> None:
    again = small()
    row(again, "people", "ann")["email"] = "ann.fong@bank.example"
    outcome = mover.move(again)
    ann = Person.objects.get(email="ann.fong@bank.example")
    assert outcome.result.moved == [(ann.pk, "ann@bank.example")]
    letters.tell_former_addresses(outcome.result.moved)
    letters.tell_former_addresses([(ann.pk, ann.email)])
    assert [letter.to for letter in mail.outbox] == [["ann@bank.example"]]
