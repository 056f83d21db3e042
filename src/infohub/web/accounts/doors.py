"""The doors of the pages of sign-in: allauth's in our frame, ours for whoever showed the second step."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from infohub.members.models import Person
from infohub.register import second_step
from infohub.web.accounts import progress
from infohub.web.accounts.forms import ShownAgainForm

Page = Callable[..., HttpResponseBase]

_AIMS = ("/member/", "/items/", "/office/")
_TYPED_ANEW = ("password", "code", "credential")
_OUR_OWN = {"csrfmiddlewaretoken", "next", "carried"}


def in_our_frame(page: Page) -> Page:
    """allauth puts the host into its context as `site`, where our frame keeps the programme's name."""

    @wraps(page)
    def framed(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        answer = page(request, *args, **kwargs)
        if isinstance(answer, TemplateResponse) and answer.context_data:
            answer.context_data.pop("site", None)
        return answer

    return never_cache(framed)


def proven(page: Page) -> Page:
    """Only for whoever showed the second step in this session; the steps after it may still be missing."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        remember_aim(request)
        if not request.user.is_authenticated:
            return redirect("account_login")
        missing = progress.missing_step(request, request.user)
        if missing in {reverse("account_login"), reverse("accounts_second_step")}:
            return redirect(missing)
        return page(request, *args, **kwargs)

    return never_cache(guarded)


def fresh(page: Page) -> Page:
    """A page that matters: its form opens, and is taken, within a quarter of an hour of the second step.

    It stands inside the page's own door, so that whoever may not open the page is asked for nothing.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: str | int, **kwargs: str | int) -> HttpResponseBase:
        return page(request, *args, **kwargs) if progress.is_fresh(request) else ask_again(request)

    return guarded


def fresh_to_act(page: Page) -> Page:
    """A page one may look at any time, whose forms matter."""
    guarded = fresh(page)

    @wraps(page)
    def opened(request: HttpRequest, *args: str | int, **kwargs: str | int) -> HttpResponseBase:
        chosen = guarded if request.method == "POST" else page
        return chosen(request, *args, **kwargs)

    return opened


def ask_again(request: HttpRequest) -> HttpResponse:
    """Ask for the second step once more; what was typed goes along with it, but for secrets."""
    if request.method != "POST" or any(word in name for name in request.POST for word in _TYPED_ANEW):
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
    return again_page(request, ShownAgainForm(user=request.user), target=request.get_full_path(), carries=True)


def again_page(request: HttpRequest, form: ShownAgainForm, *, target: str, carries: bool) -> HttpResponse:
    """The page that asks for the second step once more, with what was typed before out of sight."""
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if carries and name not in _OUR_OWN and name not in form.fields
    ]
    context = {
        "form": form,
        "target": target,
        "carries": carries,
        "carried": carried,
        "has_passkey": second_step.has_passkey(cast(Person, request.user)),
    }
    return render(request, "mfa/reauthenticate.html", context)


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; an empty form that was sent is not a form that was not."""
    return request.POST if request.method == "POST" else None


def remember_aim(request: HttpRequest) -> None:
    """Remember where the person wanted to go, as far as it is a page one can open by its address."""
    address = get_next_redirect_url(request) if request.method == "GET" else None
    if address and address.startswith(_AIMS):
        progress.aim_at(request, address)
