"""What members' decisions teach: asked for, looked at beside what is shipped, promoted, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infohub.analysis.sureness import ENOUGH
from infohub.assist.learning import NothingBetterError, go_back, learn, promote
from infohub.assist.models import Kept, Said, Tuning
from infohub.assist.readers import loaded
from infohub.policy import offices
from infohub.programme.quality import Labels
from infohub.web.accounts.doors import fresh
from infohub.web.office.confirming import Step, confirmed
from infohub.web.office.doors import open_to
from infohub.web.viewer import viewer_of


@dataclass(frozen=True, slots=True)
class Learnt:
    """A line of the table: of one kind both errors, shipped and learnt; without them `open` labels are too few."""

    kind: str
    open: int | None
    kept: Kept | None

    @property
    def has_enough(self) -> bool:
        return self.open is not None and self.open >= ENOUGH


@dataclass(frozen=True, slots=True)
class Learning:
    """What the page says of learning."""

    rows: list[Learnt]
    newest: Tuning | None
    in_force: Tuning | None
    version: str

    @property
    def has_enough(self) -> bool:
        return any(row.has_enough for row in self.rows)

    @property
    def waits(self) -> bool:
        return self.newest is not None and self.newest.made_at is None and self.newest.due_at is not None

    @property
    def failed(self) -> bool:
        return self.newest is not None and self.newest.made_at is None and not self.waits

    @property
    def candidate(self) -> Tuning | None:
        """What may be promoted: the newest, where it is better than what is shipped, and of these models."""
        one = self.newest
        return one if one and one.steps and one.version == self.version and not one.in_force else None

    @property
    def is_of_earlier_models(self) -> bool:
        return self.in_force is not None and self.in_force.version != self.version


def learning_of(kinds: Iterable[Labels]) -> Learning:
    """From the labels there are, as far as they may be told, and the tunings."""
    newest, in_force = Tuning.objects.newest(), Tuning.objects.filter(in_force=True).first()
    made: dict[str, Kept] = newest.kinds if newest else {}
    rows = [Learnt(str(kind.subject.label), kind.open, made.get(kind.subject.value)) for kind in kinds]
    return Learning(rows, newest, in_force, loaded().version)


@require_POST
@open_to(offices.steers)
def ask_to_learn(request: HttpRequest) -> HttpResponse:
    """Let the worker find out what the decisions teach; nothing changes by it."""
    learn(viewer_of(request))
    messages.success(request, _("It is being worked out. Nothing changes before somebody promotes it."))
    return redirect("office:quality")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(offices.steers)
@fresh
def promote_tuning(request: HttpRequest, pk: int) -> HttpResponse:
    """Let what was learnt count, after a look at what that means."""
    tuning = Tuning.objects.filter(pk=pk).exclude(made_at=None).first()
    if tuning is None:
        raise Http404
    kinds = ", ".join(str(Said(subject).label) for subject in tuning.steps)
    step = Step(
        title=_("Promote what was learnt"),
        button=_("Promote"),
        back=reverse("office:quality"),
        nav="quality",
        changes=[
            _("suggestions of these kinds are called as sure as members' decisions show: %(kinds)s") % {"kinds": kinds}
        ],
        stays=[_("What is suggested stays, and so does what people decided. One press leads back to what is shipped.")],
        dangerous=False,
        asks_reason=False,
    )
    try:
        page = confirmed(request, step, lambda _reason: promote(viewer_of(request), tuning=tuning))
    except NothingBetterError:
        messages.error(
            request, _("There is nothing to promote: it is no better than what is shipped, or of earlier models.")
        )
        return redirect("office:quality")
    if page is None:
        messages.success(request, _("It counts from now on."))
        return redirect("office:quality")
    return page


@require_POST
@open_to(offices.steers)
def back_to_shipped(request: HttpRequest) -> HttpResponse:
    """Let the shipped models' own confidence count again, at once."""
    if go_back(viewer_of(request)):
        messages.success(request, _("What is shipped counts again."))
    return redirect("office:quality")
