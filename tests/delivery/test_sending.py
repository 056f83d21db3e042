"""Promises about the mail queue: rights are asked again, failures are tried again, nothing goes twice or is lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from infohub.config import settings as product
from infohub.delivery.actions import choose_pace, recall
from infohub.delivery.models import Notice, Pace
from infohub.delivery.tasks import send_due
from infohub.members.models import Membership, Organisation, Person, Seat
from infohub.policy.clause import Clause
from infohub.policy.models import Label
from infohub.standards.tlp import Tlp
from infohub.support import queue
from infohub.support.clock import now
from infohub.web.letters import write
from tests import make
from tests.cast import Cast
from tests.delivery.telling import files, send, tell
from tests.postbox import Postbox


def for_both(cast: Cast) -> Label:
    """A label of the bank and the clinic."""
    return make.label(Tlp.GREEN, Clause(organisations=frozenset({cast.bank.pk, cast.clinic.pk})))


def make_due() -> None:
    """Let the time pass after which failed mail is tried again."""
    Notice.objects.unsent().exclude(due_at=None).update(due_at=now() - timedelta(seconds=1))


def test_a_notice_is_mailed_to_its_person_once_and_to_nobody_else(cast: Cast, postbox: Postbox) -> None:
    tell(make.entry(for_both(cast)), cast.ben)
    assert send() == 1
    assert send() == 0
    assert [letter["To"] for letter in postbox.letters] == [cast.ben.email]


def test_nothing_is_mailed_before_it_is_due(cast: Cast, postbox: Postbox) -> None:
    tell(make.entry(for_both(cast)), cast.ben, in_seconds=120)
    assert send() == 0
    assert postbox.letters == []
    make_due()
    assert send() == 1
    assert len(postbox.letters) == 1


def test_announcing_twice_tells_once(cast: Cast, postbox: Postbox) -> None:
    entry = make.entry(for_both(cast))
    tell(entry, cast.ben)
    assert len(tell(entry, cast.ben, cast.cara)) == 2
    send()
    assert sorted(letter["To"] for letter in postbox.letters) == [cast.ben.email, cast.cara.email]


def test_a_piece_withdrawn_before_its_mail_is_due_is_never_mailed(cast: Cast, postbox: Postbox) -> None:
    entry = make.entry(for_both(cast))
    kept = make.entry(for_both(cast))
    tell(entry, cast.ben, in_seconds=60)
    tell(kept, cast.ben)
    assert recall(entry) == 1
    make_due()
    send()
    assert len(postbox.letters) == 1
    assert kept.ref in str(postbox.letters[0])


def test_a_piece_relabelled_without_recall_is_not_mailed_either(cast: Cast, postbox: Postbox) -> None:
    entry = make.entry(for_both(cast))
    (notice,) = tell(entry, cast.ben)
    entry.label = Label.objects.intern(tlp=Tlp.GREEN, author=make.membership(cast.ann), private=True)
    entry.save()
    send()
    notice.refresh_from_db()
    assert postbox.letters == []
    assert notice.dropped_at is not None
    assert notice.sent_at is None


def suspended(cast: Cast) -> None:
    Person.objects.filter(pk=cast.cara.pk).update(status="suspended")


def left(cast: Cast) -> None:
    Membership.objects.filter(person=cast.cara).update(ended=now())


def suspended_with_the_organisation(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.clinic.pk).update(status="suspended")


def unseated(cast: Cast) -> None:
    Seat.objects.filter(membership__person=cast.cara).update(ended=now())


@pytest.mark.parametrize("lost", [suspended, left, suspended_with_the_organisation, unseated])
def test_whoever_lost_the_right_before_the_mail_was_due_gets_none(cast: Cast, postbox: Postbox, lost: object) -> None:
    assert callable(lost)
    group = make.group("Banking", cast.ben, cast.cara)
    entry = make.entry(make.label(Tlp.GREEN, Clause(groups=frozenset({group.pk}))))
    tell(entry, cast.ben, cast.cara)
    lost(cast)
    send()
    assert [letter["To"] for letter in postbox.letters] == [cast.ben.email]
    assert Notice.objects.get(person=cast.cara).dropped_at is not None


def test_whoever_wants_no_mail_gets_none_and_is_still_told(cast: Cast, postbox: Postbox) -> None:
    tell(make.entry(for_both(cast)), cast.ben)
    choose_pace(cast.as_(cast.ben), pace=Pace.NONE, digest_hour=18, quiet=None, groups={})
    tell(make.entry(for_both(cast)), cast.ben, cast.cara)
    send()
    assert [letter["To"] for letter in postbox.letters] == [cast.cara.email]
    assert Notice.objects.unread_of(cast.as_(cast.ben)).count() == 2


def test_a_server_that_is_busy_gets_the_mail_later_and_later(cast: Cast, postbox: Postbox) -> None:
    (notice,) = tell(make.entry(for_both(cast)), cast.ben)
    waits = []
    for _ in range(3):
        postbox.answers = ["451 try again later"]
        make_due()
        send()
        notice.refresh_from_db()
        assert notice.due_at is not None
        waits.append((notice.due_at - now()).total_seconds())
        assert notice.problem == "SMTP 451"
    assert waits == sorted(waits)
    assert waits[2] > 3 * waits[0]
    make_due()
    send()
    notice.refresh_from_db()
    assert (notice.problem, len(postbox.letters)) == ("", 1)
    assert notice.sent_at is not None


def test_an_address_refused_for_good_becomes_a_dead_letter_and_holds_nobody_up(cast: Cast, postbox: Postbox) -> None:
    postbox.unknown = {cast.ben.email}
    tell(make.entry(for_both(cast)), cast.ben, cast.cara)
    assert send() == 2
    assert [letter["To"] for letter in postbox.letters] == [cast.cara.email]
    (dead,) = Notice.objects.dead()
    assert (dead.person_id, dead.problem) == (cast.ben.pk, "SMTP 550")
    assert cast.ben.email not in dead.problem


def test_an_address_that_would_forge_a_header_becomes_a_dead_letter(cast: Cast, postbox: Postbox) -> None:
    Person.objects.filter(pk=cast.ben.pk).update(email="ben@bank.example\nBcc: eve@example.org")
    tell(make.entry(for_both(cast)), cast.ben)
    send()
    assert postbox.letters == []
    assert Notice.objects.dead().count() == 1


def test_after_too_many_attempts_the_mail_is_a_dead_letter_until_somebody_revives_it(
    cast: Cast, postbox: Postbox
) -> None:
    tell(make.entry(for_both(cast)), cast.ben)
    Notice.objects.update(attempts=queue.STANDARD.most - 1)
    postbox.answers = ["451 try again later"]
    send()
    make_due()
    assert send() == 0
    assert Notice.objects.dead().count() == 1
    assert queue.revive(Notice.objects.unsent()) == 1
    send()
    assert len(postbox.letters) == 1


def test_when_no_server_answers_everything_waits_and_nothing_is_lost(cast: Cast, postbox: Postbox) -> None:
    tell(make.entry(for_both(cast)), cast.ben, cast.cara)
    postbox.shutdown()
    postbox.server_close()
    assert send() == 2
    assert set(Notice.objects.unsent().values_list("problem", flat=True)) == {"mail: ConnectionRefusedError"}
    assert Notice.objects.unsent().exclude(due_at=None).count() == 2


def test_a_mail_sent_again_after_a_crash_is_the_same_file_with_the_same_id(
    cast: Cast, settings: LazySettings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND, settings.MAIL = product.EMAIL_BACKEND, tmp_path
    tell(make.entry(for_both(cast)), cast.ben)
    send()
    before = files()
    Notice.objects.update(sent_at=None)  # the worker died between sending and marking
    send()
    assert files() == before
    assert len(before) == 1


def test_a_mail_under_another_workers_lease_is_left_alone(cast: Cast, postbox: Postbox) -> None:
    tell(make.entry(for_both(cast)), cast.ben)
    (leased,) = queue.lease(Notice.objects.unsent(), limit=1, seconds=60)
    assert send() == 0
    Notice.objects.filter(pk=leased.pk).update(leased_until=now() - timedelta(seconds=1))  # that worker died
    assert send() == 1
    assert len(postbox.letters) == 1


def test_a_batch_costs_the_same_queries_for_each_person(cast: Cast, postbox: Postbox) -> None:
    people = [make.person(f"P{number}", cast.bank) for number in range(12)]

    def cost(*readers: Person) -> int:
        tell(make.entry(for_both(cast)), *readers)
        with CaptureQueriesContext(connection) as queries:
            send_due(write)
        return len(queries)

    cost(people[0])
    per_person = (cost(*people[:12]) - cost(*people[:2])) / 10
    assert per_person <= 5
    assert len(postbox.letters) == 15
