"""Promises about rules: they change how somebody hears of a new piece, as previewed, and never who reads it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from infohub.catalogue.models import Entry, Severity
from infohub.delivery.actions import (
    Ease,
    RuleRefusedError,
    announce,
    change_rule,
    choose_pace,
    drop_rule,
    ease_mail,
    mail_off_link,
    make_rule,
    pause_rule,
    resume_rule,
    take_stance,
)
from infohub.delivery.models import Digest, Event, Notice, Pace, Rule, Stance
from infohub.delivery.rules import Conditions, found_by, numbers_found
from infohub.delivery.wishes import after_quiet
from infohub.members.models import Group, Person, Seat, Sector
from infohub.sharing.choice import Choice
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make
from tests.cast import Cast
from tests.delivery.telling import send, tell
from tests.postbox import Postbox
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db

HIGH = Conditions(severity=Severity.HIGH)


def rule(cast: Cast, person: Person, conditions: Conditions = HIGH, pace: Pace = Pace.AT_ONCE) -> Rule:
    """A rule, named after its person."""
    return make_rule(cast.as_(person), name=f"Rule of {person.name}", conditions=conditions, pace=pace)


def wish(cast: Cast, person: Person, pace: Pace, quiet: tuple[int, int] | None = None) -> None:
    choose_pace(cast.as_(person), pace=pace, digest_hour=18, quiet=quiet, groups={})


def piece(severity: Severity = Severity.HIGH, tlp: Tlp = Tlp.GREEN) -> Entry:
    """An entry for all members."""
    return make.entry(make.label(tlp), severity=severity)


def month() -> timedelta:
    return timedelta(days=30)


@pytest.fixture
def pieces(cast: Cast) -> list[Entry]:
    """What Ann shares: of several kinds, severities, sectors, groups, words and scripts, to several audiences."""
    finance, health = make.sector("finance"), make.sector("health")
    hidden = make.group("Fusion", cast.ann, cast.ben, listed=False)
    banking, clinics = Choice(groups=[cast.banking.pk]), Choice(groups=[cast.healthcare.pk])
    everyone, both = Choice(everyone=True, confirmed=True), Choice(groups=[hidden.pk], organisations=[cast.clinic.pk])
    plan = [
        (everyone, "Holes in FortiGate", "Patch it.", "advisory", 4, (finance, health)),
        (everyone, "Notes", "The fortigate of a supplier, and 198.51.100[.]7", "insight", 0, ()),
        (banking, "銀行帳戶的網絡釣魚", "假冒銀行短訊。", "alert", 3, (finance,)),
        (clinics, "勒索軟件", "診所的系統被加密。", "incident", 4, (health,)),
        (both, "Calls", "Somebody called, see canary.example/a?b=1", "alert", 2, ()),
        (banking, "Café straße x_y naïve", "ΑΒΓ ½ ﬁle C++ a.b.c résumé", "news", 1, (finance,)),
        (Choice(memberships=[make.membership(cast.ben).pk]), "For Ben", "fortigate, of Ben's alone", "alert", 3, ()),
    ]
    made = []
    for choice, title, body, kind, severity, sectors in plan:
        item = shared(cast.as_(cast.ann), choice, text(title, body=body, kind=kind, severity=severity))
        entry = Entry.objects.as_system("a test shared it").get(ref=item.ref)
        entry.sectors.set(sectors)
        made.append(entry)
    return made


def table() -> list[Conditions]:
    """Rules of every condition, alone and together."""
    words = (
        *(
            "fortigate",
            "FORTIGATE supplier",
            "銀行",
            "银行",
            "釣魚 帳戶",
            "198.51.100.7",
            "198.51.100[.]8",
            "canary.example",
        ),
        *(
            "canary.example",
            "café",
            "cafe",
            "STRASSE",
            "straße",
            "x_y",
            "file",
            "αβγ",
            "1/2",
            "c++",
            "résumé naïve",
            "勒索软件",
            "a.b.c",
        ),
    )
    groups = {group.name: group.pk for group in Group.objects.all()}
    sectors = {sector.key: sector.pk for sector in Sector.objects.all()}
    return [
        *(Conditions(severity=level) for level in Severity if level),
        *(Conditions(kinds=kinds) for kinds in (("alert",), ("news", "insight"), ("question",))),
        *(Conditions(groups=frozenset({pk})) for pk in groups.values()),
        Conditions(groups=frozenset(groups.values())),
        *(Conditions(sectors=frozenset({pk})) for pk in sectors.values()),
        Conditions(sectors=frozenset(sectors.values())),
        *(Conditions(words=one) for one in words),
        Conditions(kinds=("advisory", "alert"), severity=3, sectors=frozenset({sectors["finance"]}), words="fortigate"),
        Conditions(severity=3, groups=frozenset({groups["Banking"]}), words="銀行"),
    ]


def told_by_rules(entries: list[Entry], key: str) -> set[tuple[int, str]]:
    """Announce everything anew; who was told of which piece because of a rule."""
    for entry in entries:
        people = entry.label.audience().exclude(name="Ann").values_list("pk", flat=True)
        announce(entry, event=Event.SHARED, people=people, key=key, reason={"because": "circle"}, due_at=now())
    told = Notice.objects.filter(key=key, reason__has_key="rule")
    return set(told.values_list("person", "entry__ref"))


def test_what_the_preview_finds_is_what_the_rule_tells_of(cast: Cast, pieces: list[Entry]) -> None:
    people = (cast.ben, cast.cara, cast.eve, cast.opal)
    found_something = 0
    for number, conditions in enumerate(table()):
        Rule.objects.all().delete()
        preview, made = set(), {}
        for person in people:
            viewer = cast.as_(person)
            found = found_by(conditions, viewer, since=now() - month())
            preview |= {(person.pk, entry.ref) for entry in found}
            own = conditions.groups & viewer.groups
            if not conditions.groups or own:
                made[person] = rule(cast, person, conditions)
                counted = numbers_found([made[person]], viewer, since=now() - month())
                assert counted.get(made[person].pk, 0) == found.count(), conditions
        assert told_by_rules(pieces, f"r{number}") == preview, conditions
        found_something += bool(preview)
    assert found_something > 20


def test_a_rule_tells_of_nothing_outside_the_audience_and_its_preview_counts_nothing_of_it(
    cast: Cast, pieces: list[Entry]
) -> None:
    everything = Conditions(kinds=tuple({entry.kind for entry in pieces}))
    for person in (cast.ann, cast.ben, cast.cara, cast.eve, cast.opal):
        rule(cast, person, everything)
    told = told_by_rules(pieces, "again")
    for entry in pieces:
        readers = set(entry.label.audience().values_list("pk", flat=True))
        assert {person for person, ref in told if ref == entry.ref} == readers - {cast.ann.pk}
    for person, number in ((cast.ann, 0), (cast.ben, 6), (cast.cara, 4), (cast.eve, 2), (cast.opal, 0)):
        assert found_by(everything, cast.as_(person), since=now() - month()).count() == number, person


def test_a_group_counts_only_for_those_who_sit_in_it_still(cast: Cast, pieces: list[Entry]) -> None:
    fusion, both = Group.objects.get(listed=False), pieces[4]
    Seat.objects.create(group=fusion, membership=make.membership(cast.cara), started=make.START)
    for person in (cast.ben, cast.cara):
        rule(cast, person, Conditions(groups=frozenset({fusion.pk})))
    Seat.objects.filter(group=fusion, membership=make.membership(cast.cara)).update(ended=now())
    assert told_by_rules([both], "again") == {(cast.ben.pk, both.ref)}
    assert Notice.objects.filter(key="again", person=cast.cara, entry=both).exists()
    assert not found_by(Conditions(groups=frozenset({fusion.pk})), cast.as_(cast.cara), since=now() - month()).exists()


@pytest.mark.parametrize(
    ("general", "asked", "mailed", "waits"),
    [
        (Pace.NONE, Pace.AT_ONCE, 1, 0),
        (Pace.NONE, Pace.DIGEST, 0, 1),
        (Pace.NONE, Pace.NONE, 0, 0),
        (Pace.DIGEST, Pace.AT_ONCE, 1, 0),
        (Pace.DIGEST, Pace.NONE, 0, 1),
        (Pace.AT_ONCE, Pace.DIGEST, 1, 0),
    ],
)
def test_the_soonest_of_the_general_pace_and_the_rules_wins(
    cast: Cast, postbox: Postbox, general: Pace, asked: Pace, mailed: int, waits: int
) -> None:
    wish(cast, cast.ben, general)
    rule(cast, cast.ben, pace=asked)
    rule(cast, cast.ben, pace=Pace.NONE)
    (notice,) = tell(piece(), cast.ben)
    send()
    assert (len(postbox.letters), Digest.objects.count()) == (mailed, waits)
    assert notice.reason == {"because": "circle", "rule": "Rule of Ben"}


def test_what_no_rule_asks_for_comes_as_before(cast: Cast, postbox: Postbox) -> None:
    wish(cast, cast.ben, Pace.NONE)
    rule(cast, cast.ben)
    (notice,) = tell(piece(Severity.MEDIUM), cast.ben)
    tell(piece(), cast.ben, event=Event.REVISED)
    send()
    assert postbox.letters == []
    assert notice.reason == {"because": "circle"}


def test_a_mute_is_stronger_than_a_rule(cast: Cast, postbox: Postbox) -> None:
    wish(cast, cast.ben, Pace.NONE)
    rule(cast, cast.ben)
    entry = piece()
    take_stance(cast.as_(cast.ben), entry=entry, stance=Stance.MUTE)
    assert tell(entry, cast.ben) == []
    (by_name,) = tell(entry, cast.ben, because="named")
    send()
    assert by_name.reason == {"because": "named"}
    assert postbox.letters == []


def test_quiet_hours_hold_what_a_rule_asks_for_unless_it_is_critical(cast: Cast) -> None:
    wish(cast, cast.ben, Pace.NONE, quiet=(0, 23))
    rule(cast, cast.ben)
    moment = now()
    for severity in (Severity.HIGH, Severity.CRITICAL):
        (notice,) = tell(piece(severity), cast.ben, in_seconds=0)
        due = after_quiet(localtime(moment), start=0, end=23) if severity is Severity.HIGH else moment
        assert notice.due_at is not None
        assert abs(notice.due_at - due) < timedelta(seconds=5)


def test_to_stop_the_mails_pauses_the_rules_and_one_mail_a_day_slows_them(cast: Cast, postbox: Postbox) -> None:
    for person in (cast.ben, cast.cara):
        rule(cast, person)
    tell(piece(), cast.ben)
    stop, slower = (mail_off_link(person.pk).split("/")[-2] for person in (cast.ben, cast.cara))
    ease_mail(cast.public, signed=stop, wish=Ease.STOP)
    ease_mail(cast.public, signed=slower, wish=Ease.DIGEST)
    tell(piece(), cast.ben, cast.cara)
    send()
    assert postbox.letters == []
    assert list(Digest.objects.values_list("person", flat=True)) == [cast.cara.pk]
    (stopped,) = Rule.objects.filter(person=cast.ben)
    assert stopped.paused_at is not None
    resume_rule(cast.as_(cast.ben), number=stopped.pk)
    tell(piece(), cast.ben)
    assert send() == 1


def test_a_mail_names_the_rule_only_where_it_may_say_everything(cast: Cast, postbox: Postbox) -> None:
    wish(cast, cast.ben, Pace.NONE)
    rule(cast, cast.ben)
    for tlp in Tlp:
        tell(piece(tlp=tlp), cast.ben)
    send()
    said = [letter.get_body(("plain",)).get_content() for letter in postbox.letters]  # type: ignore[union-attr]
    assert [("Rule of Ben" in one, "one of your rules" in one) for one in said] == [
        *((True, False), (True, False)),
        *((False, True), (False, False), (False, False)),
    ]


def test_rules_of_somebody_who_left_do_nothing(cast: Cast, pieces: list[Entry]) -> None:
    rule(cast, cast.ben)
    viewer = cast.as_(cast.ben)
    assert found_by(HIGH, viewer, since=now() - month()).exists()
    cast.ben.memberships.update(ended=now())
    assert told_by_rules(pieces, "again") == set()
    assert not found_by(HIGH, cast.as_(cast.ben), since=now() - month()).exists()


def test_nobody_touches_the_rules_of_somebody_else(cast: Cast) -> None:
    own, other = rule(cast, cast.ben), cast.as_(cast.cara)
    for act in (pause_rule, resume_rule, drop_rule):
        with pytest.raises(Rule.DoesNotExist):
            act(other, number=own.pk)
    with pytest.raises(Rule.DoesNotExist):
        change_rule(other, number=own.pk, name="Mine", conditions=HIGH, pace=Pace.NONE)
    change_rule(cast.as_(cast.ben), number=own.pk, name="New", conditions=Conditions(words="vpn"), pace=Pace.NONE)
    own.refresh_from_db()
    assert (own.name, own.severity, own.words, own.terms, own.pace) == ("New", 0, "vpn", ["vpn"], "none")
    pause_rule(cast.as_(cast.ben), number=own.pk)
    assert Rule.objects.filter(paused_at__isnull=False).count() == 1
    drop_rule(cast.as_(cast.ben), number=own.pk)
    assert not Rule.objects.exists()


@pytest.mark.parametrize("conditions", [Conditions(), Conditions(words="?!"), Conditions(groups=frozenset({1}))])
def test_what_asks_for_everything_or_nothing_is_no_rule(cast: Cast, conditions: Conditions) -> None:
    with pytest.raises(RuleRefusedError):
        rule(cast, cast.ben, conditions)
    assert not Rule.objects.exists()


def test_a_person_has_fifty_rules_and_no_more(cast: Cast) -> None:
    for _ in range(50):
        rule(cast, cast.ben)
    with pytest.raises(RuleRefusedError, match="50"):
        rule(cast, cast.ben)
    rule(cast, cast.cara)


def test_a_thousand_rules_are_asked_with_as_few_questions_as_one(cast: Cast, pieces: list[Entry]) -> None:
    def questions(key: str) -> int:
        people = [person.pk for person in everybody]
        with CaptureQueriesContext(connection) as queries:
            announce(pieces[0], event=Event.SHARED, people=people, key=key, reason={}, due_at=now())
        return len(queries)

    everybody = [cast.ben, cast.cara]
    rule(cast, cast.ben, Conditions(words="fortigate"))
    few = questions("few")
    for number in range(20):
        everybody.append(make.person(f"P{number}", cast.clinic))
        for words in ("fortigate holes", "nothing of it", "補丁"):
            rule(cast, everybody[-1], Conditions(words=words))
    assert questions("many") == few
    assert Notice.objects.filter(key="many", reason__has_key="rule").count() == 21
