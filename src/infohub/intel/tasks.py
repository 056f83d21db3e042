"""The worker's leg for machines: what is due appears in its collections."""

from datetime import datetime

from infohub.intel.actions import BATCH, add_due
from infohub.intel.models import Waiting


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
