"""The composer: write, see who would read it, share. Works without JavaScript; the draft lives on the server."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infohub.assist.live import made_ready
from infohub.catalogue.models import Severity
from infohub.members.models import Group
from infohub.policy.rules import RefusedError
from infohub.policy.viewer import Viewer
from infohub.sharing.actions import Text, attach, detach, discard, open_mail, publish, save_draft, start_draft
from infohub.sharing.actions.drafts import version_of
from infohub.sharing.addressees import found_by
from infohub.sharing.models import TITLE_CHARACTERS, Attachment, Item, ItemKind, ItemState
from infohub.sharing.refusals import (
    ChangedSinceCheckError,
    FileRefusedError,
    NotAllowedError,
    NotReadyError,
    WrittenElsewhereError,
)
from infohub.standards.tlp import Tlp, demanded_by, tlp_from
from infohub.support.markdown import render as rendered
from infohub.web.lists import fragment
from infohub.web.member.card import with_offer
from infohub.web.member.composing import (
    SHOWN_CHARACTERS,
    Reading,
    checked,
    mail_in_words,
    marks_of,
    reading_of,
    without_invisible,
)
from infohub.web.member.forms import DraftForm, initial_of
from infohub.web.member.outlines import outline_of
from infohub.web.rows import foreign
from infohub.web.viewer import viewer_of

_HALF_TYPED = frozenset({"add", "leave_out"})
"""Fields with names that may be nobody's yet: the text is kept all the same."""


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """An empty composer; the first thing posted makes the draft, unless one was made while it was typed."""
    viewer = viewer_of(request)
    if not viewer.is_member:
        return render(request, "member/share_not_member.html", {"nav": "share"}, status=403)
    if request.method != "POST":
        return _composer(request, DraftForm(viewer=viewer, initial=_first_choice(request, viewer)), item=None)
    there = _of_this_window(request, viewer)
    if there is not None:
        return draft(request, there.ref)
    form = DraftForm(request.POST, viewer=viewer)
    if not form.is_valid():
        return _composer(request, form, item=None, status=422)
    text = _retouched(request, form)
    return _go_on(request, form, start_draft(viewer, text=text, choice=form.choice, stamp=form.stamp))


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, ref: str) -> HttpResponse:
    """A kept draft: shown, checked, shared. What was shared meanwhile (a double click, the back button) opens."""
    viewer = viewer_of(request)
    item = own_piece(viewer, ref)
    if item.state != ItemState.DRAFT:
        return redirect("items:item", ref=item.ref)
    if request.method != "POST":
        form = DraftForm(viewer=viewer, item=item, initial=initial_of(item))
        return _composer(request, form, item=item, check="check" in request.GET, preview="preview" in request.GET)
    form = DraftForm(request.POST, viewer=viewer, item=item)
    if not form.is_valid():
        return _composer(request, form, item=item, status=422)
    try:
        item = save_draft(viewer, item=item, text=_retouched(request, form), choice=form.choice, stamp=form.stamp)
    except NotAllowedError:
        return redirect("items:item", ref=item.ref)
    except WrittenElsewhereError:
        return _composer(request, form, item=item, conflict=True, status=409)
    return _go_on(request, form, item)


@require_POST
def live(request: HttpRequest, ref: str = "") -> HttpResponse:
    """What was typed so far, kept; gives back everything on the page that follows from it."""
    viewer = viewer_of(request)
    if not viewer.is_member:
        raise Http404
    item = own_piece(viewer, ref) if ref else _of_this_window(request, viewer)
    form = DraftForm(request.POST, viewer=viewer, item=item)
    if not form.is_valid() and not _HALF_TYPED.issuperset(form.errors):
        return HttpResponse(status=422)
    if not (form.text.body or form.text.title):
        return HttpResponse(status=204)
    try:
        item = _kept(viewer, form, item)
    except (NotAllowedError, WrittenElsewhereError):
        overtaken = item is not None and item.edited_in == form.stamp.window
        return HttpResponse(status=204 if overtaken else 409)  # the next button pressed shows both texts
    is_long = len(item.body) > SHOWN_CHARACTERS
    beside = {"item": item, "version": version_of(item)} if is_long else _beside(request, viewer, item, check=True)
    answer = render(request, f"member/share.html#{'kept' if is_long else 'live'}", beside | {"oob": True})
    answer["HX-Replace-Url"] = f"/member/share/{item.ref}/"
    return answer


