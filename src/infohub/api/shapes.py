"""The shapes of what the REST API gives and takes: allow-lists, with the names of the programme file."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from infohub.sharing.actions.publishing import BODY_CHARACTERS
from infohub.sharing.models import ItemKind, ItemState

MANY = 10_000


class TlpWord(StrEnum):
    """TLP 2.0, without the prefix."""

    CLEAR = "CLEAR"
    GREEN = "GREEN"
    AMBER = "AMBER"
    AMBER_STRICT = "AMBER+STRICT"
    RED = "RED"


class SeverityWord(StrEnum):
    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class LanguageCode(StrEnum):
    EN = "en"
    HANT = "zh-hant"
    HANS = "zh-hans"


class ClassWord(StrEnum):
    """The classes of organisations an audience may leave out."""

    MEMBER = "member"
    VENDOR = "vendor"
    REGULATOR = "regulator"
    ASSOCIATION = "association"
    OFFICE = "office"


def plain(text: str) -> str:
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    return text


def _zoned(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("is before or after all time") from None


Moment = Annotated[datetime, AfterValidator(_zoned)]
Words = Annotated[str, AfterValidator(plain)]
Name = Annotated[str, Field(max_length=200), AfterValidator(plain)]


class Taken(Schema):
    """What is sent to us: a field nobody knows is refused, for a misspelt exception would be a wider audience."""

    model_config = ConfigDict(extra="forbid")


class Counted(BaseModel):
    """What is given by the ten thousand: ninja's own shapes read every field of every row through templates again."""


class Filters(Schema):
    """The filters of pieces; what is left out asks for nothing in particular."""

    kind: ItemKind | None = None
    severity: SeverityWord | None = None
    tlp: TlpWord | None = None
    group: Name = Field("", description="The ref of a group in which you sit.")
    sector: Name = Field("", description="The key of a sector.")
    technique: Name = Field(
        "",
        description="The id of an ATT&CK technique that is said of them and nobody rejected; its parts count with it.",
    )
    since: Moment | None = Field(None, description="Shared or corrected since then; a time without zone is UTC.")
    q: Annotated[Words, Field(max_length=2000)] = Field("", description="Words that all stand there.")


class Asked(Filters):
    """A list of pieces, page by page."""

    limit: int = Field(50, ge=1, le=200)
    cursor: Name = Field("", description="From the `next` of the answer before.")


class Row(Schema):
    """A piece in a list."""

    ref: str
    url: str
    kind: ItemKind
    title: str
    summary: str
    tlp: TlpWord
    severity: SeverityWord
    language: LanguageCode
    author: str
    indicators: int
    comments: int
    revision: int
    published_at: datetime
    updated_at: datetime


class Rows(Schema):
    """A page of pieces; `next` is the address of the following page, where there is one."""

    items: list[Row]
    next: str | None = None


class OtherWords(Schema):
    """The words of a piece in another language than its own."""

    language: LanguageCode
    title: str
    body: str = Field(description="Markdown (CommonMark).")
    origin: str = Field(description="`human`, or `converted` by a program from the other Chinese script.")
    revision: int = Field(description="The revision of the piece that these words say.")


class ConfirmedRow(Schema):
    """Something that analysis found and a person stands behind."""

    type: str = Field(description="`technique`, `malware`, `actor`, `tool`, `campaign`, `sector` or `product`.")
    value: str = Field(description="An id of ATT&CK for a technique, else the name, or the key of a sector.")
    name: str
    attack_id: str | None = Field(description="The number in ATT&CK, null where it has none.")


class Piece(Schema):
    """A piece in full. `published_at` is null while it is a draft or waits for review."""

    ref: str
    url: str
    kind: ItemKind
    state: ItemState
    status: str = Field(description="`ongoing`, `resolved` or empty, as its author says.")
    title: str
    body: str = Field(description="Markdown (CommonMark).")
    language: LanguageCode
    texts: list[OtherWords]
    tlp: TlpWord | None
    pap: TlpWord | None
    severity: SeverityWord
    safe_line: str
    author: str
    unattributed: bool
    sectors: list[str]
    confirmed: list[ConfirmedRow] = Field(description="Never what was only suggested or was rejected.")
    groups: list[str] = Field(description="Refs of the groups addressed, as far as you may know of them.")
    revision: int
    published_at: datetime | None
    updated_at: datetime


class CommentRow(Schema):
    id: UUID
    reply_to: UUID | None
    author: str
    organisation: str | None = Field(description="Null where the author of the piece answers under its seal.")
    narrowed: bool = Field(description="It is for fewer readers than the piece: pass it on to none of the others.")
    body: str
    at: datetime
    edited_at: datetime | None


class Comments(Schema):
    items: list[CommentRow]
    next: str | None = None


class File(Schema):
    name: str
    type: str
    size: int = Field(description="Bytes.")
    sha256: str
    url: str


class Files(Schema):
    items: list[File]
    next: str | None = None


class RelatedRow(Schema):
    ref: str
    url: str
    title: str
    indicators: int = Field(description="How many they have in common.")


class RelatedRows(Schema):
    items: list[RelatedRow]
    next: str | None = None


class IndicatorRow(Schema):
    type: str
    value: str
    valid_from: datetime
    valid_until: datetime | None
    false_positive: bool = Field(description="Retracted: do not act on it.")
    reason: str


class Indicators(Schema):
    items: list[IndicatorRow]
    next: str | None = None


class Seen(Schema):
    """Numbers of organisations, never their names."""

    seen: int
    looked_not_seen: int
    last_seen: datetime | None


class GroupRow(Schema):
    ref: str
    url: str
    name: str
    about: str
    kind: str
    listed: bool
    seated: bool = Field(description="Whether you sit there, yourself or with your organisation.")
    default_tlp: TlpWord
    reviewed: bool
    people: int
    organisations: int


class GroupRows(Schema):
    items: list[GroupRow]
    next: str | None = None


class PersonRow(Schema):
    name: str
    organisation: str


class PersonRows(Schema):
    items: list[PersonRow]
    next: str | None = None


class NoticeRow(Schema):
    event: str
    ref: str
    url: str
    title: str
    at: datetime
    read: bool


class NoticeRows(Schema):
    items: list[NoticeRow]
    next: str | None = None


class Me(Schema):
    """Who asks, and how far the token reaches."""

    kind: str = Field(description="`person`, `organisation` or `peer`.")
    name: str
    organisation: str | None
    groups: list[str]
    scopes: list[str] = Field(description="Empty for a browser that is signed in.")
    ceiling: TlpWord


class Without(Taken):
    classes: list[ClassWord] = []
    organisations: list[Name] = Field([], max_length=200, description="References or full names.")


class Audience(Taken):
    """Whom a piece is for."""

    people: list[Name] = Field([], max_length=500, description="E-mail addresses, or “name, organisation” in full.")
    organisations: list[Name] = Field([], max_length=500, description="References or full names.")
    sectors: list[Name] = Field([], max_length=200, description="Keys.")
    groups: list[Name] = Field([], max_length=200, description="References.")
    everyone: bool = Field(False, description="All members.")
    confirmed: bool = Field(False, description="Needed for all members with AMBER or AMBER+STRICT.")
    colleagues: bool = Field(False, description="Also the author’s own organisation.")
    frozen: bool = Field(False, description="Today’s readers only: nobody who joins later.")
    without: Without = Field(Without(classes=[], organisations=[]), alias="except")


class Draft(Taken):
    """A piece to keep or to share."""

    kind: ItemKind
    title: Annotated[str, Field(max_length=300), AfterValidator(plain)]
    body: Annotated[str, Field(max_length=BODY_CHARACTERS), AfterValidator(plain)] = Field(description="Markdown.")
    language: LanguageCode = LanguageCode.EN
    severity: SeverityWord = SeverityWord.NONE
    tlp: TlpWord
    pap: TlpWord | None = None
    safe_line: Name = Field("", description="Stands in e-mails where the TLP keeps the text in the hub.")
    audience: Audience
    sectors: list[Name] = Field([], max_length=50, description="Keys of the sectors it is about.")
    unattributed: bool = False
    not_indicators: list[Words] = Field([], max_length=MANY, description="Values in the text that are no indicators.")


class ToSend(Draft):
    state: str = Field("draft", pattern="^(draft|published)$", description="`published` shares it at once.")


class Reach(Schema):
    """Who would read, or reads."""

    people: int
    organisations: int
    waits_for: list[str] = Field([], description="Who reviews it before its readers get it.")


class Sent(Schema):
    ref: str
    url: str
    state: ItemState
    readers: Reach | None
