"""The member's home: what needs attention first, then what is new."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from infohub.catalogue.models import Entry
from infohub.delivery.models import Notice
from infohub.policy import offices
from infohub.register.models import Joining
from infohub.releases.models import Proposal
from infohub.sharing.models import Item
from infohub.support.clock import now
from infohub.web.member.welcome import is_open
from infohub.web.rows import row_of, rows_of
from infohub.web.viewer import viewer_of

ATTENTION_DAYS = 14
NEWEST, DRAFTS = 10, 50


def home(request: HttpRequest) -> HttpResponse:
    """Critical pieces not yet acknowledged, own work that waits, reviews and consents asked of the viewer."""
    viewer = viewer_of(request)
    entries = Entry.objects.readable(viewer)
    since = now() - timedelta(days=ATTENTION_DAYS)
    urgent = entries.pressing(viewer.membership, since=since).carded().newest()[:5]
    newest = list(entries.carded().newest()[:NEWEST])
    drafts = list(Item.objects.readable(viewer).drafts_of(viewer).defer("body")[:DRAFTS])
    unread = Notice.objects.unread_of(viewer).filter(entry__in=newest)
    return render(
        request,
        "member/home.html",
        {
            "nav": "home",
            "welcome": is_open(viewer),
            "urgent": [(entry.ref, row_of(entry)) for entry in urgent],
            "returned": [draft for draft in drafts if draft.withdrawn_reason][:5],
            "drafts": [draft for draft in drafts if not draft.withdrawn_reason][:5],
            "waiting": list(Item.objects.readable(viewer).waiting().exclude(author=viewer.membership)[:5]),
            "joinings": list(Joining.objects.waiting().for_keeper(viewer)[:5]) if offices.keeps_groups(viewer) else [],
            "consents": list(Proposal.objects.readable(viewer).asking(viewer)[:5]),
            "rows": rows_of(newest, unread=frozenset(unread.values_list("entry_id", flat=True))),
            "week": entries.week_figures(since=now() - timedelta(days=7)),
        },
    )