@require_safe
def names(request: HttpRequest) -> HttpResponse:
    """Organisations and members whose name holds what is being typed, for the list below the field."""
    written = request.GET.get("add", "").replace("\x00", "").strip()
    matches = found_by(viewer_of(request), written) if len(written) > 1 else []
    return fragment("member/share.html#names", {"names": matches})


def _kept(viewer: Viewer, form: DraftForm, item: Item | None) -> Item:
    if item is None:
        return start_draft(viewer, text=form.text, choice=form.choice, stamp=form.stamp)
    return save_draft(viewer, item=item, text=form.text, choice=form.choice, stamp=form.stamp)


@require_POST
def throw_away(request: HttpRequest, ref: str) -> HttpResponse:
    """Discard an own draft."""
    viewer = viewer_of(request)
    try:
        discard(viewer, item=own_piece(viewer, ref))
    except NotAllowedError:
        return redirect("items:item", ref=ref)
    messages.success(request, _("The draft is gone."))
    return redirect("member:home")


def own_piece(viewer: Viewer, ref: str) -> Item:
    """The viewer's own piece; anybody else's does not exist here."""
    item = Item.objects.readable(viewer).select_related("label", "author").filter(ref=ref).first()
    if item is None or not item.label.written_by(viewer):
        raise Http404
    return item


def _of_this_window(request: HttpRequest, viewer: Viewer) -> Item | None:
    """The piece that this window began before, whatever became of it since."""
    window = request.POST.get("window", "")[:36]
    return Item.objects.readable(viewer).written_in(viewer, window).first() if window else None


def _retouched(request: HttpRequest, form: DraftForm) -> Text:
    """The text after what its button asks for: other words for a detail, an outline, a card, nothing invisible."""
    text, do = form.text, request.POST.get("do", "")
    written = request.POST.get("replace", "")
    if written:
        draft_as_typed = Item(title=text.title, body=text.body, language=text.language, choice={})
        own = reading_of(viewer_of(request), draft_as_typed).own
        return text.replaced(written, next((detail.instead for detail in own if detail.text == written), written))
    if do == "clean":
        return replace(text, title=without_invisible(text.title), body=without_invisible(text.body))
    if request.POST.get("use"):
        return _fitted(text, request.POST["use"])
    if do == "card":
        return with_offer(text, opening=request.POST.getlist("opening"), steps=request.POST.getlist("step"))
    if do == "outline" and not text.body.strip():
        return replace(text, body=outline_of(text.kind, text.language))
    return text


def _fitted(text: Text, suggestion: str) -> Text:
    """The text with the kind, the severity or the marking that was suggested; a marking only where it is stricter."""
    subject, _colon, value = suggestion.partition(":")
    if subject == "kind" and value in ItemKind.values:
        return replace(text, kind=value)
    marking = demanded_by(f"{text.title}\n{text.body}", above=text.tlp) if subject == "tlp" else None
    if marking is not None and marking == tlp_from(value):
        return replace(text, tlp=marking)
    level = next((one.value for one in Severity if one.name.lower() == value), None)
    return replace(text, severity=level) if subject == "severity" and level is not None else text


def _go_on(request: HttpRequest, form: DraftForm, item: Item) -> HttpResponse:
    """After the draft is safe: keep its files, then do what the button said."""
    do = request.POST.get("do")
    try:
        _keep_files(request, item)
    except FileRefusedError as refusal:
        form.add_error(None, str(refusal))
        return _composer(request, form, item=item, status=422)
    if len(form.matches) > 1:
        return _composer(request, form, item=item)
    if request.POST.get("open"):
        return _opened(request, form, item)
    if do == "share":
        return _share(request, form, item)
    if do in {"check", "preview"}:
        return redirect(f"/member/share/{item.ref}/?{do}=1#{'reach' if do == 'check' else 'preview'}")
    if do == "card":
        messages.success(request, _("The draft of the card stands in your text now. Check it, and change it there."))
    if do == "save":
        messages.success(request, _("The draft is kept on the server. Only you can see it."))
    return redirect("member:draft", ref=item.ref)


