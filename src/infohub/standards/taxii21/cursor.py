"""The `next` value of a page: where to go on, for one query of one reader, and nobody can make one up."""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

_FORMAT = b"infohub cursor 1"
_MARK = 16


def encode(secret: bytes, position: str, scope: str) -> str:
    """A cursor for a position; `scope` names the query and the reader it is good for."""
    place = position.encode()
    return urlsafe_b64encode(_mark(secret, place, scope) + place).rstrip(b"=").decode()


def decode(secret: bytes, cursor: str, scope: str) -> str | None:
    """The position of a cursor; None where it was altered, or made for another query or reader."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (binascii.Error, UnicodeEncodeError):
        return None
    mark, place = raw[:_MARK], raw[_MARK:]
    if not hmac.compare_digest(mark, _mark(secret, place, scope)):
        return None
    # One spelling only: the decoder would skip foreign characters.
    return place.decode() if encode(secret, place.decode(), scope) == cursor else None


def _mark(secret: bytes, place: bytes, scope: str) -> bytes:
    """The signature over format, scope and position, each with its length so that none runs into the next."""
    about = scope.encode()
    message = b"%b%d:%b%d:%b" % (_FORMAT, len(about), about, len(place), place)
    return hmac.digest(secret, message, "sha256")[:_MARK]
