"""The queues of the worker: what is late, what fails, what was given up, and whether anybody works."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from infohub.assist.models import Reading
from infohub.audit.models import Record
from infohub.audit.verify import LATE
from infohub.delivery.actions import retry_dead
from infohub.delivery.models import Digest, Mail, Notice
from infohub.intel.actions import due
from infohub.intel.models import Push, Source, Waiting
from infohub.policy import offices
from infohub.support.clock import now
from infohub.support.worker import ALIVE_FOR, heartbeat_file, last_beat
from infohub.web.lists import asked, paged
from infohub.web.office.doors import open_to
from infohub.web.viewer import viewer_of

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue by numbers; nothing where its rows cannot fail by themselves."""

    name: str
    what: str
    late: int
    waiting: int
    failing: int | None = None
    dead: int | None = None


@require_safe
@open_to(offices.operates)
def jobs(request: HttpRequest) -> HttpResponse:
    """The queues by number, and the letters that fail; never what a letter says."""
    at = now()
    beat = last_beat(heartbeat_file())
    context = {
        "nav": "jobs",
        "queues": _queues(at),
        "beat": beat,
        "alive": is_alive(beat, at),
        "filed": _filed(),
        "dead": [*_first(Digest.objects.dead().order_by("-pk")), *_first(Notice.objects.dead().order_by("-pk"))],
        "failing": [*_first(Digest.objects.failing()), *_first(Notice.objects.failing())],
    }
    return render(request, "office/jobs.html", context)


@require_safe
@open_to(offices.operates)
def mail_log(request: HttpRequest) -> HttpResponse:
    """What became of every mail: whom it was for, what it told of, and whether it left; never what it says."""
    words = asked(request, "q")
    page, newer, older = paged(request, Notice.objects.log(words))
    context = {"nav": "jobs", "rows": page, "newer": newer, "older": older, "words": words}
    return render(request, "office/mail_log.html", context)


@require_POST
@open_to(offices.operates)
def retry(request: HttpRequest) -> HttpResponse:
    """Try every letter that was given up once more."""
    number = retry_dead(viewer_of(request))
    words = ngettext("%(n)d letter is tried again.", "%(n)d letters are tried again.", number)
    messages.success(request, words % {"n": number} if number else _("Nothing was given up."))
    return redirect("office:jobs")


def _queues(at: datetime) -> list[Queue]:
    waiting = Waiting.objects.filter(due_at__gt=at).count()
    unsealed = Record.objects.unsealed()
    late = unsealed.filter(at__lt=at - LATE).count()
    return [
        Queue(_("Letters"), _("notices by e-mail"), **Notice.objects.queue_figures(at)),
        Queue(_("Digests"), _("one e-mail a day"), **Digest.objects.queue_figures(at)),
        Queue(_("Placements"), _("objects for machines"), late=due(at), waiting=waiting),
        Queue(_("Readings"), _("what analysis is to read"), **Reading.objects.queue_figures(at)),
        Queue(_("Sources"), _("pulled from outside"), **Source.objects.queue_figures(at), dead=0),
        Queue(_("Sent to peers"), _("to collections of other programmes"), **Push.objects.queue_figures(at), dead=0),
        Queue(_("Records"), _("to be sealed into the chain"), late=late, waiting=unsealed.count() - late),
    ]


def _first(letters: QuerySet[Mail]) -> list[Mail]:
    return list(letters.select_related("person")[:SHOWN])


def is_alive(beat: datetime | None, at: datetime) -> bool:
    """Whether a worker showed a sign of life lately."""
    return beat is not None and at - beat < timedelta(seconds=ALIVE_FOR)


def _filed() -> int | None:
    """How many letters lie in the mail folder; nothing where a mail server takes them."""
    if settings.EMAIL_URL:
        return None
    folder = Path(settings.MAIL)
    if not folder.exists():
        return 0
    with os.scandir(folder) as entries:
        return sum(entry.name.endswith(".eml") for entry in entries)
