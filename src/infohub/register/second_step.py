"""The second step of sign-in: secrets that the database keeps sealed, and codes that work once."""

import base64
import secrets
import unicodedata
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db.models import QuerySet

from infohub.members.models import Person
from infohub.support.sealing import seal

TOTP = Authenticator.Type.TOTP
PASSKEY = Authenticator.Type.WEBAUTHN
CODES = Authenticator.Type.RECOVERY_CODES
STEPS = (TOTP, PASSKEY)  # either fulfils the second step; recovery codes stand in for a lost one
_REMEMBERED = 3 * 24 * 3600  # longer than a clock may be set back, far longer than a code lives


def fresh_secret() -> str:
    """A new secret for an authenticator app: 160 bits (RFC 4226, section 4), in the letters such apps accept."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def present_code(secret: str) -> str:
    """The code an app that holds this secret shows now (RFC 6238)."""
    counters = list(yield_hotp_counters_from_time())  # those tolerated before and after stand around the present one
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))


def plain_digits(typed: str) -> str:
    """A code as its app shows it, however it was typed: with spaces, dashes or full-width digits."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", typed) if letter.isalnum())


def steps_of(person: Person) -> QuerySet[Authenticator]:
    """The authenticator app and the passkeys of this person, oldest first."""
    return cast("QuerySet[Authenticator]", Authenticator.objects.filter(user=person, type__in=STEPS).order_by("pk"))


def is_set_up(person: Person) -> bool:
    """Whether this person has an app or a passkey."""
    return steps_of(person).exists()


def has_passkey(person: Person) -> bool:
    """Whether this person may be asked for a passkey."""
    return steps_of(person).filter(type=PASSKEY).exists()


def accepts(person: Person, secret: str, code: str) -> bool:
    """Whether an app that holds this secret would show this code now; what was accepted once is not again."""
    trial = Authenticator(user=person, type=TOTP, data={"secret": seal(secret)})
    return bool(trial.wrap().validate_code(code)) and first_use(person, code)


def first_use(person: Person, code: str) -> bool:
    """Spend a code that was right: true the first time only, in whichever process, even if the clock is set back."""
    return bool(cache.add(f"second-step:{person.pk}:{plain_digits(code)}", 1, _REMEMBERED))


def codes_of(person: Person) -> Authenticator | None:
    """The person's recovery codes."""
    return Authenticator.objects.filter(user=person, type=CODES).first()


def fresh_codes() -> dict[str, str | int]:
    """The content of a new row of recovery codes."""
    return {"seed": seal(secrets.token_hex(40)), "used_mask": 0}


def unused_codes(row: Authenticator) -> list[str]:
    """The recovery codes that still work."""
    return [str(code) for code in row.wrap().get_unused_codes()]


def are_stored(row: Authenticator | None) -> bool:
    """Whether the person has said that the codes are stored: from then on they are never shown again."""
    return row is not None and bool(row.data.get("stored"))
