"""Reads all entries that are due, with progress: after an upgrade, or with other sectors."""

from rich.progress import Progress

from infohub.assist.models import Reading
from infohub.assist.tasks import read_due, read_outdated


def read_all() -> tuple[int, int]:
    """Read until nothing is due; how many, and how many wait on, as a worker has them or they failed a moment ago.

    Each reading is durable by itself, so nothing is done twice.
    """
    read_outdated()
    done, waiting = 0, Reading.objects.unread().exclude(due_at=None)
    with Progress() as progress:
        task = progress.add_task("reading", total=waiting.count())
        while some := read_due():
            done += some
            progress.update(task, completed=done)
    return done, waiting.count()
