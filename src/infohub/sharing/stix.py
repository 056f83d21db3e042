"""An item as the pure STIX renderer wants it."""

from __future__ import annotations

from django.conf import settings

from infohub.members.models import Programme
from infohub.sharing.models import Indicator, Item
from infohub.standards.stix21.render import Author, Piece, render_report
from infohub.standards.stix21.render import Indicator as StixIndicator


def piece_objects(item: Item, *, indicators: list[Indicator], revoked: bool = False) -> list[dict[str, object]]:
    """The STIX 2.1 objects of a published or just withdrawn item with these of its indicators."""
    published = item.published_at or item.updated_at
    return render_report(
        Piece(
            ref=item.ref,
            uuid=item.uuid,
            kind=item.kind,
            title=item.title,
            body=item.body,
            language=item.language,
            tlp=item.marking,
            author=creator_of(item),
            created=published,
            modified=item.updated_at,
            published=published,
            indicators=tuple(
                StixIndicator(
                    uuid=row.uuid,
                    kind=row.kind,
                    value=row.value,
                    valid_from=row.valid_from,
                    valid_until=row.valid_until,
                )
                for row in indicators
            ),
            external_url=f"{settings.BASE_URL}/items/{item.ref}",
            revoked=revoked,
        )
    )


def creator_of(item: Item) -> Author:
    """The author's organisation, or the programme itself for an unattributed piece."""
    if item.author is not None:
        organisation = item.author.organisation
        sectors = tuple(sector.key for sector in organisation.sectors.all())
        return Author(uuid=organisation.uuid, name=organisation.name, sectors=sectors)
    programme = Programme.objects.first()
    if programme is None:
        return Author(uuid=item.uuid, name=settings.SITE_NAME, sectors=())
    # In English whatever the language of the moment: one version of an object has one content.
    return Author(uuid=programme.uuid, name=programme.names.get("en") or settings.SITE_NAME, sectors=())
