"""Random references that people can read aloud, and keyed digests of secrets."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.db.models import Model

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: they are misread


def random_ref(prefix: str, length: int = 6) -> str:
    """A reference such as `IH-7K3QXM`; it says nothing about order or number."""
    return f"{prefix}-{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def fresh_ref(model: type[Model], prefix: str) -> str:
    """A reference that no row of the model has yet (the unique constraint decides a race)."""
    while True:
        ref = random_ref(prefix)
        if not model._base_manager.filter(ref=ref).exists():
            return ref


def keyed_digest(secret: str) -> str:
    """HMAC-SHA-256 of a token: a stolen database does not yield usable tokens."""
    return hmac.new(settings.TOKEN_KEY.encode(), secret.encode(), hashlib.sha256).hexdigest()
