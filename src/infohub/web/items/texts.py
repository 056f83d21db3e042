"""A piece in the reader's language: what is shown of it, where those words come from, and writing them."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from infohub.analysis.tokens import simplified, traditional
from infohub.sharing.actions import drop_text, put_text
from infohub.sharing.actions.publishing import BODY_CHARACTERS
from infohub.sharing.models import TITLE_CHARACTERS, Item, ItemState, ItemText, Origin
from infohub.sharing.refusals import NotAllowedError, NotReadyError
from infohub.web.items.door import readable_piece
from infohub.web.languages import LANGUAGES, Language, language_of
from infohub.web.viewer import viewer_of

CHINESE = {"zh-hant": ("zh-hans", traditional), "zh-hans": ("zh-hant", simplified)}
CONVERTED_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Shown:
    """The words on the page. `origin` is empty for the original; `stale` where the original was corrected since."""

    language: Language
    title: str
    body: str
    origin: str = ""
    stale: bool = False
    others: tuple[Language, ...] = ()


def shown_of(piece: Item, wanted: str) -> Shown:
    """The piece in the language asked for, else the reader's, else converted from the other Chinese, else as it is."""
    texts = {text.language: text for text in piece.texts.all()}
    there = {piece.language, *texts}
    language = wanted if wanted in there else get_language() or "en"
    others = tuple(one for one in LANGUAGES if one.code in there and one.code != language)
    if language in texts:
        text = texts[language]
        stale = text.revision < piece.revision
        return Shown(language_of(language), text.title, text.body, text.origin, stale=stale, others=others)
    converted = _converted(piece, texts, language)
    if language != piece.language and converted is not None:
        title, body = converted
        return Shown(language_of(language), title, body, Origin.CONVERTED, others=others)
    others = tuple(one for one in LANGUAGES if one.code in texts)
    return Shown(language_of(piece.language), piece.title, piece.body, others=others)


def _converted(piece: Item, texts: dict[str, ItemText], language: str) -> tuple[str, str] | None:
    """Title and text in this Chinese from the other one, where there is one and it is not too long to wait for."""
    source, convert = CHINESE.get(language, ("", simplified))
    words = piece if piece.language == source else texts.get(source)
    if words is None or len(words.body) > CONVERTED_CHARACTERS:
        return None
    return convert(words.title), convert(words.body)


class WordsForm(forms.Form):
    """Title and text in another language."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_CHARACTERS)
    body = forms.CharField(
        label=_("Text"),
        strip=False,
        max_length=BODY_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Markdown works."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, ref: str, language: str) -> HttpResponse:
    """The original beside the words of another language, for whoever answers for the piece."""
    viewer = viewer_of(request)
    piece = readable_piece(viewer, ref)
    known = language in {one.code for one in LANGUAGES} - {piece.language}
    if not known or piece.state != ItemState.PUBLISHED or not piece.label.answered_for_by(viewer):
        raise Http404
    texts = {text.language: text for text in piece.texts.all()}
    proposed = _proposed(piece, texts, language)
    form = WordsForm(request.POST if request.method == "POST" else None, initial=proposed)
    if request.POST.get("do") == "drop":
        drop_text(viewer, item=piece, language=language)
        messages.success(request, gettext("Taken away. Readers of this language get the original."))
        return redirect("items:item", ref=piece.ref)
    if form.is_valid():
        body = form.cleaned_data["body"].replace("\r\n", "\n").replace("\x00", "")
        untouched = language not in texts and proposed == {"title": form.cleaned_data["title"], "body": body}
        try:
            put_text(
                viewer,
                item=piece,
                language=language,
                title=form.cleaned_data["title"],
                body=body,
                origin=Origin.CONVERTED if untouched else Origin.HUMAN,
            )
        except NotReadyError as missing:
            form.add_error(missing.field, str(missing))
        except NotAllowedError:
            raise Http404 from None
        else:
            messages.success(request, gettext("Saved. Readers of this language get these words."))
            return redirect(f"/items/{piece.ref}?language={language}")
    context = {
        "nav": "feed",
        "item": piece,
        "form": form,
        "language": language_of(language),
        "own": language_of(piece.language),
        "there": language in texts,
    }
    return render(request, "items/words.html", context, status=422 if form.is_bound else 200)


def _proposed(piece: Item, texts: dict[str, ItemText], language: str) -> dict[str, object]:
    """What stands there, else what a program makes of the other Chinese, else nothing."""
    text = texts.get(language)
    if text is not None:
        return {"title": text.title, "body": text.body}
    title, body = _converted(piece, texts, language) or ("", "")
    return {"title": title, "body": body}
