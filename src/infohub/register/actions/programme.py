"""What the programme calls itself, and whether every piece is looked at first."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from infohub.audit.actions import record
from infohub.members.models import Programme
from infohub.policy import offices
from infohub.policy.viewer import Viewer


@transaction.atomic
def describe_programme(viewer: Viewer, *, names: dict[str, str], taglines: dict[str, str], review: bool) -> Programme:
    """Set the names and lines by language; it counts on every page and mail from the next one on."""
    offices.demand_steering(viewer)
    row, _new = Programme.objects.select_for_update().get_or_create(
        pk=1, defaults={"time_zone": settings.TIME_ZONE, "names": names}
    )
    row.names, row.taglines, row.review = names, taglines, review
    row.save(update_fields=["names", "taglines", "review"])
    record(viewer, "described_programme", "programme", detail={"languages": sorted(names), "review": review})
    return row
