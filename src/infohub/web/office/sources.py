"""Sources outside: how they are, what each pull did, and what waits for a decision about its marking."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infohub.intel import actions
from infohub.intel.actions import SourceError
from infohub.intel.models import Quarantined, Source, SourceRun
from infohub.intel.pulls import in_words
from infohub.intel.trying import Trial, try_source
from infohub.policy import offices
from infohub.standards.tlp import Tlp
from infohub.support.tables import lines
from infohub.web.accounts.doors import fresh, fresh_to_act, typed
from infohub.web.lists import paged
from infohub.web.office.doors import open_to
from infohub.web.office.source_form import SourceForm
from infohub.web.reasons import rows_of, told
from infohub.web.typed import line
from infohub.web.viewer import viewer_of

COLUMNS = ("what", "outcome", "where", "why", "found")
TRIED = 30  # lines of a trial
MARKINGS = 50  # shown at once; the next ones come when these are decided


@require_safe
@open_to(offices.steers)
def sources(request: HttpRequest) -> HttpResponse:
    """All sources and how they are."""
    rows, newer, older = paged(request, Source.objects.listed())
    shown = [(row, in_words(row.problem)) for row in rows]
    return render(request, "office/sources.html", {"nav": "sources", "rows": shown, "newer": newer, "older": older})


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh
def add(request: HttpRequest) -> HttpResponse:
    """Add a source, or try it first."""
    return _filled_in(request, SourceForm(typed(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh
def change(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Change a source, or try it as it would be then."""
    return _filled_in(request, SourceForm(typed(request), source=_source(handle)))


@require_safe
@open_to(offices.steers)
def source(request: HttpRequest, handle: UUID) -> HttpResponse:
    """One source with its runs and what waits."""
    row = _source(handle)
    runs, newer, older = paged(request, SourceRun.objects.of(row))
    waiting = list(Quarantined.objects.by_marking(row)[:MARKINGS])
    names = row.names_of([*(str(one["marking"]) for one in waiting), *row.markings])
    context = {
        "nav": "sources",
        "source": row,
        "problem": in_words(row.problem),
        "runs": [(one, in_words(one.problem)) for one in runs],
        "newer": newer,
        "older": older,
        "waiting": [(one["marking"], names.get(str(one["marking"]), ""), one["number"]) for one in waiting],
        "decided": [(ref, names.get(ref, ""), level) for ref, level in sorted(row.levels.items())],
        "levels": list(Tlp),
    }
    return render(request, "office/source.html", context)


