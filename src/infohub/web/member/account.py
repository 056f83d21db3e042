"""My account: name and language, the organisation one speaks for, the second step, password, sign-out."""

from typing import cast

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from infohub.members.models import Membership, Person
from infohub.members.programme import language_for, speaking_to
from infohub.register import actions, second_step
from infohub.web.accounts.forms import DetailsForm
from infohub.web.viewer import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One page for everything a person decides about themselves."""
    viewer, person = viewer_of(request), cast(Person, request.user)
    now = model_to_dict(person, fields=list(DetailsForm.base_fields)) | {"language": language_for(person.language)}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        changed = actions.change_details(viewer, **form.cleaned_data)
        with speaking_to(changed.language):
            messages.success(request, _("Your details are saved."))
        return redirect("member:account")
    codes = second_step.codes_of(person)
    return render(
        request,
        "member/account.html",
        {
            "nav": "account",
            "form": form,
            "person": person,
            "membership": Membership.objects.filter(pk=viewer.membership or 0).select_related("organisation").first(),
            "roles": [role.get_name_display() for role in person.roles.all()],
            "codes_left": len(second_step.unused_codes(codes)) if codes else 0,
        },
    )
