"""The forms of sign-in and set-up, in our words."""

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.base.internal.flows import check_rate_limit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from infohub.members.models import Person, PersonStatus
from infohub.members.programme import offered_languages
from infohub.register import second_step
from infohub.register.addresses import canonical
from infohub.web.accounts import letters, passkeys
from infohub.web.accounts.passkeys import AnswerField

_ADVICE = _("At least 12 characters, and not one that many people use. Three or four random words do well.")
_DIFFERENT = _("The two passwords are not the same.")


class AddressField(forms.EmailField):
    """An e-mail address, in its one spelling."""

    widget = forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"})

    def to_python(self, value: object) -> str:
        return canonical(str(value or ""))


class CodeField(forms.CharField):
    """A code of an authenticator app or a recovery code, however it is spaced; pasting is welcome."""

    widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code", "spellcheck": "false"}
    )

    def to_python(self, value: object) -> str:
        return second_step.plain_digits(str(value or ""))


class PresentPasswordField(forms.CharField):
    """A password the browser may fill in; `strip=False`, for a space may be part of it."""

    widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class NewPasswordField(forms.CharField):
    """A password to be chosen; a password manager may make one."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})


def _check_password(typed: str, person: Person | None) -> str:
    validate_password(typed, person)
    return typed


class SignInForm(account_forms.LoginForm):  # type: ignore[misc]  # allauth carries no types
    """The first step."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField(label=_("E-mail address"))
        self.fields["password"] = PresentPasswordField(label=_("Password"), strip=False)


class SecondStepForm(mfa_forms.AuthenticateForm):  # type: ignore[misc]  # allauth carries no types
    """The second step: a code that works once, whichever process sees it first, or the answer of a passkey."""

    may_stay_empty = True  # one of the two is needed: neither is called optional

    code = CodeField(label=_("Code"), max_length=32, required=False)
    credential = AnswerField(required=False)
    trust = forms.BooleanField(
        label=_("Trust this browser for 14 days"),
        required=False,
        help_text=_("Then your password is enough here. Only on a device that is yours alone."),
    )

    def clean_code(self) -> str:
        if self.data.get("credential"):
            return ""
        if not self.cleaned_data["code"]:
            raise ValidationError(_("Type the code, or use a passkey."), code="required")
        code: str = super().clean_code()
        if self.authenticator.type == second_step.TOTP and not second_step.first_use(self.user, code):
            raise ValidationError(_("This code was used before. Wait for the next one."), code="incorrect_code")
        return code

    def clean(self) -> None:
        if self.data.get("credential") and not self.errors:
            forgive = check_rate_limit(self.user)
            self.authenticator = passkeys.answered(self.cleaned_data["credential"] or {}, self.user)
            forgive()


class ShownAgainForm(SecondStepForm):
    """The second step once more, before something that matters."""

    trust = None  # type: ignore[assignment]  # how Django takes an inherited field away


class PasskeyForm(forms.Form):
    """Sign-in with a passkey alone."""

    credential = AnswerField(error_messages={"required": _("Your browser sent no passkey. Try again.")})

    def clean(self) -> None:
        credential = self.cleaned_data.get("credential")
        if credential:
            self.authenticator = passkeys.answered(credential, None)


class ForgottenPasswordForm(account_forms.ResetPasswordForm):  # type: ignore[misc]  # allauth carries no types
    """Asks for the address; the answer is the same whether anybody has it."""

    email = AddressField(label=_("E-mail address"))

    def clean_email(self) -> str:
        """Only whoever has a second step gets a link: a new password never lets anybody in by itself."""
        address: str = self.cleaned_data["email"]
        active = Person.objects.filter(email__iexact=address, status=PersonStatus.ACTIVE)
        self.person = active.filter(authenticator__type__in=second_step.STEPS).first()
        return address

    def save(self, _request: HttpRequest, **_more: object) -> str:
        if self.person is not None:
            letters.offer_new_password(self.person)
        return str(self.cleaned_data["email"])