@require_POST
@open_to(offices.steers)
def act(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Pause, resume, or pull at the worker's next turn."""
    row, viewer = _source(handle), viewer_of(request)
    if request.POST.get("do") == "pause":
        actions.pause_source(viewer, source=row)
        messages.success(request, _("Paused. Nothing is pulled until you resume it."))
    elif request.POST.get("do") == "resume":
        actions.resume_source(viewer, source=row)
        messages.success(request, _("Resumed. It is pulled at once."))
    else:
        actions.pull_now(viewer, source=row)
        messages.success(request, _("The worker pulls it at its next turn, within seconds."))
    return redirect("office:source", handle=handle)


@require_POST
@open_to(offices.steers)
@fresh
def accept(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Take the little that is left of what a source had."""
    actions.accept_shrunk(viewer_of(request), source=_source(handle))
    messages.success(request, _("It is pulled at once, and taken as it is."))
    return redirect("office:source", handle=handle)


@require_POST
@open_to(offices.steers)
@fresh
def marking(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Say what a marking means, throw away what carries it, or ask again from now on."""
    row, viewer, ref = _source(handle), viewer_of(request), line(request, "marking")
    if request.POST.get("do") == "forget":
        actions.forget_marking(viewer, source=row, marking=ref)
        messages.success(request, _("The next objects with this marking wait for a decision again."))
        return redirect("office:source", handle=handle)
    if not Quarantined.objects.filter(source=row, marking=ref).exists():  # decided already, perhaps by a second click
        return redirect("office:source", handle=handle)
    if request.POST.get("do") == "drop":
        dropped = actions.drop_held(viewer, source=row, marking=ref)
        words = ngettext("%(n)d object is thrown away.", "%(n)d objects are thrown away.", dropped)
        messages.success(request, words % {"n": dropped})
        return redirect("office:source", handle=handle)
    level = {str(one.value): one for one in Tlp}.get(request.POST.get("tlp", ""))
    if level is None:
        messages.warning(request, _("Choose what the marking means first."))
    else:
        entered = actions.decide_marking(viewer, source=row, marking=ref, tlp=level)
        words = ngettext("%(n)d object entered the collection.", "%(n)d objects entered the collection.", entered)
        messages.success(request, words % {"n": entered})
    return redirect("office:source", handle=handle)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh_to_act
def remove(request: HttpRequest, handle: UUID) -> HttpResponse:
    """Remove a source, once it is said what becomes of its objects."""
    row = _source(handle)
    choice = request.POST.get("objects", "")
    if request.method == "POST" and choice in {"keep", "take_out"}:
        actions.remove_source(viewer_of(request), source=row, take_out_objects=choice == "take_out")
        messages.success(request, _("“%(name)s” is removed.") % {"name": row.name})
        return redirect("office:sources")
    asked = request.method == "POST"
    context = {"nav": "sources", "source": row, "unsaid": asked}
    return render(request, "office/source_remove.html", context, status=422 if asked else 200)


@require_safe
@open_to(offices.steers)
def run(request: HttpRequest, handle: UUID, pk: int) -> HttpResponse:
    """One run with everything that was changed or refused."""
    row = _run(handle, pk)
    context = {
        "nav": "sources",
        "source": row.source,
        "run": row,
        "lines": told(row.told),
        "problem": in_words(row.problem),
    }
    return render(request, "office/source_run.html", context)


@require_safe
@open_to(offices.steers)
def losses(_request: HttpRequest, handle: UUID, pk: int) -> HttpResponse:
    """The same as a table."""
    table = "".join(lines([COLUMNS, *rows_of(_run(handle, pk).told)]))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="losses.csv"'
    return response


def _filled_in(request: HttpRequest, form: SourceForm) -> HttpResponse:
    """Do what the button says with what was typed; a trial shows the form again with what would come."""
    context: dict[str, object] = {"nav": "sources", "form": form, "source": form.source}
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            if request.POST.get("do") != "try":
                return redirect("office:source", handle=_saved(request, form).uuid)
            trial = _trial(request, form)
            run = trial.run
            context |= {"trial": trial, "run": run, "lines": told(run.told[:TRIED]), "problem": in_words(trial.problem)}
            status = 200
        except SourceError as refusal:
            form.add_error(None, str(refusal))
    return render(request, "office/source_form.html", context, status=status)


def _saved(request: HttpRequest, form: SourceForm) -> Source:
    viewer, given = viewer_of(request), form.cleaned_data
    if form.source is not None:
        made = actions.change_source(viewer, source=form.source, terms=form.terms)
        messages.success(request, _("The source is changed. It is pulled at once."))
        return made
    made = actions.add_source(viewer, uuid=given["handle"], kind=given["kind"], collection=form.place, terms=form.terms)
    messages.success(request, _("The source is added. It is pulled at once."))
    return made


def _trial(request: HttpRequest, form: SourceForm) -> Trial:
    given = form.cleaned_data
    uuid = form.source.uuid if form.source else given["handle"]
    return try_source(viewer_of(request), uuid=uuid, kind=given["kind"], collection=form.place, terms=form.terms)


def _source(handle: UUID) -> Source:
    found = Source.objects.select_related("collection").filter(uuid=handle).first()
    if found is None:
        raise Http404
    return found


def _run(handle: UUID, pk: int) -> SourceRun:
    found = SourceRun.objects.select_related("source").filter(source__uuid=handle, pk=pk).first()
    if found is None:
        raise Http404
    return found
