"""How far this session has come: when it began, when it last showed the second step, and what is still missing."""

from django.contrib.auth import logout
from django.http import HttpRequest
from django.urls import reverse

from infohub.members.models import Person
from infohub.policy.viewer import Viewer, person_viewer
from infohub.register import actions, second_step
from infohub.register.models import Visit
from infohub.support import sealing
from infohub.support.clock import now
from infohub.web.accounts.browsers import named

LIFETIME, FRESH, _SEEN_EVERY = 12 * 3600, 15 * 60, 5 * 60
_BEGAN, _VISIT, _SHOWN, _SEEN, _STORED, _AIM = "began", "visit", "shown", "seen", "codes_stored", "aim"
_SET_UP, _SECRET = "set_up_link", "second_step_secret"
_SKEW = 60


def begin(request: HttpRequest) -> None:
    """Start the twelve hours, which nothing prolongs."""
    request.session[_BEGAN] = _stamp()


def enter(request: HttpRequest, person: Person) -> None:
    """This browser went through both steps, or trust stood in for the second: from here on it is on a visit."""
    if not is_visiting(request, person):
        request.session[_VISIT] = actions.open_visit(person_viewer(person), **named(request)).pk
        request.session[_SEEN] = _stamp()


def prove(request: HttpRequest, person: Person) -> None:
    """This person showed the second step just now."""
    enter(request, person)
    request.session[_SHOWN] = _stamp()


def leave(request: HttpRequest) -> None:
    """End the visit with its session, so that no copy of the cookie is worth anything."""
    going = Visit.objects.running().filter(pk=visit(request) or 0, person=request.user.pk).first()
    if going is not None:
        actions.end_visit(person_viewer(going.person), visit=going)
    logout(request)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the second step was shown in the last quarter of an hour."""
    return -_SKEW <= _age(request, _SHOWN) <= FRESH


def is_over(request: HttpRequest) -> bool:
    """Whether the twelve hours have passed, or the clock says that they have not begun."""
    return not -_SKEW <= _age(request, _BEGAN) <= LIFETIME


def visit(request: HttpRequest) -> int | None:
    """The visit this session says it is on."""
    pk = request.session.get(_VISIT)
    return pk if isinstance(pk, int) else None


def note(request: HttpRequest, viewer: Viewer) -> None:
    """Every few minutes, write down that the visit goes on."""
    pk = visit(request)
    if pk is not None and not -_SKEW <= _age(request, _SEEN) <= _SEEN_EVERY:
        actions.note_visit(viewer, visit=pk)
        request.session[_SEEN] = _stamp()


def is_visiting(request: HttpRequest, person: Person) -> bool:
    """Whether the visit of this session is this person's and goes on: asked anew at each request."""
    pk = visit(request)
    return pk is not None and Visit.objects.running().filter(pk=pk, person=person).exists()


def missing_step(request: HttpRequest, person: Person) -> str:
    """Where a signed-in person must go first, or nothing; a session that cannot be trusted ends here."""
    visiting = is_visiting(request, person)
    if is_over(request) or (not visiting and (visit(request) is not None or second_step.is_set_up(person))):
        logout(request)
        return reverse("account_login")
    if not visiting:
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
    leave(request)
    request.session[_SET_UP] = link


def set_up_link(request: HttpRequest) -> int | None:
    """The set-up link this session entered with."""
    link = request.session.get(_SET_UP)
    return link if isinstance(link, int) else None


def secret_on_trial(request: HttpRequest) -> str:
    """The secret this session offers to the person's app; the same one until it is kept, and sealed in the session."""
    if _SECRET not in request.session:
        request.session[_SECRET] = sealing.seal(second_step.fresh_secret())
    return sealing.unseal(request.session[_SECRET])


def end_trial(request: HttpRequest) -> None:
    """The secret is kept, the link is spent: the session forgets both."""
    request.session.pop(_SECRET, None)
    request.session.pop(_SET_UP, None)


def _stamp() -> int:
    return int(now().timestamp())


def _age(request: HttpRequest, stamp: str) -> float:
    """How many seconds ago the session was stamped so."""
    return now().timestamp() - float(request.session.get(stamp, 0))
