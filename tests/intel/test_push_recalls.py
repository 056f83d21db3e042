"""What a peer has and should not have any more is recalled, and the ledger says what came of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infohub.intel import actions
from infohub.intel.actions import ensure_collections
from infohub.intel.models import Delivery
from infohub.policy.clause import Clause
from infohub.standards.tlp import Tlp
from tests.intel import pieces
from tests.intel.peering import TAKEN, answer, complete, few, ids, ledger, peer, push, says, take_out, takes, turn
from tests.intel.pieces import Stix, indicator, placed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def there(db: None) -> None:
    ensure_collections()


def test_a_withdrawn_piece_is_recalled_by_its_revoked_version() -> None:
    uuid = pieces.uuid()
    one, revoked = indicator(of=uuid), indicator(of=uuid, day=3, revoked=True)
    placed("IH-GONE22", one)
    with peer() as outside:
        made = push(outside.url)
        turn(made)
        actions.retract("IH-GONE22", objects=[revoked])
        turn(made, turns=2)
        assert (outside.envelopes, outside.deleted) == ([[one], [revoked]], [])
    rows = Delivery.objects.order_by("version").values_list("state", "recall", "revoked")
    assert list(rows) == [("taken", "revoked", False), ("taken", "", True)]


def test_a_peer_that_refuses_the_revoked_version_is_asked_to_delete() -> None:
    uuid = pieces.uuid()
    one, revoked = indicator(of=uuid), indicator(of=uuid, day=3, revoked=True)
    placed("IH-GONE22", one)
    with peer(post=[takes, lambda sent: answer(202, complete(sent, refused=ids(*sent)))]) as outside:
        made = push(outside.url)
        turn(made)
        actions.retract("IH-GONE22", objects=[revoked])
        turn(made, turns=3)
        assert len(outside.deleted) == 1
    assert Delivery.objects.get(revoked=False).recall == "confirmed"


def narrow(one: Stix) -> None:
    pieces.place("IH-NARROW", one, tlp=Tlp.AMBER)


def unshare(one: Stix) -> None:
    pieces.place("IH-NARROW", one, clauses=[Clause(everyone=True, frozen=True)])


@pytest.mark.parametrize("loss", [narrow, take_out, unshare])
@pytest.mark.parametrize(
    ("reply", "recall", "message"),
    [
        (answer(200, {}), "confirmed", ""),
        (answer(403, {"title": "Not allowed"}), "asked", "403 Not allowed"),
        (answer(404), "asked", "404"),
        (answer(405), "asked", "405"),
        (answer(501), "asked", "501"),
    ],
)
def test_what_is_narrowed_or_taken_out_is_asked_to_be_deleted_once(
    loss: Callable[[Stix], None], reply: bytes, recall: str, message: str
) -> None:
    one, other = indicator(), indicator()
    placed("IH-NARROW", one)
    placed("IH-STAYS2", other)
    with peer(delete=reply) as outside:
        made = push(outside.url)
        turn(made)
        loss(one)
        turn(made, turns=3)
        (path,) = outside.deleted
        assert path.startswith(f"/api/collections/theirs/objects/{one['id']}/?match%5Bversion%5D=2026-01-01T")
    assert ledger(made) == {ids(one)[0]: ("taken", recall), ids(other)[0]: TAKEN}
    assert Delivery.objects.get(stix_id=one["id"]).message == message


def test_a_peer_whose_server_fails_is_asked_five_times_and_the_ledger_says_not_confirmed() -> None:
    (one,) = few(1)
    with peer(delete=answer(500)) as outside:
        made = push(outside.url)
        turn(made)
        take_out(one)
        turn(made, turns=8)
        assert len(outside.deleted) == 5
    assert set(ledger(made).values()) == {("taken", "asked")}


def test_what_comes_back_is_sent_again() -> None:
    (one,) = few(1)
    with peer() as outside:
        made = push(outside.url)
        turn(made)
        take_out(one)
        turn(made)
        placed("IH-BACK22", one)
        turn(made)
        assert outside.envelopes == [[one], [one]]
    assert set(ledger(made).values()) == {TAKEN}


def test_what_left_before_a_kill_and_was_withdrawn_meanwhile_is_recalled() -> None:
    uuid = pieces.uuid()
    one, two, revoked = indicator(of=uuid), indicator(), indicator(of=uuid, day=3, revoked=True)
    placed("IH-GONE22", one)
    placed("IH-GONE33", two)
    with peer(post=[says(b""), takes]) as outside:
        made = turn(push(outside.url))
        actions.retract("IH-GONE22", objects=[revoked])
        take_out(two)
        turn(made, turns=2)
        assert (outside.ids[2:], len(outside.deleted)) == (ids(revoked), 1)
    assert sorted(Delivery.objects.values_list("recall", flat=True)) == ["", "confirmed", "revoked"]
