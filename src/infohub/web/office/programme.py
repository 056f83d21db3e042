"""The programme's own settings: its name and line in three languages, and review before anything is shared."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from infohub.members.models import Programme
from infohub.policy import offices
from infohub.register import actions
from infohub.web.office.doors import open_to
from infohub.web.office.forms import ProgrammeForm
from infohub.web.viewer import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
def programme(request: HttpRequest) -> HttpResponse:
    """Look at them and change them."""
    form = ProgrammeForm.about(request.POST if request.method == "POST" else None, Programme.objects.first())
    if form.is_valid():
        actions.describe_programme(viewer_of(request), **form.wish)
        messages.success(request, _("Saved. It counts on every page and mail from now on."))
        return redirect("office:programme")
    status = 422 if form.is_bound else 200
    return render(request, "office/programme.html", {"nav": "programme", "form": form}, status=status)
