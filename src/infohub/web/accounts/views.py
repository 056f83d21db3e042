"""The pages of sign-in and set-up: allauth's steps in our frame, and ours around them."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account import views as account_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import get_adapter as get_second_step_adapter
from allauth.mfa.base import views as mfa_views
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from infohub.members.models import Person, Token
from infohub.policy.viewer import NOBODY, person_viewer
from infohub.register import actions, links, second_step
from infohub.register.actions.people import current_organisation
from infohub.register.refusals import AddressTakenError, LinkGoneError
from infohub.web.accounts import letters, progress
from infohub.web.accounts.forms import AppCodeForm, SetUpForm, StoredForm, TermsForm
from infohub.web.viewer import DOORS

Page = Callable[..., HttpResponse]


def _in_our_frame(page: Page) -> Page:
    """allauth puts the host into its context as `site`, where our frame keeps the programme's name."""

    @wraps(page)
    def framed(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        answer = page(request, *args, **kwargs)
        if isinstance(answer, TemplateResponse) and answer.context_data:
            answer.context_data.pop("site", None)
        return answer

    return never_cache(framed)


def proven(page: Page) -> Page:
    """Only for whoever showed the second step in this session; the steps after it may still be missing."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        _remember_aim(request)
        if not request.user.is_authenticated:
            return redirect("account_login")
        missing = progress.missing_step(request, request.user)
        if missing in {reverse("account_login"), reverse("accounts_second_step")}:
            return redirect(missing)
        return page(request, *args, **kwargs)

    return never_cache(guarded)


sign_in = _in_our_frame(account_views.login)
sign_out = _in_our_frame(account_views.logout)
forgotten = _in_our_frame(account_views.password_reset)
forgotten_sent = _in_our_frame(account_views.password_reset_done)
new_password = _in_our_frame(account_views.password_reset_from_key)
new_password_set = _in_our_frame(account_views.password_reset_from_key_done)
change_password = proven(_in_our_frame(account_views.password_change))
show_second_step_again = proven(_in_our_frame(mfa_views.reauthenticate))


@_in_our_frame
def show_second_step(request: HttpRequest) -> HttpResponse:
    """The second step of sign-in; a form without the code's field is no form of ours."""
    if request.method == "POST" and "code" not in request.POST:
        return redirect("mfa_authenticate")
    return cast(HttpResponse, mfa_views.authenticate(request))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the one-time link leads: who you are, and the password."""
    link = links.open_link(secret)
    if link is None or link.person is None:
        return _gone(request)
    person = link.person
    with translation.override(person.language):
        form = SetUpForm(_typed(request), person=person, asks_who=links.lacks_address(link))
        if form.is_valid() and _choose_password(form, link):
            progress.enter_set_up(request, link.pk)
            return redirect("accounts_second_step")
        organisation = current_organisation(person)
        return render(request, "accounts/set_up.html", {"form": form, "person": person, "organisation": organisation})


def _choose_password(form: SetUpForm, link: Token) -> bool:
    given = form.cleaned_data
    try:
        actions.choose_password(
            NOBODY, link=link, password=given["password1"], name=given.get("name", ""), email=given.get("email", "")
        )
    except (AddressTakenError, LinkGoneError) as refusal:
        form.add_error("email" if "email" in form.fields else None, str(refusal))
        return False
    return True


def _gone(request: HttpRequest) -> HttpResponse:
    """Used, expired, revoked, never there: one page, which says how to get a new link."""
    return render(request, "accounts/set_up_gone.html", status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_second_step(request: HttpRequest) -> HttpResponse:
    """The authenticator app: its secret as a picture and as text, and a first code to prove it."""
    _remember_aim(request)
    person, link = _who_sets_up(request)
    if person is None:
        return redirect("account_login") if progress.set_up_link(request) is None else _gone(request)
    secret = progress.secret_on_trial(request)
    with translation.override(person.language):
        form = AppCodeForm(_typed(request), person=person, secret=secret)
        if form.is_valid():
            return _keep_second_step(request, person, secret, link)
        app_link = get_second_step_adapter().build_totp_url(person, secret)
        picture = base64.b64encode(get_second_step_adapter().build_totp_svg(app_link).encode()).decode()
        spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
        context = {
            "form": form,
            "secret": spaced,
            "picture": picture,
            "app_link": app_link,
            "first": not person.terms_accepted_at,
        }
        return render(request, "accounts/second_step.html", context)


def _who_sets_up(request: HttpRequest) -> tuple[Person | None, Token | None]:
    """Who is behind an open set-up link; or signed in, without an app or with a fresh proof of the old one."""
    if request.user.is_authenticated:
        person = request.user
        missing = progress.missing_step(request, person)
        if missing == reverse("account_login"):
            return None, None
        if missing != reverse("accounts_second_step") and not did_recently_reauthenticate(request):
            raise ReauthenticationRequired
        return person, None
    link = Token.objects.select_related("person").filter(pk=progress.set_up_link(request) or 0).first()
    if link is None or not links.is_open(link):
        return None, None
    return link.person, link


def _keep_second_step(request: HttpRequest, person: Person, secret: str, link: Token | None) -> HttpResponse:
    viewer = person_viewer(person) if link is None else NOBODY
    try:
        actions.set_up_second_step(viewer, person=person, secret=secret, link=link)
    except LinkGoneError:
        return _gone(request)
    progress.end_trial(request)
    if link is None:
        request.session.cycle_key()
        letters.tell("second_step_changed", person)
    else:
        person.refresh_from_db()
        get_adapter(request).login(request, person)
        actions.arrive(person_viewer(person), person=person, way="set_up")
    progress.prove(request, person)
    return redirect("accounts_recovery_codes")


@proven
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, shown until the person has stored them and never afterwards."""
    person = cast(Person, request.user)
    codes = _codes_to_show(person)
    form = StoredForm(_typed(request))
    if codes and not form.is_valid():
        context = {"form": form, "codes": codes, "first": person.terms_accepted_at is None}
        return render(request, "accounts/recovery_codes.html", context)
    if codes:
        actions.store_codes(person_viewer(person), person=person)
    return _onward(request, person)


@proven
def download_recovery_codes(request: HttpRequest) -> HttpResponse:
    """The same codes as a text file."""
    codes = _codes_to_show(cast(Person, request.user))
    if not codes:
        return redirect("accounts_recovery_codes")
    response = render(
        request, "accounts/recovery_codes.txt", {"codes": codes}, content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def _codes_to_show(person: Person) -> list[str]:
    row = second_step.codes_of(person)
    if row is None or second_step.are_stored(row):
        return []
    return [f"{code[:4]} {code[4:]}" for code in second_step.unused_codes(row)]


@proven
@require_http_methods(["GET", "HEAD", "POST"])
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes for old ones, after a fresh proof."""
    if not did_recently_reauthenticate(request):
        raise ReauthenticationRequired
    if request.method != "POST":
        return render(request, "accounts/renew_codes.html")
    person = cast(Person, request.user)
    actions.renew_codes(person_viewer(person), person=person)
    letters.tell("codes_renewed", person)
    progress.forget_codes(request)
    progress.aim_at(request, "/member/account/")
    return redirect("accounts_recovery_codes")


@proven
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """The terms, accepted once."""
    person = cast(Person, request.user)
    form = TermsForm(_typed(request))
    if form.is_valid():
        actions.accept_terms(person_viewer(person), person=person)
        person.refresh_from_db(fields=["terms_accepted_at"])
        return _onward(request, person)
    return render(request, "accounts/terms.html", {"form": form, "accepted_at": person.terms_accepted_at})


def _onward(request: HttpRequest, person: Person) -> HttpResponse:
    """The next missing step, else where the person wanted to go."""
    return redirect(progress.missing_step(request, person) or progress.aim(request))


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent; an empty form that was sent is not a form that was not."""
    return request.POST if request.method == "POST" else None


def _remember_aim(request: HttpRequest) -> None:
    address = get_next_redirect_url(request)
    if address and address.startswith(DOORS):
        progress.aim_at(request, address)
