"""What anybody may read without a token: releases, and the figures of the programme."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from infohub.api.paging import page
from infohub.api.problems import absent
from infohub.api.rows import severity_word
from infohub.api.shapes import LanguageCode, Name, SeverityWord
from infohub.programme.figures import published_figures
from infohub.releases.models import Origin, Release, ReleaseState, ReleaseText
from infohub.sharing.models import ItemKind

router = Router(tags=["Public"], auth=None)


class ReleaseRow(Schema):
    """A release in a list, in the language asked for where it has a text in it."""

    ref: str
    url: str
    kind: ItemKind
    severity: SeverityWord
    language: LanguageCode
    title: str
    summary: str
    sectors: list[str]
    revision: int
    published_at: datetime
    updated_at: datetime


class ReleaseRows(Schema):
    items: list[ReleaseRow]
    next: str | None = None


class Told(Schema):
    """A release's words in one language, and where they come from."""

    language: LanguageCode
    origin: Origin
    original: bool
    title: str
    summary: str
    everyone: str
    small_firms: str
    teams: str
    body: str = Field(description="Markdown (CommonMark).")


class PublicIndicator(Schema):
    type: str
    value: str


class ReleaseWhole(Schema):
    """A release in full. One that was taken down keeps its address alone; a withdrawn one keeps its text."""

    ref: str
    url: str
    state: ReleaseState
    kind: ItemKind
    severity: SeverityWord
    sectors: list[str]
    texts: list[Told]
    indicators: list[PublicIndicator]
    revision: int
    published_at: datetime
    updated_at: datetime
    withdrawn_reason: str


class MonthFigures(Schema):
    month: date = Field(description="Its first day.")
    shared: int | None
    released: int


class SectorFigures(Schema):
    name: str
    organisations: int | None


class Figures(Schema):
    """The programme in numbers; null where a number would tell of fewer than five organisations."""

    at: datetime
    organisations: int | None
    representatives: int | None
    shared: int | None
    released: int
    months: list[MonthFigures]
    sectors: list[SectorFigures]


@router.get("/releases", response=ReleaseRows, operation_id="releases")
def releases(
    request: HttpRequest,
    language: LanguageCode = LanguageCode.EN,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Name = "",
) -> ReleaseRows:
    """What was released to the public, newest first. Everything here is TLP:CLEAR."""
    rows, following = page(request, Release.objects.public(), limit=limit, cursor=cursor)
    return ReleaseRows(items=[_row(release, language) for release in rows], next=following)


@router.get("/releases/{ref}", response=ReleaseWhole, operation_id="release")
def release(request: HttpRequest, ref: str) -> ReleaseWhole:
    """One release in every language it has."""
    row = Release.objects.worded().filter(ref=ref).first()
    if row is None:
        raise absent()
    gone = row.is_taken_down
    return ReleaseWhole(
        ref=row.ref,
        url=_url(row),
        state=ReleaseState(row.state),
        kind=ItemKind(row.kind),
        severity=severity_word(row.severity),
        sectors=[sector.key for sector in row.sectors.all()],
        texts=[] if gone else [_told(text) for text in row.texts.all()],
        indicators=[PublicIndicator(type=kind, value=value) for kind, value in row.indicators if row.is_published],
        revision=row.revision,
        published_at=row.published_at,
        updated_at=row.updated_at,
        withdrawn_reason=row.withdrawn_reason,
    )


@router.get("/figures", response=Figures, operation_id="figures")
def figures(request: HttpRequest) -> Figures:
    """The programme in numbers, at most ten minutes old."""
    told = published_figures()
    return Figures(
        at=told.at,
        organisations=told.organisations,
        representatives=told.representatives,
        shared=told.shared,
        released=told.released,
        months=[MonthFigures(month=one.first.date(), shared=one.shared, released=one.released) for one in told.months],
        sectors=[SectorFigures(name=one.names.get("en", ""), organisations=one.organisations) for one in told.sectors],
    )


def _row(row: Release, language: LanguageCode) -> ReleaseRow:
    text = row.text_in(language)
    return ReleaseRow(
        ref=row.ref,
        url=_url(row),
        kind=ItemKind(row.kind),
        severity=severity_word(row.severity),
        language=LanguageCode(text.language),
        title=text.title,
        summary=text.summary,
        sectors=[sector.key for sector in row.sectors.all()],
        revision=row.revision,
        published_at=row.published_at,
        updated_at=row.updated_at,
    )


def _told(text: ReleaseText) -> Told:
    return Told(
        language=LanguageCode(text.language),
        origin=Origin(text.origin),
        original=text.original,
        title=text.title,
        summary=text.summary,
        everyone=text.everyone,
        small_firms=text.small_firms,
        teams=text.teams,
        body=text.body,
    )


def _url(row: Release) -> str:
    return f"{settings.BASE_URL}/advisories/{row.ref}"
