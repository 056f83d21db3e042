"""How long values count where nobody says so: as long as their kinds usually do (`INFOHUB_INDICATOR_DAYS`)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings


def usual_life(kinds: Iterable[str]) -> timedelta | None:
    """The longest of these kinds; none where one of them lasts for ever, or there are none."""
    days = [settings.INDICATOR_DAYS.get(kind) or 0 for kind in kinds]
    return timedelta(days=max(days)) if days and all(days) else None


def usual_end(kinds: Iterable[str], since: datetime) -> datetime | None:
    """When what came in at this moment ends."""
    life = usual_life(kinds)
    return since + life if life else None
