"""The programme in numbers, as anybody may read them: no cell tells of fewer than five organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from infohub.catalogue.models import Entry, EntryQuerySet
from infohub.members.models import Membership, Organisation, OrganisationStatus, Sector
from infohub.members.programme import clock
from infohub.releases.models import Release
from infohub.support.clock import now

FEWEST = 5
MONTHS = 24
_KEPT = 10 * 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and how many organisations stand behind it."""

    number: int
    organisations: int


@dataclass(frozen=True, slots=True)
class Month:
    """What one month brought; `shared` is None where it would tell of too few."""

    first: datetime
    shared: int | None
    released: int


@dataclass(frozen=True, slots=True)
class SectorFigure:
    names: dict[str, str]
    organisations: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Published figures; None is a cell that tells of too few organisations."""

    at: datetime
    organisations: int | None
    representatives: int | None
    shared: int | None
    released: int
    months: tuple[Month, ...]
    sectors: tuple[SectorFigure, ...]


def published_figures() -> Figures:
    """The figures, at most ten minutes old."""
    zone = clock()
    key = f"figures:{settings.VERSION}:{zone}"
    kept = cache.get(key)
    if not isinstance(kept, Figures):
        with timezone.override(zone):
            kept = figures()
        cache.set(key, kept, _KEPT)
    return kept


def figures() -> Figures:
    """Count now."""
    active = Organisation.objects.filter(status=OrganisationStatus.ACTIVE).count()
    current = Membership.objects.current().aggregate(
        number=Count("person", distinct=True), organisations=Count("organisation", distinct=True)
    )
    shared = _shared().aggregate(number=Count("pk"), organisations=Count("owner", distinct=True))
    return Figures(
        at=now(),
        organisations=_told(Cell(active, active)),
        representatives=_told(_cell(current)),
        shared=_told(_cell(shared)),
        released=Release.objects.public().count(),
        months=tuple(_months()),
        sectors=tuple(_sectors()),
    )


def told(cells: Sequence[Cell]) -> list[int | None]:
    """The numbers that may be told of cells that stand in one table.

    When exactly one is withheld, the sum would give it away: the next smallest is withheld with it.
    """
    numbers = [_told(cell) for cell in cells]
    if numbers.count(None) == 1 and len(numbers) > 1:
        smallest = min((number, place) for place, number in enumerate(numbers) if number is not None)
        numbers[smallest[1]] = None
    return numbers


def _cell(counted: Mapping[str, object]) -> Cell:
    """What the database counted."""
    number, organisations = counted["number"], counted["organisations"]
    assert isinstance(number, int)
    assert isinstance(organisations, int)
    return Cell(number, organisations)


def _told(cell: Cell) -> int | None:
    return cell.number if cell.organisations >= FEWEST else None


def _shared() -> EntryQuerySet:
    return Entry.objects.as_system("programme figures: counted, never shown").filter(label__private=False)


def _months() -> list[Month]:
    since = _first_month()
    counted = (
        _shared()
        .filter(published_at__gte=since)
        .annotate(month=TruncMonth("published_at"))
        .values_list("month")
        .annotate(number=Count("pk"), organisations=Count("owner", distinct=True))
        .order_by("month")
    )
    shared = {month: Cell(number, organisations) for month, number, organisations in counted}
    counted_releases = (
        Release.objects.filter(state="published", published_at__gte=since)
        .annotate(month=TruncMonth("published_at"))
        .values_list("month")
        .annotate(number=Count("pk"))
        .order_by("month")
    )
    released = dict(counted_releases)
    firsts = _firsts(min([*shared, *released], default=None))
    numbers = told([shared.get(first, Cell(0, 0)) for first in firsts])
    return [Month(first, number, released.get(first, 0)) for first, number in zip(firsts, numbers, strict=True)]


def _first_month() -> datetime:
    """The first moment of the series: this month and the ones before it."""
    return _back(_this_month(), MONTHS - 1)


def _firsts(earliest: datetime | None) -> list[datetime]:
    """The first moments of all months since the earliest that has something."""
    if earliest is None:
        return []
    months = [_back(_this_month(), back) for back in range(MONTHS - 1, -1, -1)]
    return [month for month in months if month >= earliest]


def _this_month() -> datetime:
    return timezone.localtime(now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _back(month: datetime, months: int) -> datetime:
    for _ in range(months):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def _sectors() -> list[SectorFigure]:
    active = Count("organisations", filter=Q(organisations__status=OrganisationStatus.ACTIVE), distinct=True)
    counted = list(Sector.objects.annotate(number=active).order_by("-number", "key"))
    numbers = told([Cell(sector.number, sector.number) for sector in counted])
    return [SectorFigure(sector.names, number) for sector, number in zip(counted, numbers, strict=True)]
