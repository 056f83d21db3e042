"""How I want to be told: in general, in quiet hours and for each of my groups; what I follow and mute."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infohub.catalogue.models import Entry
from infohub.delivery.actions import choose_pace, take_stance
from infohub.delivery.models import GroupPace, Pace, Preference, Stance
from infohub.members.models import Group, Person
from infohub.policy import offices
from infohub.web.accounts import letters
from infohub.web.viewer import viewer_of

HOURS = range(24)
TEST_EVERY = 60  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """One page with all choices; what was sent and is no choice of ours counts as the usual one."""
    viewer = viewer_of(request)
    groups = list(Group.objects.filter(pk__in=viewer.groups))
    if request.method == "POST":
        quiet = _quiet(request)
        choose_pace(
            viewer,
            pace=_pace(request, "pace") or Pace.AT_ONCE,
            digest_hour=_hour(request, "digest_hour", 18),
            quiet=quiet,
            groups={group.pk: pace for group in groups if (pace := _pace(request, f"group-{group.ref}"))},
        )
        messages.success(request, _("Your choice is saved."))
        return redirect("member:notice_settings")
    wished = dict(GroupPace.objects.filter(person=viewer.person).values_list("group_id", "pace"))
    context = {
        "nav": "notices",
        "wish": Preference.objects.filter(person=viewer.person).first() or Preference(),
        "paces": Pace.choices,
        "hours": [(hour, f"{hour:02d}:00") for hour in HOURS],
        "groups": [(group, wished.get(group.pk, "")) for group in groups],
    }
    return render(request, "member/notice_settings.html", context)


@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send the viewer a mail that says nothing but that mail arrives; once a minute is enough."""
    person = cast(Person, request.user)
    if cache.add(f"test-mail:{person.pk}", 1, TEST_EVERY):
        letters.test(person)
        messages.success(request, _("A test mail is on its way to %(address)s.") % {"address": person.email})
    else:
        messages.warning(request, _("A test mail left a moment ago. Look into your mail, also among unwanted mail."))
    return redirect("member:notice_settings")


@require_POST
def entry_stance(request: HttpRequest, ref: str) -> HttpResponse:
    """Follow or mute a piece, or neither."""
    viewer = viewer_of(request)
    entry = Entry.objects.readable(viewer).filter(ref=ref).first()
    if entry is None:
        raise Http404
    take_stance(viewer, entry=entry, stance=_stance(request))
    return redirect("items:item", ref=ref)


@require_POST
def group_stance(request: HttpRequest, ref: str) -> HttpResponse:
    """Follow or mute a group one sits in, or neither."""
    viewer = viewer_of(request)
    group = Group.objects.filter(pk__in=viewer.groups, ref=ref).first()
    if group is None:
        raise Http404
    try:
        take_stance(viewer, group=group, stance=_stance(request))
    except offices.NotAllowedError:
        raise Http404 from None
    return redirect("member:group", ref=ref)


def _stance(request: HttpRequest) -> Stance | None:
    sent = request.POST.get("stance", "")
    return Stance(sent) if sent in Stance.values else None


def _pace(request: HttpRequest, name: str) -> Pace | None:
    sent = request.POST.get(name, "")
    return Pace(sent) if sent in Pace.values else None


def _hour(request: HttpRequest, name: str, usual: int) -> int:
    sent = request.POST.get(name, "")
    return int(sent) if sent in {str(hour) for hour in HOURS} else usual


def _quiet(request: HttpRequest) -> tuple[int, int] | None:
    start, end = _hour(request, "quiet_from", -1), _hour(request, "quiet_to", -1)
    return (start, end) if request.POST.get("quiet") == "on" and start >= 0 and end >= 0 and start != end else None
