"""The one client for requests to other machines: a checked address, a total time, a counted answer, nothing extra.

No cookies, no proxies, no user names in addresses, no pool: a request is one connection to an address that was looked
up once and judged. `INFOHUB_OUTBOUND_ALLOW` names what may be reached although the rules below refuse it.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from types import MappingProxyType
from typing import Literal

import httpcore
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from infohub.standards.gzipped import TOO_LARGE, unpacked
from infohub.standards.problem import Problem
from infohub.standards.targets import USUAL_PORTS, Address, Target, covered, is_public, target_of

SECONDS, MOST_SECONDS = 10.0, 300.0
BYTES, MOST_BYTES = 5_000_000, 200_000_000
REDIRECTS = 3
MOST_TRIED = 4  # addresses of one host

Method = Literal["GET", "HEAD", "POST", "PUT", "DELETE"]

_SENT_ON, _SENT_ON_AS_IT_IS = frozenset({301, 302, 303, 307, 308}), frozenset({307, 308})
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
_VALUE = re.compile(r"[!-~](?:[ -~\t]{0,8190}[!-~])?|", re.ASCII)
_OURS = frozenset(
    {
        *("host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding", "cookie"),
        *("expect", "te", "trailer", "upgrade", "keep-alive", "proxy-authorization", "proxy-connection"),
    }
)


class Reason(models.TextChoices):
    """Why there is no answer. Only the office sees which: a stranger would learn what exists in our own network."""

    ADDRESS = "address", _("This is no web address that can be opened: https:// and a host, without a user name.")
    PLAIN = "plain", _("Without https:// only what INFOHUB_OUTBOUND_ALLOW names is opened.")
    PORT = "port", _("On this port only what INFOHUB_OUTBOUND_ALLOW names is opened.")
    PRIVATE = "private", _("The host is not in the public network, and INFOHUB_OUTBOUND_ALLOW does not name it.")
    UNKNOWN = "unknown", _("There is no host of this name.")
    UNREACHABLE = "unreachable", _("The host cannot be reached.")
    CERTIFICATE = "certificate", _("The host could not prove with a certificate that it is this one.")
    TIME = "time", _("The host did not answer in time.")
    LARGE = "large", _("The answer is larger than is read.")
    BROKEN = "broken", _("The answer broke off or was not HTTP.")
    PACKED = "packed", _("The answer is packed in a way that is not unpacked here.")
    REDIRECT = "redirect", _("The host sends on to another place; that is followed three times, within the same host.")
    HEADER = "header", _("A header of the request holds what no header may.")


class OutboundError(Exception):
    """There is no answer, and why; it names neither the address nor a header, which may hold a secret."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason.label)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: any final status; header names in small letters; the body unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    body: bytes | None = None,
    method: Method = "GET",
    limit: int = BYTES,
    seconds: float = SECONDS,
    accepts_304: bool = False,
) -> Answer:
    """Ask, follow within the same host, and give the answer whatever its status; OutboundError where there is none.

    `limit` counts the unpacked body, `seconds` everything from the look-up of the name to the last byte. A caller that
    sent `If-None-Match` accepts 304. A request with a body is only sent on where the host says: as it is (307, 308).
    """
    until = _Until(time.monotonic() + min(seconds, MOST_SECONDS))
    sent = _headers(headers)
    target = target_of(url)
    if target is None:
        raise OutboundError(Reason.ADDRESS)
    addresses = _addresses(target.host, until)
    for _turn in range(REDIRECTS + 1):
        _judge(target, addresses)
        request = _Request(target, addresses, method, sent, body, min(limit, MOST_BYTES), until)
        answer = request.answer()
        if answer.status not in _SENT_ON:
            if answer.status < 200 or (answer.status == 304 and not accepts_304):
                raise OutboundError(Reason.BROKEN)
            return answer
        target = _sent_on(target, answer, simple=method in {"GET", "HEAD"})
    raise OutboundError(Reason.REDIRECT)


def _judge(target: Target, addresses: Iterable[Address]) -> None:
    """Refuse the target unless each of its addresses may be reached: one of several would be chance, or a trick."""
    for address in addresses:
        if not covered(target, address, settings.OUTBOUND_ALLOW):
            if not is_public(address):
                raise OutboundError(Reason.PRIVATE)
            if target.port not in USUAL_PORTS:
                raise OutboundError(Reason.PORT)
            if not target.is_encrypted:
                raise OutboundError(Reason.PLAIN)


def _sent_on(target: Target, answer: Answer, *, simple: bool) -> Target:
    """Where the redirect leads: the same host and port, or from http to https there; so all headers may go along."""
    following = target.joined(answer.headers.get("location", ""))
    if following is None or not (simple or answer.status in _SENT_ON_AS_IT_IS):
        raise OutboundError(Reason.REDIRECT)
    same = (following.scheme, following.port) == (target.scheme, target.port)
    if following.host != target.host or not (same or (following.is_encrypted and not target.is_encrypted)):
        raise OutboundError(Reason.REDIRECT)
    return following


