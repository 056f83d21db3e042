"""Letters about one's own sign-in; written aside, so that the time of an answer does not tell who exists."""

import logging
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import tzinfo

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from infohub.members.models import Person
from infohub.members.programme import speaking_to
from infohub.register.links import is_newcomer, path_of
from infohub.register.models import Recovery
from infohub.register.recovery import stop_secret
from infohub.web.context import this_site
from infohub.web.languages import language_of

_LOG = logging.getLogger(__name__)
_STOP = _("This was not me: stop it")
_LINK_WORDS = {
    "invitation": _("Set up sign-in"),
    "password_reset_key": _("Choose a new password"),
    "recovery_asked": _STOP,
    "test_mail": _("How I want to be told"),
    "recovery_allowed": _STOP,
    "recovery_granted": _("Set up sign-in"),
}
_CHANGED = _("You get this mail whenever your sign-in changes.")
_REASONS = {
    "invitation": _("You get this mail because you were named as a member of the programme."),
    "test_mail": _("You get this mail because you asked for it."),
    "password_reset_key": _("You get this mail because somebody typed your address at sign-in."),
}
_DESK = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


@dataclass(frozen=True, slots=True)
class Voice:
    """The language a letter speaks, and on which clock."""

    language: str
    clock: tzinfo


def tell(name: str, person: Person) -> None:
    """Tell a person that something about their sign-in has changed."""
    _post(name, person, reverse("account_login"))


def test(person: Person) -> None:
    """Send a person the test mail they asked for."""
    _post("test_mail", person, reverse("member:notice_settings"))


def invite(person: Person, secret: str) -> None:
    """Send a person their set-up link; whoever was in before hears why there is one."""
    _post("invitation" if is_newcomer(person) else "recovery_granted", person, path_of(secret))


def tell_of_recovery(name: str, recovery: Recovery) -> None:
    """Tell a person that somebody asks for a new second step, with the link that stops it."""
    path = reverse("accounts_recovery_stop_link", kwargs={"secret": stop_secret(recovery)})
    _post(name, recovery.person, path)


def offer_new_password(person: Person) -> None:
    """Send the link with which a person who forgot the password sets a new one, within the hour."""
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    _post("password_reset_key", person, reverse("account_reset_password_from_key", kwargs=key))


def tell_former_addresses(moved: Iterable[tuple[int, str]]) -> None:
    """Tell people at the address they had that they now have another; return when the letters have left."""
    for pk, former in moved:
        person = Person.objects.exclude(email=former).filter(pk=pk).first()
        if person is not None:
            _post("address_changed", person, reverse("account_login"), to=former)
    wait()


def wait() -> None:
    """Return when everything posted so far has left."""
    _DESK.submit(lambda: None).result()


def _post(name: str, person: Person, path: str, *, to: str = "") -> None:
    known: dict[str, object] = {"person": person, "link": f"{settings.BASE_URL}{path}", "at": timezone.now()}
    with speaking_to(person.language):
        voice = Voice(get_language() or "en", timezone.get_current_timezone())
        known["site"] = this_site()
    _DESK.submit(_write, name, to or person.email, voice, known).add_done_callback(_note_failure)


def _write(name: str, to: str, voice: Voice, known: dict[str, object]) -> None:
    """A letter is three templates: subject, plain text and page; nothing here asks the database."""
    known["language"] = language_of(voice.language).html
    with translation.override(voice.language), timezone.override(voice.clock):
        known |= {"link_words": _LINK_WORDS.get(name, _("Sign in")), "reason": _REASONS.get(name, _CHANGED)}
        subject = " ".join(render_to_string(f"mail/sign_in/{name}_subject.txt", known).split())
        text = render_to_string(f"mail/sign_in/{name}_message.txt", known)
        page = render_to_string(f"mail/sign_in/{name}_message.html", {**known, "subject": subject})
    letter = EmailMultiAlternatives(subject, text, settings.MAIL_FROM, [to])
    letter.attach_alternative(page, "text/html")
    letter.send()


def _note_failure(done: Future[None]) -> None:
    """The person asks again; the operator reads why, without the address."""
    if problem := done.exception():
        _LOG.error("a letter about sign-in could not be posted: %s", type(problem).__name__)
