"""Secrets that the database keeps and we must be able to read again: sealed with keys kept outside it."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """Encrypt with the newest key."""
    return _seals().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt with whichever key sealed it; `cryptography.fernet.InvalidToken` when none did."""
    return _seals().decrypt(sealed.encode()).decode()


def resealed(sealed: str) -> str:
    """The same content under the newest key."""
    return _seals().rotate(sealed.encode()).decode()


def _seals() -> MultiFernet:
    keys = (hashlib.sha256(key.encode()).digest() for key in settings.SECOND_STEP_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
