"""A false positive counts no more, and only who added it or keeps order says so."""

from __future__ import annotations

import pytest

from infohub.audit.models import Record
from infohub.intel.actions import ensure_collections, restore_object, retract_object
from infohub.intel.lookup import Shelves, around, held, speaking
from infohub.intel.models import Collection, Placement
from infohub.members.models import Organisation
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import Viewer, token_viewer
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.sending import WRITING, agreed, sent
from tests.intel.sending import speaking as given_of

pytestmark = pytest.mark.django_db

VALUE = "a.example.org"


def machine(of: Organisation, *scopes: str) -> Viewer:
    return token_viewer(pieces.token(of, scopes=scopes or WRITING, ceiling=Tlp.AMBER)[0])


def counting(viewer: Viewer) -> tuple[bool, bool, int, int]:
    """Whether the value counts, is told of as false, in how many objects it counts, and around its parent."""
    shelves, at = Shelves.among(viewer, Collection.objects.readable(viewer)), now()
    (one,) = speaking(shelves, [VALUE], most=20, at=at)
    (there,) = held(shelves, VALUE, at=at)
    return one.counts, one.retracted, there.counting, len(around(shelves, "domain", "example.org", most=20, at=at))


def test_who_added_an_object_and_a_moderator_who_reads_it_take_it_back_and_nobody_else(cast: Cast) -> None:
    shared = agreed("shared", cast.bank, cast.clinic, cast.office)
    made = given_of(f"[domain-name:value = '{VALUE}']")
    sent(shared, made, by=cast.bank)
    stix_id, reader = str(made["id"]), machine(cast.clinic)
    for other in (cast.as_(cast.cara), machine(cast.clinic), machine(cast.bank, "taxii")):
        with pytest.raises(NotAllowedError):
            retract_object(other, collection=shared, stix_id=stix_id, reason="")
    for stranger in (cast.as_(cast.eve), machine(cast.vendor), cast.public):
        with pytest.raises(Placement.DoesNotExist):
            retract_object(stranger, collection=shared, stix_id=stix_id, reason="")
    assert counting(reader) == (True, False, 1, 1)
    for keeper in (machine(cast.bank), cast.as_(cast.ben), cast.as_(cast.mori)):
        for _again in range(2):
            retract_object(keeper, collection=shared, stix_id=stix_id, reason="our own proxy")
        assert counting(reader) == (False, True, 0, 0)
        restore_object(keeper, collection=shared, stix_id=stix_id)
        assert counting(reader) == (True, False, 1, 1)
    assert Record.objects.filter(verb="retract_object", subject="shared").count() == 3


def test_a_moderator_who_does_not_read_the_collection_finds_nothing(cast: Cast) -> None:
    shared = agreed("shared", cast.bank)
    made = given_of(f"[domain-name:value = '{VALUE}']")
    sent(shared, made, by=cast.bank)
    with pytest.raises(Placement.DoesNotExist):
        retract_object(cast.as_(cast.mori), collection=shared, stix_id=str(made["id"]), reason="")


def test_it_stays_a_false_positive_in_its_later_versions_and_in_that_collection_alone(cast: Cast) -> None:
    first, second = agreed("first", cast.bank), agreed("second", cast.bank)
    made = given_of(f"[domain-name:value = '{VALUE}']")
    for to in (first, second):
        sent(to, made, by=cast.bank)
    retract_object(machine(cast.bank), collection=first, stix_id=str(made["id"]), reason="")
    sent(first, made | {"modified": "2026-02-01T00:00:00.000Z"}, by=cast.bank)
    viewer = machine(cast.bank)
    told = speaking(Shelves.among(viewer, Collection.objects.readable(viewer)), [VALUE], most=20, at=now())
    assert {(one.collection.alias, one.retracted) for one in told} == {("first", True), ("second", False)}
    assert all(one.counts for one in told)


def test_what_belongs_to_a_piece_is_taken_back_there(cast: Cast) -> None:
    ensure_collections()
    made = given_of(f"[domain-name:value = '{VALUE}']")
    pieces.placed("IH-AAAAAA", made)
    cast.office  # noqa: B018  (the moderator's)
    with pytest.raises(NotAllowedError):
        retract_object(cast.as_(cast.mori), collection=pieces.collection("members"), stix_id=str(made["id"]), reason="")
