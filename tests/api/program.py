"""A program with a token that asks the REST API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from typing import cast as as_type
from urllib.parse import urlencode

from django.test import Client

from infohub.members.models import Organisation, Person
from infohub.standards.tlp import Tlp
from tests.intel import pieces

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"

Body = dict[str, object]


class Got(Protocol):
    """What the test client gives."""

    status_code: int
    headers: dict[str, str]
    streaming: bool

    def getvalue(self) -> bytes: ...

    def json(self) -> object: ...


@dataclass(frozen=True)
class Answer:
    """What came back; every error is a problem document."""

    status: int
    body: Body
    headers: dict[str, str]
    content: bytes

    @property
    def rows(self) -> list[Body]:
        return as_type(list[Body], self.body["items"])

    @property
    def refs(self) -> set[str]:
        return {str(row["ref"]) for row in self.rows}

    @property
    def wrong(self) -> dict[str, str]:
        """Which places are wrong, and what is needed there."""
        return {str(one["where"]): str(one["what"]) for one in as_type(list[Body], self.body["errors"])}


@dataclass
class Program:
    """A program of a holder; `ask` takes what follows the root."""

    secret: str = ""
    client: Client = field(default_factory=Client)

    def ask(self, path: str, *, accept: str = "*/*", **query: str | int) -> Answer:
        headers = {"accept": accept} | ({"authorization": f"Bearer {self.secret}"} if self.secret else {})
        there = f"{ROOT}{path}{'&' if '?' in path else '?'}{urlencode(query)}"
        return _answer(self.client.get(there, headers=headers))

    def send(self, path: str, body: object, *, key: str = "") -> Answer:
        headers = {"authorization": f"Bearer {self.secret}"} | ({"idempotency-key": key} if key else {})
        content = body if isinstance(body, bytes) else None
        response = self.client.post(
            ROOT + path, content if content is not None else body, content_type="application/json", headers=headers
        )
        return _answer(response)

    def pages(self, path: str, **query: str | int) -> list[Answer]:
        """The list from its beginning to its end, as `next` leads on."""
        answers = [self.ask(f"{path}?{urlencode(query)}" if query else path)]
        while following := answers[-1].body["next"]:
            there = str(following).partition(ROOT)[2]
            answers.append(self.ask(there))
        return answers


def program(holder: Person | Organisation | None, *scopes: str, ceiling: Tlp = Tlp.AMBER_STRICT) -> Program:
    """A program with a fresh token of this holder; no holder is a peer."""
    wanted = scopes or ("read",)
    return Program(pieces.token(holder, scopes=wanted, ceiling=ceiling if holder else Tlp.GREEN)[1])


def _answer(given: object) -> Answer:
    got = as_type(Got, given)
    content, kind = got.getvalue(), got.headers["Content-Type"]
    assert "no-store" in got.headers["Cache-Control"]
    if got.status_code >= 400:
        assert kind == PROBLEM, content
    body = as_type(Body, got.json()) if "json" in kind else {}
    return Answer(got.status_code, body, dict(got.headers), content)
