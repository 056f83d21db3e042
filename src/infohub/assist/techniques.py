"""Which techniques of ATT&CK the pieces of a list speak of, and which pieces speak of a technique."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infohub.analysis.techniques.catalogue import catalogue
from infohub.analysis.techniques.matrix import Tally, tallies
from infohub.assist.models import Assertion, Said, State
from infohub.catalogue.models import EntryQuerySet
from infohub.standards.tlp import Tlp


@dataclass(frozen=True, slots=True)
class Told:
    """Techniques by their ids of today, from how many pieces of how many; `tlp` is the strictest that went into it."""

    techniques: Mapping[str, Tally]
    pieces: int
    read: int
    speaking: int
    tlp: Tlp

    @property
    def unread(self) -> int:
        """Pieces that nothing is known of yet."""
        return self.pieces - self.read


def techniques_of(entries: EntryQuerySet) -> Told:
    """What is said of these entries and nobody rejected; they were asked for through the policy."""
    markings = dict(entries.order_by().values_list("pk", "label__tlp"))
    said = Assertion.objects.standing().filter(subject=Said.TECHNIQUE).among(entries)
    known = catalogue().techniques
    rows = [row for row in said.values_list("entry", "value", "state") if row[1] in known]
    speaking = {entry for entry, _number, _state in rows}
    return Told(
        techniques=tallies(((entry, number, state == State.CONFIRMED) for entry, number, state in rows), catalogue()),
        pieces=len(markings),
        read=entries.filter(reading__read_at__isnull=False).count(),
        speaking=len(speaking),
        tlp=max((Tlp(markings[entry]) for entry in speaking), default=Tlp.CLEAR),
    )


def speaking_of(entries: EntryQuerySet, technique: str) -> EntryQuerySet:
    """Those that speak of a technique or of one of its parts, where nobody rejected it; of an unknown id none do."""
    said = Assertion.objects.standing().of_techniques(catalogue().numbers_of(technique))
    return entries.filter(pk__in=said.values("entry"))
