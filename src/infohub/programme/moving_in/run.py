"""One run of an import: what it knows, what it answers, and what holds for the whole file."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from infohub.programme.moving_in.known import Known
from infohub.programme.moving_in.reading import Row, RowRefusedError
from infohub.programme.moving_in.result import IGNORED, REFUSED, Result
from infohub.standards.tlp import Tlp


@dataclass(frozen=True, slots=True)
class Credentials:
    """The password all people of a demonstration share, and its hash, made once."""

    password: str
    hashed: str

    @classmethod
    def made(cls) -> Credentials:
        password = secrets.token_urlsafe(12)
        return cls(password, make_password(password))


@dataclass(frozen=True, slots=True)
class Unmarked:
    """What a piece without a marking becomes, and whether only people, organisations and groups may get it."""

    tlp: Tlp = Tlp.AMBER_STRICT
    narrow: bool = True


@dataclass(slots=True)
class Run:
    """Passed along to everything that takes a row."""

    result: Result
    credentials: Credentials | None = None
    unmarked: Unmarked = field(default_factory=Unmarked)
    known: Known = field(default_factory=Known)
    facts: dict[str, str] = field(default_factory=dict)  # what the answer says of the present row once it is in

    def refuse(self, of: Row, refusal: RowRefusedError) -> None:
        """Name a part of a row that is refused while the rest goes in."""
        self.remark(of, refusal.where, str(refusal), REFUSED)

    def remark(self, of: Row, where: str, rule: str, outcome: str) -> None:
        """Name what became of a part of a row."""
        self.result.problem(where, shown_id(of), rule, outcome)

    def look_over(self, of: Row, names: frozenset[str]) -> None:
        """Name the fields that nobody knows: they are left out."""
        for strange in of.strange(names):
            self.remark(of, of.at(strange[:80]), "this field is not part of the format", IGNORED)


def shown_id(row: Row) -> str:
    """The sender's id for the answer, however wrong it is."""
    written = row.content.get("id")
    return written[:200] if isinstance(written, str) else ""
