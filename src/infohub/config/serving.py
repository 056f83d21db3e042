"""Starting an instance: migrate, lay out static files, fill the demonstration, run the server and the worker."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.core.management import call_command
from django.db import connections

from infohub.intel.actions import ensure_collections
from infohub.members.models import Organisation
from infohub.policy import rights
from infohub.policy.labelled import ease_planning
from infohub.programme.demonstration import programme_file
from infohub.programme.moving_in import move_in
from infohub.programme.sensing import fill_collections
from infohub.programme.showcase import fill_desk
from infohub.register.actions import first_operator
from infohub.register.machines import WATCHED
from infohub.register.second_step import present_code
from infohub.support.clock import now

DEMONSTRATION_PEOPLE = ("ann", "ben", "cara", "eve", "mori", "opal")
SERVER_THREADS = 8


def prepare() -> None:
    """Migrate both connections, make the cache table and lay out static files; running it again changes nothing."""
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    call_command("createcachetable", database="cache", verbosity=0)
    ease_planning()
    rights.watch(WATCHED)
    _lay_out_static_files()
    ensure_collections()


def _lay_out_static_files() -> None:
    """Collect and compress them, unless they are what was collected last time."""
    files = sorted(path for finder in get_finders() for path in _places(finder))
    present = hashlib.sha256(repr([settings.VERSION, files]).encode()).hexdigest()
    stamp = settings.DATA / "static.stamp"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == present:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(present, encoding="utf-8")


def _places(finder: BaseFinder) -> Iterator[tuple[str, int, int]]:
    for name, storage in finder.list([]):
        found = Path(storage.path(name)).stat()
        yield name, found.st_size, found.st_mtime_ns


def serve() -> int:
    """Run server and worker as children until one ends or we are told to stop; both end together.

    The demonstration comes in while the server answers already.
    """
    prepare()
    path = None if settings.DEMO else first_operator()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    children = [subprocess.Popen(command, env=os.environ) for command in (_server(), _worker())]  # noqa: S603  (ours)
    try:
        _greet(path)
        connections.close_all()
        os.wait()
    except SystemExit:
        _say("Stopping.")
    finally:
        for child in children:
            child.terminate()
    return max(child.wait() for child in children)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _greet(path: str | None) -> None:
    """Say where the instance answers, how the first operator gets in, and fill the demonstration."""
    _say(f"Infohub answers at {settings.BASE_URL}")
    if path:
        _say(f"First operator, once: {settings.BASE_URL}{path}")
    if settings.DEMO and not Organisation.objects.exists():
        _say("The demonstration programme is coming in; its pages fill within a minute.")
        _say(fill_demonstration())
    elif _under_way().exists():
        _say(fill_demonstration())


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _server() -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "infohub.config.wsgi:application"),
        *("--host", os.environ.get("INFOHUB_HOST", "127.0.0.1"), "--port", str(settings.PORT)),
        *("--workers", "1", "--blocking-threads", str(SERVER_THREADS), "--workers-kill-timeout", "5"),
        *("--log-level", "error", "--no-ws"),
    ]


def _worker() -> list[str]:
    return [sys.executable, "-m", "infohub.config.cli", "worker"]


def fill_demonstration() -> str:
    """Make the demonstration programme where nothing is yet; says how to sign in."""
    if _under_way().exists():
        return "The demonstration was stopped while it came in. Empty the data folder and start again."
    if Organisation.objects.exists():
        return "There is a programme here already: nothing was added."
    source = settings.DATA / "demo-programme.json"
    source.write_text(json.dumps(programme_file(now()), ensure_ascii=False), encoding="utf-8")
    outcome = move_in(source, out=_under_way(), demo_credentials=True)
    if outcome.status == 2:
        return outcome.problem
    fill_desk()
    fill_collections()
    _under_way().rename(_people_file())
    people = outcome.result.people
    lines = [f"  {people[name]['email']}" for name in DEMONSTRATION_PEOPLE if "email" in people.get(name, {})]
    password = next((facts["password"] for facts in people.values() if "password" in facts), "")
    command = os.path.relpath(Path(sys.executable).parent / "infohub")
    return "\n".join(
        [
            f"A demonstration programme with {len(outcome.result.items)} pieces is in; its people are invented.",
            *lines,
            f"Password of all of them: {password}",
            f"Second step: {command} code ADDRESS prints the present code.",
        ]
    )


def _under_way() -> Path:
    """The same while they are still coming in; it stays when that was interrupted."""
    return Path(settings.DATA / "demo-people.part.json")


def _people_file() -> Path:
    """How the demonstration's people sign in; it is there once everything is in."""
    return Path(settings.DATA / "demo-people.json")


def demonstration_code(email: str) -> str:
    """The present one-time code of an invented person, from the file the demonstration wrote."""
    path = _people_file()
    if not path.exists():
        return "Only on a demonstration."
    people = json.loads(path.read_text(encoding="utf-8"))["people"].values()
    secret = next((facts["totp_secret"] for facts in people if facts.get("email") == email), "")
    return present_code(secret) if secret else f"Nobody here signs in as {email}."
