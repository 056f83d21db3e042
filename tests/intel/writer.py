"""A process of its own beside others at one database: places pieces, dates what is due, and pulls by date meanwhile."""

import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

import django

django.setup()

from infohub.intel.tasks import place_due  # noqa: E402  Django must be set up first
from tests.intel import pieces  # noqa: E402

WITHIN = 60.0


@dataclass
class Client:
    """Remembers the last date seen and asks for what came after it, a few at a time."""

    after: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    seen: list[str] = field(default_factory=list)

    def pull(self) -> None:
        placements = pieces.collection("members").placements.filter(date_added__gt=self.after)
        for row in placements.order_by("date_added")[:5]:
            self.seen.append(row.stix_id)
            self.after = row.date_added


def main(name: str, count: int, total: int) -> None:
    """Write so many pieces of two objects; say how many of all objects the client saw, and how many different ones."""
    client, deadline = Client(), time.monotonic() + WITHIN
    for number in range(count):
        pieces.place(f"{name}-{number}", pieces.indicator(of=uuid4()), pieces.indicator(of=uuid4()))
        place_due(pieces.NOW)
        client.pull()
    while len(client.seen) < total and time.monotonic() < deadline:
        client.pull()
    sys.stdout.write(f"{len(client.seen)} {len(set(client.seen))}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
