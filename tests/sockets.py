"""Closes the network: a test that reaches beyond this machine fails, with the address it wanted."""

import ipaddress
import socket
from collections.abc import Iterator, Sequence

import pytest

Address = tuple[str | int, ...] | str | bytes
Place = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
Found = tuple[socket.AddressFamily, socket.SocketKind, int, str, Place]

_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


class OutsideWorldError(RuntimeError):
    """A test tried to leave this machine."""


def demand_here(host: str | int | bytes | None) -> None:
    """Refuse a host that is not this machine."""
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        here = name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        here = False
    if not here:
        raise OutsideWorldError(f"tests stay on this machine, but one wanted {name}")


def connect(self: socket.socket, address: Address) -> None:
    """Connect on this machine only; a path is a Unix socket."""
    if isinstance(address, tuple):
        demand_here(address[0])
    _connect(self, address)


def connect_ex(self: socket.socket, address: Address) -> int:
    """The same for the form that returns an error number."""
    if isinstance(address, tuple):
        demand_here(address[0])
    return _connect_ex(self, address)


def getaddrinfo(
    host: str | bytes | None,
    port: str | int | None,
    family: int = 0,
    type: int = 0,  # noqa: A002  the name is the standard library's
    proto: int = 0,
    flags: int = 0,
) -> Sequence[Found]:
    """Look up names of this machine only: a look-up of another is a message to a stranger."""
    demand_here(host)
    return _getaddrinfo(host, port, family, type, proto, flags)


@pytest.fixture(autouse=True, scope="session")
def closed_network() -> Iterator[None]:
    """Every test runs without a way out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield
