"""The shapes of what finding takes and gives: words, beginnings of words, and exact values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from infohub.api.shapes import MANY, Counted, Row, Taken, TlpWord, plain
from infohub.sharing.models import INDICATOR_CHARACTERS


class Mention(Counted):
    """A piece in which a value is an indicator."""

    ref: str
    url: str
    tlp: TlpWord
    since: datetime
    valid_until: datetime | None
    false_positive: bool


class SharedObject(Counted):
    """A STIX object that speaks of a value, in one of your collections, in its newest version there."""

    id: str
    type: str
    collection: UUID
    tlp: TlpWord
    since: datetime = Field(description="When it was added there.")
    valid_until: datetime | None = Field(description="As it says, else as long as its kind of value usually counts.")
    revoked: bool
    false_positive: bool = Field(description="Who added it, or a moderator, says so: do not act on it.")


class NearValue(Counted):
    """A value that lies around the one asked for, in objects of your collections that count."""

    value: str
    kind: str
    relation: str = Field(description="What it is to the value: a `network` it lies in, its `parent`, a `subdomain`.")
    objects: int
    since: datetime = Field(description="When the newest of the objects was added.")


class CveKnown(Counted):
    """What public catalogues say of a CVE number; null where they say nothing."""

    exploited_since: date | None = Field(description="When CISA listed it as exploited (KEV).")
    due: date | None = Field(description="Until when CISA wants it mended.")
    by_ransomware: bool
    epss: float | None = Field(description="How likely FIRST holds it that it is exploited within thirty days, 0 to 1.")
    percentile: float | None = Field(description="The share of numbers that are no likelier, 0 to 1.")
    cvss: float | None = Field(description="The base score of the last public advisory that was pulled, 0 to 10.")
    cvss_vector: str


class Looked(Counted):
    """What you may read of one value. `value` and `type` are as the hub understood what was sent."""

    sent: str
    value: str
    type: str | None
    known: bool = Field(description="Whether a piece or an object that still counts has it.")
    items: list[Mention]
    objects: list[SharedObject] = Field(description="The newest first, at most twenty; none of those in pieces.")
    cve: CveKnown | None = Field(description="Only of a CVE number that public catalogues know.")
    around: list[NearValue] = Field(description="At most twenty; only where one value is asked for.")


class Lookups(Counted):
    items: list[Looked]
    next: str | None = None


class Values(Taken):
    values: list[Annotated[str, Field(max_length=INDICATOR_CHARACTERS * 2), AfterValidator(plain)]] = Field(
        min_length=1, max_length=MANY
    )


class Answers(Schema):
    """What a search found: the best matches first, and exactly the value where an indicator was asked for."""

    exact: Looked | None
    items: list[Row]
    next: str | None = None


class Hint(Schema):
    type: str = Field(description="`item`, `group` or `person`.")
    ref: str | None
    title: str


class Hints(Schema):
    items: list[Hint]
    next: str | None = None
