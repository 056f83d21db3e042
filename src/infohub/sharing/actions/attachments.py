"""Files of a draft: checked before anything reads them, stored under their hash, then named in the database."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePath
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from infohub.policy.viewer import Viewer
from infohub.sharing.actions.drafts import own_draft
from infohub.sharing.files import cleaned, kind_of_file
from infohub.sharing.models import Attachment, Item
from infohub.sharing.refusals import FileRefusedError
from infohub.standards.mail import Mail, read_mail
from infohub.standards.problem import Problem
from infohub.support.clock import now

FILES_PER_ITEM = 20


def attach(viewer: Viewer, *, item: Item, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a file with a draft: on disk first, durable, then in the database."""
    file = _stored(name, _within_limit(name, chunks))
    return _name(viewer, item=item, file=file)


def keep(item: Item, *, name: str, content: bytes, at: datetime) -> Attachment:
    """Keep a file of a piece that moves in; part of the action that brings it."""
    return _row(item, _stored(name, _within_limit(name, [content])), at)


@transaction.atomic
def detach(viewer: Viewer, *, item: Item, handle: str) -> None:
    """Take a file off an own draft."""
    draft = own_draft(viewer, item)
    draft.attachments.readable(viewer).get(handle=handle).delete()


def open_mail(viewer: Viewer, *, item: Item, handle: str) -> tuple[Mail, list[str]]:
    """What an attached e-mail says; its files become files of the draft, and those that cannot are told why.

    Raises FileRefusedError where the file is no e-mail that can be read.
    """
    row = own_draft_file(viewer, item, handle)
    mail = read_mail(stored(row).read_bytes())
    if isinstance(mail, Problem):
        raise FileRefusedError(_("“%(name)s” cannot be read as an e-mail.") % {"name": row.name})
    refused = []
    for file in mail.files:
        try:
            attach(viewer, item=item, name=file.name, chunks=[file.content])
        except FileRefusedError as refusal:
            refused.append(str(refusal))
    return mail, refused


def own_draft_file(viewer: Viewer, item: Item, handle: str) -> Attachment:
    """A file of an own draft. Raises Attachment.DoesNotExist where there is none."""
    return item.attachments.readable(viewer).filter(item__author=viewer.membership).get(handle=handle)


def stored(attachment: Attachment) -> Path:
    """Where the content of an attachment lies."""
    return settings.FILES / attachment.sha256[:2] / attachment.sha256


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file that is durably on disk."""

    name: str
    content_type: str
    size: int
    sha256: str


def _stored(name: str, content: bytes) -> _Stored:
    content_type = kind_of_file(name, content)
    content = cleaned(content_type, content)
    digest = hashlib.sha256(content).hexdigest()
    _store(digest, content)
    plain = PurePath(name.replace("\\", "/")).name[:200] or "file"
    return _Stored(plain, content_type, len(content), digest)


@transaction.atomic
def _name(viewer: Viewer, *, item: Item, file: _Stored) -> Attachment:
    draft = own_draft(viewer, item)
    if draft.attachments.readable(viewer).count() >= FILES_PER_ITEM:
        raise FileRefusedError(_("A piece holds at most 20 files."))
    return _row(draft, file, now())


def _row(item: Item, file: _Stored, at: datetime) -> Attachment:
    return Attachment.objects.create(
        item=item,
        label=item.label,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        added_at=at,
    )


def _within_limit(name: str, chunks: Iterable[bytes]) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > settings.UPLOAD_BYTES:
            megabytes = settings.UPLOAD_BYTES // (1024 * 1024)
            raise FileRefusedError(
                _("“%(name)s” is larger than %(size)s MB, the most a file may be.") % {"name": name, "size": megabytes}
            )
    return bytes(content)


def _store(digest: str, content: bytes) -> None:
    folder = settings.FILES / digest[:2]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / digest).exists():
        return
    waiting = folder / f"{uuid4().hex}.part"
    with waiting.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    waiting.rename(folder / digest)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
