"""A mail server on this machine: keeps what it is given, and refuses when a test says so."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from django.conf import LazySettings

from infohub.config import settings as product


class Postbox(socketserver.ThreadingTCPServer):
    """`letters` in the order they came; `answers` are given to the next DATA commands instead of taking the mail."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.unknown: set[str] = set()
        self.arrival = threading.Condition()

    @property
    def url(self) -> str:
        """The address for `INFOHUB_EMAIL_URL`."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def wait_for(self, count: int, seconds: float = 60) -> bool:
        """Wait until so many letters have come; whether they did."""
        with self.arrival:
            return self.arrival.wait_for(lambda: len(self.letters) >= count, seconds)

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to one address."""
        return [letter for letter in self.letters if letter["To"] == address]


class Counter(socketserver.StreamRequestHandler):
    """Speaks as much of RFC 5321 as a client of the standard library asks for."""

    server: Postbox

    def handle(self) -> None:
        """Answer one connection until it ends."""
        self._say("220 postbox")
        while line := self.rfile.readline().decode("ascii").strip():
            verb = line.partition(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._answer(verb, line)

    def _answer(self, verb: str, line: str) -> None:
        if verb == "DATA":
            self._take()
        elif verb == "RCPT" and any(address in line for address in self.server.unknown):
            self._say("550 no such person here")
        else:
            self._say("250 fine")

    def _take(self) -> None:
        if self.server.answers:
            self._say(self.server.answers.pop(0))
            return
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        letter = email.message_from_bytes(b"".join(lines), _class=EmailMessage, policy=email.policy.default)
        with self.server.arrival:
            self.server.letters.append(letter)
            self.server.arrival.notify_all()
        self._say("250 taken")

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def opened() -> Iterator[Postbox]:
    """A postbox that answers while the block runs."""
    with Postbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def postbox(settings: LazySettings) -> Iterator[Postbox]:
    """A postbox to which the product sends its mail in this test."""
    with opened() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        settings.EMAIL_TIMEOUT = product.EMAIL_TIMEOUT
        yield server
