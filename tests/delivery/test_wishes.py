"""Promises about how people are told: at once, in one mail a day, quietly, or not; and what they follow and mute."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils.timezone import localtime

from infohub.catalogue.models import Entry, Severity
from infohub.delivery.actions import choose_pace, recall, take_stance
from infohub.delivery.digests import send_digests
from infohub.delivery.models import Digest, Event, Following, GroupPace, Notice, Pace, Preference, Stance
from infohub.delivery.wishes import after_quiet, next_hour
from infohub.members.models import Group, Membership, Person
from infohub.policy.clause import Clause
from infohub.policy.offices import NotAllowedError
from infohub.sharing.actions import comment
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.web.letters import write_digest
from tests import make
from tests.cast import Cast, sign_in
from tests.delivery.telling import send, tell
from tests.postbox import Postbox
from tests.sharing.acts import shared

pytestmark = pytest.mark.django_db

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def wish(cast: Cast, person: Person, pace: Pace = Pace.DIGEST, **groups: Pace) -> None:
    """Let a person choose; groups by their name."""
    by_id = {group.pk: groups[group.name] for group in Group.objects.all() if group.name in groups}
    choose_pace(cast.as_(person), pace=pace, digest_hour=18, quiet=None, groups=by_id)


def entry(cast: Cast, tlp: Tlp = Tlp.GREEN, **about: object) -> Entry:
    """An entry for the bank."""
    clause = Clause(organisations=frozenset({cast.bank.pk}))
    return make.entry(make.label(tlp, clause), **about)  # type: ignore[arg-type]  # the caller knows


def the_hour_has_come() -> None:
    Digest.objects.filter(sent_at=None, dropped_at=None).update(due_at=now() - timedelta(seconds=1))


def digests() -> int:
    """What the worker does."""
    done = 0
    while dealt_with := send_digests(write_digest):
        done += dealt_with
    return done


def body(letter: object) -> str:
    return "".join(str(part.get_content()) for part in letter.walk() if not part.is_multipart())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("pace", "severity", "mailed", "waits"),
    [
        (Pace.AT_ONCE, Severity.LOW, 1, 0),
        (Pace.DIGEST, Severity.LOW, 0, 1),
        (Pace.DIGEST, Severity.CRITICAL, 1, 0),
        (Pace.NONE, Severity.LOW, 0, 0),
        (Pace.NONE, Severity.CRITICAL, 0, 0),
    ],
)
def test_everybody_is_told_in_the_portal_and_by_mail_as_they_chose(
    cast: Cast, postbox: Postbox, pace: Pace, severity: Severity, mailed: int, waits: int
) -> None:
    wish(cast, cast.ben, pace)
    tell(entry(cast, severity=severity), cast.ben)
    send()
    assert len(postbox.letters) == mailed
    assert Notice.objects.unread_of(cast.as_(cast.ben)).count() == 1
    assert Digest.objects.count() == waits
    assert digests() == 0


def test_a_digest_says_of_each_piece_what_a_mail_may_say_and_no_more(cast: Cast, postbox: Postbox) -> None:
    wish(cast, cast.ben)
    for number, tlp in enumerate(Tlp):
        tell(entry(cast, tlp, title=f"Canary {number}", safe_line=f"Safe {number}", text=f"Words {number}"), cast.ben)
    assert Digest.objects.count() == 1
    the_hour_has_come()
    assert digests() == 1
    (letter,) = postbox.letters
    said = body(letter)
    assert letter["Subject"] == "[TLP:RED] 5 pieces for you today"
    assert [f"Canary {n}" in said for n in range(5)] == [True, True, False, False, False]
    assert [f"Safe {n}" in said for n in range(5)] == [False, False, True, False, False]
    assert not any(f"Words {n}" in said for n in range(5))
    assert "A new RED piece" in said
    assert all(ref in said for ref in Entry.objects.as_system("a test").values_list("ref", flat=True))
    assert not Notice.objects.unsent().exists()
    the_hour_has_come()
    assert digests() == 0


def test_a_digest_leaves_out_what_was_withdrawn_or_may_not_be_read_any_more(cast: Cast, postbox: Postbox) -> None:
    wish(cast, cast.ben)
    kept, withdrawn, lost = (entry(cast, title=f"Piece {n}") for n in ("kept", "withdrawn", "lost"))
    for one in (kept, withdrawn, lost):
        tell(one, cast.ben)
    recall(withdrawn)
    Entry.objects.as_system("a test narrows it").filter(pk=lost.pk).update(
        label=make.label(Tlp.GREEN, Clause(organisations=frozenset({cast.clinic.pk})))
    )
    the_hour_has_come()
    digests()
    said = body(postbox.letters[0])
    assert ["Piece kept" in said, "Piece withdrawn" in said, "Piece lost" in said] == [True, False, False]
    assert list(Notice.objects.exclude(sent_at=None).values_list("entry", flat=True)) == [kept.pk]
    assert not Notice.objects.unsent().exists()


def test_a_digest_that_is_too_long_says_where_the_rest_is(
    cast: Cast, postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infohub.delivery.digests.MOST", 2)
    wish(cast, cast.ben)
    for number in range(5):
        tell(entry(cast, title=f"Piece {number}"), cast.ben)
    the_hour_has_come()
    digests()
    (letter,) = postbox.letters
    said = body(letter)
    assert letter["Subject"] == "[TLP:GREEN] 5 pieces for you today"
    assert [f"Piece {n}" in said for n in range(5)] == [True, True, False, False, False]
    assert "3 more are among your notices" in said
    assert "/member/notices/" in said
    assert not Notice.objects.unsent().exists()


def test_nothing_left_to_say_is_no_mail(cast: Cast, postbox: Postbox) -> None:
    wish(cast, cast.ben)
    tell(entry(cast), cast.ben)
    Membership.objects.filter(person=cast.ben).update(ended=now())
    the_hour_has_come()
    assert digests() == 1
    assert postbox.letters == []
    assert Digest.objects.get().dropped_at is not None
    assert not Notice.objects.unsent().exists()


def test_a_digest_that_is_sent_again_after_a_crash_has_the_same_name(cast: Cast, postbox: Postbox) -> None:
    wish(cast, cast.ben)
    tell(entry(cast), cast.ben)
    the_hour_has_come()
    digests()
    Digest.objects.update(sent_at=None, leased_until=None)
    Notice.objects.update(sent_at=None)
    digests()
    first, again = postbox.letters
    assert first["Message-ID"] == again["Message-ID"]


def test_a_group_has_its_own_pace_and_the_soonest_of_several_counts(cast: Cast, postbox: Postbox) -> None:
    banking, cards = make.group("Banking", cast.ben), make.group("Cards", cast.ben)
    wish(cast, cast.ben, Pace.NONE, Banking=Pace.DIGEST, Cards=Pace.AT_ONCE)
    label = make.label(Tlp.GREEN, Clause(groups=frozenset({banking.pk, cards.pk})))
    tell(make.entry(label, title="In both", groups=[banking, cards]), cast.ben)
    tell(make.entry(label, title="In one", groups=[banking]), cast.ben)
    send()
    assert [str(letter["Subject"]).rpartition(": ")[2] for letter in postbox.letters] == ["In both"]
    assert Digest.objects.count() == 1


def test_only_ones_own_groups_get_a_pace(cast: Cast) -> None:
    make.group("Healthcare", cast.cara)
    wish(cast, cast.ben, Pace.AT_ONCE, Healthcare=Pace.NONE)
    assert not GroupPace.objects.exists()


def test_quiet_hours_hold_mail_back_unless_it_is_critical(cast: Cast) -> None:
    choose_pace(cast.as_(cast.ben), pace=Pace.AT_ONCE, digest_hour=18, quiet=(0, 23), groups={})
    moment = now()
    for severity in (Severity.LOW, Severity.CRITICAL):
        (notice,) = tell(entry(cast, severity=severity), cast.ben, in_seconds=0)
        due = after_quiet(localtime(moment), start=0, end=23) if severity is Severity.LOW else moment
        assert notice.due_at is not None
        assert abs(notice.due_at - due) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("hour", "start", "end", "until"),
    [(23, 22, 7, 31), (3, 22, 7, 7), (7, 22, 7, 7), (12, 22, 7, 12), (13, 12, 14, 14), (14, 12, 14, 14)],
)
def test_quiet_hours_may_span_midnight(hour: int, start: int, end: int, until: int) -> None:
    midnight = datetime(2026, 11, 20, tzinfo=HONG_KONG)
    assert after_quiet(midnight + timedelta(hours=hour), start=start, end=end) == midnight + timedelta(hours=until)


def test_the_next_hour_is_always_later() -> None:
    six = datetime(2026, 11, 19, 18, 0, tzinfo=HONG_KONG)
    assert next_hour(six, 18) == six + timedelta(days=1)
    assert next_hour(six - timedelta(seconds=1), 18) == six


def test_who_follows_hears_of_comments_who_mutes_hears_of_nothing_but_their_name(cast: Cast) -> None:
    dora = make.person("Dora", cast.bank)
    group = make.group("Banking", cast.ann, cast.ben, dora)
    item = shared(cast.as_(cast.ann), Choice(groups=[group.pk]))
    piece = Entry.objects.readable(cast.as_(cast.ben)).get(ref=item.ref)
    take_stance(cast.as_(cast.ben), entry=piece, stance=Stance.FOLLOW)
    take_stance(cast.as_(dora), group=group, stance=Stance.MUTE)
    comment(cast.as_(cast.ann), item=item, body="More of it", nonce=uuid.uuid4())
    told = Notice.objects.filter(event=Event.COMMENTED).values_list("person", flat=True)
    assert list(told) == [cast.ben.pk]
    shared(cast.as_(cast.ann), Choice(groups=[group.pk]))
    assert not Notice.objects.filter(person=dora, entry__ref__gt="").exclude(entry=piece).exists()
    (by_name,) = tell(piece, dora, event=Event.REVISED, because="named")
    assert by_name.person == dora
    take_stance(cast.as_(dora), group=group, stance=None)
    assert not Following.objects.filter(person=dora).exists()


def test_nobody_takes_a_stance_towards_what_they_may_not_read_or_sit_in(cast: Cast, client: Client) -> None:
    piece, group = entry(cast), make.group("Banking", cast.ben)
    with pytest.raises(Entry.DoesNotExist):
        take_stance(cast.as_(cast.cara), entry=piece, stance=Stance.FOLLOW)
    with pytest.raises(NotAllowedError):
        take_stance(cast.as_(cast.cara), group=group, stance=Stance.MUTE)
    outsider = sign_in(client, cast.cara)
    for path in (f"/member/notices/{piece.ref}/stance/", f"/member/groups/{group.ref}/stance/"):
        assert outsider.post(path, {"stance": "mute"}).status_code == 404
    assert not Following.objects.exists()


def test_the_page_keeps_what_was_chosen_and_takes_nothing_else(client: Client, cast: Cast) -> None:
    make.group("Banking", cast.ben)
    (ref,) = Group.objects.values_list("ref", flat=True)
    page = sign_in(client, cast.ben)
    chosen = {"pace": "digest", "digest_hour": "8", "quiet": "on", "quiet_from": "22", "quiet_to": "7"}
    answer = page.post("/member/notices/settings/", chosen | {f"group-{ref}": "none"})
    assert answer["Location"] == "/member/notices/settings/"
    row = Preference.objects.get(person=cast.ben)
    assert (row.pace, row.digest_hour, row.quiet_from, row.quiet_to) == ("digest", 8, 22, 7)
    assert GroupPace.objects.get().pace == "none"
    content = page.get("/member/notices/settings/").content.decode()
    assert 'value="digest" checked' in content
    assert '<option value="8" selected>' in content
    page.post("/member/notices/settings/", {"pace": "hourly", "digest_hour": "99", "quiet_from": "x"})
    row.refresh_from_db()
    assert (row.pace, row.digest_hour, row.quiet_from) == ("at_once", 18, None)


def test_a_thousand_people_are_told_with_as_few_questions_as_ten(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    people = [make.person(f"P{number}", cast.bank) for number in range(40)]
    for person in people[::2]:
        wish(cast, person)
    piece = entry(cast)
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        tell(piece, *people)
    assert Notice.objects.count() == 40
    assert Digest.objects.count() == 20
