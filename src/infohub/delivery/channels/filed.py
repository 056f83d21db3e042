"""Mail into files, the default: one .eml for each message below the mail folder, there in full or not at all."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from infohub.support.clock import now


class FiledMail(BaseEmailBackend):
    """Django's mail backend for an instance without a mail server.

    A message's file is named after its date and Message-ID, so that one sent again after a crash takes the place of
    itself.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """File the messages; they are on the disk when this returns."""
        for message in email_messages:
            message.extra_headers.setdefault("Message-ID", f"<mail-{secrets.token_hex(12)}@{settings.HOST}>")
            keep(Path(settings.MAIL) / _file_name(message), message.message().as_bytes())
        return len(email_messages)


def keep(path: Path, content: bytes) -> None:
    """Write a file so that it survives a power cut from here on, and is never seen in part."""
    draft = path.parent / "tmp" / f"{path.name}.{os.getpid()}"
    draft.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _file_name(message: EmailMessage) -> str:
    date = message.extra_headers.get("Date")
    moment = parsedate_to_datetime(date) if date else now()
    key = message.extra_headers["Message-ID"].strip("<>").partition("@")[0]
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{re.sub(r'[^a-z0-9-]', '', key)[:60]}.eml"
