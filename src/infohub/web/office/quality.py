"""What the analysis is worth: figures of this version, what members made of its suggestions, and what is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from infohub.analysis.measured import Measured, shipped_figures
from infohub.analysis.sureness import ENOUGH
from infohub.assist.actions import read_all_anew
from infohub.assist.models import Reading, Said
from infohub.assist.tasks import version_here
from infohub.policy import offices
from infohub.programme.figures import FEWEST
from infohub.programme.quality import Labels, labels, months
from infohub.web.accounts.doors import fresh
from infohub.web.chart import Month, chart_of
from infohub.web.lists import Chip
from infohub.web.moments import month_in_words
from infohub.web.office.confirming import Step, confirmed
from infohub.web.office.doors import open_to
from infohub.web.office.learning import learning_of
from infohub.web.viewer import viewer_of

MEASURES = {
    ("tram-single", "micro_f1"): gettext_lazy("Techniques, one for a sentence (micro F1)"),
    ("tram-single", "macro_f1"): gettext_lazy("Techniques, one for a sentence (macro F1)"),
    ("tram-single", "hit3"): gettext_lazy("Techniques, the right one among the first three"),
    ("tram-multi", "doc_mean_f1"): gettext_lazy("Techniques of a whole report (mean F1)"),
    ("tram-multi", "micro_f1"): gettext_lazy("Techniques of any sentence (micro F1)"),
    ("procedures", "p1"): gettext_lazy("Newest year’s procedures, the first is right"),
    ("procedures", "r5"): gettext_lazy("Newest year’s procedures, among the first five"),
    ("names", "f1"): gettext_lazy("Names in reports (F1)"),
    ("names", "f1_MALWARE"): gettext_lazy("Names of malware (F1)"),
    ("indicators", "f1"): gettext_lazy("Indicators of advisories (F1)"),
    ("indicators", "p"): gettext_lazy("Indicators of advisories (precision)"),
    ("own-details", "r"): gettext_lazy("Own details flagged (recall)"),
    ("duplicates", "f1"): gettext_lazy("Near-duplicates (F1)"),
    ("duplicates", "lookup_p95_ms"): gettext_lazy("Twins among 100,000 pieces (95th percentile, ms)"),
    ("stories", "bcubed_f1"): gettext_lazy("Stories (B-cubed F1)"),
    ("search", "ndcg10_behaviour"): gettext_lazy("Search by behaviour (nDCG@10)"),
    ("search", "ndcg10_technique"): gettext_lazy("Search by name of a technique (nDCG@10)"),
    ("search", "ndcg10_entity"): gettext_lazy("Search by name of an actor or malware (nDCG@10)"),
    ("related", "ndcg10"): gettext_lazy("Related reports (nDCG@10)"),
    ("search-chinese", "r10"): gettext_lazy("Chinese search, both scripts (recall@10)"),
    ("speed", "p95_ms"): gettext_lazy("An advisory of 1,000 words (95th percentile, ms)"),
    ("speed", "memory_mb"): gettext_lazy("A worker that analyses (MB)"),
}
"""The measures that have a target, in the order of the table."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of the table of figures, in words; all but the name is empty where this version was not measured."""

    name: str
    value: str = ""
    interval: str = ""
    target: str = ""
    met: bool | None = None


@require_safe
@open_to(offices.steers)
def quality(request: HttpRequest) -> HttpResponse:
    """The figures, the decisions of one kind of finding month by month, the labels and the readings."""
    subject = _subject(request)
    told = months(subject)
    figures = [(month.first, month.decisions) for month in told]
    kinds, version = labels(), version_here()
    context = {
        "nav": "quality",
        "figures": list(_figures()),
        "filters": [Chip(f"?kind={one.value}", str(one.label), active=one is subject) for one in Said],
        "subject": subject.label,
        "chart": chart_of([Month(first, made.decided, made.accepted or 0) for first, made in figures]),
        "months": [(month_in_words(first), made) for first, made in reversed(figures)],
        "kinds": kinds,
        "decided": any(_anything(kind) for kind in kinds),
        "fewest": FEWEST,
        "learning": learning_of(kinds),
        "enough": ENOUGH,
        "readings": Reading.objects.progress(version),
        "version": version,
    }
    return render(request, "office/quality.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh
def read_anew(request: HttpRequest) -> HttpResponse:
    """Let everything be read again, after a look at what that means."""
    step = Step(
        title=_("Read everything anew"),
        button=_("Read everything anew"),
        back=reverse("office:quality"),
        nav="quality",
        changes=[_("every piece is read again, the newest first; the worker does it beside its other work")],
        stays=[_("What people confirmed or rejected stays; what was only suggested is suggested anew.")],
        dangerous=False,
        asks_reason=False,
    )
    number: list[int] = []
    page = confirmed(request, step, lambda _reason: number.append(read_all_anew(viewer_of(request))))
    if page is not None:
        return page
    words = ngettext("%(n)d piece is read again.", "%(n)d pieces are read again.", number[0]) % {"n": number[0]}
    messages.success(request, words if number[0] else _("There is nothing to read."))
    return redirect("office:quality")


def _subject(request: HttpRequest) -> Said:
    asked = request.GET.get("kind", "")
    return Said(asked) if asked in Said.values else Said.TECHNIQUE


def _anything(kind: Labels) -> bool:
    return kind.decisions.decided != 0


def _figures() -> Iterator[FigureRow]:
    """Every measure that has a target, measured or not."""
    there = {(one.task, one.measure): one for one in shipped_figures()}
    for key, name in MEASURES.items():
        one = there.get(key)
        yield _row(str(name), one) if one else FigureRow(str(name))


def _row(name: str, one: Measured) -> FigureRow:
    interval = f"{_short(one.low)} – {_short(one.high)}"
    target = "–" if one.target is None else f"{'<' if one.below else '≥'} {_short(one.target)}"
    return FigureRow(name, _short(one.value), interval, target, one.met)


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) > 10 else f"{value:.4f}"
