"""Writes moments in words, in the language of the page and in the programme's time zone."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy

# Django's own Chinese month names are spelt out (十一月); our dates want figures (11月).
_MONTHS = (
    pgettext_lazy("month", "January"),
    pgettext_lazy("month", "February"),
    pgettext_lazy("month", "March"),
    pgettext_lazy("month", "April"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "June"),
    pgettext_lazy("month", "July"),
    pgettext_lazy("month", "August"),
    pgettext_lazy("month", "September"),
    pgettext_lazy("month", "October"),
    pgettext_lazy("month", "November"),
    pgettext_lazy("month", "December"),
)
_SHORT_MONTHS = (
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
)
_SHORT_WEEKDAYS = (
    pgettext_lazy("short weekday", "Mon"),
    pgettext_lazy("short weekday", "Tue"),
    pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"),
    pgettext_lazy("short weekday", "Fri"),
    pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
)


def in_words(moment: datetime) -> str:
    """`20 November 2026, 4:05 pm`, or 2026年11月20日下午4時05分."""
    local = timezone.localtime(moment)
    # Translators: a full date with its time; Chinese writes 2026年11月20日下午4時05分.
    return gettext("%(day)d %(month)s %(year)d, %(hour)d:%(minute)02d %(half)s") % {
        "day": local.day,
        "month": _MONTHS[local.month - 1],
        "year": local.year,
        "hour": _clock_hour(local),
        "minute": local.minute,
        "half": _half(local),
    }


def day_in_words(moment: datetime) -> str:
    """`20 November 2026`, or 2026年11月20日."""
    local = timezone.localtime(moment)
    # Translators: a full date without its time.
    return gettext("%(day)d %(month)s %(year)d") % {
        "day": local.day,
        "month": _MONTHS[local.month - 1],
        "year": local.year,
    }


def month_in_words(moment: datetime) -> str:
    """`Nov 2026`, or 2026年11月."""
    local = timezone.localtime(moment)
    return gettext("%(month)s %(year)d") % {"month": _SHORT_MONTHS[local.month - 1], "year": local.year}


def in_a_list(moment: datetime, *, now: datetime) -> tuple[str, str]:
    """What stands out in a dated row and what stands under it: the clock today and yesterday, else the day."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    days_ago = (today - local.date()).days
    if days_ago not in {0, 1}:
        return day_in_a_list(moment, now=now)
    clock = f"{_clock_hour(local)}:{local.minute:02d}"
    if days_ago == 0:
        return clock, _half(local)
    # Translators: under the clock of a piece of yesterday: "pm, Fri"; Chinese writes 週五下午.
    return clock, gettext("%(half)s, %(weekday)s") % {
        "half": _half(local),
        "weekday": _SHORT_WEEKDAYS[local.weekday()],
    }


def day_in_a_list(moment: datetime, *, now: datetime) -> tuple[str, str]:
    """The day above its month, with the year when it is not this year's."""
    local = timezone.localtime(moment)
    month = str(_SHORT_MONTHS[local.month - 1])
    if local.year != timezone.localtime(now).year:
        # Translators: under the day of the month in a list.
        month = gettext("%(month)s %(year)d") % {"month": month, "year": local.year}
    # Translators: the day of the month in a list; Chinese writes 20日.
    return pgettext("day of the month", "%(day)d") % {"day": local.day}, month


def _clock_hour(local: datetime) -> int:
    return local.hour % 12 or 12


def _half(local: datetime) -> str:
    return pgettext("half of the day", "am") if local.hour < 12 else pgettext("half of the day", "pm")
