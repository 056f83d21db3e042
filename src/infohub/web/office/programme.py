"""The programme's own settings: name, line, languages, clock and mark, and review before anything is shared."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infohub.members.programme import this_programme
from infohub.policy import offices
from infohub.register import actions
from infohub.register.actions.programme import MARK_BYTES
from infohub.register.refusals import RegisterError
from infohub.web.office.doors import open_to
from infohub.web.office.forms import ProgrammeForm
from infohub.web.viewer import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
def programme(request: HttpRequest) -> HttpResponse:
    """Look at them and change them."""
    form = ProgrammeForm.about(request.POST if request.method == "POST" else None, this_programme())
    if form.is_valid():
        actions.describe_programme(viewer_of(request), **form.wish)
        messages.success(request, _("Saved. It counts on every page and mail from now on."))
        return redirect("office:programme")
    return _page(request, form, status=422 if form.is_bound else 200)


@require_POST
@open_to(offices.steers)
def mark(request: HttpRequest) -> HttpResponse:
    """Put a picture beside the name, or the built-in mark back."""
    removed, sent = request.POST.get("do") == "remove", request.FILES.get("picture")
    if not removed and sent is None:
        return _page(request, problem=_("Choose a picture first."), status=422)
    try:
        actions.set_mark(viewer_of(request), picture=b"" if removed or sent is None else sent.read(MARK_BYTES + 1))
    except RegisterError as refusal:
        return _page(request, problem=str(refusal), status=422)
    messages.success(request, _("Saved. It stands on every page from now on."))
    return redirect("office:programme")


def _page(
    request: HttpRequest, form: ProgrammeForm | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"nav": "programme", "form": form or ProgrammeForm.about(None, this_programme())}
    return render(request, "office/programme.html", context | {"problem": problem}, status=status)
