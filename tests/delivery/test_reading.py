"""Promises about notices in the product, receipts and the choice of mail."""

import pytest
from django.core.signing import BadSignature
from django.test import Client

from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.delivery.actions import Ease, acknowledge, ease_mail, mail_off_link, mark_read, receive
from infohub.delivery.models import MANY, Following, Notice, Preference, Receipt
from infohub.members.models import Membership
from infohub.policy.clause import Clause
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast, sign_in
from tests.delivery.telling import tell


def bank_entry(cast: Cast) -> Entry:
    """An entry for the bank alone."""
    return make.entry(make.label(Tlp.AMBER, Clause(organisations=frozenset({cast.bank.pk}))))


def verbs() -> list[str]:
    """What has been recorded so far."""
    return list(Record.objects.values_list("verb", flat=True))


def test_a_person_sees_own_notices_of_readable_entries_and_no_others(cast: Cast) -> None:
    entry = bank_entry(cast)
    tell(entry, cast.ben, cast.cara)
    assert [notice.entry_id for notice in Notice.objects.unread_of(cast.as_(cast.ben))] == [entry.pk]
    assert Notice.objects.readable(cast.as_(cast.cara)).count() == 0
    assert Notice.objects.readable(cast.as_(cast.ann)).count() == 0
    assert Notice.objects.readable(cast.public).count() == 0


def test_a_notice_is_there_at_once_and_gone_with_the_right_to_read(cast: Cast) -> None:
    tell(bank_entry(cast), cast.ben, in_seconds=120)
    assert Notice.objects.unread_of(cast.as_(cast.ben)).count() == 1
    Membership.objects.filter(person=cast.ben).update(ended=now())
    assert Notice.objects.unread_of(cast.as_(cast.ben)).count() == 0


def test_the_masthead_counts_unread_notices_up_to_ninety_nine(client: Client, cast: Cast) -> None:
    page = sign_in(client, cast.ben)
    for number in range(MANY + 5):
        tell(bank_entry(cast), cast.ben)
        if number == MANY - 2:
            assert f"<span>{MANY - 1}<" in page.get("/member/notices/").content.decode()
    assert Notice.objects.number_unread(cast.as_(cast.ben)) == MANY
    assert f"<span>{MANY - 1}+<" in page.get("/member/notices/").content.decode()


def test_opening_a_piece_makes_one_receipt_and_reads_its_notices(cast: Cast) -> None:
    entry, other = bank_entry(cast), bank_entry(cast)
    tell(entry, cast.ben, cast.ann)
    tell(other, cast.ben)
    for _ in range(2):
        receive(cast.as_(cast.ben), entry=entry)
    assert list(Receipt.objects.values_list("membership", "kind")) == [(make.membership(cast.ben).pk, "read")]
    assert [notice.entry_id for notice in Notice.objects.unread_of(cast.as_(cast.ben))] == [other.pk]
    assert Notice.objects.unread_of(cast.as_(cast.ann)).count() == 1


def test_nobody_leaves_a_receipt_on_what_they_may_not_read(cast: Cast) -> None:
    entry = bank_entry(cast)
    for act in (receive, acknowledge):
        with pytest.raises(Entry.DoesNotExist):
            act(cast.as_(cast.cara), entry=entry)
    assert Receipt.objects.count() == 0


def test_acknowledging_is_recorded_once(cast: Cast) -> None:
    entry = bank_entry(cast)
    for _ in range(2):
        acknowledge(cast.as_(cast.ben), entry=entry)
    assert verbs() == ["acknowledge"]
    assert Receipt.objects.filter(kind="acknowledged").count() == 1


def test_marking_as_read_touches_only_own_notices(cast: Cast) -> None:
    entry, other = bank_entry(cast), bank_entry(cast)
    notices = tell(entry, cast.ben, cast.ann) + tell(other, cast.ben)
    bens = next(notice for notice in notices if notice.person_id == cast.ben.pk)
    anns = next(notice for notice in notices if notice.person_id == cast.ann.pk)
    assert mark_read(cast.as_(cast.ben), only=[bens.pk, anns.pk]) == 1
    assert mark_read(cast.as_(cast.ben)) == 1
    assert mark_read(cast.as_(cast.ben)) == 0
    assert Notice.objects.unread_of(cast.as_(cast.ann)).count() == 1
    assert verbs() == ["mark_read", "mark_read"]


def test_the_link_in_a_mail_stops_its_persons_mails_and_nobody_elses(cast: Cast) -> None:
    link = mail_off_link(cast.ben.pk)
    browser = Client(enforce_csrf_checks=True)
    asked = browser.get(link)
    assert asked.status_code == 200
    assert "Fewer mails?" in asked.content.decode()
    assert not Preference.objects.exists()
    assert browser.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert list(Preference.objects.values_list("person", "pace")) == [(cast.ben.pk, "none")]
    assert verbs() == ["ease_mail"]


def test_the_link_in_a_mail_also_lessens_them(cast: Cast) -> None:
    entry = bank_entry(cast)
    link = mail_off_link(cast.ben.pk, entry.pk)
    browser = Client(enforce_csrf_checks=True)
    assert entry.title not in browser.get(link).content.decode()
    browser.post(link, {"do": "mute"})
    assert list(Following.objects.values_list("person", "entry", "stance")) == [(cast.ben.pk, entry.pk, "mute")]
    assert not Preference.objects.exists()
    browser.post(link, {"do": "digest"})
    assert Preference.objects.get(person=cast.ben).pace == "digest"


def test_a_forged_link_stops_nothing(cast: Cast) -> None:
    forged = f"{cast.ben.pk}:{mail_off_link(cast.cara.pk).strip('/').partition(':')[2]}"
    with pytest.raises(BadSignature):
        ease_mail(cast.public, signed=forged, wish=Ease.STOP)
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(f"/accounts/mail-off/{forged}/").status_code == 404
    assert browser.post(f"/accounts/mail-off/{forged}/").status_code == 404
    assert Preference.objects.count() == 0
