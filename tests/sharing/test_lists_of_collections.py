"""A collection as lists: what still counts and its reader may have, nothing else, and nothing lost in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from django.test import override_settings

from infohub.intel.actions import ensure_collections, restore_object, retract_object
from infohub.intel.listing import listing
from infohub.intel.models import Collection, Placement
from infohub.intel.tasks import place_due
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import publish, start_draft
from infohub.sharing.actions.publishing import check
from infohub.sharing.choice import Choice
from infohub.sharing.lists import LISTS, Form, collected, exported_from
from infohub.sharing.models import Item
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.pieces import Stix, reader
from tests.intel.sending import aged, agreed, sent, speaking
from tests.sharing.acts import shared, text

pytestmark = pytest.mark.django_db


def host(name: str, *, tlp: Tlp | None = None, **about: object) -> Stix:
    return speaking(f"[domain-name:value = '{name}']", tlp=tlp, **about)


def taken(viewer: Viewer, of: Collection, form: Form = Form.LIST, kind: str = "") -> str:
    content = exported_from(viewer, collected(viewer, of, at=now()), form, kind=kind).content
    assert isinstance(content, bytes)
    return content.decode()


def values(viewer: Viewer, of: Collection) -> list[str]:
    return [line for line in taken(viewer, of).splitlines() if not line.startswith("#")]


def lost(viewer: Viewer, of: Collection) -> list[Sequence[str]]:
    """Form, outcome, what and why."""
    rows = list(csv.reader(io.StringIO(taken(viewer, of, Form.LOSSES))))
    assert rows[0] == ["form", "outcome", "what", "objects", "why", "found"]
    return [(form, outcome, what, why) for form, outcome, what, _objects, why, _found in rows[1:]]


def test_what_was_taken_back_or_is_past_its_time_is_in_no_list_and_told_as_lost(cast: Cast) -> None:
    to = agreed("shared", cast.bank, cast.clinic)
    forever, retracted = host("stays.example"), host("false.example")
    revoked, ended = host("revoked.example"), host("ended.example", valid_until="2026-02-01T00:00:00Z")
    sent(to, forever, retracted, revoked, ended, by=cast.bank)
    sent(to, revoked | {"revoked": True, "modified": "2026-02-01T00:00:00.000Z"}, by=cast.bank)
    retract_object(cast.as_(cast.ann), collection=to, stix_id=str(retracted["id"]), reason="ours")
    viewer = reader(cast.clinic)
    assert values(viewer, to) == ["stays.example"]
    for form in LISTS:
        content = taken(viewer, to, form)
        assert "stays.example" in content, form
        assert not any(name in content for name in ("false.", "revoked.", "ended.")), form
    assert set(lost(viewer, to)) == {
        ("every", "refused", "false.example", "It was retracted as a false positive."),
        ("every", "refused", "revoked.example", "It was revoked by who made it."),
        ("every", "refused", "ended.example", "It has expired."),
    }
    restore_object(cast.as_(cast.ann), collection=to, stix_id=str(retracted["id"]))
    assert set(values(viewer, to)) == {"stays.example", "false.example"}


def test_what_says_no_end_is_there_as_long_as_its_kind_lasts(cast: Cast) -> None:
    to = agreed("shared", cast.bank)
    sent(to, host("old.example"), host("dated.example", valid_until="2126-01-01T00:00:00Z"), by=cast.bank)
    aged(181)
    assert values(reader(cast.bank), to) == ["dated.example"]
    with override_settings(INDICATOR_DAYS={"domain": 182}):
        assert set(values(reader(cast.bank), to)) == {"old.example", "dated.example"}


def test_a_value_that_another_object_still_says_stays_and_that_is_told(cast: Cast) -> None:
    to = agreed("shared", cast.bank)
    one, other = host("a.example"), host("a.example", tlp=Tlp.AMBER)
    sent(to, one, other, by=cast.bank)
    retract_object(cast.as_(cast.ann), collection=to, stix_id=str(one["id"]), reason="ours")
    viewer = reader(cast.bank)
    assert values(viewer, to) == ["a.example"]
    why = "It counts no more in this object, but leaves because of another one."
    assert lost(viewer, to) == [("every", "taken", "a.example", why)]


def test_a_list_says_its_strictest_marking_and_holds_nothing_above_the_ceiling(cast: Cast) -> None:
    to = agreed("shared", cast.bank)
    sent(to, *(host(f"{tlp.word.lower()}.example", tlp=tlp) for tlp in (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER)), by=cast.bank)
    for ceiling, names in ((Tlp.CLEAR, {"clear"}), (Tlp.GREEN, {"clear", "green"}), (Tlp.AMBER_STRICT, None)):
        viewer = reader(cast.bank, ceiling=ceiling)
        assert {name.partition(".")[0] for name in values(viewer, to)} == (names or {"clear", "green", "amber"})
        for form in LISTS:
            made = exported_from(viewer, collected(viewer, to, at=now()), form)
            mark = min(ceiling, Tlp.AMBER)
            assert f"shared-{form.value}-TLP-{mark.word}." in made.name
            assert form is Form.INDICATORS or taken(viewer, to, form).splitlines()[0].endswith(mark.mark)


def test_a_narrower_version_hides_from_a_low_ceiling_without_bringing_the_older_one_back_to_who_sees_it(
    cast: Cast,
) -> None:
    to = agreed("shared", cast.bank)
    made = host("first.example", tlp=Tlp.GREEN)
    sent(to, made, by=cast.bank)
    later = host("second.example", tlp=Tlp.AMBER) | {"id": made["id"], "modified": "2026-02-01T00:00:00.000Z"}
    sent(to, later, by=cast.bank)
    assert values(reader(cast.bank, ceiling=Tlp.AMBER), to) == ["second.example"]


def test_lists_of_everything_hold_what_each_reader_reads(cast: Cast, settings: object) -> None:
    settings.OUTBOX_SECONDS = 0  # type: ignore[attr-defined]
    cast.banking  # noqa: B018  (Ann and Ben sit there)
    ensure_collections()
    own = text(body="See 203.0.113.9.", tlp=Tlp.AMBER)
    shared(cast.as_(cast.ann), Choice(groups=[cast.banking.pk]), own)
    shared(cast.as_(cast.ann), Choice(everyone=True), text(body="See 203.0.113.10.", tlp=Tlp.GREEN))
    place_due(now())
    everything = pieces.collection("everything")
    assert set(values(reader(cast.ben), everything)) == {"203.0.113.9", "203.0.113.10"}
    assert values(reader(cast.ben, ceiling=Tlp.GREEN), everything) == ["203.0.113.10"]
    assert values(reader(cast.cara), everything) == ["203.0.113.10"]
    assert values(cast.as_(cast.ben), everything) == values(reader(cast.ben), everything)


def test_an_author_who_asks_that_nothing_be_blocked_is_heard_where_something_would_be(
    cast: Cast, settings: object
) -> None:
    settings.OUTBOX_SECONDS = 0  # type: ignore[attr-defined]
    cast.banking  # noqa: B018  (Ann and Ben sit there)
    ensure_collections()
    item = start_draft(
        cast.as_(cast.ann), text=text(body="See evil.example.com."), choice=Choice(groups=[cast.banking.pk])
    )
    Item.objects.as_system("its author said so").filter(pk=item.pk).update(pap=Tlp.AMBER.value)
    item = Item.objects.readable(cast.as_(cast.ann)).get(pk=item.pk)
    publish(cast.as_(cast.ann), item=item, nonce=check(cast.as_(cast.ann), item=item).nonce)
    place_due(now())
    of = Collection.objects.get(group=cast.banking)
    told = lost(cast.as_(cast.ben), of)
    why = "Its author asks, by the PAP, that nothing be blocked on it."
    assert {form for form, _outcome, _what, reason in told if reason == why} == {"hosts", "rpz"}


def test_what_no_list_can_hold_is_told_and_networks_are_addresses(cast: Cast) -> None:
    to = agreed("shared", cast.bank)
    both = speaking("[domain-name:value = 'a.example' AND domain-name:value = 'b.example']")
    wide = speaking("[ipv4-addr:value = '0.0.0.0/0']")
    near = speaking("[ipv4-addr:value ISSUBSET '198.51.100.0/24']")
    sent(to, both, wide, near, by=cast.bank)
    viewer = reader(cast.bank)
    assert taken(viewer, to, kind="ipv4").splitlines()[1:] == ["# ipv4: 1", "198.51.100.0/24"]
    told = lost(viewer, to)
    assert (
        "every",
        "refused",
        both["id"],
        "Its values count only together. A list would mean more than it does.",
    ) in told
    assert any(form == "list" and what == "0.0.0.0/0" for form, _outcome, what, _why in told)


def test_no_table_holds_a_formula(cast: Cast) -> None:
    to = agreed("shared", cast.bank)
    sent(to, speaking("[file:name = '=cmd.exe']"), by=cast.bank)
    rows = list(csv.reader(io.StringIO(taken(reader(cast.bank), to, Form.INDICATORS))))
    assert rows[0] == ["type", "value", "tlp", "object", "added", "valid_until"]
    assert rows[1][:2] == ["file", "'=cmd.exe"]


def test_of_too_many_indicators_the_newest_leave(cast: Cast) -> None:
    to = agreed("shared", cast.bank)
    for number in range(5):
        sent(to, host(f"h{number}.example"), by=cast.bank)
    viewer = reader(cast.bank)
    found = listing(viewer, to, at=now(), most=3)
    assert ([one.value for one in found.values], found.is_cut) == ([f"h{number}.example" for number in (2, 3, 4)], True)
    whole = listing(viewer, to, at=now(), most=5)
    assert (len(whole.values), whole.is_cut) == (5, False)


def test_pages_of_a_long_collection_make_one_list(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infohub.intel.listing._PAGE", 2)
    to = agreed("shared", cast.bank)
    sent(to, *(host(f"h{number}.example") for number in range(5)), by=cast.bank)
    assert sorted(values(reader(cast.bank), to)) == [f"h{number}.example" for number in range(5)]


def test_observables_by_themselves_accuse_nobody(cast: Cast) -> None:
    to = agreed("shared", cast.bank)
    sent(to, pieces.address(), by=cast.bank)
    assert Placement.objects.filter(collection=to).count() == 1
    assert values(reader(cast.bank), to) == []
