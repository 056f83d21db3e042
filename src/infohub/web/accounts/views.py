"""The pages of sign-in: allauth's steps in our frame, the second step in all its ways, codes and terms."""

from typing import cast

from allauth.account import views as account_views
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from infohub.members.models import Person
from infohub.policy.viewer import person_viewer
from infohub.register import actions, second_step
from infohub.web.accounts import browsers, letters, passkeys, progress
from infohub.web.accounts.doors import again_page, fresh, in_our_frame, proven, typed
from infohub.web.accounts.forms import PasskeyForm, SecondStepForm, ShownAgainForm, StoredForm, TermsForm

sign_in = in_our_frame(account_views.login)
sign_out = in_our_frame(account_views.logout)
forgotten = in_our_frame(account_views.password_reset)
forgotten_sent = in_our_frame(account_views.password_reset_done)
new_password = in_our_frame(account_views.password_reset_from_key)
new_password_set = in_our_frame(account_views.password_reset_from_key_done)
change_password = proven(fresh(in_our_frame(account_views.password_change)))


def pending(request: HttpRequest) -> AuthenticateStage | None:
    """The stage of a sign-in whose password was right and whose second step is missing."""
    stage = get_pending_stage(request)
    if not isinstance(stage, AuthenticateStage) or not second_step.is_set_up(stage.login.user):
        return None
    return stage if person_viewer(stage.login.user).has_standing else None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_second_step(request: HttpRequest) -> HttpResponse:
    """The second step of sign-in: a code or a passkey; the browser may be trusted from then on."""
    stage = pending(request)
    if stage is None:
        return redirect("account_login")
    person: Person = stage.login.user
    form = SecondStepForm(typed(request), user=person)
    if not form.is_valid():
        context = {"form": form, "has_passkey": second_step.has_passkey(person)}
        return render(request, "mfa/authenticate.html", context)
    post_authentication(request, form.authenticator)
    answer = cast(HttpResponse, stage.exit())
    if form.cleaned_data["trust"]:
        browsers.remember(answer, actions.trust_browser(person_viewer(person), **browsers.named(request)))
        letters.tell("browser_trusted", person)
    return answer


@proven
@require_http_methods(["GET", "HEAD", "POST"])
def show_second_step_again(request: HttpRequest) -> HttpResponse:
    """The second step once more, before something that matters; then back to it, with what was typed there."""
    person = cast(Person, request.user)
    target, carries = get_next_redirect_url(request) or "/member/account/", "carried" in request.POST
    form = ShownAgainForm(typed(request), user=person)
    if not form.is_valid():
        return again_page(request, form, target=target, carries=carries)
    post_authentication(request, form.authenticator, reauthenticated=True)
    progress.prove(request, person)
    return HttpResponseRedirect(target, preserve_request=carries)


@never_cache
@require_POST
def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey that verifies its owner is both steps in one."""
    if request.user.is_authenticated:
        return redirect("member:home")
    if not ratelimit.consume(request, action="passkey"):
        return render(request, "429.html", status=429)
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/passkey_refused.html", {"form": form}, status=422)
    post_authentication(request, form.authenticator, passwordless=True)
    login = Login(user=form.authenticator.user, redirect_url=get_next_redirect_url(request))
    return cast(HttpResponse, perform_login(request, login))


@never_cache
@require_POST
def ask_for_passkey(request: HttpRequest) -> HttpResponse:
    """A challenge for any passkey the browser holds for us; it says nothing about who is here."""
    if not ratelimit.consume(request, action="passkey"):
        return render(request, "429.html", status=429)
    return JsonResponse(passkeys.ask(None))


@never_cache
@require_POST
def ask_for_own_passkey(request: HttpRequest) -> HttpResponse:
    """A challenge for the passkeys of whoever is signed in, or has come as far as the second step."""
    stage = pending(request)
    if stage is not None:
        return JsonResponse(passkeys.ask(stage.login.user))
    if not request.user.is_authenticated or not progress.is_visiting(request, request.user):
        raise Http404
    return JsonResponse(passkeys.ask(request.user))


@proven
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, shown until the person has stored them and never afterwards."""
    person = cast(Person, request.user)
    codes = _codes_to_show(person)
    form = StoredForm(typed(request))
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
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes for old ones, after a fresh proof."""
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
    form = TermsForm(typed(request))
    if form.is_valid():
        actions.accept_terms(person_viewer(person), person=person)
        person.refresh_from_db(fields=["terms_accepted_at"])
        return _onward(request, person)
    return render(request, "accounts/terms.html", {"form": form, "accepted_at": person.terms_accepted_at})


def _onward(request: HttpRequest, person: Person) -> HttpResponse:
    """The next missing step, else where the person wanted to go."""
    return redirect(progress.missing_step(request, person) or progress.aim(request))
