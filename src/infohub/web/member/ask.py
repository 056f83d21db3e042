"""Ask the hub: a question answered by sentences of pieces that its reader may read, each with its source."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from infohub.analysis.asking import Passage
from infohub.analysis.rank.answering import answers
from infohub.assist import outside
from infohub.assist.outside import Marked
from infohub.catalogue.models import Entry
from infohub.catalogue.search import nearest
from infohub.policy.viewer import Viewer
from infohub.web.viewer import viewer_of

QUESTION_CHARACTERS = 1000
PIECES = 20


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of a piece."""

    entry: Entry
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a model wrote, with the quotes that bear it out."""

    text: str
    sources: tuple[Quoted, ...]


def ask(request: HttpRequest) -> HttpResponse:
    """The answer in sentences of pieces; where a model outside is set up, it is asked when the reader says so."""
    viewer, question = viewer_of(request), _question(request)
    quotes = _quotes(viewer, question) if question else []
    written = _written(question, quotes) if request.method == "POST" and quotes else None
    context = {
        "nav": "search",
        "question": question,
        "quotes": quotes,
        "written": written,
        "tried": written is not None,
        "model": outside.is_set_up() and bool(quotes),
    }
    return render(request, "member/ask.html", context)


def _question(request: HttpRequest) -> str:
    asked = request.POST.get("q", "") if request.method == "POST" else request.GET.get("q", "")
    return asked.replace("\x00", "").strip()[:QUESTION_CHARACTERS]


def _quotes(viewer: Viewer, question: str) -> list[Quoted]:
    """At most five sentences, the best first, of what the viewer may read."""
    ids = [entry.pk for entry in nearest(Entry.objects.readable(viewer), question, most=PIECES)]
    read = {entry.pk: entry for entry in Entry.objects.readable(viewer).filter(pk__in=ids).select_related("label")}
    entries = [read[number] for number in ids if number in read]
    texts = [f"{entry.summary}\n\n{entry.text}" for entry in entries]
    return [Quoted(entries[one.place], texts[one.place][one.start : one.end]) for one in answers(question, texts)]


def _written(question: str, quotes: list[Quoted]) -> list[Written]:
    """What the model outside makes of the quotes, if it may see all of them and answers."""
    marked = [Marked(Passage(one.entry.ref, one.text), one.entry.tlp) for one in quotes]
    said, _shown = outside.ask(question, marked)
    return [Written(one.text, tuple(quotes[place] for place in one.sources)) for one in said]