def _keep_files(request: HttpRequest, item: Item) -> None:
    """Take off the files that were ticked, and add those that came with the form."""
    viewer = viewer_of(request)
    for handle in request.POST.getlist("detach"):
        detach(viewer, item=item, handle=handle)
    for upload in request.FILES.getlist("files"):
        attach(viewer, item=item, name=upload.name or "file", chunks=upload.chunks())


def _opened(request: HttpRequest, form: DraftForm, item: Item) -> HttpResponse:
    """The words of an attached e-mail below what was typed, its subject where there is no title, its files beside."""
    viewer, text = viewer_of(request), form.text
    try:
        mail, refused = open_mail(viewer, item=item, handle=request.POST.get("open", ""))
    except (FileRefusedError, Attachment.DoesNotExist, ValidationError) as refusal:
        form.add_error(None, str(refusal) if isinstance(refusal, FileRefusedError) else _("This file is not there."))
        return _composer(request, form, item=item, status=422)
    body = f"{text.body.rstrip()}\n\n{mail.as_markdown}".strip()
    together = replace(text, title=text.title or mail.subject[:TITLE_CHARACTERS], body=body)
    save_draft(viewer, item=item, text=together, choice=form.choice)
    for words in refused:
        messages.warning(request, words)
    messages.success(request, _("The e-mail is open in your text. To whom it went was left out."))
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
    request: HttpRequest,
    form: DraftForm,
    *,
    item: Item | None,
    check: bool = False,
    preview: bool = False,
    conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    if item is None:
        made_ready()
    context = _beside(request, viewer, item, check=check) | {
        "nav": "share",
        "form": form,
        "levels": [(level, _meaning(level)) for level in Tlp],
        "seal_days": settings.SEAL_DAYS,
        "files": list(item.attachments.readable(viewer)) if item else [],
        "matches": form.matches if len(form.matches) > 1 else [],
        "conflict": conflict,
    }
    if item and preview:
        reading = context["reading"]
        marks = marks_of(item, reading) if isinstance(reading, Reading) else []
        context["preview"] = mark_safe(rendered(item.body[:SHOWN_CHARACTERS], marks))  # noqa: S308  (nh3 has cleaned it)
    return render(request, "member/share.html", context, status=status)


def _beside(request: HttpRequest, viewer: Viewer, item: Item | None, *, check: bool) -> dict[str, object]:
    """Everything beside the text that follows from it."""
    outcome, refusal = checked(viewer, item) if check and item else (None, "")
    return {
        "item": item,
        "reading": reading_of(viewer, item) if item else Reading(),
        "lang": foreign(item.language) if item else "",
        "check": outcome,
        "refusal": refusal,
        "mail_says": mail_in_words(item.marking) if item and item.tlp is not None else "",
        "version": version_of(item) if item else "",
        "window": request.POST.get("window", "")[:36] or str(uuid4()),
        "kept": item.choice.get("kept", []) if item else [],
    }


def _first_choice(request: HttpRequest, viewer: Viewer) -> dict[str, object]:
    """The narrowest plausible start: colleagues and the group one came from; of an incident room its people now."""
    language = get_language() or "en"
    group = Group.objects.filter(pk__in=viewer.groups, ref=request.GET.get("group", "")).first()
    level = Tlp(group.default_tlp) if group else Tlp.AMBER
    return {
        "kind": request.GET.get("kind", "alert"),
        "language": language,
        "tlp": level.word,
        "colleagues": True,
        "groups": [str(group.pk)] if group else [],
        "frozen": group is not None and group.kind == "incident",
    }


def _meaning(level: Tlp) -> str:
    return {
        Tlp.CLEAR: _("anyone, once it is released to the public zone"),
        Tlp.GREEN: _("all members and their communities"),
        Tlp.AMBER: _("recipients, their organisations, clients who need it"),
        Tlp.AMBER_STRICT: _("recipients and their organisations only"),
        Tlp.RED: _("named people only"),
    }[level]
