"""The worker's legs for machines: what is due appears in its collections, and old answers are forgotten."""

from datetime import datetime, timedelta

from infohub.intel.actions import BATCH, add_due
from infohub.intel.models import Submission, Waiting

ANSWERS_KEPT = timedelta(days=30)  # TAXII 2.1 wants a day at least (section 4.3)


def place_due(now: datetime) -> int:
    """Date all placements that are due, collection by collection, in small transactions; how many there were."""
    waiting = Waiting.objects.due(now).order_by("collection").values_list("collection", flat=True).distinct()
    return sum(_add_all(collection, now) for collection in list(waiting))


def _add_all(collection: int, now: datetime) -> int:
    total = added = add_due(collection, at=now)
    while added == BATCH:
        added = add_due(collection, at=now)
        total += added
    return total


def forget_submissions(now: datetime) -> int:
    """Delete what was answered long ago; the objects stay. How many there were."""
    return Submission.objects.filter(at__lt=now - ANSWERS_KEPT).delete()[0]
