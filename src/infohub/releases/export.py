"""A release for machines: its indicators as CSV, and the whole of it as a STIX 2.1 bundle."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings

from infohub.members.models import Programme
from infohub.releases.models import Release, ReleaseText
from infohub.standards.stix21.render import FIRST, Author, Indicator, Piece, Translation, render_report
from infohub.standards.tlp import Tlp
from infohub.support.tables import lines


def address_of(release: Release) -> str:
    """The public address of a release, the same for every language of its reader."""
    return f"{settings.BASE_URL}/advisories/{release.ref}"


def indicator_table(release: Release) -> str:
    """Type, live value, reference and day of each indicator, as spreadsheets and block lists read them."""
    day = release.published_at.date().isoformat()
    rows = [[kind, value, Tlp.CLEAR.mark, release.ref, day] for kind, value in release.indicators]
    return "".join(lines([["type", "value", "tlp", "advisory", "published"], *rows]))


def bundle(release: Release) -> dict[str, object]:
    """The release as STIX, its report in the original language and the others beside it, whatever the reader's."""
    text = release.original
    objects = render_report(
        Piece(
            ref=release.ref,
            uuid=release.uuid,
            kind=release.kind,
            title=text.title,
            body="" if release.is_taken_down else text.body,
            language=text.language,
            tlp=Tlp.CLEAR,
            author=_publisher(),
            created=release.published_at,
            modified=release.updated_at,
            published=release.published_at,
            indicators=tuple(
                _indicator(release.uuid, kind, value, release.published_at) for kind, value in release.indicators
            ),
            external_url=address_of(release),
            revoked=not release.is_published,
            translations=tuple(_translation(release, other) for other in release.texts.all() if other != text),
        )
    )
    identifier = uuid5(release.uuid, release.updated_at.isoformat())
    return {"type": "bundle", "id": f"bundle--{identifier}", "objects": objects}


def _indicator(release: UUID, kind: str, value: str, moment: datetime) -> Indicator:
    return Indicator(
        uuid=uuid5(release, f"{kind} {value}"), kind=kind, value=value, valid_from=moment, valid_until=None
    )


def _translation(release: Release, text: ReleaseText) -> Translation:
    return Translation(
        uuid=uuid5(release.uuid, f"text {text.language}"),
        language=text.language,
        title=text.title,
        body=text.body,
        origin=text.origin,
        modified=release.updated_at,
    )


def _publisher() -> Author:
    """The programme itself, under its English name in every language."""
    programme = Programme.objects.first()
    if programme is None:
        return Author(uuid=uuid5(UUID(int=0), settings.BASE_URL), name=settings.SITE_NAME, sectors=())
    name = programme.names.get("en") or programme.name or settings.SITE_NAME
    return Author(uuid=programme.uuid, name=name, sectors=(), modified=programme.named_at or FIRST)
