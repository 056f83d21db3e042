"""Starting an instance: migrate, lay out static files, fill the demonstration, run the server and the worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from infohub.intel.actions import ensure_collections
from infohub.members.models import Organisation
from infohub.register.actions import first_operator

SERVER_THREADS = 8


def prepare() -> None:
    """Migrate both connections, make the cache table and collect static files; running it again changes nothing."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", database="cache", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    ensure_collections()


def serve() -> int:
    """Run server and worker as children until one ends or we are told to stop; both end together."""
    prepare()
    children = [subprocess.Popen(command, env=os.environ) for command in (_server(), _worker())]

    def stop(number: int, frame: FrameType | None) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _greet()
    os.wait()
    stop(signal.SIGTERM, None)
    return max(child.wait() for child in children)


def _server() -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "infohub.config.wsgi:application"),
        *("--host", os.environ.get("INFOHUB_HOST", "127.0.0.1"), "--port", str(settings.PORT)),
        *("--workers", "1", "--blocking-threads", str(SERVER_THREADS), "--workers-kill-timeout", "5"),
        *("--log-level", "warning", "--no-ws"),
    ]


def _worker() -> list[str]:
    return [sys.executable, "-m", "infohub.config.cli", "worker"]


def _greet() -> None:
    """Say where the instance answers and, while nobody runs it, how the first operator gets in."""
    sys.stdout.write(f"Infohub answers at {settings.BASE_URL}\n")
    if not Organisation.objects.exists() or not settings.DEMO:
        path = first_operator()
        if path:
            sys.stdout.write(f"First operator, once: {settings.BASE_URL}{path}\n")
    sys.stdout.flush()
