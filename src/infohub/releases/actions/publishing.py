"""Making a release: a copy with its own words and its own reference, which points back to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from infohub.audit.actions import record
from infohub.members.models import Sector
from infohub.policy.viewer import Viewer
from infohub.releases.models import Release, ReleaseText
from infohub.releases.words import Words, with_simplified, words_of
from infohub.sharing.models import Item
from infohub.support.clock import now
from infohub.support.ids import fresh_ref


@transaction.atomic
def bring_in(viewer: Viewer, *, item: Item) -> Release:
    """A public piece of a programme that moves in: already released there, recorded as imported."""
    item = Item.objects.as_system("moving in").get(pk=item.pk)
    public = publish_copy(
        kind=item.kind,
        severity=item.severity,
        sectors=item.sectors.all(),
        indicators=[[row.kind, row.value] for row in item.indicators.as_system("moving in")],
        texts=[words_of(item)],
        original=item.language,
        at=item.published_at or now(),
        imported=True,
    )
    record(viewer, "import_release", public.ref)
    return public


def publish_copy(
    *,
    kind: str,
    severity: int,
    sectors: Iterable[Sector],
    indicators: list[list[str]],
    texts: list[Words],
    original: str,
    at: datetime,
    imported: bool = False,
) -> Release:
    """The rows of a release: a part of the act that releases."""
    public = Release.objects.create(
        ref=fresh_ref(Release, "PZ"),
        kind=kind,
        severity=severity,
        indicators=indicators,
        published_at=at,
        updated_at=at,
        imported=imported,
    )
    public.sectors.set(sectors)
    first = original if any(words.language == original for words in texts) else texts[0].language
    for words in with_simplified(texts):
        ReleaseText.objects.create(release=public, original=words.language == first, **asdict(words))
    return public
