"""Setting up: the one-time link, the authenticator app, passkeys; and what is changed about them later."""

import base64
from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_second_step_adapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from infohub.members.models import Person, Token
from infohub.members.programme import speaking_to
from infohub.policy.viewer import NOBODY, Viewer, person_viewer
from infohub.register import actions, links, second_step
from infohub.register.actions.people import current_organisation
from infohub.register.refusals import AddressTakenError, LinkGoneError, RegisterError
from infohub.web.accounts import letters, passkeys, progress
from infohub.web.accounts.doors import ask_again, fresh, proven, remember_aim, typed
from infohub.web.accounts.forms import AppCodeForm, NewPasskeyForm, PasskeyNameForm, SetUpForm

Page = Callable[[HttpRequest, Person, Token | None], HttpResponse]


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the one-time link leads: who you are, and the password."""
    link = links.open_link(secret)
    if link is None or link.person is None:
        return _gone(request)
    person = link.person
    with speaking_to(person.language):
        form = SetUpForm(typed(request), person=person, asks_who=links.lacks_address(link))
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


def _for_whoever_sets_up(page: Page) -> Callable[[HttpRequest], HttpResponse]:
    """For whoever is behind an open set-up link; or is signed in, and has no second step or showed it lately."""

    @wraps(page)
    def opened(request: HttpRequest) -> HttpResponse:
        remember_aim(request)
        if request.user.is_authenticated:
            missing = progress.missing_step(request, request.user)
            if missing == reverse("account_login"):
                return redirect("account_login")
            if missing != reverse("accounts_second_step") and not progress.is_fresh(request):
                return ask_again(request)
            return page(request, request.user, None)
        link = Token.objects.select_related("person").filter(pk=progress.set_up_link(request) or 0).first()
        if link is None or link.person is None or not links.is_open(link):
            return redirect("account_login") if progress.set_up_link(request) is None else _gone(request)
        with speaking_to(link.person.language):
            return page(request, link.person, link)

    return never_cache(opened)


@_for_whoever_sets_up
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_second_step(request: HttpRequest, person: Person, link: Token | None) -> HttpResponse:
    """The authenticator app: its secret as a picture and as text, and a first code to prove it."""
    secret = progress.secret_on_trial(request)
    form = AppCodeForm(typed(request), person=person, secret=secret)
    if form.is_valid():
        try:
            actions.set_up_second_step(_actor(person, link), person=person, secret=secret, link=link)
        except LinkGoneError:
            return _gone(request)
        return _keep_second_step(request, person, link, letter="second_step_changed")
    app_link = get_second_step_adapter().build_totp_url(person, secret)
    picture = base64.b64encode(get_second_step_adapter().build_totp_svg(app_link).encode()).decode()
    context = {
        "form": form,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "picture": picture,
        "app_link": app_link,
        "first": not person.terms_accepted_at,
        "setting_up": not second_step.is_set_up(person),
    }
    return render(request, "accounts/second_step.html", context)


@_for_whoever_sets_up
@require_http_methods(["GET", "HEAD", "POST"])
def add_passkey(request: HttpRequest, person: Person, link: Token | None) -> HttpResponse:
    """A new passkey; somebody who sets up needs no app beside it."""
    form, setting_up = NewPasskeyForm(typed(request)), not second_step.is_set_up(person)
    if form.is_valid():
        try:
            actions.add_passkey(_actor(person, link), person=person, link=link, **form.cleaned_data)
        except LinkGoneError:
            return _gone(request)
        except RegisterError as refusal:
            form.add_error(None, str(refusal))
        else:
            answer = _keep_second_step(request, person, link, letter="passkey_added")
            return answer if setting_up else redirect("member:security")
    context = {"form": form, "first": not person.terms_accepted_at, "setting_up": setting_up}
    return render(request, "accounts/passkey_new.html", context)


@_for_whoever_sets_up
@require_POST
def ask_for_new_passkey(_request: HttpRequest, person: Person, _link: Token | None) -> HttpResponse:
    """The challenge that a new passkey answers."""
    return JsonResponse(passkeys.ask_for_new(person))


def _actor(person: Person, link: Token | None) -> Viewer:
    return person_viewer(person) if link is None else NOBODY


def _keep_second_step(request: HttpRequest, person: Person, link: Token | None, *, letter: str) -> HttpResponse:
    """The new second step counts: this session showed it, and goes on under another name."""
    progress.end_trial(request)
    if link is None:
        request.session.cycle_key()
    else:
        person.refresh_from_db()
        get_adapter(request).login(request, person)
    if link is not None or progress.visit(request) is None:
        actions.arrive(person_viewer(person), person=person, way="set_up")
    progress.prove(request, person)
    if not links.is_newcomer(person):
        letters.tell(letter, person)
    return redirect("accounts_recovery_codes")


@proven
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def rename_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a passkey something else."""
    passkey = _own_step(request, pk)
    if passkey.type != second_step.PASSKEY:
        raise Http404
    form = PasskeyNameForm(typed(request), initial={"name": str(passkey)})
    if not form.is_valid():
        return render(request, "accounts/passkey_name.html", {"form": form})
    actions.rename_passkey(person_viewer(passkey.user), passkey=passkey, name=form.cleaned_data["name"])
    return redirect("member:security")


@proven
@fresh
@require_http_methods(["GET", "HEAD", "POST"])
def remove_second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a passkey or the app, after a look at which; the last one stays."""
    step = _own_step(request, pk)
    if request.method != "POST":
        removable = get_second_step_adapter().can_delete_authenticator(step)
        return render(request, "accounts/step_remove.html", {"step": step, "removable": removable})
    try:
        actions.remove_second_step(person_viewer(step.user), step=step)
    except RegisterError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is removed, and no longer signs you in."))
        letters.tell("passkey_removed" if step.type == second_step.PASSKEY else "app_removed", step.user)
    return redirect("member:security")


def _own_step(request: HttpRequest, pk: int) -> Authenticator:
    step: Authenticator | None = second_step.steps_of(cast(Person, request.user)).filter(pk=pk).first()
    if step is None:
        raise Http404
    return step
