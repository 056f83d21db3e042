"""Fills an instance with an entry and many people to tell, for the tests of several workers."""

from datetime import timedelta

from django.db import transaction

from infohub.audit.actions import record
from infohub.delivery.actions import announce
from infohub.delivery.models import Event
from infohub.policy.viewer import NOBODY
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from tests import make

PROGRAM = "import django; django.setup(); from tests.delivery.crowd import fill; fill({})"


@transaction.atomic
def fill(count: int) -> None:
    """Make so many people and tell each of the same green entry, by mail at once; as many records."""
    bank = make.organisation("Bank")
    people = [make.person(f"P{number}", bank).pk for number in range(count)]
    entry = make.entry(make.label(Tlp.GREEN))
    announce(entry, event=Event.SHARED, people=people, key="1", reason={}, due_at=now() - timedelta(seconds=1))
    for person in people:
        record(NOBODY, "suppose", entry.ref, detail={"person": person})
