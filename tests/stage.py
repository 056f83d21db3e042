"""Runs a real instance for a test: server and worker as processes of their own, with their own data and database."""

import email
import email.policy
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

INFOHUB = Path(sys.executable).with_name("infohub")
READY_WITHIN, STOPPED_WITHIN = 60.0, 20.0
POSTGRES = os.environ.get("INFOHUB_DATABASE_URL", "")


class StageError(AssertionError):
    """The instance did not do what the test needs; the message ends with what it said."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Instance:
    """One installation: `start`, `kill` and `stop` its processes, `run` its commands, read its `letters`."""

    folder: Path
    database_url: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        """What server and worker wrote so far."""
        path = self.folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the test process's own settings reaches the instance."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("INFOHUB_", "PYTEST_"))}
        own = {"INFOHUB_DATA": str(self.folder / "data"), "INFOHUB_PORT": str(self.port), "PYTHONWARNINGS": "default"}
        if self.database_url:
            own["INFOHUB_DATABASE_URL"] = self.database_url
        return kept | own | self.settings

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `infohub` with these arguments to its end."""
        done = subprocess.run(
            [INFOHUB, *arguments], env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        if check and done.returncode:
            raise StageError(f"infohub {' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, *arguments: str) -> Self:
        """Start server and worker and wait until they are ready."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [INFOHUB, "up", *arguments], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until(self.is_ready, READY_WITHIN)
        return self

    def is_ready(self) -> bool:
        """Whether the instance says that it is ready."""
        try:
            with urllib.request.urlopen(f"{self.base_url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait_until(self, happened: Callable[[], bool], seconds: float = 20.0) -> None:
        """Ask again and again, in step with the running instance, until it happened; fail after so many seconds."""
        assert self.process is not None, "start the instance first"
        deadline = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > deadline:
                raise StageError(f"not within {seconds} seconds\n{self.log[-4000:]}")
            with suppress(subprocess.TimeoutExpired):
                code = self.process.wait(timeout=0.1)
                raise StageError(f"the instance ended with exit code {code}\n{self.log[-4000:]}")

    def kill(self) -> None:
        """End server and worker in the middle of whatever they do, as a power cut would."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """Ask server and worker to end, and give the exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            code = self.process.wait(timeout=STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise StageError(f"still there {STOPPED_WITHIN} seconds after SIGTERM\n{self.log[-4000:]}") from None
        self.kill()
        return code

    def letters(self, to: str = "") -> list[EmailMessage]:
        """The mail this instance sent, oldest first; with an address, only the mail to it."""
        read = [
            email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
            for path in sorted((self.folder / "data" / "mail").glob("*"))
            if path.is_file()
        ]
        return [letter for letter in read if to in str(letter["To"])]


def postgres(name: str, *, statement: str) -> str:
    """Run a statement about the database `name` on the PostgreSQL of this run; give the database's address."""
    parts = urlsplit(POSTGRES)
    server = psycopg.connect(
        host=unquote(parts.hostname or ""),
        port=parts.port,
        user=parts.username,
        password=parts.password,
        dbname=parts.path.lstrip("/"),
        autocommit=True,
    )
    with server:
        server.execute(statement.format(name).encode())
    return parts._replace(path=f"/{name}").geturl()


class Stage:
    """Makes instances and clears them away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.instances: list[Instance] = []

    def instance(self, **settings: str) -> Instance:
        """A new instance, not yet started; keyword arguments are settings without their prefix."""
        name = f"stage_{os.getpid()}_{free_port()}"
        folder = self.folder / name
        folder.mkdir(parents=True)
        url = postgres(name, statement='CREATE DATABASE "{}"') if POSTGRES else ""
        named = {f"INFOHUB_{key.upper()}": value for key, value in settings.items()}
        made = Instance(folder, url, named)
        self.instances.append(made)
        return made

    def clear(self) -> None:
        """End every process and delete every file and database."""
        for instance in self.instances:
            instance.kill()
            if instance.database_url:
                postgres(instance.folder.name, statement='DROP DATABASE "{}" WITH (FORCE)')
            shutil.rmtree(instance.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Where a module of tests makes its instances."""
    made = Stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.clear()


@pytest.fixture(scope="module")
def instance(stage: Stage) -> Instance:
    """A running, empty instance that a module of tests shares; mail and machines get everything at once."""
    return stage.instance(outbox_seconds="0").start()
