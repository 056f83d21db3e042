"""The office at work on what runs by itself: reviews that wait, letters that fail, the audit as one reads it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from infohub.audit.actions import record, seal_records
from infohub.audit.models import Record
from infohub.delivery.models import Digest, Event, Notice
from infohub.members.models import Person
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, sign_in
from tests.sharing import acts

pytestmark = pytest.mark.django_db

JOBS, RECORDS, MODERATION = "/office/jobs/", "/office/records/", "/office/moderation/"


def failed(person: Person, *, problem: str, dead: bool) -> Notice:
    """A letter that could not be sent."""
    own = make.entry(make.label(Tlp.GREEN), title="Secret title")
    due = None if dead else now() + timedelta(minutes=5)
    told = Notice.objects.create(
        person=person, entry=own, event=Event.SHARED, key="x", created_at=now(), due_at=due, problem=problem
    )
    Notice.objects.filter(pk=told.pk).update(attempts=3)
    return told


def test_failed_letters_are_shown_with_why_and_never_with_what(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    dead, failing = failed(cast.ann, problem="SMTP 550", dead=True), failed(cast.ben, problem="SMTP 451", dead=False)
    page = client.get(JOBS).text
    for shown in ("Ann", "SMTP 550", "Ben", "SMTP 451"):
        assert shown in page
    for hidden in ("Secret title", dead.entry.ref, failing.entry.ref):
        assert hidden not in page
    assert "1 letters were given up, 1 fail" in client.get("/office/").text


def test_what_was_given_up_is_tried_again(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    dead = failed(cast.ann, problem="SMTP 550", dead=True)
    client.post("/office/jobs/retry/")
    dead.refresh_from_db()
    assert dead.due_at is not None
    assert (dead.problem, dead.attempts) == ("", 0)
    assert Record.objects.get(verb="retried_mail").detail == {"notices": 1}
    assert "No letter was given up" in client.get(JOBS).text


def test_a_digest_that_was_given_up_is_shown_and_tried_again_like_any_letter(client: Client, cast: Cast) -> None:
    sign_in(client, cast.opal)
    digest = Digest.objects.create(person=cast.ann, on=now(), problem="SMTP 552")
    assert "SMTP 552" in client.get(JOBS).text
    assert "1 letters were given up, 0 fail" in client.get("/office/").text
    client.post("/office/jobs/retry/")
    digest.refresh_from_db()
    assert digest.due_at is not None
    assert "No letter was given up" in client.get(JOBS).text


def test_the_page_says_whether_a_worker_lives(
    client: Client, cast: Cast, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    sign_in(client, cast.opal)
    assert "There never was one on this machine" in client.get(JOBS).text
    (tmp_path / "worker.alive").write_text("1\n", encoding="utf-8")
    assert "A worker is running" in client.get(JOBS).text


def test_letters_in_files_are_counted(client: Client, cast: Cast, settings: LazySettings, tmp_path: Path) -> None:
    settings.MAIL, settings.EMAIL_URL = tmp_path, ""
    (tmp_path / "one.eml").write_text("x", encoding="utf-8")
    (tmp_path / "tmp").mkdir()
    assert "1 letter lies in the mail folder" in sign_in(client, cast.opal).get(JOBS).text
    settings.EMAIL_URL = "smtp://mail.example"
    assert "mail folder" not in client.get(JOBS).text


def test_records_are_narrowed_by_verb_and_subject(client: Client, cast: Cast) -> None:
    ann = cast.as_(cast.ann)
    record(ann, "acknowledge", "IH-AAAAAA")
    record(ann, "comment", "IH-AAAAAA")
    record(ann, "comment", "IH-BBBBBB")
    seal_records()
    sign_in(client, cast.audra)
    everything = client.get(RECORDS).text
    assert "Ann, Bank" in everything
    assert "Sealed up to" in everything
    verb = client.get(f"{RECORDS}?verb=comment").text
    assert ("IH-BBBBBB" in verb, ">acknowledge<" in verb) == (True, False)
    subject = client.get(f"{RECORDS}?subject=IH-AAAAAA").text
    assert (">acknowledge<" in subject, "IH-BBBBBB" in subject) == (True, False)
    both = client.get(f"{RECORDS}?subject=IH-BBBBBB&verb=acknowledge").text
    assert "No record matches" in both
    assert client.get(f"{RECORDS}?verb=%00").status_code == 400


def test_a_sealed_author_stays_sealed_in_the_records(client: Client, cast: Cast) -> None:
    record(cast.as_(cast.ann), "publish", "IH-CCCCCC", seal="5d0c", detail={"label": 4711})
    page = sign_in(client, cast.audra).get(f"{RECORDS}?subject=IH-CCCCCC").text
    assert "under a seal" in page
    for hidden in ("Ann", "Bank", "5d0c", "4711"):
        assert hidden not in page


def test_a_submitted_piece_waits_for_its_reviewers_and_for_nobody_else(cast: Cast) -> None:
    cast.banking.review = True
    cast.banking.save()
    cast.banking.moderators.add(cast.ben)
    piece = acts.shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]))
    assert piece.state == "submitted"
    reviewer = sign_in(Client(), cast.ben)
    page = reviewer.get(MODERATION).text
    assert piece.title in page
    assert f'href="/items/{piece.ref}"' in page
    assert piece.title not in sign_in(Client(), cast.mori).get(MODERATION).text
    cast.banking.moderators.add(cast.ann)
    assert "another moderator decides" in sign_in(Client(), cast.ann).get(MODERATION).text
    reviewer.post(f"/items/{piece.ref}/review", {"do": "approve"})
    assert "Nothing waits for your review" in reviewer.get(MODERATION).text
