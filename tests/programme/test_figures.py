"""The published figures: counted from the rows, and no cell tells of fewer than five organisations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from infohub.catalogue.models import Entry
from infohub.members.models import Organisation, Sector
from infohub.policy.clause import Clause
from infohub.policy.models import Label
from infohub.programme import figures as counted
from infohub.programme.figures import Cell, figures, published_figures, told
from infohub.standards.tlp import Tlp
from tests import make

NOVEMBER = datetime(2026, 11, 20, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(counted, "now", lambda: NOVEMBER)


def organisations(number: int, *sectors: Sector) -> list[Organisation]:
    made = [make.organisation(f"Firm {place} {sectors}", sectors=sectors) for place in range(number)]
    for place, home in enumerate(made):
        make.person(f"Person{home.pk}x{place}", home)
    return made


def piece(owner: Organisation | None, at: datetime) -> Entry:
    label = Label.objects.intern(tlp=Tlp.AMBER, clauses=[Clause(everyone=True)], owner=owner)
    made = make.entry(label)
    made.owner, made.published_at = owner, at
    made.save()
    return made


def test_five_organisations_are_told_of_and_four_are_not() -> None:
    organisations(4)
    four = figures()
    assert (four.organisations, four.representatives) == (None, None)
    organisations(1)
    five = figures()
    assert (five.organisations, five.representatives) == (5, 5)


def test_a_month_is_told_when_five_organisations_shared_in_it() -> None:
    homes = organisations(5)
    for home in homes:
        piece(home, NOVEMBER)
        piece(home, NOVEMBER)
    for home in [*homes[:4], homes[0]]:
        piece(home, NOVEMBER - timedelta(days=40))
    for home in homes:
        piece(home, NOVEMBER - timedelta(days=90))
    piece(None, NOVEMBER - timedelta(days=60))
    months = {(month.first.year, month.first.month): month.shared for month in figures().months}
    assert months == {(2026, 8): 5, (2026, 9): None, (2026, 10): None, (2026, 11): 10}
    assert figures().shared == 21


def test_a_withdrawn_piece_is_not_counted() -> None:
    homes = organisations(6)
    rows = [piece(home, NOVEMBER) for home in homes]
    assert figures().shared == 6
    rows[0].label = Label.objects.intern(tlp=Tlp.AMBER, private=True)
    rows[0].save()
    assert figures().shared == 5


def test_a_sector_of_few_is_withheld_and_so_is_the_one_that_would_give_it_away() -> None:
    finance, health, retail = make.sector("finance"), make.sector("health"), make.sector("retail")
    organisations(9, finance)
    organisations(7, health)
    organisations(2, retail)
    told_of = {sector.names["en"]: sector.organisations for sector in figures().sectors}
    assert told_of == {"Finance": 9, "Health": None, "Retail": None}


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        ([], []),
        ([(9, 5)], [9]),
        ([(9, 4)], [None]),
        ([(9, 5), (3, 1), (7, 6)], [9, None, None]),
        ([(9, 5), (3, 1), (0, 0), (7, 6)], [9, None, None, 7]),
        ([(9, 5), (7, 6)], [9, 7]),
    ],
)
def test_no_withheld_number_follows_from_the_others(cells: list[tuple[int, int]], numbers: list[int | None]) -> None:
    assert told([Cell(*cell) for cell in cells]) == numbers


def test_the_figures_are_kept_for_a_while() -> None:
    organisations(5)
    assert published_figures().organisations == 5
    organisations(1)
    assert published_figures().organisations == 5
    cache.clear()
    assert published_figures().organisations == 6
