"""A TAXII collection outside is pulled page by page: nothing is lost or doubled, whatever the server does."""

from __future__ import annotations

import base64
import logging
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from infohub.audit.models import Record
from infohub.intel.actions import ensure_collections, pulling
from infohub.intel.models import Collection, Placement, Source
from infohub.intel.pulls import asking, in_words
from infohub.intel.tasks import pull_sources
from infohub.standards.losses import Line, Outcome
from infohub.standards.problem import Problem
from infohub.standards.stix21.markings import TLP_2
from infohub.standards.targets import allowance
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests.cast import Cast
from tests.intel.outside import (
    COLLECTION,
    OBJECTS,
    counted,
    ids,
    outside,
    page,
    pulled,
    resource,
    source,
    status,
    there,
)
from tests.intel.pieces import indicator, placed, token
from tests.support.host import whole

pytestmark = pytest.mark.django_db

FIRST, SECOND = "2026-01-01T00:00:00.000000Z", "2026-01-02T00:00:00.000000Z"


def test_what_is_there_comes_once_and_then_what_is_new() -> None:
    one, two, three = indicator(), indicator(), indicator()
    after = f"{OBJECTS}?limit=1000&added_after=2026-01-02T00%3A00%3A00.000000Z"
    answers = {
        f"{OBJECTS}?limit=1000": [page(one, last=FIRST, more=True, next="p2")],
        f"{OBJECTS}?limit=1000&next=p2": [page(two, last=SECOND, more=False)],
        after: [page(more=False), page(three, last="2026-01-03T00:00:00Z", more=False)],
    }
    with outside(answers) as host:
        made = source(host.url(COLLECTION))
        assert counted(pulled(made)) == (2, 0, 0, 0)
        assert there(made) == ids([one, two])
        assert counted(pulled(made)) == (0, 0, 0, 0)
        assert counted(pulled(made)) == (1, 0, 0, 0)
    assert there(made) == ids([one, two, three])
    assert (made.taken, made.problem, made.failing_since) == (3, "", None)
    assert made.due_at is not None
    assert 59 < (made.due_at - now()).total_seconds() / 60 <= 60
    assert all("accept: application/taxii+json;version=2.1" in asked.lower() for asked in host.asked)


@pytest.mark.parametrize("path", ["/taxii2/", "/api/", COLLECTION, OBJECTS])
def test_the_address_may_be_that_of_the_server_the_root_or_the_collection(path: str) -> None:
    one = indicator()
    listed = [{"id": "other", "title": "Other"}, {"id": "one", "title": "One", "alias": "uno"}]
    answers = {
        "/taxii2/": [resource(title="A server", api_roots=["/api/"])],
        "/api/": [resource(title="A root", versions=["application/taxii+json;version=2.1"])],
        "/api/collections/": [resource(collections=listed)],
        OBJECTS: [page(one)],
    }
    with outside(answers) as host:
        made = source(host.url(path), part="uno")
        assert counted(pulled(made)) == (1, 0, 0, 0)
        unsaid = source(host.url("/api/"))
        assert in_words(pulled(unsaid).problem) == "Say which collection; there are: Other; One"


def test_an_unmarked_object_gets_the_level_of_the_source_and_a_marked_one_keeps_its_own() -> None:
    plain, amber, red = (indicator() for _number in range(3))
    amber["object_marking_refs"], red["object_marking_refs"] = [TLP_2[Tlp.AMBER]], [TLP_2[Tlp.RED]]
    with outside({OBJECTS: [page(plain, amber, red)]}) as host:
        made = source(host.url(COLLECTION), tlp=Tlp.GREEN)
        run = pulled(made)
    assert counted(run) == (2, 0, 1, 0)
    strict = Problem("object_marking_refs", "This is stricter than the collection allows.")
    assert run.told == [Line(str(red["id"]), Outcome.REFUSED, (strict,))]
    assert dict(Placement.objects.values_list("stix_id", "tlp")) == {
        plain["id"]: Tlp.GREEN.value,
        amber["id"]: Tlp.AMBER.value,
    }


def test_another_content_under_the_same_version_is_refused_and_overwrites_nothing() -> None:
    one = indicator("as it was")
    with outside({OBJECTS: [page(one, last=FIRST), page(one | {"name": "otherwise"}, last=SECOND)]}) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
        run = pulled(made)
    assert counted(run) == (0, 0, 1, 0)
    assert "other content" in run.told[0].problems[0].message
    assert Placement.objects.get(source=made.placing).object.raw.count("as it was") == 1


