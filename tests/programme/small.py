"""A small programme file with every field of the format, and what tests do with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from infohub.programme.models import Imported
from infohub.programme.moving_in import Outcome, move_in
from infohub.sharing.models import Item

Row = dict[str, object]

SINCE = "2024-03-01T00:00:00+08:00"


def _person(name: str, organisation: str | None = None, **more: object) -> Row:
    stays = [] if organisation is None else [{"organisation": organisation, "from": SINCE, "to": None}]
    return {
        "id": name,
        "name": name.capitalize(),
        "email": f"{name}@{organisation or 'office'}.example",
        "language": "en",
        "roles": ["representative"] if organisation else [],
        "status": "active",
        "topics": ["payment fraud"],
        "memberships": stays,
    } | more


def _organisation(name: str, *sectors: str, **more: object) -> Row:
    return {
        "id": name,
        "name": f"{name.capitalize()} Ltd",
        "sectors": list(sectors),
        "class": "member",
        "status": "active",
        "domains": [f"{name}.example"],
        "since": SINCE,
    } | more


def piece(name: str, **more: object) -> Row:
    """An item of the bank's Ann for the group Banking."""
    return {
        "id": name,
        "kind": "alert",
        "language": "en",
        "title": f"Piece {name}",
        "body": "They called from hxxp://198.51.100[.]7/pay and asked for a code.",
        "severity": "high",
        "sectors": ["finance"],
        "tlp": "AMBER",
        "pap": "AMBER",
        "audience": {"groups": ["banking"]},
        "author": "ann",
        "unattributed": False,
        "state": "published",
        "published_at": "2026-02-02T09:00:00+08:00",
    } | more


SMALL: Row = {
    "format": "infohub-programme/1",
    "programme": {"name": {"en": "Harbour Exchange", "zh-hant": "海港交流計劃"}, "time_zone": "Asia/Hong_Kong"},
    "sectors": [
        {"id": "finance", "name": {"en": "Finance", "zh-hant": "金融", "zh-hans": "金融"}},
        {"id": "health", "name": {"en": "Health"}},
    ],
    "organisations": [
        _organisation("bank", "finance"),
        _organisation("clinic", "health"),
        _organisation("vendor", **{"class": "vendor"}),
        _organisation("gone", status="left"),
    ],
    "people": [
        _person("ann", "bank", roles=["representative", "organisation_administrator"]),
        _person("ben", "bank", language="zh-hant"),
        _person("cara", "clinic"),
        _person("eve", "vendor"),
        _person("ivy", "clinic", status="invited"),
        _person("mori", roles=["moderator", "expert"]),
        _person(
            "moe",
            memberships=[
                {"organisation": "bank", "from": SINCE, "to": "2025-06-01T00:00:00+08:00"},
                {"organisation": "clinic", "from": "2025-06-01T00:00:00+08:00", "to": None},
            ],
        ),
        _person(
            "lou", status="left", memberships=[{"organisation": "gone", "from": SINCE, "to": "2025-01-01T00:00:00Z"}]
        ),
    ],
    "groups": [
        {
            "id": "banking",
            "name": {"en": "Banking", "zh-hant": "銀行業"},
            "kind": "sector",
            "listed": True,
            "default_tlp": "AMBER",
            "review": False,
            "moderators": ["ann"],
            "seats": [
                {"person": "ann", "from": SINCE, "to": None},
                {"person": "ben", "from": "2026-01-01T00:00:00+08:00", "to": None},
                {"person": "eve", "from": SINCE, "to": "2025-12-31T00:00:00+08:00"},
                {"organisation": "clinic", "from": "2026-03-01T00:00:00+08:00", "to": None},
            ],
        }
    ],
    "tokens": [
        {"id": "t1", "kind": "personal", "person": "ann", "name": "script", "scopes": ["read"], "ceiling": "AMBER"},
        {"id": "t2", "kind": "organisation", "organisation": "bank", "name": "SIEM", "scopes": ["read", "taxii"]},
        {
            "id": "t3",
            "kind": "peer",
            "name": "another community",
            "scopes": ["taxii"],
            "ceiling": "CLEAR",
            "expires": None,
        },
    ],
    "collections": [
        {
            "id": "c1",
            "title": "Banking indicators",
            "tlp": "AMBER",
            "audience": {"groups": ["banking"]},
            "writers": {"organisations": ["bank"]},
        }
    ],
    "items": [
        piece(
            "open",
            indicators=["203.0.113.9"],
            attachments=[{"name": "hops.csv", "type": "text/csv", "text": "hop,address\n1,192.0.2.1\n"}],
            comments=[
                {"author": "ben", "at": "2026-02-02T10:00:00+08:00", "body": "We saw it too."},
                {"author": "ann", "at": "2026-02-02T11:00:00+08:00", "body": "Thank you."},
            ],
        ),
        piece("red", tlp="RED", published_at="2025-05-05T09:00:00+08:00"),
        piece(
            "hidden",
            unattributed=True,
            comments=[{"author": "ann", "at": "2026-02-03T10:00:00Z", "body": "More soon."}],
        ),
        piece("unmarked", tlp=None, audience={"people": ["ben"], "organisations": ["clinic"]}),
        piece("public", tlp="WHITE", severity=None, audience={"everyone": True, "public": True}),
        piece(
            "all", audience={"everyone": True, "frozen": True, "except": {"classes": ["vendor"], "organisations": []}}
        ),
        piece("draft", state="draft", published_at=None, title="Unfinished", body=""),
        piece("waiting", state="submitted", published_at=None),
        piece(
            "late",
            published_at="2026-04-01T09:00:00+08:00",
            comments=[{"author": "moe", "at": "2026-04-01T10:00:00Z", "body": "Here too."}],
        ),
        piece(
            "back",
            state="withdrawn",
            comments=[{"author": "ben", "at": "2026-02-02T10:00:00Z", "body": "Are you sure?"}],
        ),
    ],
}


@dataclass
class Mover:
    """Imports files and says what became of them."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "result.json"

    def write(self, content: Mapping[str, object]) -> Path:
        path = self.folder / "programme.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def move(self, content: Mapping[str, object], *, demo_credentials: bool = False) -> Outcome:
        """Import this content."""
        return move_in(self.write(content), out=self.out, demo_credentials=demo_credentials)

    @property
    def result(self) -> dict[str, dict[str, dict[str, str]]]:
        """What is in RESULT."""
        read: dict[str, dict[str, dict[str, str]]] = json.loads(self.out.read_text(encoding="utf-8"))
        return read


def small() -> dict[str, list[Row]]:
    """A copy to change."""
    return cast("dict[str, list[Row]]", deepcopy(SMALL))


def row(content: dict[str, list[Row]], kind: str, name: str) -> Row:
    """A row by its id."""
    return next(one for one in content[kind] if one["id"] == name)


def below(content: dict[str, list[Row]], kind: str, name: str, inner: str) -> list[Row]:
    """The list that stands in a row."""
    found = row(content, kind, name).setdefault(inner, [])
    assert isinstance(found, list)
    return found


def item(name: str) -> Item:
    """The piece that came in under this id."""
    earlier = Imported.objects.get(kind="items", sender_id=name)
    return Item.objects.as_system("a test looks").get(pk=earlier.row)


def problems(outcome: Outcome) -> list[tuple[str, str]]:
    """Where something was refused, and what became of it."""
    return [(problem["where"], problem["outcome"]) for problem in outcome.result.problems]
