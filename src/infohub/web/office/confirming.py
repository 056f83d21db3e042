"""The second of two steps: what an act would end, a reason, and the button that does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from infohub.register.refusals import RegisterError
from infohub.web.office.forms import ReasonForm


@dataclass(frozen=True, slots=True)
class Step:
    """What the page asks: `changes` end at the next request, or begin if the step is not dangerous; `stays` stays."""

    title: str
    button: str
    back: str
    nav: str
    changes: Sequence[str]
    stays: Sequence[str] = ()
    dangerous: bool = True
    asks_reason: bool = True


def confirmed(request: HttpRequest, step: Step, act: Callable[[str], object]) -> HttpResponse | None:
    """Show the step; when it is confirmed, act, and give nothing."""
    form = ReasonForm(request.POST if request.method == "POST" else None, asks_reason=step.asks_reason)
    if form.is_valid():
        try:
            act(form.cleaned_data.get("reason", ""))
        except RegisterError as refusal:
            form.add_error(None, str(refusal))
        else:
            return None
    status = 422 if form.is_bound else 200
    return render(request, "office/confirm.html", {"nav": step.nav, "step": step, "form": form}, status=status)
