"""The first steps of somebody new: what they have shown to know, and putting the list away."""

from __future__ import annotations

from infohub.policy import offices
from infohub.policy.viewer import Viewer
from infohub.register.models import Welcome
from infohub.support.clock import now


def know_markings(viewer: Viewer) -> None:
    """The person answered the three cases rightly."""
    Welcome.objects.update_or_create(person_id=offices.demand_person(viewer), defaults={"knows_markings_at": now()})


def put_welcome_away(viewer: Viewer) -> None:
    """The person does not want to see the first steps any more."""
    Welcome.objects.update_or_create(person_id=offices.demand_person(viewer), defaults={"closed_at": now()})
