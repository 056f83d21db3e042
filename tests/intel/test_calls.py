"""The last calls of machines: gathered without a write, written together, bounded, and gone after a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from structlog.testing import capture_logs

from infohub.intel.actions import calls, ensure_collections, forget_calls, note_call, write_calls
from infohub.intel.models import MOST_OF_A_TOKEN, Call, CallKind, Face
from infohub.support.clock import now
from tests.api.program import Program
from tests.cast import Cast
from tests.intel import pieces
from tests.taxii.machine import Machine

pytestmark = pytest.mark.django_db

COLLECTIONS = "collections/"
MEMBERS = "collections/members/objects/"
Row = tuple[str, str, str | None, int, int]


@pytest.fixture(autouse=True)
def nothing_gathered() -> Iterator[None]:
    """What other tests gathered is not written here."""
    calls.gathered.clear()
    yield
    calls.gathered.clear()


def written() -> list[Row]:
    """The calls as they stand in the database, oldest first."""
    write_calls()
    rows = Call.objects.order_by("pk").select_related("collection")
    return [
        (row.face, row.what, row.collection.alias if row.collection else None, row.status, row.objects_told)
        for row in rows
    ]


def call(token: int, times: int = 1) -> None:
    for _ in range(times):
        note_call(token, face=Face.TAXII, what=CallKind.OBJECTS, status=200)


def test_a_pulling_machine_is_told_of_and_writes_nothing_itself(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ensure_collections()
    pieces.placed("IH-1", pieces.indicator(), pieces.indicator())
    machine = Machine(pieces.token(cast.bank)[1])
    machine.ask("/taxii2/")
    with django_assert_num_queries(1):  # the number of all rights, as ever
        machine.ask(COLLECTIONS)
    assert not Call.objects.exists()
    machine.ask(MEMBERS)
    machine.ask("collections/members/manifest/", "HEAD", limit=1)
    assert written() == [
        ("taxii", "discovery", None, 200, 0),
        ("taxii", "collections", None, 200, 0),
        ("taxii", "objects", "members", 200, 2),
        ("taxii", "manifest", "members", 200, 1),
    ]


def test_every_refusal_is_told_of_with_its_place(cast: Cast) -> None:
    ensure_collections()
    machine = Machine(pieces.token(cast.bank)[1])
    machine.ask("collections/nowhere/objects/")
    machine.ask(MEMBERS, limit="none")
    machine.add(MEMBERS, pieces.indicator())
    Machine(pieces.token(cast.bank, scopes=["read"])[1]).ask(MEMBERS)
    assert written() == [
        ("taxii", "objects", None, 404, 0),
        ("taxii", "objects", "members", 400, 0),
        ("taxii", "added", "members", 403, 0),
        ("taxii", "objects", None, 403, 0),
    ]


def test_a_dead_token_is_known_again_and_a_stranger_is_not(cast: Cast) -> None:
    token, secret = pieces.token(cast.bank, expires=now() - timedelta(days=1))
    assert Machine(secret).ask("/taxii2/").status == 401
    assert Machine("nobody's").ask("/taxii2/").status == 401
    assert Machine("", authorization="Basic ???").ask("/taxii2/").status == 401
    assert Program(secret).ask("items").status == 401
    assert Program("nobody's").ask("items").status == 401
    assert written() == [("taxii", "discovery", None, 401, 0), ("rest", "pieces", None, 401, 0)]
    assert set(Call.objects.values_list("token", flat=True)) == {token.pk}


def test_programs_of_the_rest_api_are_told_of(cast: Cast) -> None:
    program = Program(pieces.token(cast.ann, scopes=["read"])[1])
    for path in ("items", "items/IH-222222", "search?q=a", "lookup?value=192.0.2.1", "me"):
        program.ask(path)
    program.ask("lookup")
    assert [row[1:4:2] for row in written()] == [
        ("pieces", 200),
        ("piece", 404),
        ("search", 200),
        ("lookup", 200),
        ("other", 200),
        ("lookup", 422),
    ]


def test_what_is_gathered_is_bounded_in_memory_and_by_token(cast: Cast) -> None:
    noisy, quiet = (pieces.token(cast.bank)[0].pk for _ in range(2))
    call(quiet)
    call(noisy, calls.MOST_GATHERED - 1)
    assert write_calls() == MOST_OF_A_TOKEN + 1
    call(quiet)
    call(noisy, calls.MOST_GATHERED)
    assert len(calls.gathered) == calls.MOST_GATHERED
    assert write_calls() == MOST_OF_A_TOKEN
    assert write_calls() == 0


def test_a_batch_is_one_statement_and_one_that_fails_is_lost_with_a_word_in_the_log(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = pieces.token(cast.bank)[0].pk
    call(token, 100)
    with django_assert_num_queries(3):  # a savepoint around it
        assert write_calls() == 100
    note_call(token, face=Face.TAXII, what=CallKind.OBJECTS, status=-1)
    call(token)
    with capture_logs() as said:
        assert write_calls() == 0
    assert [(line["event"], line["calls"]) for line in said] == [("calls_lost", 2)]
    assert Call.objects.count() == 100
    call(token)
    assert write_calls() == 1


def test_the_worker_keeps_the_newest_of_each_token_for_a_month(cast: Cast) -> None:
    noisy, quiet = (pieces.token(cast.bank)[0].pk for _ in range(2))
    call(quiet, 3)
    for _ in range(2):
        call(noisy, MOST_OF_A_TOKEN)
        write_calls()
    newest = set(Call.objects.filter(token=noisy).order_by("-pk").values_list("pk", flat=True)[:MOST_OF_A_TOKEN])
    assert forget_calls(now()) == MOST_OF_A_TOKEN
    assert set(Call.objects.filter(token=noisy).values_list("pk", flat=True)) == newest
    assert forget_calls(now()) == 0
    assert forget_calls(now() + timedelta(days=31)) == MOST_OF_A_TOKEN + 3
