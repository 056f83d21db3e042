"""An item as the pure STIX renderer wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid5

from django.conf import settings

from infohub.members.programme import this_programme
from infohub.sharing.models import Indicator, Item, ItemText
from infohub.standards.stix21.confirmed import Confirmed
from infohub.standards.stix21.render import FIRST, Author, Piece, Translation, render_report
from infohub.standards.stix21.render import Indicator as StixIndicator


def piece_objects(
    item: Item, *, indicators: Sequence[Indicator], confirmed: Sequence[Confirmed], revoked: bool = False
) -> list[dict[str, object]]:
    """The STIX 2.1 objects of a published or just withdrawn item with these of its indicators and confirmed names."""
    piece = _piece(item, indicators, _texts(item), revoked=revoked)
    return render_report(replace(piece, confirmed=tuple(confirmed)))


def taken_back(
    item: Item, *, indicators: Sequence[Indicator], confirmed: Sequence[Confirmed]
) -> list[dict[str, object]]:
    """Revoked versions of these indicators and confirmed names alone, while their piece stands."""
    gone = {str(row.uuid) for row in indicators} | {str(one.uuid) for one in confirmed}
    objects = piece_objects(item, indicators=indicators, confirmed=confirmed, revoked=True) if gone else []
    return [one for one in objects if str(one["id"]).partition("--")[2] in gone]


def language_objects(item: Item) -> list[dict[str, object]]:
    """Its words in other languages alone; those that a correction overtook as taken back."""
    return _languages(_piece(item, [], _texts(item)))


def dropped_language(item: Item, text: ItemText, *, at: datetime) -> list[dict[str, object]]:
    """What takes the words of a language back, where machines still have them."""
    return _languages(_piece(item, [], [(text, at)])) if text.revision == item.revision else []


def _languages(piece: Piece) -> list[dict[str, object]]:
    return [one for one in render_report(piece) if one["type"] == "language-content"]


def _piece(
    item: Item, indicators: Sequence[Indicator], texts: list[tuple[ItemText, datetime | None]], *, revoked: bool = False
) -> Piece:
    published = item.published_at or item.updated_at
    return Piece(
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
        translations=tuple(_translation(item, text, moment) for text, moment in texts),
    )


def _texts(item: Item) -> list[tuple[ItemText, datetime | None]]:
    """Each text with the moment at which a correction overtook it, if one did; not what was never right here."""
    texts = [text for text in item.texts.all() if text.revision]
    if all(text.revision >= item.revision for text in texts):
        return [(text, None) for text in texts]
    at = {revision.number: revision.at for revision in item.revisions.all()}
    return [
        (text, at.get(text.revision + 1, item.updated_at) if text.revision < item.revision else None) for text in texts
    ]


def _translation(item: Item, text: ItemText, overtaken: datetime | None) -> Translation:
    """Words for a later revision are another object: what was taken back stays taken back."""
    return Translation(
        uuid=uuid5(item.uuid, f"text {text.pk} {text.revision}"),
        language=text.language,
        title=text.title,
        body=text.body,
        origin=text.origin,
        modified=overtaken or max(text.at, item.updated_at),
        overtaken=overtaken is not None,
    )


def creator_of(item: Item) -> Author:
    """The author's organisation, or the programme itself for an unattributed piece."""
    if item.author is not None:
        organisation = item.author.organisation
        sectors = tuple(sector.key for sector in organisation.sectors.all())
        return Author(organisation.uuid, organisation.name, sectors, modified=organisation.named_at or FIRST)
    return programme_author() or Author(uuid=item.uuid, name=settings.SITE_NAME, sectors=())


def programme_author() -> Author | None:
    """The programme itself, once it has a row."""
    programme = this_programme()
    if programme is None:
        return None
    # In English whatever the language of the moment: one version of an object has one content.
    name = programme.names.get("en") or settings.SITE_NAME
    return Author(programme.uuid, name, sectors=(), modified=programme.named_at or FIRST)
