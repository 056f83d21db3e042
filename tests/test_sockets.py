"""The closed network of the tests is closed, and this machine is still reachable."""

import socket

import pytest

from tests.sockets import OutsideWorldError


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("example.com", 443)])
def test_an_address_elsewhere_is_refused_by_name(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outgoing:
        with pytest.raises(OutsideWorldError, match=address[0]):
            outgoing.connect(address)
        with pytest.raises(OutsideWorldError, match=address[0]):
            outgoing.connect_ex(address)
    with pytest.raises(OutsideWorldError):
        socket.getaddrinfo(*address)


def test_this_machine_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as outgoing:
        assert outgoing.getpeername() == server.getsockname()
    assert socket.getaddrinfo("localhost", 80)
