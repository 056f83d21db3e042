"""A machine that asks TAXII questions with a token."""

import re
from dataclasses import dataclass, field
from typing import cast as as_type

import orjson
import pytest
from django.test import Client

from infohub.intel.actions import ensure_collections
from infohub.standards.taxii21.media import TAXII
from infohub.standards.tlp import Tlp
from tests.cast import Cast
from tests.intel import pieces

ROOT = "/taxii2/api/"


@dataclass(frozen=True)
class Answer:
    """What came back: every answer is TAXII, so the body is always JSON."""

    status: int
    body: dict[str, object]
    headers: dict[str, str]

    @property
    def objects(self) -> list[dict[str, object]]:
        return self.listed("objects")

    def listed(self, key: str) -> list[dict[str, object]]:
        """A list of the body; there is no key where it is empty."""
        return as_type(list[dict[str, object]], self.body.get(key, []))

    @property
    def ids(self) -> list[str]:
        return [str(made["id"]) for made in self.objects]


@dataclass
class Machine:
    """A client with a token; `ask` takes what follows the API root, or a whole path."""

    secret: str
    client: Client = field(default_factory=Client)
    authorization: str = ""

    def ask(self, path: str = "", method: str = "GET", **query: str | int) -> Answer:
        """Ask, and demand what every TAXII answer has; `match_id=x` stands for `match[id]=x`."""
        response = self.client.generic(
            method,
            path if path.startswith("/") else ROOT + path,
            headers={"accept": TAXII, "authorization": self.authorization or f"Bearer {self.secret}"},
            query_params={re.sub(r"match_(\w+)", r"match[\1]", name): value for name, value in query.items()},
        )
        assert response.headers["Content-Type"] == TAXII, response.content
        assert not response.cookies
        body = orjson.loads(response.content) if method != "HEAD" else {}
        return Answer(response.status_code, body, dict(response.headers))

    def send(self, path: str, body: bytes, *, content_type: str = TAXII, encoding: str = "") -> Answer:
        """Post a body as it is."""
        headers = {"accept": TAXII, "authorization": f"Bearer {self.secret}"}
        headers |= {"content-encoding": encoding} if encoding else {}
        response = self.client.post(ROOT + path, body, content_type=content_type, headers=headers)
        assert response.headers["Content-Type"] == TAXII, response.content
        return Answer(response.status_code, orjson.loads(response.content), dict(response.headers))

    def add(self, path: str, *objects: pieces.Stix) -> Answer:
        """Post objects in an envelope."""
        return self.send(path, orjson.dumps({"objects": objects}))

    def pull(self, path: str, **query: int) -> list[Answer]:
        """All pages, as a client walks them: `next` as long as there is `more`."""
        pages = [self.ask(path, "GET", **query)]
        while pages[-1].body.get("more"):
            pages.append(self.ask(path, "GET", **query, next=str(pages[-1].body["next"])))
        assert all(("next" in page.body) == bool(page.body["more"]) for page in pages)
        return pages


@pytest.fixture
def bank(cast: Cast) -> Machine:
    """The bank's machine, which reads up to AMBER+STRICT."""
    ensure_collections()
    return Machine(pieces.token(cast.bank, ceiling=Tlp.AMBER_STRICT)[1])
