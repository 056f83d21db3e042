"""Passkeys: what is asked of the browser, and whether its answer is right (Web Authentication, level 3)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from infohub.members.models import Person
from infohub.policy.viewer import person_viewer

_LONGEST, _DEEPEST = 20_000, 32
_REFUSED = _("This passkey was not accepted. Try again, or use another way.")
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError)  # what the library raises for a mangled answer

Credential = dict[str, object]


class AnswerField(forms.JSONField):
    """What the browser's passkey answered; a script fills it in."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> Credential | None:  # type: ignore[override]  # it reads JSON, not text
        if isinstance(value, str) and (len(value) > _LONGEST or value.count("{") + value.count("[") > _DEEPEST):
            raise ValidationError(_REFUSED)
        read = super().to_python(value)
        if read is not None and not isinstance(read, dict):
            raise ValidationError(_REFUSED)
        return read

    def prepare_value(self, _value: object) -> str:
        """An answer is good for one challenge: a form that is shown again has none."""
        return ""


def ask(person: Person | None) -> dict[str, object]:
    """A challenge for one of this person's passkeys; for nobody in particular, one for whichever the browser has."""
    return dict(auth.begin_authentication(person))


def ask_for_new(person: Person) -> dict[str, object]:
    """A challenge for a new passkey, which verifies its owner and is found without a name."""
    return dict(auth.begin_registration(person, True))


def answered(credential: Credential, person: Person | None) -> Authenticator:
    """The passkey that answered the challenge; whatever is wrong with the answer, the words are the same."""
    try:
        _demand_our_address(auth.parse_authentication_response(credential).response.client_data.origin)
        owner = person or auth.extract_user_from_response(credential)
        found: Authenticator = auth.complete_authentication(owner, credential)
    except (*_BROKEN, ValidationError) as problem:
        raise ValidationError(_REFUSED, code="refused") from problem
    if not person_viewer(found.user).has_standing:
        raise ValidationError(_REFUSED, code="refused")
    return found


def demand_new(credential: Credential) -> None:
    """Demand that this is a new passkey's answer to the challenge."""
    try:
        _demand_our_address(auth.parse_registration_response(credential).response.client_data.origin)
        auth.complete_registration(credential)
    except (*_BROKEN, ValidationError) as problem:
        raise ValidationError(_REFUSED, code="refused") from problem


def _demand_our_address(origin: str) -> None:
    """The library also takes the names below ours; we are one address."""
    if origin != settings.BASE_URL:
        raise ValueError(origin)
