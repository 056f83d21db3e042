"""Promises about the chain: whatever is altered, removed, reordered or cut off is found."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from infohub.audit import verify
from infohub.audit.actions import record, seal_records
from infohub.audit.anchor import anchor_path, last_anchor
from infohub.audit.models import Link, Record
from infohub.policy.viewer import NOBODY
from tests.emptying import standing_aside

Intruder = Callable[..., None]


@pytest.fixture
def chain() -> list[Record]:
    """Six sealed records, the head written down after each two."""
    for number in range(6):
        record(NOBODY, "publish", f"IH-{number}", detail={"label": number, "groups": [1, 2], "note": "繁體"})
        if number % 2:
            seal_records()
    return list(Record.objects.all())


@pytest.fixture
def intruder() -> Intruder:
    """Somebody with all rights to the database, who switches the refusal off and on again."""
    opened, closed = standing_aside()

    def run(*statements: str) -> None:
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            for statement in [*opened, *statements, *closed]:
                cursor.execute(statement)

    return run


def test_an_untouched_chain_is_sound(chain: list[Record]) -> None:
    findings = verify.walk()
    assert findings.problems == []
    assert (findings.records, findings.sealed, findings.waiting, findings.anchors) == (6, 6, 0, 3)


def test_an_empty_audit_is_sound() -> None:
    assert seal_records() == 0
    assert verify.walk() == verify.Findings()


def test_the_walk_is_the_same_in_small_chunks(chain: list[Record], monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    monkeypatch.setattr(verify, "CHUNK", 2)
    assert verify.walk(heard.append).sound
    assert heard == [2, 4, 6]


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'withdraw'",
        "subject = 'IH-9'",
        "person = 7",
        "organisation = 7",
        "token = 7",
        "seal = 'x'",
        "detail = '{}'",
    ],
)
def test_an_altered_record_is_found(chain: list[Record], intruder: Intruder, change: str) -> None:
    intruder(f"UPDATE audit_record SET {change} WHERE id = {chain[2].pk}")
    assert verify.walk().problems == [f"link 3: record {chain[2].pk} is not what was sealed here"]


def test_a_record_moved_in_time_is_found(chain: list[Record], intruder: Intruder) -> None:
    intruder(f"UPDATE audit_record SET at = '2020-01-01 00:00:00+00:00' WHERE id = {chain[2].pk}")
    assert verify.walk().problem_count == 1


def test_a_removed_record_is_found(chain: list[Record], intruder: Intruder) -> None:
    gone = chain[2].pk
    intruder(f"DELETE FROM audit_link WHERE record_id = {gone}", f"DELETE FROM audit_record WHERE id = {gone}")
    problems = verify.walk().problems
    assert "links 3 to 3 are missing" in problems
    assert f"link 4: record {chain[3].pk} is not what was sealed here" in problems


def test_reordered_records_are_found(chain: list[Record], intruder: Intruder) -> None:
    third, fourth = Link.objects.filter(position__in=[3, 4]).order_by("position")
    intruder(
        "DELETE FROM audit_link WHERE position IN (3, 4)",
        f"INSERT INTO audit_link (position, record_id, digest) VALUES (3, {fourth.record_id}, '{third.digest}')",
        f"INSERT INTO audit_link (position, record_id, digest) VALUES (4, {third.record_id}, '{fourth.digest}')",
    )
    assert verify.walk().problems == [
        f"link 3: record {fourth.record_id} is not what was sealed here",
        f"link 4: record {third.record_id} is not what was sealed here",
    ]


def test_a_chain_made_anew_does_not_match_the_heads_outside(chain: list[Record], intruder: Intruder) -> None:
    intruder(f"UPDATE audit_record SET verb = 'withdraw' WHERE id = {chain[2].pk}", "DELETE FROM audit_link")
    anchors = anchor_path().read_bytes()
    seal_records()
    anchor_path().write_bytes(anchors)
    assert verify.walk().problems == [f"link {n} is not the one that was written down outside" for n in (4, 6)]


def test_a_cut_off_end_is_found(chain: list[Record], intruder: Intruder) -> None:
    last = chain[-1].pk
    intruder(f"DELETE FROM audit_link WHERE record_id = {last}", f"DELETE FROM audit_record WHERE id = {last}")
    assert verify.walk().problems == ["the chain ends at link 5, but had a link 6"]


def test_missing_heads_are_found(chain: list[Record]) -> None:
    anchor_path().unlink()
    assert verify.walk().problem_count == 1


def test_a_head_that_was_not_written_before_a_crash_is_written_later(chain: list[Record]) -> None:
    lines = anchor_path().read_bytes().splitlines(keepends=True)
    anchor_path().write_bytes(b"".join(lines[:-1]) + lines[-1][:20])
    assert seal_records() == 0
    last = last_anchor()
    assert last is not None
    assert last.position == 6
    assert verify.walk().problems == ["audit-head.jsonl: 1 lines cannot be read"]


def test_a_missing_refusal_is_found(chain: list[Record]) -> None:
    opened, _ = standing_aside()
    with connection.cursor() as cursor:
        for statement in opened:
            cursor.execute(statement)
    assert "the trigger audit_record_no_update is missing" in verify.walk().problems


def test_old_records_without_a_seal_are_found_and_new_ones_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    record(NOBODY, "publish", "IH-1")
    findings = verify.walk()
    assert (findings.waiting, findings.sound) == (1, True)
    monkeypatch.setattr(verify, "LATE", timedelta(seconds=-1))
    assert not verify.walk().sound
    assert seal_records() == 1
    assert verify.walk().sound


def test_sealing_in_small_steps_makes_one_chain(chain: list[Record]) -> None:
    for number in range(5):
        record(NOBODY, "comment", f"IH-{number}")
    assert [seal_records(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert list(Link.objects.order_by("position").values_list("position", flat=True)) == list(range(1, 12))
    assert verify.walk().sound
