"""The worker process: the list of its legs, and how it is told to stop."""

from __future__ import annotations

import signal
from functools import partial
from threading import Event
from types import FrameType

from infohub.assist.tasks import learn_due, read_due, read_outdated
from infohub.audit.actions import seal_records
from infohub.delivery.digests import send_digests
from infohub.delivery.tasks import send_due
from infohub.intel.actions import forget_calls, forget_runs, spread
from infohub.intel.sending import push_due
from infohub.intel.tasks import forget_submissions, place_due, pull_sources
from infohub.policy import rights
from infohub.sharing.actions import forget_seals
from infohub.support.clock import now
from infohub.support.worker import Leg, Loop, heartbeat_file
from infohub.web.letters import write, write_digest


def legs() -> list[Leg]:
    """Everything the worker does, in the order of its turns."""
    return [
        Leg("seal_records", seal_records),
        Leg("send_due", partial(send_due, write)),
        Leg("send_digests", partial(send_digests, write_digest)),
        Leg("forget_seals", forget_seals, every=3600.0),
        Leg("sum_up_rights", rights.sum_up, every=3600.0),
        Leg("forget_calls", lambda: forget_calls(now()), every=60.0),
        Leg("place_due", lambda: place_due(now())),
        Leg("spread", spread, every=2.0),
        Leg("forget_submissions", lambda: forget_submissions(now()), every=3600.0),
        Leg("pull_sources", pull_sources, every=5.0),
        Leg("push_due", push_due, every=5.0),
        Leg("read_due", read_due),
        Leg("read_outdated", read_outdated, every=3600.0),
        Leg("learn_due", learn_due, every=2.0),
        Leg("forget_runs", forget_runs, every=3600.0),
    ]


def work() -> None:
    """Work until SIGTERM or SIGINT; what is under way is finished first."""
    stop = Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    Loop(legs(), heartbeat_file()).work(stop)
