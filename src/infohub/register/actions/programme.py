"""What the programme calls itself, its languages, clock and mark, and whether every piece is looked at first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from infohub.audit.actions import record
from infohub.members.models import LANGUAGE_CHOICES, Programme
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.models import Mark
from infohub.register.refusals import RegisterError
from infohub.standards import png
from infohub.support.clock import now

MARK_BYTES = 64 * 1024
MARK_PIXELS = range(28, 1025)  # it is shown at 28; a phone's screen wants three times as many


@transaction.atomic
def describe_programme(
    viewer: Viewer,
    *,
    names: dict[str, str],
    taglines: dict[str, str],
    languages: Sequence[str],
    time_zone: str,
    review: bool,
) -> Programme:
    """Set names and lines by language, what is offered, and the clock; it counts from the next page and mail on."""
    offices.demand_steering(viewer)
    offered = [code for code, _name in LANGUAGE_CHOICES if code in languages]
    if not offered or len(offered) < len(languages):
        raise RegisterError(_("Offer at least one language."))
    if time_zone not in available_timezones():
        raise RegisterError(_("There is no such time zone. Write it as Area/City."))
    row, _new = Programme.objects.select_for_update().get_or_create(
        pk=1, defaults={"time_zone": settings.TIME_ZONE, "names": names}
    )
    if row.names != names:
        row.named_at = now()
    row.names, row.taglines, row.review = names, taglines, review
    row.languages, row.time_zone = offered, time_zone
    row.save(update_fields=["names", "named_at", "taglines", "review", "languages", "time_zone"])
    record(
        viewer,
        "described_programme",
        "programme",
        detail={"names": sorted(names), "languages": offered, "time_zone": time_zone, "review": review},
    )
    return row


@transaction.atomic
def set_mark(viewer: Viewer, *, picture: bytes) -> Programme:
    """Put this picture beside the programme's name; without one, the built-in mark comes back."""
    offices.demand_steering(viewer)
    row, _new = Programme.objects.select_for_update().get_or_create(pk=1, defaults={"time_zone": settings.TIME_ZONE})
    bare = _acceptable(picture) if picture else b""
    name = f"{hashlib.sha256(bare).hexdigest()}.png" if bare else ""
    Mark.objects.exclude(name=name).delete()
    if bare:
        Mark.objects.get_or_create(name=name, defaults={"picture": bare})
    row.mark = name
    row.save(update_fields=["mark"])
    record(viewer, "set_mark", "programme", detail={"mark": name})
    return row


def _acceptable(picture: bytes) -> bytes:
    """The picture without its metadata, where it is a small, nearly square PNG."""
    width, height = png.size_of(picture)
    if not width:
        raise RegisterError(_("Take a PNG picture: others, SVG among them, can carry more than a picture."))
    if len(picture) > MARK_BYTES:
        raise RegisterError(_("Take a picture of at most 64 kB."))
    if width not in MARK_PIXELS or height not in MARK_PIXELS or max(width, height) * 4 > min(width, height) * 5:
        raise RegisterError(_("Take a picture about as wide as it is high, with 28 to 1,024 pixels on each side."))
    bare = png.bare(picture)
    if bare is None:
        raise RegisterError(_("The picture is damaged."))
    return bare
