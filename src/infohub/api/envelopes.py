"""The shapes of what machines exchange: collections, pages of objects, envelopes and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Path, Schema
from pydantic import AfterValidator, Field

from infohub.api.shapes import MANY, Counted, Moment, Name, Taken, TlpWord, Words, plain
from infohub.standards.losses import Outcome
from infohub.standards.stix21.timestamp import moment_of

LARGEST_PAGE = 1000
_STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z"


def _version(text: str) -> str:
    if text[0].isdigit() and moment_of(text) is None:
        raise ValueError("is no moment")
    return text


CollectionId = Annotated[Words, Path(max_length=80, description="The id of the collection, or its alias.")]
ObjectId = Annotated[Words, Path(max_length=300, description="The id of the object.")]
Version = Annotated[str, Field(pattern=f"^(first|last|{_STAMP})$"), AfterValidator(_version)]
Versions = Annotated[str, Field(pattern=f"^(first|last|all|{_STAMP})$"), AfterValidator(_version)]


class CollectionRow(Schema):
    """A collection, and what who asks may do with it."""

    id: UUID
    alias: str
    title: str
    about: str
    ceiling: TlpWord = Field(description="No object in it is stricter.")
    can_read: bool
    can_write: bool
    taxii_url: str
    last_added: datetime | None


class CollectionRows(Schema):
    items: list[CollectionRow]
    next: str | None = None


class AskedObjects(Schema):
    """The filters of a list of objects."""

    type: Annotated[str, Field(pattern="^[a-z0-9-]{1,250}$")] | None = Field(None, description="Such as `indicator`.")
    since: Moment | None = Field(None, description="Added after that; a time without zone is UTC.")
    version: Versions = Field("last", description="`last`, `first`, `all`, or one by its `modified`.")
    limit: int = Field(100, ge=1, le=LARGEST_PAGE)
    cursor: Name = Field("", description="From the `next` of the answer before.")


class AskedVersion(Schema):
    version: Version = Field("last", description="`last`, `first`, or one by its `modified`.")


class AskedVersions(Schema):
    version: Versions = Field("all", description="`all`, `last`, `first`, or one by its `modified`.")


class Objects(Schema):
    """A page of objects as they were given, in the order of their addition."""

    items: list[dict[str, object]]
    next: str | None = None
    last_added: datetime | None = Field(description="Of the last of them: `since` what to ask for next time.")


class Envelope(Taken):
    """Objects to add; a bundle will do."""

    objects: list[dict[str, object]] = Field(min_length=1, max_length=MANY)
    type: Literal["bundle"] | None = None
    id: Annotated[str, Field(max_length=300), AfterValidator(plain)] | None = None
    spec_version: Literal["2.0", "2.1"] | None = None


class Reason(Taken):
    reason: Annotated[str, Field(max_length=300), AfterValidator(plain)] = ""


class Line(Counted):
    """What became of one object."""

    id: str
    version: str
    outcome: Outcome
    message: str = Field(description="Why it was refused.")


class Report(Counted):
    """What became of an envelope, object by object: first those taken, then those refused."""

    id: UUID
    collection: UUID
    at: datetime
    taken: int
    refused: int
    losses_url: str = Field(description="The same as a table for a spreadsheet.")
    objects: list[Line]
