"""How far this session has come: when it began, whether it showed the second step, and what is still missing."""

from django.contrib.auth import logout
from django.http import HttpRequest
from django.urls import reverse

from infohub.members.models import Person
from infohub.register import second_step
from infohub.support.clock import now

LIFETIME = 12 * 3600
_BEGAN, _PROVEN, _STORED, _AIM = "began", "second_step_of", "codes_stored", "aim"
_SET_UP, _SECRET = "set_up_link", "second_step_secret"
_SKEW = 60


def begin(request: HttpRequest) -> None:
    """Start the twelve hours, which nothing prolongs."""
    request.session[_BEGAN] = int(now().timestamp())


def prove(request: HttpRequest, person: Person) -> None:
    """Remember that this session showed this person's second step."""
    request.session[_PROVEN] = person.pk


def is_over(request: HttpRequest) -> bool:
    """Whether the twelve hours have passed, or the clock says that they have not begun."""
    age = now().timestamp() - float(request.session.get(_BEGAN, 0))
    return not -_SKEW <= age <= LIFETIME


def missing_step(request: HttpRequest, person: Person) -> str:
    """Where a signed-in person must go first, or nothing; a session that cannot be trusted ends here."""
    if is_over(request) or (request.session.get(_PROVEN) != person.pk and second_step.is_set_up(person)):
        logout(request)
        return reverse("account_login")
    if request.session.get(_PROVEN) != person.pk:
        return reverse("accounts_second_step")
    if not request.session.get(_STORED):
        if not second_step.are_stored(second_step.codes_of(person)):
            return reverse("accounts_recovery_codes")
        request.session[_STORED] = True
    return "" if person.terms_accepted_at else reverse("accounts_terms")


def forget_codes(request: HttpRequest) -> None:
    """There are new recovery codes to store."""
    request.session.pop(_STORED, None)


def aim_at(request: HttpRequest, address: str) -> None:
    """Remember where the person wanted to go, until the last step is done."""
    request.session[_AIM] = address


def aim(request: HttpRequest) -> str:
    """Where the person wanted to go."""
    return str(request.session.pop(_AIM, "") or "/member/")


def enter_set_up(request: HttpRequest, link: int) -> None:
    """This browser holds an open set-up link: a fresh session remembers which, never its secret."""
    logout(request)
    request.session[_SET_UP] = link


def set_up_link(request: HttpRequest) -> int | None:
    """The set-up link this session entered with."""
    link = request.session.get(_SET_UP)
    return link if isinstance(link, int) else None


def secret_on_trial(request: HttpRequest) -> str:
    """The secret this session offers to the person's app; the same one until it is kept, and sealed in the session."""
    if _SECRET not in request.session:
        request.session[_SECRET] = second_step.seal(second_step.fresh_secret())
    return second_step.unseal(request.session[_SECRET])


def end_trial(request: HttpRequest) -> None:
    """The secret is kept, the link is spent: the session forgets both."""
    request.session.pop(_SECRET, None)
    request.session.pop(_SET_UP, None)
