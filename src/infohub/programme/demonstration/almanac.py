"""When things happen in the demonstration: working hours, the density of pieces, and how a day is written."""

from datetime import datetime, timedelta, timezone

from infohub.programme.demonstration.dice import dice

HARBOUR_TIME = timezone(timedelta(hours=8), "HKT")
"""The programme's zone; it has no summer time, so a fixed offset needs no zone database."""

FIRST_PIECE_DAYS = 724
LATEST, LATEST_HOURS = 8, 47
THIS_WEEK, WEEK_DAYS = 10, 7
THIS_MONTH, MONTH_DAYS = 22, 30

_MONTHS = "January February March April May June July August September October November December"


def before(now: datetime, days: float) -> datetime:
    """The moment so many days before now, in the programme's zone, without fractions of a minute."""
    return (now.astimezone(HARBOUR_TIME) - timedelta(days=days)).replace(second=0, microsecond=0)


def opening_hours(moment: datetime) -> datetime:
    """The next ordinary office moment at or after this one."""
    while moment.weekday() >= 5 or not 8 <= moment.hour < 19:
        moment += timedelta(hours=1)
    return moment.replace(second=0, microsecond=0)


def _likely(moment: datetime, chance: float) -> bool:
    """Most pieces are shared in working hours, a few in the evening or at the weekend."""
    if not 7 <= moment.hour < 22:
        return False
    if moment.weekday() < 5 and 8 <= moment.hour < 19:
        return True
    return chance < 0.12


def slots(now: datetime, count: int) -> list[datetime]:
    """So many moments of publication, oldest first: eight in the last two days, forty in the last month."""
    roll = dice("slots")
    chosen: set[datetime] = set()

    def fill(wanted: int, newest: float, oldest: float) -> None:
        goal = len(chosen) + wanted
        while len(chosen) < goal:
            days = newest + (oldest - newest) * roll.random() ** 1.3
            moment = before(now, days)
            if _likely(moment, roll.random()):
                chosen.add(moment)

    fill(LATEST, 0.03, LATEST_HOURS / 24)
    fill(THIS_WEEK, 2.05, WEEK_DAYS)
    fill(THIS_MONTH, WEEK_DAYS + 0.1, MONTH_DAYS - 0.5)
    fill(count - len(chosen), MONTH_DAYS + 0.5, FIRST_PIECE_DAYS)
    return sorted(chosen)


def day_words(moment: datetime, language: str) -> str:
    """A day as people write it in running text."""
    if language == "en":
        return f"{moment.day} {_MONTHS.split()[moment.month - 1]}"
    return f"{moment.month}月{moment.day}日"


def month_words(moment: datetime, language: str) -> str:
    """A month with its year as people write it."""
    if language == "en":
        return f"{_MONTHS.split()[moment.month - 1]} {moment.year}"
    return f"{moment.year}年{moment.month}月"


def written(moment: datetime | None) -> str | None:
    """A moment as the programme file writes it."""
    return None if moment is None else moment.isoformat()
