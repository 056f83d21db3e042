"""Tells what an instance's database holds, as JSON, to a test outside of it."""

import json

from infohub.audit.models import Record
from infohub.catalogue.models import Entry
from infohub.delivery.models import Notice
from infohub.intel.models import Placement, Waiting
from infohub.sharing.models import Item


def tell() -> None:
    """Print who was told of what, what is listed, published and recorded, and what is still to be done."""
    why = "a test compares everything"
    published = Item.objects.as_system(why).filter(state="published")
    content = {
        "published": list(published.values_list("title", "ref")),
        "listed": list(Entry.objects.as_system(why).values_list("ref", flat=True)),
        "told": list(Notice.objects.values_list("person__email", "entry__ref")),
        "unsent": Notice.objects.unsent().count(),
        "retried": Notice.objects.filter(attempts__gt=1).count(),
        "dropped": Notice.objects.exclude(dropped_at=None).count(),
        "recorded": list(Record.objects.filter(verb="publish").values_list("subject", flat=True)),
        "placed": list(Placement.objects.values_list("source", "collection", "object")),
        "waiting": list(Waiting.objects.values_list("source", "collection", "object")),
    }
    print(json.dumps(content))  # noqa: T201  whoever runs this reads it from there
