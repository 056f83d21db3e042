"""What one run of an import knows: which rows came in before, and the rows that ids of the file stand for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Model

from infohub.members.models import Group, Membership, Organisation, Person, Sector
from infohub.programme.models import Imported
from infohub.programme.moving_in.reading import Row
from infohub.support.clock import now

M = TypeVar("M", bound=Model)

MEANT = frozenset({"sectors", "organisations", "people", "groups"})  # what other rows name by its id; never deleted


@dataclass(slots=True)
class Known:
    """Read once and kept up to date by the run itself, so that a row costs no look-up per id."""

    senders: dict[str, dict[str, Imported]] = field(default_factory=dict)
    rows: dict[tuple[str, int], Model] = field(default_factory=dict)
    stays: dict[int, list[Membership]] = field(default_factory=dict)
    fresh: list[tuple[Imported, Model]] = field(default_factory=list)
    waiting: list[Imported] = field(default_factory=list)

    def begin(self) -> None:
        """Before the next list: memberships and seats have changed since."""
        self.stays.clear()

    def before(self, kind: str, sender_id: str) -> Imported | None:
        """The earlier import of this id, if there was one."""
        if kind not in self.senders:
            self.senders[kind] = {one.sender_id: one for one in Imported.objects.filter(kind=kind)}
        return self.senders[kind].get(sender_id)

    def remember(self, kind: str, row: Row, made: Model, *, digest: str) -> None:
        """Note what this id stands for from now on, if the row goes in: `confirm` or `forget` follows."""
        self.fresh.append((Imported(kind=kind, sender_id=row.id, row=made.pk, digest=digest, at=now()), made))

    def confirm(self) -> None:
        """The row went in."""
        for one, made in self.fresh:
            self.before(one.kind, one.sender_id)
            self.senders[one.kind][one.sender_id] = one
            if one.kind in MEANT:
                self.rows[one.kind, made.pk] = made
            self.waiting.append(one)
        self.fresh.clear()

    def forget(self) -> None:
        """The row did not go in."""
        self.fresh.clear()

    def settle(self) -> None:
        """Write what was noted; part of the transaction of the rows."""
        Imported.objects.bulk_create(
            self.waiting,
            update_conflicts=True,
            unique_fields=["kind", "sender_id"],
            update_fields=["row", "digest", "at"],
        )
        self.waiting.clear()

    def sectors(self, row: Row, name: str) -> list[Sector]:
        return [self._meant(row, name, "sectors", Sector, one) for one in dict.fromkeys(row.texts(name))]

    def organisations(self, row: Row, name: str) -> list[Organisation]:
        return [self._meant(row, name, "organisations", Organisation, one) for one in dict.fromkeys(row.texts(name))]

    def groups(self, row: Row, name: str) -> list[Group]:
        return [self._meant(row, name, "groups", Group, one) for one in dict.fromkeys(row.texts(name))]

    def organisation(self, row: Row, name: str) -> Organisation:
        return self._meant(row, name, "organisations", Organisation, row.text(name))

    def person(self, row: Row, name: str, sender_id: str) -> Person:
        return self._meant(row, name, "people", Person, sender_id)

    def membership_at(self, row: Row, name: str, sender_id: str, at: datetime) -> Membership:
        """The membership a person had at that time; what was done without one is refused."""
        of = self.person(row, name, sender_id)
        if not self.stays:
            self._read_stays()
        for one in self.stays.get(of.pk, []):
            if one.started <= at and (one.ended is None or at < one.ended):
                return one
        raise row.refuse(f"{sender_id!r} represented no organisation at that time", name)

    def _meant(self, row: Row, name: str, kind: str, model: type[M], sender_id: str) -> M:
        """The row the sender means; refused when it is not in the file or was refused itself."""
        earlier = self.before(kind, sender_id)
        if earlier is None:
            raise row.refuse(f"{sender_id[:80]!r} is not known", name)
        found = self.rows.get((kind, earlier.row))
        if not isinstance(found, model):
            found = self.rows[kind, earlier.row] = model._base_manager.get(pk=earlier.row)
        return found

    def _read_stays(self) -> None:
        """All memberships with what a viewer of that time is made of."""
        stays = defaultdict(list)
        rows = Membership.objects.select_related("person", "organisation").order_by("-started", "-pk")
        for one in rows.prefetch_related("seats", "organisation__seats", "organisation__sectors"):
            stays[one.person_id].append(one)
        self.stays = dict(stays)
