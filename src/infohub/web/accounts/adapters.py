"""How allauth behaves here: nobody signs up alone, the second step is everybody's, its secrets are sealed."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from infohub.members.models import Person
from infohub.policy.viewer import person_viewer
from infohub.register import actions, second_step
from infohub.register.addresses import canonical
from infohub.support import sealing
from infohub.web.accounts import browsers, letters, progress
from infohub.web.context import this_site

_REFUSED = _("The e-mail address and the password do not match. Check both, or ask for a new password.")
_WRONG_CODE = _("This code is not right, or was used before. Wait for the next one, or use a recovery code.")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by e-mail address and password; what fails says the same words, whoever was meant."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _REFUSED,
        "email_password_mismatch": _REFUSED,
        "incorrect_code": _WRONG_CODE,
        "enter_current_password": _("This is not your present password."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def is_ajax(self, _request: HttpRequest) -> bool:
        """There is one way to sign in: the pages."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: str) -> Person | None:
        """Only somebody with a membership or an office is let in; everybody else is unknown, at the same cost."""
        self.pre_authenticate(request, **credentials)
        person = authenticate(request, **credentials)
        if not isinstance(person, Person) or not person_viewer(person).has_standing:
            return None
        self._rollback_login_failed_rl_usage()
        return person

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: object) -> HttpResponse | None:
        """The password was right: from here on the session has another id."""
        request.session.cycle_key()
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]

    def login(self, request: HttpRequest, user: Person) -> None:
        """Both steps were right, or the second is to be set up: the session becomes the person's."""
        super().login(request, user)
        progress.begin(request)
        shown = [step for step in get_authentication_records(request, user) if step["method"] == "mfa"]
        if shown:
            progress.prove(request, user)
        elif browsers.is_trusted(request, user):
            progress.enter(request, user)
        else:
            return
        way = str(shown[-1]["type"]) if shown else "trusted_browser"
        actions.arrive(person_viewer(user), person=user, way=way)
        if way == second_step.CODES:
            letters.tell("recovery_code_used", user)

    def logout(self, request: HttpRequest) -> None:
        progress.leave(request)

    def add_message(self, *_: object, **_more: object) -> None:
        """Our pages say what happened where it happened; allauth's messages would say it twice."""

    def set_password(self, user: Person, password: str) -> None:
        actions.change_password(person_viewer(user), person=user, password=password)

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        return reverse("account_login")

    def get_login_stages(self) -> list[str]:
        return ["infohub.web.accounts.stages.SecondStepStage"]

    def send_notification_mail(self, template_prefix: str, user: Person, *_: object, **_more: object) -> None:
        letters.tell(template_prefix.rpartition("/")[2], user)

    def respond_user_inactive(self, _request: HttpRequest, _user: Person) -> HttpResponse:
        return redirect("account_login")

    def _get_login_attempts_cache_key(self, _request: HttpRequest, **credentials: str) -> str:
        """One throttle per person: neither another spelling nor another host name gets a new one."""
        return canonical(credentials.get("email", ""))


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets are sealed before they reach the database; the last second step stays."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return second_step.steps_of(authenticator.user).exclude(pk=authenticator.pk).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the address of the installation, however a request names it."""
        return {"id": settings.HOST, "name": this_site().name}