def test_what_is_no_object_is_refused_line_by_line_and_the_rest_enters() -> None:
    good = indicator()
    odd: list[object] = [1, None, {}, {"type": "marking-definition", "definition_type": "statement"}, {"id": 5}]
    with outside({OBJECTS: [page(*odd, good)]}) as host:  # type: ignore[arg-type]  # the point of it
        made = source(host.url(COLLECTION))
        assert counted(pulled(made)) == (1, 0, 5, 0)
    assert there(made) == [good["id"]]


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        (page(indicator(), more=True, next="p2"), "The source sends round in a circle."),
        (status(401), "The source refuses the user name, password or token."),
        (status(500), "The source answers with an error. (500)"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{", "The answer broke off or was not HTTP."),
        (page(indicator(), kind="text/html"), "The answer is of another kind than expected."),
        (page(indicator(), kind="application/taxii+json;version=2.0"), "The answer is of another kind than expected."),
        (whole(b"[]", "Content-Type: application/json"), "The answer cannot be read."),
        (whole(b"[" * 100_000, "Content-Type: application/json"), "The answer cannot be read. this is no JSON ("),
        (whole(b'{"a":1,"a":2}', "Content-Type: application/json"), "The answer cannot be read. a key stands twice"),
        (whole(b"x" * 20_000_001, "Content-Type: application/json"), "The answer is larger than is read."),
        (page(objects=[1] * 10_001), "The answer cannot be read."),
        (page(indicator(), more=True, next="x" * 2001), "The answer cannot be read. (next)"),
        (status(302, "Location: http://10.0.0.1/"), "The host sends on to another place"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_came_before_a_failure_stays_and_the_source_is_asked_again_later(second: bytes, problem: str) -> None:
    first = indicator()
    first_page = page(first, last=FIRST, more=True, next="p2")
    answers = {f"{OBJECTS}?limit=1000": [first_page], f"{OBJECTS}?limit=1000&next=p2": [second]}
    with outside(answers) as host:
        made = source(host.url(COLLECTION))
        run = pulled(made)
    assert in_words(run.problem).startswith(problem)
    assert run.ended is not None
    assert first["id"] in there(made)
    assert (made.problem, made.last_success) == (run.problem, None)
    assert made.failing_since is not None
    assert made.due_at is not None
    assert 4 < (made.due_at - now()).total_seconds() / 60 <= 5


def test_a_source_that_is_well_again_goes_on_where_it_stopped() -> None:
    one, two = indicator(), indicator()
    answers = {
        f"{OBJECTS}?limit=1000": [page(one, last=FIRST, more=True, next="p2")],
        f"{OBJECTS}?limit=1000&next=p2": [status(500), page(two, last=SECOND)],
    }
    with outside(answers) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
        assert counted(pulled(made)) == (1, 0, 0, 0)
        assert len(host.asked) == 3
    assert (there(made), made.failing_since, made.problem) == (ids([one, two]), None, "")
    assert made.cursor == {"after": SECOND}


def test_a_next_that_is_forgotten_meanwhile_costs_a_walk_and_no_object() -> None:
    one, two = indicator(), indicator()
    answers = {
        f"{OBJECTS}?limit=1000": [page(one, last=FIRST, more=True, next="p2"), page(one, two, last=SECOND)],
        f"{OBJECTS}?limit=1000&next=p2": [status(500), status(400)],
    }
    with outside(answers) as host:
        made = source(host.url(COLLECTION))
        pulled(made)
        assert counted(pulled(made)) == (1, 0, 0, 0)
    assert there(made) == ids([one, two])


def test_a_server_that_is_busy_is_left_alone_as_long_as_it_asks() -> None:
    with outside({OBJECTS: [status(429, "Retry-After: 7200")]}) as host:
        made = source(host.url(COLLECTION))
        assert in_words(pulled(made).problem) == "The source asks to come back later."
    assert made.due_at is not None
    assert 119 < (made.due_at - now()).total_seconds() / 60 <= 120


def test_more_without_a_place_ends_the_run_with_a_line() -> None:
    with outside({OBJECTS: [page(indicator(), last=FIRST, more=True)]}) as host:
        run = pulled(source(host.url(COLLECTION)))
        assert len(host.asked) == 1
    nowhere = Problem("more", "there is more, but the server does not say where")
    assert (run.problem, run.told) == ("", [Line("", Outcome.REFUSED, (nowhere,))])


def test_a_source_that_never_answers_holds_the_worker_up_for_its_time_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "MOST_SECONDS", 0.3)
    one = indicator()
    slow = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    with outside({OBJECTS: [slow], "/api/collections/two/objects/": [page(one)]}, hang={OBJECTS}) as host:
        bad, good = source(host.url(COLLECTION)), source(host.url("/api/collections/two/"))
        begun = time.monotonic()
        assert [pull_sources(), pull_sources()] == [1, 1]
        assert time.monotonic() - begun < 5
    assert (there(good), bad.runs.get().problem) == ([one["id"]], "time")


def test_a_pull_without_end_is_broken_off_after_an_hour_and_goes_on_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ENOUGH", 0.0)
    one = indicator()
    answers = {f"{OBJECTS}?limit=1000": [page(one, more=True, next="0")]}
    answers |= {f"{OBJECTS}?limit=1000&next={turn}": [page(one, more=True, next=f"{turn + 1}")] for turn in range(9)}
    with outside(answers) as host:
        made = source(host.url(COLLECTION))
        assert pulled(made, turns=2).ended is None
        made.runs.update(started=now() - timedelta(minutes=61))
        assert pulled(made).problem == "long"
    assert made.due_at is not None
    assert made.due_at > now() + timedelta(minutes=4)
    assert made.cursor["next"] == "2"


@pytest.fixture
def static_folder() -> None:
    """The server warns where nobody has laid out the static files; machines need none."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)


def test_what_infohub_serves_infohub_pulls(
    static_folder: None, transactional_db: None, cast: Cast, live_server: LiveServer
) -> None:
    ensure_collections()
    objects = [indicator() for _number in range(5)]
    placed("IH-1", *objects[:3])
    _token, secret = token(cast.bank, ceiling=Tlp.GREEN)
    port = urlsplit(live_server.url).port
    with override_settings(OUTBOUND_ALLOW=(allowance(f"localhost:{port}"),)):
        made = source(f"{live_server.url}/taxii2/", part="members", password=secret)
        into = Collection.objects.create(alias="mirror", kind="named", titles={"en": "Mirror"})
        Source.objects.filter(pk=made.pk).update(collection=into)
        assert counted(pulled(made)) == (3, 0, 0, 0)
        assert counted(pulled(made)) == (0, 0, 0, 0)
        placed("IH-2", *objects[3:])
        assert counted(pulled(made)) == (2, 0, 0, 0)
    assert there(made) == ids(objects)


def test_pages_without_objects_do_not_go_on_for_ever() -> None:
    answers = {f"{OBJECTS}?limit=1000": [page(more=True, next="0")]}
    answers |= {f"{OBJECTS}?limit=1000&next={number}": [page(more=True, next=str(number + 1))] for number in range(50)}
    with outside(answers) as host:
        assert pulled(source(host.url(COLLECTION))).problem == "loop"
        assert len(host.asked) < 10


def test_a_worker_that_dies_between_batches_loses_nothing_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [indicator() for _number in range(1500)]
    with outside({OBJECTS: [page(*many, last=FIRST)]}) as host:
        made = source(host.url(COLLECTION))
        keep, calls = pulling._hold, []

        def dies(*given: object) -> object:
            calls.append(1)
            if len(calls) == 2:
                raise DatabaseError("killed")
            return keep(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(pulling, "_hold", dies)
        with pytest.raises(DatabaseError):
            pulled(made)
        made.refresh_from_db()
        assert (len(there(made)), made.cursor) == (1000, {})
        monkeypatch.undo()
        run = pulled(made)
    assert there(made) == ids(many)
    assert (counted(run), made.runs.count(), made.cursor) == ((1500, 0, 0, 0), 1, {"after": FIRST})


@pytest.mark.parametrize(
    ("user", "password", "header"),
    [
        ("ann", "s3cret-é", f"Basic {base64.b64encode('ann:s3cret-é'.encode()).decode()}"),
        ("", "t0ken-word", "Bearer t0ken-word"),
    ],
)
def test_the_credential_goes_to_the_source_and_nowhere_else(
    user: str, password: str, header: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with outside({}) as other, outside({OBJECTS: [status(500), page(indicator())]}) as host:
        made = source(host.url(COLLECTION), user=user, password=password)
        run = pulled(made)
        assert f"\r\nAuthorization: {header}\r\n" in host.asked[0]
    assert other.asked == []
    row = Source.objects.filter(pk=made.pk).values().get()
    said = f"{row} {run.__dict__} {list(Record.objects.values())} {caplog.text} {''.join(capfd.readouterr())}"
    assert password not in said
    assert header.split()[1] not in said
