"""The worker process: the list of its legs, and how it is told to stop."""

from __future__ import annotations

import signal
from functools import partial
from pathlib import Path
from threading import Event
from types import FrameType

from django.conf import settings

from infohub.audit.actions import seal_records
from infohub.delivery.tasks import send_due
from infohub.support.worker import Leg, Loop
from infohub.web.letters import write


def legs() -> list[Leg]:
    """Everything the worker does, in the order of its turns."""
    return [
        Leg("seal_records", seal_records),
        Leg("send_due", partial(send_due, write)),
    ]


def heartbeat() -> Path:
    """The file whose age says whether a worker is running here."""
    return Path(settings.DATA) / "worker.alive"


def work() -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first."""
    stop = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    Loop(legs(), heartbeat()).work(stop)
