"""Correcting a shared piece, and its revisions side by side."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from infohub.analysis.difference import difference
from infohub.sharing.actions import Text, revise
from infohub.sharing.actions.publishing import BODY_CHARACTERS, findings_of
from infohub.sharing.models import Item, ItemKind, ItemState, Revision, Suggestion
from infohub.sharing.refusals import NotAllowedError, NotReadyError, WrittenElsewhereError
from infohub.standards.tlp import Tlp
from infohub.web.items.door import readable_piece
from infohub.web.items.suggesting import suggestion_of
from infohub.web.lists import chosen_id
from infohub.web.member.forms import SEVERITIES
from infohub.web.typed import number
from infohub.web.viewer import viewer_of


class CorrectionForm(forms.Form):
    """New words for the same readers."""

    title = forms.CharField(label=_("Title"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices)
    severity = forms.ChoiceField(label=_("Severity"), choices=SEVERITIES)
    body = forms.CharField(
        label=_("What happened"), strip=False, max_length=BODY_CHARACTERS, widget=forms.Textarea(attrs={"rows": 16})
    )
    note = forms.CharField(
        label=_("What changed"), max_length=200, required=False, help_text=_("Readers see it in the history.")
    )
    quiet = forms.BooleanField(label=_("A small correction: tell nobody"), required=False)

    def text_of(self, piece: Item, posted: QueryDict) -> Text:
        """The piece with these words and ticks."""
        given = self.cleaned_data
        shown, ticked = posted.getlist("shown"), set(posted.getlist("indicator"))
        before = [value for value in piece.choice.get("declined", []) if value not in set(shown)]
        return Text(
            kind=given["kind"],
            title=given["title"],
            body=given["body"].replace("\r\n", "\n").replace("\x00", ""),
            language=piece.language,
            severity=int(given["severity"]),
            tlp=piece.marking,
            pap=None if piece.pap is None else Tlp(piece.pap),
            declined=(*before, *(value for value in shown if value not in ticked)),
            confirmed=tuple(ticked),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, ref: str) -> HttpResponse:
    """The form for whoever answers for the piece; for everybody else there is none."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    if piece.state != ItemState.PUBLISHED or not piece.label.answered_for_by(viewer):
        raise Http404
    suggested = suggestion_of(viewer, piece, chosen_id(request, "suggestion"))
    if request.method != "POST":
        return _form(request, piece, CorrectionForm(initial=_initial(piece, suggested)), suggested=suggested)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _form(request, piece, form, suggested=suggested, status=422)
    try:
        revise(
            viewer,
            item=piece,
            text=form.text_of(piece, request.POST),
            note=form.cleaned_data["note"],
            since=number(request, "since"),
            tell=not form.cleaned_data["quiet"],
            suggestion=suggested,
        )
    except NotReadyError as missing:
        form.add_error("body", str(missing))
        return _form(request, piece, form, suggested=suggested, status=422)
    except WrittenElsewhereError:
        return _form(request, piece, form, suggested=suggested, conflict=True, status=409)
    except NotAllowedError:
        raise Http404 from None
    messages.success(request, gettext("Corrected. The words before stay in the history."))
    return redirect("items:item", ref=piece.ref)


@require_safe
def revisions(request: HttpRequest, ref: str) -> HttpResponse:
    """One revision beside the one before it, word by word."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    wanted = request.GET.get("number", "")
    if piece.state != ItemState.PUBLISHED or piece.revision < 2:
        raise Http404
    chosen = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else piece.revision
    pair = {row.number: row for row in piece.revisions.filter(number__in=[chosen, chosen - 1])}
    if chosen not in pair:
        raise Http404
    return render(request, "items/revisions.html", _told(pair[chosen], pair.get(chosen - 1)) | _around(piece, chosen))


def _around(piece: Item, chosen: int) -> dict[str, object]:
    others = list(piece.revisions.defer("body").order_by("-number"))
    return {"nav": "feed", "item": piece, "level": piece.marking, "others": others, "chosen": chosen}


def _told(new: Revision, old: Revision | None) -> dict[str, object]:
    before_title, before = (old.title, old.body) if old else ("", "")
    return {"title": difference(before_title, new.title), "parts": difference(before, new.body), "old": old, "new": new}


def _initial(piece: Item, suggested: Suggestion | None) -> dict[str, object]:
    """The words that stand, or those that a reader suggests."""
    words = suggested or piece
    note = suggested.note if suggested else ""
    return {"title": words.title, "kind": piece.kind, "severity": piece.severity, "body": words.body, "note": note}


def _form(
    request: HttpRequest,
    piece: Item,
    form: CorrectionForm,
    *,
    suggested: Suggestion | None = None,
    conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    declined = set(piece.choice.get("declined", []))
    context = {
        "nav": "feed",
        "item": piece,
        "level": piece.marking,
        "form": form,
        "conflict": conflict,
        "suggested": suggested,
        "found": [(finding, finding.value not in declined) for finding in findings_of(piece)],
    }
    return render(request, "items/correct.html", context, status=status)
