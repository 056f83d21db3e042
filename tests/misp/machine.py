"""A machine that asks what a MISP asks, with a token."""

from dataclasses import dataclass, field
from typing import cast as as_type

import orjson
import pytest
from django.core.cache import cache
from django.test import Client

from infohub.intel.actions import ensure_collections
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel import pieces

Row = dict[str, object]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    content: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Row:
        return as_type(Row, orjson.loads(self.content))

    @property
    def rows(self) -> list[Row]:
        return as_type(list[Row], orjson.loads(self.content))

    @property
    def event(self) -> Row:
        return as_type(Row, self.json["Event"])

    @property
    def attributes(self) -> list[Row]:
        return as_type(list[Row], self.event["Attribute"])


@dataclass
class Machine:
    """A client with a token, which it sends as MISP does: alone."""

    secret: str
    client: Client = field(default_factory=Client)
    authorization: str = ""

    def ask(self, path: str, method: str = "GET", body: object = None, *, etag: str = "") -> Answer:
        """Ask below `/misp/`, and demand what every answer has."""
        headers = {"authorization": self.authorization or self.secret, "accept": "application/json"}
        headers |= {"if-none-match": etag} if etag else {}
        sent = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        response = self.client.generic(method, f"/misp/{path}", sent, content_type="application/json", headers=headers)
        content = response.getvalue()
        assert not response.cookies
        assert response.headers["Vary"] == "Authorization"
        assert response.headers["Cache-Control"].startswith("private")
        if response.status_code >= 400 and method != "HEAD":
            told = orjson.loads(content)
            assert told["name"] == told["message"]
            assert told["url"].startswith("/misp/")
        return Answer(response.status_code, content, dict(response.headers))

    def feed(self, path: str, *, of: str = "members", etag: str = "") -> Answer:
        return self.ask(f"collections/{of}/{path}", etag=etag)

    def manifest(self, *, of: str = "members") -> dict[str, Row]:
        return as_type(dict[str, Row], self.feed("manifest.json", of=of).json)


def machine(cast: Cast, ceiling: Tlp = Tlp.AMBER_STRICT) -> Machine:
    """Another machine of the bank."""
    return Machine(pieces.token(cast.bank, scopes=("misp",), ceiling=ceiling)[1])


@pytest.fixture
def bank(cast: Cast) -> Machine:
    """The bank's machine, which reads up to AMBER+STRICT."""
    cache.clear()  # other tests had tokens of the same number
    ensure_collections()
    return machine(cast)
