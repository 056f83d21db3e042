"""What is done with one's own sessions and browsers: begin a visit, end it, trust a browser, end the trust."""

import secrets

from django.db import transaction

from infohub.audit.actions import record
from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.models import TrustedBrowser, Visit
from infohub.support.clock import now
from infohub.support.ids import keyed_digest


@transaction.atomic
def open_visit(viewer: Viewer, *, browser: str, system: str) -> Visit:
    """Begin a visit of the viewer; `arrive` records how. Visits that are over are forgotten."""
    person = offices.demand_person(viewer)
    Visit.objects.filter(person=person).exclude(pk__in=Visit.objects.running()).delete()
    at = now()
    return Visit.objects.create(person_id=person, browser=browser, system=system, started=at, seen_at=at)


@transaction.atomic
def note_visit(viewer: Viewer, *, visit: int) -> None:
    """The visit goes on: the list of sessions says when it was last seen."""
    Visit.objects.running().filter(person=viewer.person, pk=visit).update(seen_at=now())


@transaction.atomic
def end_visit(viewer: Viewer, *, visit: Visit) -> None:
    """End one of one's own sessions."""
    offices.demand_own(viewer, visit.person_id)
    if Visit.objects.filter(pk=visit.pk).end():
        record(
            viewer,
            "ended_session",
            f"person:{visit.person_id}",
            detail={"browser": visit.browser, "system": visit.system},
        )


@transaction.atomic
def end_other_visits(viewer: Viewer, *, kept: int) -> int:
    """End all of one's own sessions but one; how many there were."""
    person = offices.demand_person(viewer)
    ended = Visit.objects.filter(person=person).exclude(pk=kept).end()
    if ended:
        record(viewer, "ended_sessions", f"person:{person}", detail={"number": ended})
    return ended


@transaction.atomic
def trust_browser(viewer: Viewer, *, browser: str, system: str) -> str:
    """The secret of a browser the viewer trusts; only its keyed digest is kept."""
    person = offices.demand_person(viewer)
    secret = secrets.token_urlsafe(32)
    TrustedBrowser.objects.create(
        person_id=person, browser=browser, system=system, started=now(), digest=keyed_digest(secret)
    )
    record(viewer, "trusted_browser", f"person:{person}", detail={"browser": browser, "system": system})
    return secret


@transaction.atomic
def end_trust(viewer: Viewer, *, trusted: TrustedBrowser) -> None:
    """Let a browser show the second step again."""
    offices.demand_own(viewer, trusted.person_id)
    if TrustedBrowser.objects.filter(pk=trusted.pk).end():
        record(
            viewer,
            "ended_trust",
            f"person:{trusted.person_id}",
            detail={"browser": trusted.browser, "system": trusted.system},
        )
