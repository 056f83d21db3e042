"""What leaves to a peer and what does not: one walk through the collection, for the dry run and for the sending."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from infohub.intel.models import Collection, Delivery, DeliveryState, Placement, Push, Recall
from infohub.intel.models.pushes import NEVER_THERE
from infohub.intel.pulling import BUDGET, KEY, pull
from infohub.policy.exits import leaves_to_peer
from infohub.standards.stix21.parse import MARKING
from infohub.standards.taxii21.envelope import envelope
from infohub.standards.taxii21.filters import LAST, Query
from infohub.standards.tlp import Tlp

_AT_ONCE = 500
_FRAME = len(envelope([b"{}"])) - 2


class Stays(models.TextChoices):
    """Why something that the collection holds does not leave."""

    ABOVE = "above", _("stricter than this peer may have")
    OLDER = "older", _("there is a later version, or it is there from another source as well")
    REVOKED = "revoked", _("revoked, and this peer does not have it")
    SENT = "sent", _("sent already")
    LARGE = "large", _("larger than the peer takes")
    CLOSED = "closed", _("the peer does not let us add to its collection")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the peer says it takes."""

    can_write: bool
    most_bytes: int


@dataclass(frozen=True, slots=True)
class _Sent:
    """Of some objects: which versions the ledger knows, by their digests, and which of them the peer may still have."""

    versions: frozenset[tuple[str, str]]
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An object that the peer might get, and why it does not; empty where it leaves."""

    placement: Placement
    stays: Stays | None

    @property
    def is_marked(self) -> bool:
        """Whether the peer can tell from the object itself how it may be handled; markings need none."""
        return self.placement.type == MARKING or '"object_marking_refs"' in self.placement.object.raw

    @property
    def size(self) -> int:
        """Its bytes in an envelope, with a comma."""
        return self.placement.size + 1


def candidates(push: Push, limits: Limits) -> Iterator[Candidate]:
    """What was added since the cursor as the peer is shown it, each object in its newest version, in that order.

    The peer sees what a token of its own would: what is above its ceiling is not among these at all.
    """
    after = push.cursor
    while rows := _page(push, after):
        sent = _sent(push, rows)
        for row in rows:
            yield Candidate(row, _stays(push, row, limits, sent))
        after = rows[-1].date_added


def above(push: Push) -> models.QuerySet[Placement]:
    """What was added since the cursor and is stricter than the peer may have, whoever placed it."""
    rows = _since(push)
    collection = _collection(push)
    return rows if collection is None else rows.exclude(pk__in=collection.shown_to(push.reader).values("pk"))


def shown(push: Push) -> int:
    """How many versions were added since the cursor that the peer may have, older ones and repeats among them."""
    return _since(push).count() - above(push).count()


def envelope_of(found: Iterable[Candidate], limits: Limits, *, most: int) -> tuple[list[Candidate], list[Candidate]]:
    """The next envelope's objects, and all that were considered until it was full: those the cursor then covers."""
    leaving: list[Candidate] = []
    considered: list[Candidate] = []
    size, held = _FRAME, 0
    for one in found:
        if one.stays is None:
            if leaving and (len(leaving) >= most or size + one.size > limits.most_bytes):
                break
            leaving.append(one)
            size += one.size
        considered.append(one)
        held += one.size
        if len(considered) >= 10 * _AT_ONCE or held > BUDGET:
            break
    return leaving, considered


def written(leaving: Sequence[Candidate]) -> bytes:
    """The envelope, its objects as the texts they are."""
    return envelope([one.placement.object.raw.encode() for one in leaving])


def _since(push: Push) -> models.QuerySet[Placement]:
    rows = Placement.objects.filter(collection=push.collection_id)
    return rows if push.cursor is None else rows.filter(date_added__gt=push.cursor)


def _collection(push: Push) -> Collection | None:
    """What is sent, as it stands now; nothing where peers may not have it any more."""
    return Collection.objects.for_peers(push.reader).filter(pk=push.collection_id).first()


def _page(push: Push, after: datetime | None) -> list[Placement]:
    """The next rows. What is stricter than all before changes how they are asked for: then they are asked for again."""
    query = Query(added_after=after, versions=(LAST,))
    collection, asked, keys = _collection(push), -1, list[int]()
    while collection is not None and collection.strictest != asked:
        asked = collection.strictest
        keys = [int(key) for _added, key in pull(push.reader, collection, query, KEY, most=_AT_ONCE).rows]
        collection = _collection(push)
    if collection is None:
        return []
    return list(Placement.objects.filter(pk__in=keys).select_related("object").order_by("date_added"))


def _sent(push: Push, rows: Sequence[Placement]) -> _Sent:
    there = Delivery.objects.filter(push=push, stix_id__in=[row.stix_id for row in rows])
    told = list(there.values_list("stix_id", "digest", "state", "recall"))
    answered = [one for one in told if one[2] != DeliveryState.SENDING]
    return _Sent(
        versions=frozenset((stix_id, digest) for stix_id, digest, _state, recall in answered if not recall),
        ids=frozenset(
            stix_id
            for stix_id, _digest, state, recall in told
            if state not in NEVER_THERE and recall in {"", Recall.ASKED}
        ),
    )


def _stays(push: Push, row: Placement, limits: Limits, sent: _Sent) -> Stays | None:
    if not leaves_to_peer(Tlp(row.tlp), ceiling=Tlp(push.ceiling)):  # the last gate: it may have risen since
        return Stays.ABOVE
    if (row.stix_id, row.object.digest) in sent.versions:
        return Stays.SENT
    if row.object.revoked and row.stix_id not in sent.ids:
        return Stays.REVOKED
    if not limits.can_write:
        return Stays.CLOSED
    return Stays.LARGE if row.size + _FRAME > limits.most_bytes else None
