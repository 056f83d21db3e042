"""What officers may do with sources, and what becomes of what was pulled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import override_settings

from infohub.audit.models import Record
from infohub.intel import actions
from infohub.intel.actions import SourceError, Terms, ensure_collections, pulling
from infohub.intel.models import Placement, Source, SourceRun
from infohub.intel.pulls import Batch
from infohub.intel.tasks import pull_sources
from infohub.policy.offices import NotAllowedError
from infohub.policy.viewer import SYSTEM, Viewer
from infohub.register.actions import reseal
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast
from tests.intel import pieces
from tests.intel.outside import COLLECTION, OBJECTS, counted, ids, outside, page, pulled, source, status, there
from tests.intel.pieces import Stix, indicator

pytestmark = pytest.mark.django_db

TERMS = Terms(name="Outside", url="https://outside.example/api/", part="", tlp=Tlp.GREEN, minutes=60)

ACTS: dict[str, Callable[[Viewer, Source], object]] = {
    "change": lambda viewer, one: actions.change_source(viewer, source=one, terms=TERMS),
    "pause": lambda viewer, one: actions.pause_source(viewer, source=one),
    "resume": lambda viewer, one: actions.resume_source(viewer, source=one),
    "pull": lambda viewer, one: actions.pull_now(viewer, source=one),
    "remove": lambda viewer, one: actions.remove_source(viewer, source=one, take_out_objects=True),
    "add": lambda viewer, one: actions.add_source(
        viewer, uuid=uuid4(), kind="taxii", collection=one.collection, terms=TERMS
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_who_steers_the_programme_may_and_nobody_else(cast: Cast, act: str) -> None:
    made = source("https://outside.example/api/")
    for who in (cast.ann, cast.mori, cast.vera, cast.audra):
        with pytest.raises(NotAllowedError):
            ACTS[act](cast.as_(who), made)
    with pytest.raises(NotAllowedError):
        ACTS[act](cast.public, made)
    for officer in (cast.opal, cast.grace):
        ACTS[act](cast.as_(officer), source("https://outside.example/api/"))


def test_a_source_that_is_added_twice_is_one(cast: Cast) -> None:
    ensure_collections()
    uuid, opal = uuid4(), cast.as_(cast.opal)
    for _twice in range(2):
        actions.add_source(opal, uuid=uuid, kind="taxii", collection=pieces.collection("members"), terms=TERMS)
    assert (Source.objects.count(), Record.objects.filter(verb="add_source").count()) == (1, 1)


@pytest.mark.parametrize(
    ("alias", "changes", "words"),
    [
        ("everything", {}, "a collection of its own readers"),
        ("members", {"url": "https://ann:word@outside.example/"}, "no web address"),
        ("members", {"url": "file:///etc/passwd"}, "no web address"),
        ("members", {"tlp": Tlp.RED}, "up to TLP:AMBER"),
        ("members", {"minutes": 14}, "15 minutes"),
        ("members", {"minutes": 10_081}, "15 minutes"),
    ],
)
def test_what_makes_no_sense_is_refused_with_words(alias: str, changes: dict[str, object], words: str) -> None:
    ensure_collections()
    told = {"name": "x", "url": TERMS.url, "part": "", "tlp": Tlp.GREEN, "minutes": 60} | changes
    terms = Terms(**told)  # type: ignore[arg-type]  # each name has its type above
    with pytest.raises(SourceError, match=words):
        actions.add_source(SYSTEM, uuid=uuid4(), kind="taxii", collection=pieces.collection(alias), terms=terms)


def test_a_paused_source_is_not_asked_and_a_resumed_one_at_once(cast: Cast) -> None:
    opal = cast.as_(cast.opal)
    with outside({OBJECTS: [page(indicator())]}) as host:
        made = source(host.url(COLLECTION))
        actions.pause_source(opal, source=made)
        assert (pull_sources(), host.asked) == (0, [])
        actions.resume_source(opal, source=made)
        assert (pull_sources(), len(host.asked)) == (1, 1)
        assert pull_sources() == 0
        actions.pull_now(opal, source=made)
        assert (pull_sources(), len(host.asked)) == (1, 2)


def test_a_turn_under_way_keeps_nothing_of_a_source_that_was_paused_or_changed_meanwhile(cast: Cast) -> None:
    opal, one = cast.as_(cast.opal), indicator()
    for act in ("pause", "change"):
        made = source("https://outside.example/")
        Source.objects.filter(pk=made.pk).update(leased_until=now() + timedelta(seconds=60))
        under_way = Source.objects.get(pk=made.pk)
        run = pulling.begin_run(under_way)
        ACTS[act](opal, made)
        batch = Batch([one], {"after": "then"})  # type: ignore[list-item]  # plain JSON
        assert not pulling.keep_batch(under_way, run, batch)
        made.refresh_from_db()
        assert (there(made), made.cursor) == ([], {})


def test_one_that_fails_does_not_hold_up_the_others(cast: Cast) -> None:
    one = indicator()
    with outside({OBJECTS: [status(500)], "/api/collections/two/objects/": [page(one)]}) as host:
        bad, good = source(host.url(COLLECTION)), source(host.url("/api/collections/two/"))
        assert [pull_sources() for _turn in range(3)] == [1, 1, 0]
    assert (there(bad), there(good)) == ([], [one["id"]])


@pytest.mark.parametrize("take_out", [True, False])
def test_removing_a_source_takes_its_objects_out_or_leaves_them(cast: Cast, take_out: bool) -> None:
    one, two = indicator(), indicator()
    with outside({OBJECTS: [page(one, two)]}) as host:
        made, twin = source(host.url(COLLECTION)), source(host.url(COLLECTION))
        pulled(made)
        pulled(twin)
    assert there(made) == there(twin) == ids([one, two])
    actions.remove_source(cast.as_(cast.opal), source=made, take_out_objects=take_out)
    assert there(made) == ([] if take_out else ids([one, two]))
    assert there(twin) == ids([one, two])
    assert Placement.objects.filter(is_repeat=True).count() == (0 if take_out else 2)
    assert not Source.objects.filter(pk=made.pk).exists()


def test_a_source_does_not_speak_for_an_organisation_of_the_programme(cast: Cast) -> None:
    own = f"identity--{cast.bank.uuid}"
    with outside({OBJECTS: [page(indicator() | {"created_by_ref": own}, indicator())]}) as host:
        run = pulled(source(host.url(COLLECTION)))
    assert counted(run) == (1, 0, 1, 0)


def test_runs_are_kept_for_thirty_days_and_their_lines_up_to_a_thousand() -> None:
    nothing: list[Stix] = [{"id": str(number)} for number in range(1200)]
    with outside({OBJECTS: [page(*nothing)]}) as host:
        made = source(host.url(COLLECTION))
        run = pulled(made)
    assert (run.refused, len(run.lines), run.more) == (1200, 1000, 200)
    assert actions.forget_runs() == 0
    SourceRun.objects.update(started=now() - timedelta(days=31))
    assert (actions.forget_runs(), SourceRun.objects.count()) == (1, 0)


def test_an_older_key_can_be_thrown_away_once_everything_is_under_the_newest() -> None:
    with override_settings(SECOND_STEP_KEYS=["old"]):
        made = source("https://outside.example/", user="ann", password="word")
    with override_settings(SECOND_STEP_KEYS=["new", "old"]):
        reseal(SYSTEM)
    made.refresh_from_db()
    with override_settings(SECOND_STEP_KEYS=["new"]):
        assert made.authorization().startswith("Basic ")
    with override_settings(SECOND_STEP_KEYS=["another"]):
        assert pulled(made).problem == "sealed"


def test_an_empty_password_keeps_what_is_stored_and_it_can_be_forgotten(cast: Cast) -> None:
    opal, made = cast.as_(cast.opal), source("https://outside.example/", password="word")
    actions.change_source(opal, source=made, terms=TERMS)
    made.refresh_from_db()
    assert made.authorization() == "Bearer word"
    forgetting = Terms(**{name: getattr(TERMS, name) for name in Terms.__slots__} | {"forget": True})
    actions.change_source(opal, source=made, terms=forgetting)
    made.refresh_from_db()
    assert made.authorization() == ""