class NewPasswordForm(account_forms.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth carries no types
    """A new password after a forgotten one."""

    password1 = NewPasswordField(label=_("New password"), strip=False, max_length=256, help_text=_ADVICE)
    password2 = NewPasswordField(label=_("New password again"), strip=False, max_length=256)

    def clean_password1(self) -> str:
        return _check_password(self.cleaned_data["password1"], self.user)


class ChangePasswordForm(account_forms.ChangePasswordForm):  # type: ignore[misc]  # allauth carries no types
    """A new password for somebody who knows the old one."""

    oldpassword = PresentPasswordField(label=_("Present password"), strip=False)
    password1 = NewPasswordField(label=_("New password"), strip=False, max_length=256, help_text=_ADVICE)
    password2 = NewPasswordField(label=_("New password again"), strip=False, max_length=256)

    def clean_password1(self) -> str:
        return _check_password(self.cleaned_data["password1"], self.user)


class SetUpForm(forms.Form):
    """The password of somebody who comes for the first time; the first operator also says who that is."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = AddressField(label=_("Your e-mail address"), help_text=_("You sign in with it."))
    password1 = NewPasswordField(label=_("Password"), strip=False, max_length=256, help_text=_ADVICE)
    password2 = NewPasswordField(label=_("Password again"), strip=False, max_length=256)

    def __init__(self, data: QueryDict | None, *, person: Person, asks_who: bool) -> None:
        super().__init__(data)
        self.person = person
        if not asks_who:
            del self.fields["name"], self.fields["email"]

    def clean_password1(self) -> str:
        given = self.cleaned_data
        likely = Person(email=given.get("email", self.person.email), name=given.get("name", self.person.name))
        return _check_password(given["password1"], likely)

    def clean(self) -> None:
        given = self.cleaned_data
        if "password1" in given and "password2" in given and given["password1"] != given["password2"]:
            self.add_error("password2", _DIFFERENT)


class AppCodeForm(forms.Form):
    """The first code of a new authenticator app: it proves that the app has the secret."""

    code = CodeField(label=_("The code your app shows now"), max_length=32)

    def __init__(self, data: QueryDict | None, *, person: Person, secret: str) -> None:
        super().__init__(data)
        self.person, self.secret = person, secret

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not second_step.accepts(self.person, self.secret, code):
            raise ValidationError(
                _("This is not the code of this key. Check that the phone’s clock is right, and type the next code.")
            )
        return code


class PasskeyNameForm(forms.Form):
    """What a person calls a passkey."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Where it is kept, such as “My phone” or “Blue key”.")
    )


class NewPasskeyForm(PasskeyNameForm):
    """A new passkey: its name, and the first answer of whatever holds it."""

    credential = AnswerField(error_messages={"required": _("Your browser made no passkey. Try again.")})

    def clean(self) -> None:
        credential = self.cleaned_data.get("credential")
        if credential and not self.errors:
            passkeys.demand_new(credential)


class StoredForm(forms.Form):
    """The person says that the recovery codes are stored."""

    stored = forms.BooleanField(
        label=_("I have stored these codes where I can find them without my phone"),
        error_messages={"required": _("Store the codes, then tick this box: they are not shown again.")},
    )


class TermsForm(forms.Form):
    """The person accepts the terms."""

    accepted = forms.BooleanField(
        label=_("I have read these terms and will keep to them"),
        error_messages={"required": _("Tick this box to go on, or sign out.")},
    )


class DetailsForm(forms.Form):
    """What a person may change about themselves."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As other members see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language of pages and mail"), choices=offered_languages)
    in_directory = forms.BooleanField(
        label=_("Members find me by name"),
        required=False,
        help_text=_("Your colleagues find you anyway, and whoever knows your address can send you a piece."),
    )
    shortcuts = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        required=False,
        help_text=_("Single keys such as / for search and c for share. Switch them off if they get in your way."),
    )
