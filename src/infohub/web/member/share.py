"""The composer: write, check who would read it, share. Works without JavaScript; the draft lives on the server."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infohub.analysis.findings import Finding
from infohub.members.models import Group
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import attach, detach, discard, publish, save_draft, start_draft
from infohub.sharing.actions.publishing import Check, check, findings_of
from infohub.sharing.models import Item, ItemState
from infohub.sharing.refusals import ChangedSinceCheckError, FileRefusedError, NotAllowedError, NotReadyError
from infohub.standards.tlp import Tlp
from infohub.web.member.forms import DraftForm, initial_of
from infohub.web.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its tick."""

    finding: Finding
    ticked: bool


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """An empty composer; the first thing posted makes the draft."""
    viewer = viewer_of(request)
    if not viewer.is_member:
        return render(request, "member/share_not_member.html", {"nav": "share"}, status=403)
    if request.method != "POST":
        form = DraftForm(viewer=viewer, initial=_first_choice(request, viewer))
        return _composer(request, form, item=None)
    form = DraftForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return _composer(request, form, item=None, status=422)
    item = start_draft(viewer, text=form.text, choice=form.choice)
    return _go_on(request, form, item)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, ref: str) -> HttpResponse:
    """A kept draft: shown, checked, shared. What was shared meanwhile (a double click, the back button) opens."""
    viewer = viewer_of(request)
    item = _own(viewer, ref)
    if item.state != ItemState.DRAFT:
        return redirect("items:item", ref=item.ref)
    if request.method != "POST":
        form = DraftForm(viewer=viewer, item=item, initial=initial_of(item))
        return _composer(request, form, item=item, checked="check" in request.GET)
    form = DraftForm(request.POST, viewer=viewer, item=item)
    if not form.is_valid():
        return _composer(request, form, item=item, status=422)
    try:
        item = save_draft(viewer, item=item, text=form.text, choice=form.choice)
    except NotAllowedError:
        return redirect("items:item", ref=item.ref)
    return _go_on(request, form, item)


@require_POST
def throw_away(request: HttpRequest, ref: str) -> HttpResponse:
    """Discard an own draft."""
    viewer = viewer_of(request)
    try:
        discard(viewer, item=_own(viewer, ref))
    except NotAllowedError:
        return redirect("items:item", ref=ref)
    messages.success(request, _("The draft is gone."))
    return redirect("member:home")


def _go_on(request: HttpRequest, form: DraftForm, item: Item) -> HttpResponse:
    """After the draft is safe: keep its files, then do what the button said."""
    viewer = viewer_of(request)
    for handle in request.POST.getlist("detach"):
        detach(viewer, item=item, handle=handle)
    try:
        for upload in request.FILES.getlist("files"):
            attach(viewer, item=item, name=upload.name or "file", chunks=upload.chunks())
    except FileRefusedError as refusal:
        form.add_error(None, str(refusal))
        return _composer(request, form, item=item, status=422)
    if len(form.matches) > 1:
        return _composer(request, form, item=item)
    if request.POST.get("do") == "share":
        return _share(request, form, item)
    if request.POST.get("do") == "check":
        return redirect(f"/member/share/{item.ref}/?check=1#reach")
    if request.POST.get("do") == "save":
        messages.success(request, _("The draft is kept on the server. Only you can see it."))
    return redirect("member:draft", ref=item.ref)


def _share(request: HttpRequest, form: DraftForm, item: Item) -> HttpResponse:
    try:
        item = publish(viewer_of(request), item=item, nonce=request.POST.get("nonce", ""))
    except ChangedSinceCheckError:
        messages.warning(request, _("The piece or its audience changed since you checked. Look again, then share."))
        return redirect(f"/member/share/{item.ref}/?check=1#reach")
    except NotReadyError as missing:
        form.add_error(missing.field if missing.field in form.fields else None, str(missing))
        return _composer(request, form, item=item, status=422)
    except RefusedError as refusal:
        form.add_error("tlp", str(refusal))
        return _composer(request, form, item=item, status=422)
    if item.state == ItemState.SUBMITTED:
        messages.success(request, _("Handed in. A moderator looks at it before its readers get it."))
    else:
        messages.success(
            request, _("Shared. E-mail and machines get it in two minutes, unless you withdraw it before.")
        )
    return redirect("items:item", ref=item.ref)


def _composer(
    request: HttpRequest, form: DraftForm, *, item: Item | None, checked: bool = False, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    outcome, refusal = _checked(viewer, item) if checked and item else (None, "")
    found = findings_of(item) if item else []
    declined = set(item.choice.get("declined", [])) if item else set()
    context = {
        "nav": "share",
        "form": form,
        "item": item,
        "levels": [(level, _meaning(level)) for level in Tlp],
        "files": list(item.attachments.readable(viewer)) if item else [],
        "found": [Found(finding, finding.value not in declined) for finding in found],
        "check": outcome,
        "refusal": refusal,
        "matches": form.matches if len(form.matches) > 1 else [],
    }
    return render(request, "member/share.html", context, status=status)


def _checked(viewer: Viewer, item: Item) -> tuple[Check | None, str]:
    try:
        return check(viewer, item=item), ""
    except (NotReadyError, RefusedError) as problem:
        return None, str(problem)


def _own(viewer: Viewer, ref: str) -> Item:
    """The viewer's own piece; anybody else's does not exist here."""
    item = Item.objects.readable(viewer).select_related("label", "author").filter(ref=ref).first()
    if item is None or not item.label.written_by(viewer):
        raise Http404
    return item


def _first_choice(request: HttpRequest, viewer: Viewer) -> dict[str, object]:
    """The narrowest plausible start: one's colleagues, and the group one came from."""
    language = get_language() or "en"
    group = Group.objects.filter(pk__in=viewer.groups, ref=request.GET.get("group", "")).first()
    level = Tlp(group.default_tlp) if group else Tlp.AMBER
    return {
        "kind": request.GET.get("kind", "alert"),
        "language": language,
        "tlp": level.word,
        "colleagues": True,
        "groups": [str(group.pk)] if group else [],
    }


def _meaning(level: Tlp) -> str:
    return {
        Tlp.CLEAR: _("anyone, once it is released to the public zone"),
        Tlp.GREEN: _("all members and their communities"),
        Tlp.AMBER: _("recipients, their organisations, clients who need it"),
        Tlp.AMBER_STRICT: _("recipients and their organisations only"),
        Tlp.RED: _("named people only"),
    }[level]
