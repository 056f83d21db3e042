"""A host on this machine that answers as a test says, byte by byte, and remembers what it was asked."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event

Script = Callable[[socket.socket, "Host"], None]

OK = b"HTTP/1.1 200 OK\r\n"


@dataclass
class Host:
    """Its port, the requests that came to it as they came, and `over` once nobody waits for an answer any more."""

    port: int
    script: Script
    tls: ssl.SSLContext | None
    asked: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def url(self, path: str = "/", *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def serve(self, connection: socket.socket) -> None:
        """Read one request and answer it; a client that hangs up early is its own business."""
        with connection, suppress(OSError):
            speaking = self.tls.wrap_socket(connection, server_side=True) if self.tls else connection
            self.asked.append(_request(speaking))
            self.script(speaking, self)
            speaking.close()


def says(*answers: bytes) -> Script:
    """Give these answers, one to each request, the last one again and again."""

    def script(connection: socket.socket, host: Host) -> None:
        connection.sendall(answers[min(len(host.asked), len(answers)) - 1])

    return script


def whole(content: bytes, *headers: str) -> bytes:
    """A whole answer with this content."""
    told = "".join(f"{header}\r\n" for header in (f"Content-Length: {len(content)}", *headers))
    return OK + told.encode() + b"\r\n" + content


def to(location: str, status: int = 302) -> bytes:
    """A redirect, which would also like us to keep a cookie."""
    return (
        f"HTTP/1.1 {status} Over there\r\nLocation: {location}\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n".encode()
    )


@contextmanager
def hosting(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[Host]:
    """Listen until the test is over."""
    with ThreadPoolExecutor() as pool, socket.create_server(("127.0.0.1", 0)) as listening:
        host = Host(listening.getsockname()[1], script, tls)
        pool.submit(_accept, listening, host, pool)
        try:
            yield host
        finally:
            host.over.set()
            listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, host: Host, pool: ThreadPoolExecutor) -> None:
    with suppress(OSError):  # nobody listens any more
        while True:
            pool.submit(host.serve, listening.accept()[0])


def _request(connection: socket.socket) -> str:
    """Head and body of a request."""
    came = b""
    while b"\r\n\r\n" not in came and (more := connection.recv(65536)):
        came += more
    length = re.search(rb"(?i)content-length: ([0-9]+)", came)
    while length and len(came.partition(b"\r\n\r\n")[2]) < int(length[1]) and (more := connection.recv(65536)):
        came += more
    return came.decode()
