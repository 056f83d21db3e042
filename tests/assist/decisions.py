"""Many decisions of many organisations, as members would have made them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from infohub.assist.models import Verdict
from infohub.catalogue.models import Entry
from infohub.members.models import Organisation
from infohub.policy.clause import Clause
from infohub.standards.tlp import Tlp
from tests import make

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)


def decided(
    organisations: Sequence[Organisation | None],
    *,
    share: float,
    each: int = 40,
    sure: float = 0.9,
    subject: str = "technique",
    method: str = "sentence",
    tlp: Tlp = Tlp.GREEN,
) -> list[Verdict]:
    """Of each organisation so many decisions, five to a piece, of which such a share is accepted."""
    dice, rows = Random(7), []
    label = make.label(
        tlp, *([Clause(organisations=frozenset({make.organisation("R").pk}))] if tlp > Tlp.AMBER else [])
    )
    for owner in organisations:
        entries: list[Entry] = []
        for place in range(each):
            if place % 5 == 0:
                entries.append(piece_of(owner, make.entry(label)))
            rows.append(
                Verdict(
                    entry=entries[-1],
                    subject=subject,
                    value=f"T{1000 + place % 5}",
                    method=method,
                    confidence=sure,
                    tlp=tlp.value,
                    accepted=dice.random() < share,
                    at=BEGUN + timedelta(minutes=place),
                )
            )
    return Verdict.objects.bulk_create(rows)


def piece_of(owner: Organisation | None, entry: Entry) -> Entry:
    entry.owner = owner
    entry.save(update_fields=["owner"])
    return entry


def members(number: int) -> list[Organisation]:
    return [make.organisation(f"Member {place}") for place in range(number)]
