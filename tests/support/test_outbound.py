"""Requests to other machines: nobody can send Infohub where it must not go, hold it up, or fill it."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from gzip import compress
from pathlib import Path
from threading import Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import override_settings

from infohub.standards.targets import allowance
from infohub.support import outbound
from infohub.support.outbound import Answer, OutboundError, Reason, fetch
from tests.support.host import OK, Host, Script, hosting, says, to, whole

LITERALS = """
    0 0.0.0.0 127.0.0.1 127.0.0.1. 127.1.2.3 10.0.0.1 100.64.0.1 169.254.169.254 172.16.0.1 192.168.1.1 192.0.0.192
    100.100.100.200 168.63.129.16 198.18.0.1 203.0.113.7 224.0.0.1 255.255.255.255 240.0.0.1
    2130706433 017700000001 0x7f000001 0x7f.0.0.1 0x7F.1 0177.0.0.1 0177.1 127.1 127.0.1 00000127.0.0.1 127.0.0.0x1
    2852039166 0xa9fea9fe 0251.0376.0251.0376 425.510.425.510 1.2.3.4.5 1.2.3 256.256.256.256 4294967296
    １２７.0.0.1 127。0。0。1 ①②⑦.⓪.⓪.① ⅼocalhost loca%6chost 127.0.0.1%00.example %31%32%37.0.0.1
    [::] [::1] [0:0:0:0:0:0:0:1] [::127.0.0.1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:169.254.169.254]
    [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::]
    [fec0::1] [fc00::1] [fd00:ec2::254] [fe80::1] [fe80::1%25eth0] [ff02::1] [2001:db8::1] [100::1] [3fff::1] [4000::1]
    [::1 ::1 [127.0.0.1] [::1].example [::ffff:127.0.0.1%25lo]
""".split()  # noqa: SIM905 - a table, not a list
WRITTEN = [
    *("", "https://", "https:///etc/passwd", "//public.example/", "public.example", "https:public.example"),
    *("file:///etc/passwd", "ftp://public.example/", "gopher://public.example/_x", "dict://public.example:11211/stat"),
    *("jar:https://public.example!/", "ldap://public.example", "data:text/plain,x", "javascript:alert(1)"),
    *("https://user@public.example/", "https://user:word@public.example/", "https://@public.example/"),
    *("https://public.example@127.0.0.1/", "https://public.example:443@127.0.0.1/", "https://127.0.0.1#@public.example/"),
    *("https://127.0.0.1\\@public.example/", "https://public.example\\.127.0.0.1/", "https:\\\\127.0.0.1/"),
    *("https://public.example:0/", "https://public.example:65536/", "https://a.example:-1/", "https://a.example:4 4/"),
    *("https://public.example /", " https://public.example/", "https://a.example\t/", "https://a.example/\r\nX: y"),
    *("https://public.example\x00.evil/", "https://-a.example/", "https://a..example/", "https://.example/", "https://*/"),
    *(f"https://{'a' * 64}.example/", "https://" + "a." * 128 + "example/", "https://public.example/" + "a" * 5000),
]  # fmt: skip
ODD_PORTS = [22, 25, 53, 110, 143, 389, 445, 3306, 5432, 6379, 8000, 9200, 11211, 27017, 65535]
SOMEWHERE = "1.1.1.1"


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What each name means in this test; `public.example` is somewhere in the open network."""
    known = {"public.example": [SOMEWHERE]}
    by_number = socket.getaddrinfo

    def look_up(host: str, *where: int, **how: int) -> Sequence[tuple[object, ...]]:
        if host == "127.0.0.1":
            return by_number(host, *where, **how)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(0, 0, 0, "", (address, 0)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The places a connection was tried to; nobody answers at any of them."""
    places: list[tuple[str, int]] = []

    def dial(place: tuple[str, int], timeout: float) -> socket.socket:
        places.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", dial)
    return places


@contextmanager
def allowed(script: Script, *also: str, tls: ssl.SSLContext | None = None) -> Iterator[Host]:
    """A host on this machine that may be reached."""
    with hosting(script, tls=tls) as host:
        entries = (f"127.0.0.1:{host.port}", *(entry.format(port=host.port) for entry in also))
        with override_settings(OUTBOUND_ALLOW=tuple(map(allowance, entries))):
            yield host


def refused(url: str, *, seconds: float = 10, limit: int = 1000, accepts_304: bool = False) -> Reason:
    with pytest.raises(OutboundError) as caught:
        fetch(url, seconds=seconds, limit=limit, accepts_304=accepts_304)
    assert str(caught.value) == str(caught.value.reason.label)
    return caught.value.reason


def test_there_are_as_many_hostile_targets_as_promised() -> None:
    assert len(LITERALS) + len(WRITTEN) + len(ODD_PORTS) > 78


@pytest.mark.parametrize("host", LITERALS)
def test_no_way_of_writing_an_inner_address_opens_it(
    host: str, names: dict[str, list[str]], dialled: list[tuple[str, int]]
) -> None:
    for scheme, path in (("https", "/"), ("http", ""), ("https", ":8443/x")):
        assert refused(f"{scheme}://{host}{path}") in {Reason.ADDRESS, Reason.PRIVATE}
    assert dialled == []


@pytest.mark.parametrize("url", WRITTEN)
def test_what_can_be_read_in_two_ways_is_read_in_none(
    url: str, names: dict[str, list[str]], dialled: list[tuple[str, int]]
) -> None:
    assert refused(url) in {Reason.ADDRESS, Reason.PRIVATE}
    assert dialled == []


@pytest.mark.parametrize("port", ODD_PORTS)
def test_an_odd_port_is_not_tried_and_a_usual_one_is(
    port: int, names: dict[str, list[str]], dialled: list[tuple[str, int]]
) -> None:
    assert refused(f"https://public.example:{port}/") is Reason.PORT
    assert dialled == []
    assert refused("https://public.example:8443/") is Reason.UNREACHABLE
    assert dialled == [(SOMEWHERE, 8443)]


@pytest.mark.parametrize(
    "meant",
    [
        ["127.0.0.1"],
        ["::1"],
        ["169.254.169.254"],
        ["10.0.0.5"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["fe80::1%eth0"],
        [SOMEWHERE, "127.0.0.1"],
        ["2606:4700::1", "fd00::1"],
    ],
)
def test_a_name_that_means_an_inner_address_is_not_opened_even_where_it_means_others_too(
    meant: list[str], names: dict[str, list[str]], dialled: list[tuple[str, int]]
) -> None:
    names["public.example"] = meant
    assert refused("https://public.example/") is Reason.PRIVATE
    assert dialled == []


def test_a_name_is_looked_up_once_and_its_addresses_are_tried_in_turn(
    names: dict[str, list[str]], dialled: list[tuple[str, int]]
) -> None:
    names["public.example"] = [SOMEWHERE, "2606:4700::1", SOMEWHERE, "1.0.0.1", "1.0.0.2", "1.0.0.3"]
    assert refused("https://public.example/") is Reason.UNREACHABLE
    assert [place for place, _port in dialled] == [SOMEWHERE, "2606:4700::1", "1.0.0.1", "1.0.0.2"]
    assert refused("https://unknown.example/") is Reason.UNKNOWN


def test_plain_http_is_for_what_the_operator_names(names: dict[str, list[str]], dialled: list[tuple[str, int]]) -> None:
    assert refused("http://public.example/") is Reason.PLAIN
    assert dialled == []
    with override_settings(OUTBOUND_ALLOW=(allowance("public.example"),)):
        assert refused("http://public.example/") is Reason.UNREACHABLE
        assert refused("http://public.example:9999/") is Reason.PORT
    assert dialled == [(SOMEWHERE, 80)]


def test_a_look_up_that_hangs_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_which, **_how: over.wait(30) and [])
    begun = time.monotonic()
    try:
        assert refused("https://public.example/", seconds=0.1) is Reason.TIME
        assert time.monotonic() - begun < 5
    finally:
        over.set()


def test_an_answer_comes_back_as_it_was_and_the_request_holds_nothing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with allowed(says(whole(b"found", "ETag: x", "Vary: a", "vary: b"))) as host:
        assert fetch(host.url("/a?b=c#d"), headers={"Authorization": "Bearer s"}) == Answer(
            200, {"content-length": "5", "etag": "x", "vary": "a, b"}, b"found"
        )
    head, _gap, content = host.asked[0].partition("\r\n\r\n")
    assert head.split("\r\n") == [
        "GET /a?b=c HTTP/1.1",
        f"Host: 127.0.0.1:{host.port}",
        "User-Agent: Infohub",
        "Accept-Encoding: gzip",
        "Connection: close",
        "Authorization: Bearer s",
    ]
    assert content == ""


def test_what_may_not_be_reached_on_this_machine_is_not_asked(names: dict[str, list[str]]) -> None:
    names["inner.example"] = ["127.0.0.1"]
    with allowed(says(whole(b"found"))) as host, allowed(says(whole(b"secret"))) as other:
        assert refused(host.url()) is Reason.PRIVATE  # the second allowance alone stands
        assert fetch(other.url(host="inner.example")).body == b"secret"
    assert host.asked == []
    assert "Host: inner.example:" in other.asked[0]


def test_a_body_is_sent_whole_and_any_status_is_an_answer() -> None:
    large = b"x" * 300_000
    with allowed(says(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")) as host:
        assert fetch(host.url(), method="POST", body=large).status == 410
    assert host.asked[0].endswith(large.decode())
    assert "Content-Length: 300000" in host.asked[0]


def test_a_host_that_answers_before_it_has_read_is_heard() -> None:
    def hasty(connection: socket.socket, host: Host) -> None:
        connection.sendall(b"HTTP/1.1 413 Too large\r\nContent-Length: 2\r\n\r\nno")
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    with allowed(hasty) as host:
        assert fetch(host.url(), method="POST", body=b"x" * 3_000_000).body == b"no"


def test_304_is_an_answer_to_who_asked_for_it_and_to_nobody_else() -> None:
    with allowed(says(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Encoding: gzip\r\n\r\n")) as host:
        assert fetch(host.url(), headers={"If-None-Match": "x"}, accepts_304=True).status == 304
        assert refused(host.url()) is Reason.BROKEN
    assert "If-None-Match: x" in host.asked[0]


def test_a_redirect_within_the_host_is_followed_with_all_headers_and_no_cookie() -> None:
    with allowed(says(to("/b?c"), to("d/../e", 308), to(""), whole(b"there"))) as host:
        assert fetch(host.url("/a"), headers={"Authorization": "Bearer s"}).body == b"there"
    assert [asked.split(" ")[1] for asked in host.asked] == ["/a", "/b?c", "/e", "/e"]
    assert all("Authorization: Bearer s" in asked and "Cookie" not in asked for asked in host.asked)


def test_a_fourth_redirect_is_not_followed() -> None:
    with allowed(says(to("/on"))) as host:
        assert refused(host.url()) is Reason.REDIRECT
    assert len(host.asked) == 4


@pytest.mark.parametrize(
    "location",
    [
        *("http://localhost:{port}/", "http://127.0.0.2:{port}/", "http://127.0.0.1:{other}/", "//public.example/"),
        *(
            "http://127.0.0.1/",
            "http://user@127.0.0.1:{port}/",
            "file:///etc/passwd",
            "http://[::1]:{port}/",
            "http://[",
        ),
        *("https://public.example/", "http://2130706433:{port}/", "\\\\public.example/", "http:\\\\public.example"),
    ],
)
def test_a_redirect_to_anywhere_else_is_not_followed(location: str) -> None:
    with (
        hosting(says(whole(b"secret"))) as other,
        allowed(
            lambda connection, host: connection.sendall(to(location.format(port=host.port, other=other.port)))
        ) as host,
        override_settings(OUTBOUND_ALLOW=tuple(map(allowance, (f"127.0.0.0/8:{host.port}", f"localhost:{host.port}")))),
    ):
        assert refused(host.url()) is Reason.REDIRECT
    assert len(host.asked) == 1
    assert other.asked == []


def test_a_body_is_sent_on_only_as_it_is() -> None:
    with allowed(says(to("/b", 307), whole(b"there"))) as host:
        assert fetch(host.url(), method="POST", body=b"x").body == b"there"
    assert [asked.split(" ")[0] for asked in host.asked] == ["POST", "POST"]
    with allowed(says(to("/b", 303), whole(b"there"))) as host, pytest.raises(OutboundError) as caught:
        fetch(host.url(), method="POST", body=b"x")
    assert caught.value.reason is Reason.REDIRECT


def silence(connection: socket.socket, host: Host) -> None:
    host.over.wait(30)


def drip(piece: bytes, *, before: bytes = b"") -> Script:
    def script(connection: socket.socket, host: Host) -> None:
        connection.sendall(before)
        while not host.over.wait(0.02):
            connection.sendall(piece)

    return script


@pytest.mark.parametrize(
    "script",
    [
        silence,
        drip(b"H"),
        drip(b"a: b\r\n", before=OK),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"x", before=OK + b"Content-Length: 900\r\n\r\n"),
        drip(b"1\r\nx\r\n", before=OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        drip(b"x", before=OK + b"\r\n"),
    ],
    ids=["silence", "status", "headers", "interim", "content", "chunks", "endless"],
)
def test_a_slow_host_has_the_whole_time_once(script: Script) -> None:
    with allowed(script) as host:
        begun = time.monotonic()
        assert refused(host.url(), seconds=0.4) in {Reason.TIME, Reason.BROKEN}
        assert time.monotonic() - begun < 5


def test_time_is_counted_over_redirects_too() -> None:
    def script(connection: socket.socket, host: Host) -> None:
        host.over.wait(0.2)
        connection.sendall(to("/on"))

    with allowed(script) as host:
        assert refused(host.url(), seconds=0.5) is Reason.TIME
    assert len(host.asked) < 4


@pytest.mark.parametrize(
    "answer",
    [
        whole(b"x" * 1001),
        OK + b"\r\n" + b"x" * 1001,
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 1001 + b"0\r\n\r\n",
        whole(compress(bytes(50_000_000), mtime=0), "Content-Encoding: gzip"),
        whole(compress(bytes(1001), mtime=0), "Content-Encoding: gzip"),
        whole(compress(b"", mtime=0) * 60, "Content-Encoding: gzip"),
    ],
    ids=["length", "until the end", "chunks", "bomb", "packed", "members"],
)
def test_what_is_too_large_is_not_read_to_its_end(answer: bytes) -> None:
    with allowed(says(answer)) as host:
        assert refused(host.url(), limit=1000) is Reason.LARGE


def test_as_much_as_the_limit_is_read_packed_or_not() -> None:
    with allowed(says(whole(b"x" * 1000), whole(compress(b"x" * 1000), "Content-Encoding: GZIP"))) as host:
        assert [len(fetch(host.url(), limit=1000).body) for _turn in range(2)] == [1000, 1000]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        OK + b"Content-Length: 9\r\n\r\nhalf",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhal",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"a" * 200_000 + b": b\r\n\r\n",
        OK + b"no colon\r\n\r\n",
        whole(compress(b"cut short", mtime=0)[:-4], "Content-Encoding: gzip"),
        whole(b"plain", "Content-Encoding: gzip"),
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    ],
)  # fmt: skip
def test_half_an_answer_is_none(answer: bytes) -> None:
    with allowed(says(answer)) as host:
        assert refused(host.url()) is Reason.BROKEN


@pytest.mark.parametrize("packing", ["br", "zstd", "deflate", "gzip, gzip", "gzip,br"])
def test_no_packing_is_undone_but_the_one_we_asked_for(packing: str) -> None:
    with allowed(says(whole(compress(b"x"), f"Content-Encoding: {packing}"))) as host:
        assert refused(host.url()) is Reason.PACKED


@pytest.mark.parametrize(
    "headers",
    [
        *({"Authorization": "a\r\nHost: b"}, {"Authorization": "a\nb"}, {"Authorization": "a\x00"}, {"X": " a"}),
        *({"A\r\nB": "c"}, {"A B": "c"}, {"": "c"}, {"Ä": "c"}, {"X": "ä"}, {"X": "a" * 9000}),
        *({"Host": "inner.example"}, {"cookie": "a=b"}, {"Transfer-Encoding": "chunked"}, {"content-length": "1"}),
        *({"Proxy-Authorization": "x"}, {"User-Agent": "x"}, {"Connection": "x"}, {"Expect": "100-continue"}),
    ],
)
def test_no_header_brings_another_along_or_stands_for_one_of_ours(headers: dict[str, str]) -> None:
    with allowed(says(whole(b""))) as host:
        with pytest.raises(OutboundError) as caught:
            fetch(host.url(), headers=headers)
        assert caught.value.reason is Reason.HEADER
        assert host.asked == []


@pytest.fixture
def server_of_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    """A server's certificate for `hub.example` alone, by an authority that this machine trusts during the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hub.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hub.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "own.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
    outbound._trusted.cache_clear()
    yield context
    outbound._trusted.cache_clear()


def test_the_certificate_must_be_of_the_name_although_the_address_is_pinned(
    names: dict[str, list[str]], server_of_a_name: ssl.SSLContext
) -> None:
    names |= {"hub.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
    asked_for: list[str | None] = []
    server_of_a_name.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    with allowed(says(to("/on"), whole(b"there")), tls=server_of_a_name) as host:
        assert fetch(host.url(scheme="https", host="hub.example")).body == b"there"
        assert refused(host.url(scheme="https", host="other.example")) is Reason.CERTIFICATE
        assert refused(host.url(scheme="https")) is Reason.CERTIFICATE
    assert asked_for == ["hub.example", "hub.example", "other.example", None]


def test_an_unknown_authority_and_no_tls_at_all_are_not_trusted(server_of_a_name: ssl.SSLContext) -> None:
    outbound._trusted.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SSL_CERT_FILE")
        with allowed(says(whole(b"there")), tls=server_of_a_name) as host:
            assert refused(host.url(scheme="https")) is Reason.CERTIFICATE
    with allowed(says(whole(b"there"))) as host:
        assert refused(host.url(scheme="https"), seconds=0.3) in {Reason.BROKEN, Reason.TIME}


def test_a_host_that_never_finishes_the_handshake_ends_in_time() -> None:
    with allowed(silence) as host:
        begun = time.monotonic()
        assert refused(host.url(scheme="https"), seconds=0.3) is Reason.TIME
        assert time.monotonic() - begun < 5


def test_https_never_becomes_http_and_http_may_become_https(
    names: dict[str, list[str]], server_of_a_name: ssl.SSLContext
) -> None:
    names["hub.example"] = ["127.0.0.1"]
    with allowed(says(whole(b"plain"))) as plain:
        down = to(plain.url(host="hub.example"))
        with allowed(says(down), f"hub.example:{plain.port}", tls=server_of_a_name) as host:
            assert refused(host.url(scheme="https", host="hub.example")) is Reason.REDIRECT
    assert plain.asked == []
    with allowed(says(whole(b"there")), tls=server_of_a_name) as host:
        up = to(host.url(scheme="https", host="hub.example"))
        with allowed(says(up), f"hub.example:{host.port}") as plain:
            assert fetch(plain.url(host="hub.example")).body == b"there"
