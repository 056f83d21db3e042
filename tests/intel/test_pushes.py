"""What leaves to a peer, what does not, what the ledger says, and what is recalled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core import signing
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from infohub.audit.models import Record
from infohub.intel import actions
from infohub.intel.actions import PushError, PushTerms, confirmation_of, ensure_collections, switch_on
from infohub.intel.actions.pushing import begin_sending, keep_sent
from infohub.intel.models import Collection, Delivery, Placement, Push, PushState
from infohub.intel.pushes import Peer, Stays, candidates, envelope_of
from infohub.intel.pushes.choosing import written
from infohub.intel.rehearsing import Rehearsal, rehearse
from infohub.intel.sending import push_due
from infohub.members.models import Sector
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import SYSTEM, Viewer
from infohub.register.actions import reseal
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.peering import (
    TAKEN,
    answer,
    complete,
    draft,
    few,
    header,
    ids,
    ledger,
    peer,
    push,
    says,
    take_out,
    takes,
    turn,
    waits,
)
from tests.intel.pieces import Stix, address, indicator, placed

pytestmark = pytest.mark.django_db

TERMS = PushTerms(name="Beacon", url="https://127.0.0.1/api/collections/one/", ceiling=Tlp.GREEN, minutes=60)


@pytest.fixture(autouse=True)
def there(db: None) -> None:
    ensure_collections()


ACTS: dict[str, Callable[[Viewer, Push], object]] = {
    "add": lambda viewer, one: actions.add_push(viewer, uuid=uuid4(), collection=one.collection, terms=TERMS),
    "rehearse": lambda viewer, one: rehearse(viewer, push=one),
    "switch on": lambda viewer, one: switch_on(viewer, push=one, confirmation=confirmation_of(one)),
    "pause": lambda viewer, one: actions.pause_push(viewer, push=one),
    "resume": lambda viewer, one: actions.resume_push(viewer, push=one),
    "now": lambda viewer, one: actions.push_now(viewer, push=one),
    "renew": lambda viewer, one: actions.renew_credential(viewer, push=one, user="", password="new"),
    "end": lambda viewer, one: actions.end_push(viewer, push=one),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_steers_the_programme_may_and_nobody_else(cast: Cast, act: str) -> None:
    made = draft(TERMS.url)
    for who in (cast.ann, cast.mori, cast.vera, cast.audra):
        with pytest.raises(NotAllowedError):
            ACTS[act](cast.as_(who), made)
    with pytest.raises(NotAllowedError):
        ACTS[act](cast.public, made)
    for officer in (cast.opal, cast.grace):
        ACTS[act](cast.as_(officer), draft(TERMS.url))


@pytest.mark.parametrize(
    ("alias", "changes", "words"),
    [
        ("everything", {}, "every peer may read"),
        ("sector-finance", {}, "every peer may read"),
        ("members", {"ceiling": Tlp.AMBER}, "up to TLP:GREEN"),
        ("members", {"ceiling": Tlp.RED}, "up to TLP:GREEN"),
        ("members", {"url": "https://ann:word@peer.example/api/collections/one/"}, "no web address"),
        ("members", {"url": "https://peer.example/api/"}, "no address of a TAXII collection"),
        ("members", {"url": "https://peer.example/api/collections/one/objects/"}, "no address of a TAXII collection"),
        ("members", {"minutes": 14}, "15 minutes"),
        ("members", {"minutes": 10_081}, "15 minutes"),
    ],
)
def test_what_may_not_be_is_refused_with_words(alias: str, changes: dict[str, object], words: str) -> None:
    Sector.objects.get_or_create(key="finance", defaults={"names": {"en": "Finance"}})
    ensure_collections()
    told = {name: getattr(TERMS, name) for name in PushTerms.__slots__} | changes
    with pytest.raises(PushError, match=words):
        actions.add_push(SYSTEM, uuid=uuid4(), collection=pieces.collection(alias), terms=PushTerms(**told))
    assert Push.objects.count() == 0


def test_a_push_that_is_added_twice_is_one(cast: Cast) -> None:
    uuid, opal = uuid4(), cast.as_(cast.opal)
    for _twice in range(2):
        actions.add_push(opal, uuid=uuid, collection=pieces.collection("members"), terms=TERMS)
    assert (Push.objects.count(), Record.objects.filter(verb="add_push").count()) == (1, 1)


def test_nothing_leaves_before_the_dry_run_of_exactly_this_was_confirmed() -> None:
    few(1)
    with peer() as outside:
        made, other = draft(outside.url), draft(outside.url)
        assert (push_due(), outside.envelopes) == (0, [])
        for wrong in ("", "x", confirmation_of(other), signing.dumps("x", salt="infohub.push")):
            with pytest.raises(PushError, match="dry run"):
                switch_on(SYSTEM, push=made, confirmation=wrong)
        shown = rehearse(SYSTEM, push=made)
        Push.objects.filter(pk=made.pk).update(ceiling=Tlp.CLEAR.value)
        with pytest.raises(PushError, match="dry run"):
            switch_on(SYSTEM, push=made, confirmation=shown.confirmation)
        Push.objects.filter(pk=made.pk).update(ceiling=Tlp.GREEN.value)
        assert (push_due(), outside.envelopes) == (0, [])
        for _twice in range(2):
            switch_on(SYSTEM, push=made, confirmation=shown.confirmation)
        assert (push_due(), len(outside.envelopes)) == (1, 1)
    assert Record.objects.filter(verb="switch_on_push").count() == 1


def told(shown: Rehearsal) -> dict[str, list[str]]:
    return {why.value: [row[0] for row in part.rows] for why, part in shown.stays.items()}


def test_a_dry_run_says_what_would_leave_and_why_the_rest_would_not() -> None:
    uuid = pieces.uuid()
    first, second = indicator(of=uuid), indicator(of=uuid, day=2)
    large = indicator("x" * 4000)
    gone = indicator(revoked=True)
    secret = indicator("of nobody's business")
    placed("IH-AAAAAA", first, large)
    placed("IH-BBBBBB", second, gone)
    placed("IH-CCCCCC", secret, tlp=Tlp.AMBER, clauses=[Clause(everyone=True)])
    with peer(most=2000) as outside:
        made = draft(outside.url)
        shown = rehearse(SYSTEM, push=made)
        assert (outside.envelopes, Delivery.objects.count()) == ([], 0)
    assert [row[0] for row in shown.leaves.rows] == ids(second)
    assert told(shown) == {"revoked": ids(gone), "large": ids(large), "older": []}
    assert (shown.bytes, shown.unmarked) == (len(pieces.text(second)) + 1, 1)
    assert (shown.stays[Stays.OLDER].number, shown.above) == (1, {"indicator": 1})
    assert shown.confirmation
    assert ids(secret)[0] not in str(list(shown.table))


@pytest.mark.parametrize(
    ("how", "problem"), [({"can_write": False}, ""), ({"post": []}, ""), ({"most": 0}, ""), ({}, "")]
)
def test_a_dry_run_asks_the_peer_what_it_takes(how: dict[str, object], problem: str) -> None:
    few(2)
    with peer(**how) as outside:
        shown = rehearse(SYSTEM, push=draft(outside.url))
    assert shown.problem == problem
    assert bool(shown.confirmation) == how.get("can_write", True)
    assert shown.leaves.number == (0 if how.get("can_write") is False else 2)


def test_a_dry_run_of_a_peer_that_cannot_be_asked_switches_nothing_on() -> None:
    shown = rehearse(SYSTEM, push=draft("https://127.0.0.1/api/collections/one/"))
    assert (shown.problem, shown.confirmation) == ("private", "")


@pytest.mark.parametrize("most", [1200, 2500, 10_000_000])
def test_what_the_dry_run_shows_is_what_is_then_sent(most: int) -> None:
    """Of a mix of levels, versions, revoked and large ones, in one envelope or in many."""
    for number in range(40):
        uuid = UUID(int=10**12 + number % 13, version=4)
        one = indicator("x" * (40 * number), of=uuid, day=1 + number % 27, revoked=number % 11 == 0)
        placed(f"IH-{number:06d}", one, tlp=list(Tlp)[number % 4])
    placed("IH-SEEN22", address())
    with peer(most=most) as outside:
        made = draft(outside.url)
        shown = rehearse(SYSTEM, push=made)
        switch_on(SYSTEM, push=made, confirmation=shown.confirmation)
        turn(made, turns=2)
        assert outside.ids == [row[0] for row in shown.leaves.rows]
        assert all(len(header(one, "Content-Length")) <= len(str(most)) for one in outside.host.asked)  # type: ignore[union-attr]
        assert all(int(header(one, "Content-Length") or 0) <= most for one in outside.text.split("\n\n"))
        again = rehearse(SYSTEM, push=made)
        assert (again.leaves.number, again.stays) == (0, {})
    assert shown.leaves.number > 5


def test_amber_and_red_never_leave_whatever_stands_in_the_rows() -> None:
    canaries = [indicator(f"canary-{tlp.name}") for tlp in Tlp]
    for tlp, one in zip(list(Tlp)[:-1], canaries, strict=False):
        placed(f"IH-{tlp.name[:3]}{tlp.name[-3:]}", one, tlp=tlp)
    for ceiling in (Tlp.CLEAR, Tlp.GREEN):
        with peer() as outside:
            made = push(outside.url, ceiling=ceiling)
            turn(made)
            met = [tlp for tlp in Tlp if f"canary-{tlp.name}" in outside.text]
        assert met == [tlp for tlp in Tlp if tlp <= ceiling]
    assert {row.tlp for row in Delivery.objects.all()} == {Tlp.CLEAR.value, Tlp.GREEN.value}


def test_a_piece_for_a_group_or_for_some_never_leaves() -> None:
    one = indicator()
    placed("IH-EXCEPT", one, clauses=[Clause(everyone=True, except_classes=frozenset({"vendor"}))])
    placed("IH-FROZEN", indicator(), clauses=[Clause(everyone=True, frozen=True)])
    with peer() as outside:
        turn(push(outside.url))
        assert outside.envelopes == []


def test_a_collection_by_agreement_is_sent_to_whom_the_agreement_is_with() -> None:
    named = Collection.objects.create(kind="named", alias="pact", titles={"en": "Pact"})
    Placement.objects.all().delete()
    with peer() as outside:
        made = push(outside.url, alias=named.alias)
        assert (turn(made).problem, outside.envelopes) == ("", [])


def test_a_collection_that_peers_may_read_no_more_sends_nothing_and_is_recalled() -> None:
    (one,) = few(1)
    with peer() as outside:
        made = push(outside.url)
        turn(made)
        other = Audience.objects.intern(Clause(programme_review=True))
        Collection.objects.filter(pk=made.collection_id).update(audience=other)
        placed("IH-LATER2", indicator())
        turn(made)
        assert (outside.ids, len(outside.deleted)) == (ids(one), 1)


def test_what_is_added_later_leaves_later_and_nothing_leaves_twice() -> None:
    first = few(3)
    with peer() as outside:
        made = push(outside.url)
        turn(made, turns=2)
        assert (len(outside.envelopes), outside.ids) == (1, ids(*first))
        newer = indicator(of=UUID(str(first[0]["id"]).partition("--")[2]), day=5)
        placed("IH-NEWER2", newer)
        placed("IH-AGAIN2", first[1])
        turn(made, turns=2)
        assert outside.ids == ids(*first, newer)
        assert header(outside.host.asked[0], "Authorization") == "Bearer word"  # type: ignore[union-attr]
    assert set(ledger(made).values()) == {TAKEN}
    assert (made.last_success is not None, made.failing_since, made.problem) == (True, None, "")


def test_a_kill_between_request_and_commit_sends_the_same_again_and_skips_nothing() -> None:
    """The answer of the first envelope is thrown away, as if the worker had been killed before it could keep it."""
    made_objects = few(5)
    with peer() as outside:
        made = push(outside.url)
        Push.objects.filter(pk=made.pk).update(at_once=2)
        made.refresh_from_db()
        talk = Peer.of(made)
        limits = talk.limits()
        leaving, _considered = envelope_of(candidates(made, limits), limits, most=2)
        Push.objects.filter(pk=made.pk).update(leased_until=now() + timedelta(seconds=60))
        made.refresh_from_db()
        assert begin_sending(made, leaving)
        talk.send(written(leaving))
        assert set(ledger(made)) == set(ids(*made_objects[:2]))
        turn(made, turns=2)
        assert outside.envelopes[0] == outside.envelopes[1]
        assert outside.ids[2:] == ids(*made_objects)
    assert (len(ledger(made)), set(ledger(made).values())) == (5, {TAKEN})


def test_a_push_that_is_paused_during_its_turn_sends_no_further_envelope() -> None:
    objects = few(4)
    with peer() as outside:
        made = push(outside.url)
        Push.objects.filter(pk=made.pk).update(leased_until=now() + timedelta(seconds=60))
        made.refresh_from_db()
        actions.pause_push(SYSTEM, push=made)
        talk = Peer.of(made)
        limits = talk.limits()
        leaving, _considered = envelope_of(candidates(made, limits), limits, most=2)
        assert not begin_sending(made, leaving)
        assert (outside.envelopes, Delivery.objects.count(), len(objects)) == ([], 0, 4)


def test_a_server_that_breaks_down_at_large_envelopes_gets_smaller_ones() -> None:
    objects = few(8)

    def weak(sent: list[Stix]) -> bytes:
        return answer(500) if len(sent) > 2 else takes(sent)

    with peer(post=[weak]) as outside:
        made = turn(push(outside.url), turns=6)
        assert [len(one) for one in outside.envelopes][:3] == [8, 4, 2]
    assert ledger(made) == dict.fromkeys(ids(*objects), TAKEN)


def test_a_worker_that_lost_its_lease_writes_the_ledger_and_leaves_the_cursor() -> None:
    few(2)
    with peer() as outside:
        made = push(outside.url)
        Push.objects.filter(pk=made.pk).update(leased_until=now() + timedelta(seconds=60))
        talk = Peer.of(made)
        limits = talk.limits()
        leaving, considered = envelope_of(candidates(made, limits), limits, most=10)
        answered = talk.send(written(leaving))
        assert not keep_sent(made, considered, answered)
        made.refresh_from_db()
        assert (made.cursor, Delivery.objects.count()) == (None, 2)
        turn(made)
        assert (len(outside.envelopes), made.cursor is not None) == (1, True)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (answer(401), "locked"),
        (answer(403), "locked"),
        (answer(404), "gone"),
        (answer(415), "failing (415)"),
        (answer(500), "failing (500)"),
        (answer(429, None, "Retry-After: 7200"), "busy"),
        (answer(202, {"id": "x"}), "unreadable this is no status resource"),
        (answer(202, [1]), "unreadable"),
        (answer(202, {}, kind="text/html"), "media"),
        (b"HTTP/1.1 202 Indeed\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{x}", "unreadable"),
        (answer(202, complete([]))[:-9], "broken"),
        (b"", "broken"),
        (b"nonsense\r\n\r\n", "broken"),
    ],
)
def test_a_peer_that_fails_is_asked_again_later_and_loses_nothing(reply: bytes, problem: str) -> None:
    objects = few(2)
    with peer(post=[says(reply), takes]) as outside:
        made = turn(push(outside.url))
        assert made.problem.startswith(problem)
        assert (made.cursor, made.failing_since is not None) == (None, True)
        assert set(ledger(made).values()) == {("sending", "")}
        assert made.due_at is not None
        wait = (made.due_at - now()).total_seconds()
        assert (7000 if problem == "busy" else 200) < wait < (7300 if problem == "busy" else 400)
        turn(made)
        assert outside.envelopes[0] == objects
        assert outside.ids[2:] == ids(*objects)
    assert (made.problem, made.failing_since, set(ledger(made).values())) == ("", None, {TAKEN})


@pytest.mark.parametrize("status", [400, 413, 422])
def test_one_object_that_the_peer_cannot_take_does_not_hold_up_the_others(status: int) -> None:
    objects = few(9)
    bad = str(objects[4]["id"])

    def picky(sent: list[Stix]) -> bytes:
        body = {"title": "Unprocessable", "description": "no such thing", "http_status": str(status)}
        return answer(status, body) if bad in ids(*sent) else takes(sent)

    with peer(post=[picky]) as outside:
        made = turn(push(outside.url))
        assert len(outside.envelopes) < 20
    assert ledger(made) == dict.fromkeys(ids(*objects), TAKEN) | {bad: ("refused", "")}
    assert Delivery.objects.get(stix_id=bad).message == f"{status} Unprocessable: no such thing"


def test_what_the_peer_refuses_of_an_envelope_stands_in_the_ledger_with_its_words() -> None:
    one, two = few(2)
    with peer(post=[lambda sent: answer(202, complete(sent, refused=ids(two)))]) as outside:
        made = turn(push(outside.url))
        assert ledger(made) == {ids(one)[0]: TAKEN, ids(two)[0]: ("refused", "")}
        turn(made)
        assert len(outside.envelopes) == 1
    assert Delivery.objects.get(stix_id=two["id"]).message == "no thanks"


def test_an_object_larger_than_the_peer_takes_stays_here_and_the_ledger_says_so() -> None:
    large, small = indicator("x" * 3000), indicator()
    placed("IH-LARGE2", large, small)
    with peer(most=2000) as outside:
        made = turn(push(outside.url))
        assert outside.ids == ids(small)
        Placement.objects.filter(stix_id=large["id"]).delete()
        turn(made)
        assert outside.deleted == []
    assert ledger(made)[str(large["id"])] == ("kept", "")


def test_a_peer_that_decides_later_is_asked_until_it_has() -> None:
    one, two = few(2)
    with peer(post=[waits], status=waits([])) as outside:
        made = turn(push(outside.url))
        assert set(ledger(made).values()) == {("pending", "")}
        turn(made)
        assert (set(ledger(made).values()), outside.polled) == ({("pending", "")}, 1)
        outside.status = answer(200, complete([one, two], refused=ids(two)))
        turn(made, turns=2)
        assert (outside.polled, len(outside.envelopes)) == (2, 1)
    assert ledger(made) == {ids(one)[0]: TAKEN, ids(two)[0]: ("refused", "")}


@pytest.mark.parametrize("status", [waits([]), answer(404)])
def test_a_peer_that_never_decides_is_given_up_after_two_days(status: bytes) -> None:
    few(1)
    with peer(post=[waits], status=status) as outside:
        made = turn(push(outside.url))
        Delivery.objects.update(sent_at=now() - timedelta(days=3))
        turn(made, turns=3)
        assert outside.polled == 1
    assert set(ledger(made).values()) == {("unsaid", "")}


def test_a_peer_that_gives_no_usable_id_for_its_answer_is_not_asked() -> None:
    few(1)
    with peer(post=[says(answer(202, {"id": "../../x y", "status": "pending"}))]) as outside:
        made = turn(push(outside.url), turns=2)
        assert outside.polled == 0
    assert set(ledger(made).values()) == {("unsaid", "")}


def test_a_paused_push_sends_nothing_new_and_still_recalls(cast: Cast) -> None:
    opal = cast.as_(cast.opal)
    (one,) = few(1)
    with peer() as outside:
        made = push(outside.url)
        turn(made)
        actions.pause_push(opal, push=made)
        later = indicator()
        placed("IH-LATER2", later)
        take_out(one)
        turn(made)
        assert (outside.ids, len(outside.deleted)) == (ids(one), 1)
        actions.resume_push(opal, push=made)
        assert push_due() == 1
        assert outside.ids == ids(one, later)


def test_a_removed_push_speaks_to_nobody_forgets_its_password_and_keeps_its_ledger(cast: Cast) -> None:
    (one,) = few(1)
    with peer() as outside:
        made = push(outside.url)
        turn(made)
        actions.end_push(cast.as_(cast.opal), push=made)
        take_out(one)
        Push.objects.update(due_at=now())
        assert (push_due(), outside.deleted) == (0, [])
    made.refresh_from_db()
    assert (made.state, made.credential, ledger(made)) == (PushState.ENDED, "", {ids(one)[0]: TAKEN})


def test_a_token_that_ran_out_is_replaced_and_tried_at_once(cast: Cast) -> None:
    few(1)
    with peer(post=[says(answer(401)), takes]) as outside:
        made = turn(push(outside.url))
        assert push_due() == 0
        actions.renew_credential(cast.as_(cast.opal), push=made, user="ann", password="new")
        assert push_due() == 1
        assert header(outside.host.asked[-1], "Authorization") == "Basic YW5uOm5ldw=="  # type: ignore[union-attr]
    assert set(ledger(made).values()) == {TAKEN}
    waiting = draft("https://127.0.0.1/api/collections/one/")
    actions.renew_credential(SYSTEM, push=waiting, user="", password="")
    waiting.refresh_from_db()
    assert (waiting.due_at, waiting.authorization()) == (None, "")


def test_one_that_fails_does_not_hold_up_the_others() -> None:
    few(1)
    with peer() as outside:
        bad, good = push(outside.url.replace("theirs", "nobodys")), push(outside.url)
        assert [push_due() for _turn in range(3)] == [1, 1, 0]
    assert (len(ledger(bad)), len(ledger(good))) == (0, 1)


def test_an_older_key_can_be_thrown_away_once_everything_is_under_the_newest() -> None:
    with override_settings(SECOND_STEP_KEYS=["old"]):
        made = draft("https://127.0.0.1/api/collections/one/")
    with override_settings(SECOND_STEP_KEYS=["new", "old"]):
        reseal(SYSTEM)
    made.refresh_from_db()
    with override_settings(SECOND_STEP_KEYS=["new"]):
        assert made.authorization() == "Bearer word"
    with override_settings(SECOND_STEP_KEYS=["another"]):
        assert rehearse(SYSTEM, push=made).problem == "sealed"


def test_a_turn_asks_the_database_as_often_for_many_objects_as_for_few() -> None:
    counts = []
    for number in (3, 50):
        placed(f"IH-{number:06d}", *[indicator() for _one in range(number)])
        with peer() as outside:
            made = push(outside.url)
            with CaptureQueriesContext(connection) as seen:
                turn(made)
            counts.append(len(seen))
        Push.objects.filter(pk=made.pk).update(state=PushState.ENDED)
    assert counts[0] == counts[1]
