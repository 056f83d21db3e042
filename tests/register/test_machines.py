"""What is kept about a machine is right at every request: the database itself counts whatever changes a right."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from infohub.intel.actions import ensure_collections
from infohub.members.models import Organisation, Person, Seat, Token
from infohub.policy import rights
from infohub.register import machines
from infohub.register.machines import WATCHED, machine_of, machine_viewer
from infohub.standards.tlp import Tlp
from infohub.support import clock
from tests import make
from tests.cast import Cast
from tests.intel import pieces

pytestmark = pytest.mark.django_db

NO_RIGHTS = {
    "policy_rights",  # the number itself
    "members_group",  # whoever sits or moderates is in other tables
    "members_sector",  # the same: an organisation's sectors are in a table of their own
    *("sqlite_master", "pg_trigger"),  # whether it counts
    "policy_audience",  # a clause is its grants and exclusions, and never changes
}


@pytest.mark.parametrize("holder", ["ann", "bank", "peer"])
def test_every_table_that_was_asked_is_watched(holder: str, cast: Cast) -> None:
    ensure_collections()
    holders: dict[str, Person | Organisation | None] = {"ann": cast.ann, "bank": cast.bank, "peer": None}
    _, secret = pieces.token(holders[holder], scopes=("taxii", "taxii-write"))
    with CaptureQueriesContext(connection) as asked:
        machine = machine_of(secret)
        assert machine is not None
        assert machine.collections
    questions = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    tables = {name for sql in questions for name in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', sql)}
    assert tables >= {"members_token", "intel_collection"}
    assert tables - NO_RIGHTS <= {watched.table for watched in WATCHED}


def test_rights_are_found_out_once_and_again_after_any_change(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, secret = pieces.token(cast.bank)
    before = machine_viewer(secret)
    with django_assert_num_queries(1):
        assert machine_viewer(secret) == before
    group = make.group("Late")
    Seat.objects.create(group=group, organisation=cast.bank, started=make.START)
    after = machine_viewer(secret)
    assert after is not None
    assert after.groups == {group.pk}
    Seat.objects.update(ended=clock.now())
    assert machine_viewer(secret) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE members_token SET revoked = '2026-01-01 00:00:00'",
        "UPDATE members_organisation SET status = 'suspended'",
        "DELETE FROM members_token",
    ],
)
def test_no_way_of_writing_goes_unnoticed(change: str, cast: Cast) -> None:
    _, secret = pieces.token(cast.bank)
    assert machine_viewer(secret) is not None
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert machine_viewer(secret) is None


def test_a_token_that_expires_is_dead_without_any_change(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now()
    _, secret = pieces.token(cast.bank, expires=at + timedelta(hours=1))
    assert machine_viewer(secret) is not None
    monkeypatch.setattr("infohub.register.machines.now", lambda: at + timedelta(hours=1))
    assert machine_viewer(secret) is None


def test_what_changes_no_right_changes_no_number(cast: Cast) -> None:
    token, _ = pieces.token(cast.bank)
    number = rights.number()
    Token.objects.filter(pk=token.pk).update(used_at=clock.now(), name="other")
    cast.ann.name = "Ann B."
    cast.ann.save(update_fields=["name"])
    make.label(Tlp.GREEN)
    assert rights.number() == number


def test_where_nobody_counts_nothing_is_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "_is_counted", lambda: rights.watches([rights.Watched("members_sector")]))
    _, secret = pieces.token(cast.bank)
    machine_viewer(secret)
    with CaptureQueriesContext(connection) as asked:
        machine_viewer(secret)
    assert len(asked) > 1


def test_where_the_count_is_lost_nothing_is_kept_until_it_is_set_up_again(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, secret = pieces.token(cast.bank)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM policy_rights")
    assert rights.number() is None
    machine_viewer(secret)
    with CaptureQueriesContext(connection) as asked:
        machine_viewer(secret)
    assert len(asked) > 1
    rights.watch(WATCHED)
    machine_viewer(secret)
    with django_assert_num_queries(1):
        machine_viewer(secret)


def test_summing_up_leaves_the_number_as_it_is(cast: Cast) -> None:
    pieces.token(cast.bank)
    number = rights.number()
    assert number is not None
    rights.sum_up()
    assert rights.number() == number
    assert rights.sum_up() == 0
    pieces.token(cast.clinic)
    assert (rights.number() or 0) > number
