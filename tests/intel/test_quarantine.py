"""An object whose marking is not known here waits, unread, until an officer says what the marking means."""

from __future__ import annotations

import pytest

from infohub.audit.models import Record
from infohub.intel import actions
from infohub.intel.actions import pulling
from infohub.intel.models import Observable, Placement, Quarantined, StixObject
from infohub.policy.offices import NotAllowedError
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel.outside import COLLECTION, OBJECTS, counted, ids, outside, page, pulled, source, there
from tests.intel.pieces import Stix, indicator

pytestmark = pytest.mark.django_db

ODD, STRANGE = (f"marking-definition--00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))


def marked(*refs: str) -> Stix:
    return indicator() | {"object_marking_refs": list(refs)}


def definition(ref: str, **definition: object) -> Stix:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": ref,
        "created": "2026-01-01T00:00:00.000Z",
        **definition,
    }


def test_it_waits_unread_and_enters_as_strict_as_the_officer_says_as_does_what_comes_later(cast: Cast) -> None:
    one, two, later = marked(ODD), marked(ODD), marked(ODD)
    with outside({OBJECTS: [page(one, two), page(one), page(later)]}) as host:
        made = source(host.url(COLLECTION))
        assert counted(pulled(made)) == (0, 0, 0, 2)
        assert counted(pulled(made)) == (0, 0, 0, 0)
        assert (there(made), StixObject.objects.count(), Observable.objects.count()) == ([], 0, 0)
        assert list(Quarantined.objects.by_marking(made)) == [{"marking": ODD, "number": 2}]
        for who in (cast.ann, cast.mori, cast.audra, cast.vera):
            with pytest.raises(NotAllowedError):
                actions.decide_marking(cast.as_(who), source=made, marking=ODD, tlp=Tlp.CLEAR)
        assert actions.decide_marking(cast.as_(cast.opal), source=made, marking=ODD, tlp=Tlp.AMBER) == 2
        assert there(made) == ids([one, two])
        assert counted(pulled(made)) == (1, 0, 0, 0)
    assert set(Placement.objects.values_list("tlp", flat=True)) == {Tlp.AMBER.value}
    assert (Quarantined.objects.count(), made.taken) == (0, 3)
    assert Record.objects.get(verb="decide_marking").detail == {"marking": ODD, "tlp": "AMBER", "entered": 2}


def test_what_an_officer_calls_stricter_than_the_collection_is_never_placed(cast: Cast) -> None:
    with outside({OBJECTS: [page(marked(ODD))]}) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
    assert actions.decide_marking(cast.as_(cast.opal), source=made, marking=ODD, tlp=Tlp.RED) == 0
    assert (there(made), Quarantined.objects.count()) == ([], 0)


def test_with_two_unknown_markings_it_waits_for_both(cast: Cast) -> None:
    both = marked(ODD, STRANGE)
    with outside({OBJECTS: [page(both)]}) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
    opal = cast.as_(cast.opal)
    assert actions.decide_marking(opal, source=made, marking=ODD, tlp=Tlp.CLEAR) == 0
    assert list(Quarantined.objects.by_marking(made)) == [{"marking": STRANGE, "number": 1}]
    assert actions.decide_marking(opal, source=made, marking=STRANGE, tlp=Tlp.AMBER) == 1
    assert Placement.objects.get().tlp == Tlp.AMBER.value


def test_a_definition_that_comes_later_lets_in_what_waited_for_it() -> None:
    one, words = marked(ODD), definition(ODD, definition_type="statement", definition={"statement": "(c) Outside"})
    with outside({OBJECTS: [page(one), page(words)]}) as host:
        made = source(host.url(COLLECTION))
        assert counted(pulled(made)) == (0, 0, 0, 1)
        pulled(made)
    assert sorted(there(made)) == sorted(ids([one, words]))
    assert Placement.objects.get(stix_id=one["id"]).tlp == Tlp.GREEN.value


def test_what_an_officer_decided_the_source_cannot_redefine(cast: Cast) -> None:
    clear = definition(ODD, definition_type="tlp", definition={"tlp": "clear"})
    later = marked(ODD)
    with outside({OBJECTS: [page(marked(ODD)), page(clear, later)]}) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
        actions.decide_marking(cast.as_(cast.opal), source=made, marking=ODD, tlp=Tlp.AMBER)
        pulled(made)
    assert Placement.objects.get(stix_id=later["id"]).tlp == Tlp.AMBER.value


def test_it_is_dropped_and_a_decision_can_be_taken_back(cast: Cast) -> None:
    opal = cast.as_(cast.opal)
    with outside({OBJECTS: [page(marked(ODD)), page(marked(ODD))]}) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
        with pytest.raises(NotAllowedError):
            actions.drop_held(cast.as_(cast.ann), source=made, marking=ODD)
        assert actions.drop_held(opal, source=made, marking=ODD) == 1
        actions.decide_marking(opal, source=made, marking=ODD, tlp=Tlp.GREEN)
        actions.forget_marking(opal, source=made, marking=ODD)
        assert counted(pulled(made)) == (0, 0, 0, 1)
    assert (there(made), StixObject.objects.count()) == ([], 0)


def test_a_source_cannot_fill_the_disk_with_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "MOST_HELD", 2)
    with outside({OBJECTS: [page(*(marked(ODD) for _number in range(5)))]}) as host:
        assert counted(pulled(source(host.url(COLLECTION)))) == (0, 0, 3, 2)
