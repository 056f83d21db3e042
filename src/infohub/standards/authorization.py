"""Reads the secret in an `Authorization` header (RFC 9110, section 11.6.2)."""

import base64
import binascii


def secret_of(header: str, *, bare: bool = False) -> str:
    """The token, as the password of `Basic`, as `Bearer` or `Token`, and alone where `bare`; else nothing."""
    scheme, _, credentials = header.strip().partition(" ")
    match scheme.lower():
        case "bearer" | "token":
            return credentials.strip()
        case "basic":
            return _password(credentials.strip())
        case _:
            return scheme if bare and not credentials else ""


def _password(credentials: str) -> str:
    try:
        pair = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2]