def _headers(given: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    own = {"User-Agent": "Infohub", "Accept-Encoding": "gzip", "Connection": "close"}
    for name, value in given.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value) or name.lower() in _OURS:
            raise OutboundError(Reason.HEADER)
    return [(name.encode(), value.encode()) for name, value in {**own, **given}.items()]


def _addresses(host: str, until: _Until) -> tuple[Address, ...]:
    """The addresses of a host; the system's look-up knows no time limit, hence the thread."""
    try:
        return (ip_address(host),)
    except ValueError:
        found: SimpleQueue[list[str]] = SimpleQueue()
    Thread(target=_look_up, args=(host, found), daemon=True).start()
    try:
        written = found.get(timeout=until.left())
    except Empty:
        raise OutboundError(Reason.TIME) from None
    if not written:
        raise OutboundError(Reason.UNKNOWN)
    return tuple(ip_address(one) for one in dict.fromkeys(written))


def _look_up(host: str, found: SimpleQueue[list[str]]) -> None:
    try:
        answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        answers = []
    found.put([str(place[0]) for *_kind, place in answers])


@dataclass(frozen=True, slots=True)
class _Until:
    """The moment at which everything must be done."""

    moment: float

    def left(self) -> float:
        """Seconds left; no operation waits longer than that."""
        left = self.moment - time.monotonic()
        if left <= 0:
            raise OutboundError(Reason.TIME)
        return left


@dataclass(frozen=True, slots=True)
class _Request:
    """One request on one connection of its own."""

    target: Target
    addresses: tuple[Address, ...]
    method: Method
    headers: list[tuple[bytes, bytes]]
    body: bytes | None
    limit: int
    until: _Until

    def answer(self) -> Answer:
        scheme, host = self.target.scheme.encode(), self.target.host.encode()
        url = httpcore.URL(scheme=scheme, host=host, port=self.target.port, target=self.target.path)
        backend = _Pinned(self.addresses, self.until)
        headers = [(b"Host", self.target.authority.encode()), *self.headers]
        try:
            with (
                httpcore.HTTPConnection(url.origin, _trusted(), network_backend=backend) as connection,
                connection.stream(self.method, url, headers=headers, content=self.body) as response,
            ):
                told = _told(response.headers)
                return Answer(response.status, told, self._content(told, response.iter_stream()))
        except httpcore.ProtocolError:
            raise OutboundError(Reason.BROKEN) from None

    def _content(self, told: Mapping[str, str], parts: Iterable[bytes]) -> bytes:
        packing = told.get("content-encoding", "identity").lower()
        if packing == "identity":
            return b"".join(self._counted(parts))
        if packing not in {"gzip", "x-gzip"}:
            raise OutboundError(Reason.PACKED)
        content = unpacked(self._counted(parts), most=self.limit)
        if isinstance(content, Problem):
            raise OutboundError(Reason.LARGE if content is TOO_LARGE else Reason.BROKEN)
        return content

    def _counted(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        total = 0
        for part in parts:
            total += len(part)
            if total > self.limit:
                raise OutboundError(Reason.LARGE)
            yield part


def _told(headers: Iterable[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Headers by name; one that came several times as one list (RFC 9110, section 5.3)."""
    told: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        told[name] = f"{told[name]}, {value}" if name in told else value
    return MappingProxyType(told)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """The authorities this machine trusts; an operator adds an own one to the system."""
    return ssl.create_default_context()


class _Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were judged, whatever name is asked for; HTTP and TLS go on using the name."""

    def __init__(self, addresses: tuple[Address, ...], until: _Until) -> None:
        self.addresses, self.until = addresses[:MOST_TRIED], until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        for turn, address in enumerate(self.addresses):
            share = self.until.left() / (len(self.addresses) - turn)
            try:
                return _Stream(socket.create_connection((str(address), port), share), self.until)
            except OSError:
                continue
        self.until.left()
        raise OutboundError(Reason.UNREACHABLE)


class _Stream(httpcore.NetworkStream):
    """A connection on which no single wait outlasts the time of the whole request."""

    def __init__(self, connection: socket.socket, until: _Until) -> None:
        self.connection, self.until = connection, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.connection.settimeout(self.until.left())
        try:
            return self.connection.recv(max_bytes)
        except TimeoutError:
            raise OutboundError(Reason.TIME) from None
        except OSError:
            raise OutboundError(Reason.BROKEN) from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            self.connection.settimeout(self.until.left())
            try:
                rest = rest[self.connection.send(rest) :]
            except TimeoutError:
                raise OutboundError(Reason.TIME) from None
            except OSError:  # a host may answer before it has read everything
                raise httpcore.WriteError from None

    def close(self) -> None:
        self.connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self.connection.settimeout(self.until.left())
        try:
            encrypted = ssl_context.wrap_socket(self.connection, server_hostname=server_hostname)
        except (OSError, OutboundError) as problem:
            self.connection.close()
            raise OutboundError(_why(problem)) from None
        return _Stream(encrypted, self.until)

    def get_extra_info(self, info: str) -> object:
        return None


def _why(problem: Exception) -> Reason:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return Reason.CERTIFICATE
    return Reason.TIME if isinstance(problem, TimeoutError) else Reason.BROKEN
