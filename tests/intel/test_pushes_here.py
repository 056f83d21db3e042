"""A real instance of ours as the peer: what is sent to it, what it takes, and what it deletes when asked."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from infohub.intel import actions
from infohub.intel.actions import PushTerms, add_push, ensure_collections, marking, switch_on
from infohub.intel.models import Collection, Placement, Push
from infohub.intel.pushes import Peer, candidates, envelope_of
from infohub.intel.pushes.choosing import written
from infohub.intel.rehearsing import rehearse
from infohub.policy.clause import Clause
from infohub.policy.models import Audience
from infohub.policy.viewer import SYSTEM
from infohub.standards.targets import allowance
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.peering import ledger, turn
from tests.intel.pieces import Stix, indicator, placed


@pytest.fixture(scope="module")
def static_folder() -> None:
    """The server warns where nobody has laid out the static files; machines need none."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)


def theirs(cast: Cast) -> tuple[Collection, str]:
    """The peer's collection, to which the bank's machine may add, and the machine's secret."""
    readers = Audience.objects.intern(Clause(organisations=frozenset({cast.bank.pk})))
    made = Collection.objects.create(
        kind="named", alias="from-us", titles={"en": "From us"}, audience=readers, writers=readers
    )
    return made, pieces.token(cast.bank, scopes=("taxii", "taxii-write"), ceiling=Tlp.AMBER_STRICT)[1]


def there(collection: Collection) -> dict[str, str]:
    """What the peer holds in the newest version, by id."""
    rows = Placement.objects.filter(collection=collection, is_newest=True).order_by("date_added")
    return {row.stix_id: row.object.raw for row in rows.select_related("object")}


def texts(*objects: Stix) -> dict[str, str]:
    return {str(one["id"]): pieces.text(one) for one in objects}


def test_an_instance_of_ours_takes_keeps_revokes_and_deletes_what_it_is_sent(
    static_folder: None, transactional_db: None, cast: Cast, live_server: LiveServer
) -> None:
    ensure_collections()
    collection, secret = theirs(cast)
    uuid = pieces.uuid()
    one, two, three = indicator(of=uuid), indicator(), indicator()
    wrong = indicator() | {"pattern": "[nonsense"}
    placed("IH-AAAAAA", one)
    placed("IH-BBBBBB", two)
    placed("IH-CCCCCC", three, wrong)
    placed("IH-AMBER2", indicator("canary"), tlp=Tlp.AMBER)
    url = f"{live_server.url}/taxii2/api/collections/{collection.uuid}/"
    terms = PushTerms(name="Beacon", url=url, ceiling=Tlp.GREEN, minutes=60, user="x", password=secret)
    place = allowance(urlsplit(live_server.url).netloc)
    with override_settings(OUTBOUND_ALLOW=(place,)):
        made = add_push(SYSTEM, uuid=uuid4(), collection=pieces.collection("members"), terms=terms)
        shown = rehearse(SYSTEM, push=made)
        assert (shown.leaves.number, shown.limits and shown.limits.most_bytes, there(collection)) == (4, 10_000_000, {})
        switch_on(SYSTEM, push=made, confirmation=shown.confirmation)
        killed_before_it_kept_the_answer(made)
        turn(made, turns=2)
        assert made.problem == ""
        assert there(collection) == texts(one, two, three)
        assert Placement.objects.filter(collection=collection).count() == 3
        states = {stix_id: state for stix_id, (state, _recall) in ledger(made).items()}
        assert states == dict.fromkeys(texts(one, two, three), "taken") | {str(wrong["id"]): "refused"}
        revoked = indicator(of=uuid, day=4, revoked=True)
        actions.retract("IH-AAAAAA", objects=[revoked])
        marking.take_out(Placement.objects.filter(source="IH-BBBBBB"))
        turn(made, turns=2)
        assert there(collection) == texts(three, revoked)
    assert ledger(made)[str(two["id"])] == ("taken", "confirmed")


def killed_before_it_kept_the_answer(made: Push) -> None:
    """Send the first envelope as the worker does, and forget that it was sent."""
    peer = Peer.of(made)
    limits = peer.limits()
    leaving, _considered = envelope_of(candidates(made, limits), limits, most=2)
    peer.send(written(leaving))
