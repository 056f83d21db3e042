"""Files of a draft: checked before anything reads them, stored under their hash, then named in the database."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from infohub.policy.viewer import Viewer
from infohub.sharing.actions.drafts import own_draft
from infohub.sharing.files import cleaned, kind_of_file
from infohub.sharing.models import Attachment, Item
from infohub.sharing.refusals import FileRefusedError
from infohub.support.clock import now

FILES_PER_ITEM = 20


def attach(viewer: Viewer, *, item: Item, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a file with a draft: on disk first, durable, then in the database."""
    content = _within_limit(name, chunks)
    content_type = kind_of_file(name, content)
    content = cleaned(content_type, content)
    digest = hashlib.sha256(content).hexdigest()
    _store(digest, content)
    return _name(viewer, item=item, name=name, content_type=content_type, size=len(content), digest=digest)


@transaction.atomic
def detach(viewer: Viewer, *, item: Item, handle: str) -> None:
    """Take a file off an own draft."""
    draft = own_draft(viewer, item)
    draft.attachments.readable(viewer).get(handle=handle).delete()


def stored(attachment: Attachment) -> Path:
    """Where the content of an attachment lies."""
    return settings.FILES / attachment.sha256[:2] / attachment.sha256


@transaction.atomic
def _name(viewer: Viewer, *, item: Item, name: str, content_type: str, size: int, digest: str) -> Attachment:
    draft = own_draft(viewer, item)
    if draft.attachments.readable(viewer).count() >= FILES_PER_ITEM:
        raise FileRefusedError(_("A piece holds at most 20 files."))
    return Attachment.objects.create(
        item=draft,
        label=draft.label,
        name=Path(name.replace("\\", "/")).name[:200] or "file",
        content_type=content_type,
        size=size,
        sha256=digest,
        added_at=now(),
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
