"""What I want to hear of: my rules, what each would have found, and the form that makes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from infohub.delivery.actions import RuleRefusedError, change_rule, drop_rule, make_rule, pause_rule, resume_rule
from infohub.delivery.models import Pace, Rule
from infohub.delivery.rules import Conditions, found_by, numbers_found
from infohub.policy.viewer import Viewer
from infohub.support.clock import now
from infohub.web.member.rule_form import RuleForm, of_address, of_rule
from infohub.web.rows import Row, rows_of
from infohub.web.viewer import viewer_of

DAYS, NEWEST = 30, 5


class Write(Protocol):
    """Makes a rule, or changes one."""

    def __call__(self, *, name: str, conditions: Conditions, pace: Pace) -> Rule: ...


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would have found: how much, and the newest of it."""

    number: int
    rows: list[Row]


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The viewer's rules, each with how much it would have found."""
    viewer = viewer_of(request)
    own = list(Rule.objects.filter(person=viewer.person).prefetch_related("sectors", "groups"))
    numbers = numbers_found(own, viewer, since=now() - timedelta(days=DAYS))
    rows = [(rule, numbers.get(rule.pk, 0)) for rule in own]
    return render(request, "member/rules.html", {"nav": "notices", "rules": rows, "days": DAYS})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new rule, begun with the filters of the list one comes from."""
    viewer = viewer_of(request)
    if request.method != "POST":
        return _form(request, RuleForm(None, viewer=viewer, initial=of_address(request)))
    form = RuleForm(request.POST, viewer=viewer)
    if _saved(request, form, partial(make_rule, viewer)):
        messages.success(request, _("The rule is made. It counts for what is shared from now on."))
        return redirect("member:rules")
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """A rule of the viewer's, to be changed."""
    viewer = viewer_of(request)
    own = Rule.objects.filter(person=viewer.person, pk=pk).first()
    if own is None:
        raise Http404
    if request.method != "POST":
        return _form(request, RuleForm(None, viewer=viewer, initial=of_rule(own, viewer)), own)
    form = RuleForm(request.POST, viewer=viewer)
    if _saved(request, form, partial(change_rule, viewer, number=pk)):
        messages.success(request, _("The rule is changed."))
        return redirect("member:rules")
    return _form(request, form, own)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the rule that is being written would have found."""
    viewer = viewer_of(request)
    form = RuleForm(request.POST, viewer=viewer)
    return render(request, "member/rule.html#found", {"preview": _preview(viewer, form), "days": DAYS})


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause, resume or delete a rule of the viewer's."""
    wanted = {
        "pause": (pause_rule, _("The rule is paused.")),
        "resume": (resume_rule, _("The rule runs again.")),
        "drop": (drop_rule, _("The rule is deleted.")),
    }.get(request.POST.get("do", ""))
    if wanted is None:
        raise Http404
    action, done = wanted
    try:
        action(viewer_of(request), number=pk)
    except Rule.DoesNotExist:
        raise Http404 from None
    messages.success(request, done)
    return redirect("member:rules")


def _saved(request: HttpRequest, form: RuleForm, write: Write) -> bool:
    """Whether the rule was to be saved, and is; else the form says why not."""
    if not form.is_valid() or request.POST.get("do") == "check":
        return False
    try:
        write(name=form.title, conditions=form.conditions, pace=form.wished_pace)
    except RuleRefusedError as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return False
    return True


def _preview(viewer: Viewer, form: RuleForm) -> Preview | None:
    """Nothing where nothing is asked, or it cannot be understood."""
    if (form.is_bound and not form.is_valid()) or not form.conditions.any:
        return None
    found = found_by(form.conditions, viewer, since=now() - timedelta(days=DAYS))
    return Preview(number=found.count(), rows=rows_of(found.carded().newest()[:NEWEST]))


def _form(request: HttpRequest, form: RuleForm, own: Rule | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    context = {
        "nav": "notices",
        "form": form,
        "rule": own,
        "lost": own is not None and own.groups.exclude(pk__in=viewer.groups).exists(),
        "preview": _preview(viewer, form),
        "days": DAYS,
        "left_out": not form.is_bound and ("tlp" in request.GET or "days" in request.GET),
    }
    return render(request, "member/rule.html", context, status=422 if form.errors else 200)
