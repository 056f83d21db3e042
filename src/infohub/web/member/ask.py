"""Ask the hub: a question answered by sentences of pieces that its reader may read, each with its source."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from infohub.analysis.asking import Passage
from infohub.analysis.rank.answering import answers
from infohub.assist import outside
from infohub.assist.outside import Marked
from infohub.catalogue.models import Entry
from infohub.catalogue.search import nearest
from infohub.policy.viewer import Viewer
from infohub.web.rows import rows_of
from infohub.web.viewer import viewer_of

QUESTION_CHARACTERS = 1000
WAIT = 5 * 60
"""Seconds after which one may ask the model again who asked it too often."""
PIECES = 20
LIKELY = 5
"""Pieces that are named where no sentence answers."""


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
    near = nearest(Entry.objects.readable(viewer), question, most=PIECES) if question else []
    quotes = _quotes(viewer, question, near)
    marked = [Marked(Passage(one.entry.ref, one.text), one.entry.tlp, one.entry.updated_at) for one in quotes]
    asks = request.method == "POST" and bool(quotes)
    limited = asks and outside.may_ask(marked) and not _counted(request, viewer)
    written = _written(question, quotes, marked) if asks and not limited else None
    context = {
        "nav": "search",
        "question": question,
        "quotes": quotes,
        "rows": [] if quotes else rows_of(near[:LIKELY]),
        "written": written,
        "tried": written is not None,
        "limited": limited,
        "model": outside.is_set_up() and bool(quotes),
    }
    answer = render(request, "member/ask.html", context, status=429 if limited else 200)
    if limited:
        answer["Retry-After"] = str(WAIT)
    return answer


def _counted(request: HttpRequest, viewer: Viewer) -> bool:
    """Whether this person may have the model asked once more: its answers cost money and the reader's words leave."""
    return bool(ratelimit.consume(request, action="outside_model", key=str(viewer.person)))


def _question(request: HttpRequest) -> str:
    asked = request.POST.get("q", "") if request.method == "POST" else request.GET.get("q", "")
    return asked.replace("\x00", "").strip()[:QUESTION_CHARACTERS]


def _quotes(viewer: Viewer, question: str, near: list[Entry]) -> list[Quoted]:
    """At most five sentences, the best first, of these pieces that the viewer may read."""
    ids = [entry.pk for entry in near]
    read = {entry.pk: entry for entry in Entry.objects.readable(viewer).filter(pk__in=ids).select_related("label")}
    entries = [read[number] for number in ids if number in read]
    texts = [f"{entry.summary}\n\n{entry.text}" for entry in entries]
    return [Quoted(entries[one.place], texts[one.place][one.start : one.end]) for one in answers(question, texts)]


def _written(question: str, quotes: list[Quoted], marked: list[Marked]) -> list[Written]:
    """What the model outside makes of the quotes, if it may see all of them and answers."""
    said, _shown = outside.ask(question, marked)
    return [Written(one.text, tuple(quotes[place] for place in one.sources)) for one in said]
