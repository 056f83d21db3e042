"""An instance with one collection and one machine of the bank that reads and adds, over real connections."""

from __future__ import annotations

import http.client
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self
from uuid import uuid4

from infohub.standards.taxii21.media import TAXII
from tests.stage import Instance

IN_ONE = 200
BEGAN = "2026-01-01T00:00:00+08:00"
PROGRAMME = {
    "format": "infohub-programme/1",
    "programme": {"name": {"en": "Harbour"}, "time_zone": "Asia/Hong_Kong"},
    "organisations": [{"id": "bank", "name": "Bank", "class": "member", "status": "active", "since": BEGAN}],
    "tokens": [
        {
            "id": "sensors",
            "kind": "organisation",
            "organisation": "bank",
            "name": "sensors",
            "scopes": ["taxii", "taxii-write"],
            "ceiling": "AMBER",
        }
    ],
    "collections": [
        {
            "id": "shared",
            "title": "Shared",
            "tlp": "AMBER",
            "audience": {"organisations": ["bank"]},
            "writers": {"organisations": ["bank"]},
        }
    ],
}

Answer = dict[str, object]


class GoneError(Exception):
    """The server is gone, and nobody knows what became of the request."""


@dataclass
class Machine:
    """Sends envelopes of new objects until the server is gone; remembers what was acknowledged."""

    instance: Instance
    path: str
    secret: str
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    unsure: list[list[str]] = field(default_factory=list)

    @classmethod
    def of(cls, instance: Instance) -> Self:
        """The machine of an instance whose programme is written first; the server is not started."""
        file, result = instance.folder / "programme.json", instance.folder / "result.json"
        file.write_text(json.dumps(PROGRAMME), encoding="utf-8")
        instance.run("programme", "import", str(file), "--out", str(result))
        told = json.loads(result.read_text(encoding="utf-8"))
        collection = told["collections"]["shared"]["taxii_id"]
        return cls(instance, f"/taxii2/api/collections/{collection}/", told["tokens"]["sensors"]["secret"])

    def ask(self, path: str, objects: list[Answer] | None = None) -> Answer:
        """One request over a connection of its own."""
        body = None if objects is None else json.dumps({"objects": objects})
        headers = {"Accept": TAXII, "Content-Type": TAXII, "Authorization": f"Bearer {self.secret}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.instance.port, timeout=60)
        try:
            connection.request("POST" if body else "GET", path, body, headers)
            answer = connection.getresponse()
            told: Answer = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as gone:
            raise GoneError from gone
        finally:
            connection.close()
        assert answer.status in {200, 202}, told
        return told

    def add_next(self) -> None:
        """One envelope; it is acknowledged when its status is read."""
        objects = [observable() for _ in range(IN_ONE)]
        ids = [str(one["id"]) for one in objects]
        self.unsure.append(ids)
        told = self.ask(f"{self.path}objects/", objects)
        self.unsure.remove(ids)
        assert told["success_count"] == IN_ONE
        self.acknowledged[str(told["id"])] = ids

    def add_without_end(self) -> None:
        """One envelope after the other until the server is gone."""
        with suppress(GoneError):
            while True:
                self.add_next()

    def manifest(self) -> list[str]:
        """The ids of all that is there, page by page."""
        found: list[str] = []
        page = self.ask(f"{self.path}manifest/")
        while True:
            rows = page.get("objects", [])
            assert isinstance(rows, list)
            found += [str(row["id"]) for row in rows]
            if not page["more"]:
                return found
            page = self.ask(f"{self.path}manifest/?next={page['next']}")


def observable() -> Answer:
    name = f"{uuid4().hex}.example"
    return {"type": "domain-name", "spec_version": "2.1", "id": f"domain-name--{uuid4()}", "value": name}
