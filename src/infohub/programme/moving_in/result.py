"""What an import answers: references, links and secrets, on disk before the rows they belong to are committed."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Model

from infohub.intel.models import Collection
from infohub.members.models import Group, Organisation
from infohub.sharing.models import Item

FORMAT = "infohub-programme-result/1"
REFUSED, IGNORED, KEPT, ENDED = "refused", "ignored", "kept", "ended"

Facts = dict[str, dict[str, str]]


@dataclass(slots=True)
class Result:
    """The RESULT file (mode 0600). Secrets stand only here, and only the first time."""

    base_url: str
    path: Path
    organisations: Facts = field(default_factory=dict)
    people: Facts = field(default_factory=dict)
    groups: Facts = field(default_factory=dict)
    tokens: Facts = field(default_factory=dict)
    collections: Facts = field(default_factory=dict)
    items: Facts = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
    moved: list[tuple[int, str]] = field(default_factory=list)  # people whose address changes, with the former one
    kept: int = 0

    @property
    def refused(self) -> int:
        """How many rows, or parts of rows, were not taken."""
        return sum(problem["outcome"] == REFUSED for problem in self.problems)

    def problem(self, where: str, sender_id: str, rule: str, outcome: str = REFUSED) -> None:
        self.problems.append({"where": where, "id": sender_id, "rule": rule, "outcome": outcome})

    def found(self, sender_id: str, row: Model) -> None:
        """Where a row that came in, now or before, is found."""
        match row:
            case Organisation():
                self.organisations[sender_id] = self._at(row.ref, f"/office/organisations/{row.ref}/")
            case Group():
                self.groups[sender_id] = self._at(row.ref, f"/member/groups/{row.ref}/")
            case Item():
                self.items[sender_id] = self._at(row.ref, f"/items/{row.ref}")
            case Collection():
                url = f"{self.base_url}/taxii2/api/collections/{row.uuid}/"
                self.collections[sender_id] = {"taxii_id": str(row.uuid), "url": url}

    def _at(self, ref: str, path: str) -> dict[str, str]:
        return {"ref": ref, "url": self.base_url + path}

    def begin(self) -> None:
        """Make sure that it can be written; an earlier RESULT of this name may hold secrets, so it is moved aside."""
        if self.path.exists():
            number = 1
            while (aside := self.path.with_name(f"{self.path.name}.{number}")).exists():
                number += 1
            self.path.rename(aside)
        self.keep()

    def keep_secrets(self) -> None:
        """Write it if there are secrets that are not on disk yet."""
        secrets = sum(map(len, [*self.people.values(), *self.tokens.values()]))
        if secrets != self.kept:
            self.keep()
            self.kept = secrets

    def keep(self) -> None:
        """Write it durably: a new file beside the old one, flushed, then in its place."""
        waiting = self.path.with_name(self.path.name + ".part")
        with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(self._content(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        waiting.rename(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _content(self) -> dict[str, object]:
        lists = ("organisations", "people", "groups", "tokens", "collections", "items", "problems")
        return {"format": FORMAT, "base_url": self.base_url} | {name: getattr(self, name) for name in lists}
