"""What the delivery tests share: telling people of an entry, and running the worker's leg once."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from infohub.catalogue.models import Entry
from infohub.delivery.actions import announce
from infohub.delivery.models import Event, Notice
from infohub.delivery.tasks import send_due
from infohub.members.models import Person
from infohub.support.clock import now
from infohub.web.letters import write


def tell(
    entry: Entry, *people: Person, event: Event = Event.SHARED, because: str = "circle", in_seconds: int = -1
) -> list[Notice]:
    """Announce the entry to these people; the mail is due at once unless said otherwise."""
    due = now() + timedelta(seconds=in_seconds)
    ids: Iterable[int] = [person.pk for person in people]
    announce(entry, event=event, people=ids, key="1", reason={"because": because}, due_at=due)
    return list(Notice.objects.filter(entry=entry, event=event).order_by("pk"))


def send() -> int:
    """What the worker does: batch after batch until nothing is due."""
    done = 0
    while dealt_with := send_due(write):
        done += dealt_with
    return done


def files() -> list[Path]:
    """The mail in the mail folder."""
    return sorted(path for path in Path(settings.MAIL).glob("*") if path.is_file())
