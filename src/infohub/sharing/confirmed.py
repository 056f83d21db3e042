"""What leaves of a piece beside its words and indicators: what a person confirmed of it, as it was confirmed.

It follows from what was decided alone, never from what reads texts: one version of an object has one content.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid5

from infohub.analysis.names.gazetteer import attack_numbers
from infohub.analysis.techniques.catalogue import catalogue
from infohub.assist.models import Assertion, Said, State
from infohub.assist.sectors import keys_of
from infohub.members.models import Sector
from infohub.sharing.models import Item
from infohub.standards.stix21.confirmed import Confirmed

KINDS = (Said.TECHNIQUE, Said.MALWARE, Said.ACTOR, Said.TOOL, Said.CAMPAIGN, Said.SECTOR, Said.PRODUCT)
"""Kind and severity are the piece's own; the rest leaves as far as a form has a place for it."""


def confirmed_of(item: Item) -> tuple[Confirmed, ...]:
    """What people stand behind of one piece that its reader may read."""
    return confirmed_in([item]).get(item.pk, ())


def confirmed_in(items: Iterable[Item]) -> dict[int, tuple[Confirmed, ...]]:
    """The same of many, by their ids; those of whom nothing was confirmed are left out."""
    by_ref = {item.ref: item for item in items}
    rows = Assertion.objects.confirmed().filter(entry__ref__in=list(by_ref), subject__in=KINDS)
    told = list(rows.order_by("subject", "value").values_list("entry__ref", "subject", "value"))
    sectors = _sectors() if any(subject == Said.SECTOR for _ref, subject, _value in told) else {}
    found: dict[int, list[Confirmed]] = {}
    for ref, subject, value in told:
        if one := _confirmed(by_ref[ref], subject, value, sectors):
            found.setdefault(by_ref[ref].pk, []).append(one)
    return {key: tuple(some) for key, some in found.items()}


def rejected_numbers(item: Item, numbers: Collection[str]) -> set[str]:
    """Which of these techniques are none of the piece, as its author says: unticked while writing or rejected."""
    if not numbers:
        return set()
    unsaid = {value for value in numbers if f"{Said.TECHNIQUE}:{value}" in item.choice.get("unsaid", [])}
    said = Assertion.objects.filter(entry__ref=item.ref, subject=Said.TECHNIQUE, value__in=list(numbers))
    states = dict(said.values_list("value", "state"))
    rejected = {value for value, state in states.items() if state == State.REJECTED}
    return rejected | {value for value in unsaid if value not in states}


@dataclass(frozen=True, slots=True)
class _Sector:
    """One of the programme's own: its English name, and what analysis calls that which it covers."""

    name: str
    covers: tuple[str, ...] = ()


def _confirmed(item: Item, subject: str, value: str, sectors: Mapping[str, _Sector]) -> Confirmed | None:
    """The same under the same id, whatever else is confirmed; none for the number of a technique that nobody knows."""
    uuid = uuid5(item.uuid, f"confirmed {subject} {value}")
    if subject == Said.SECTOR:
        own = sectors.get(value, _Sector(value.capitalize()))
        return Confirmed(uuid, subject, value, own.name, sectors=own.covers)
    if subject != Said.TECHNIQUE:
        return Confirmed(uuid, subject, value, value, attack_numbers().get((subject, value), ""))
    known = catalogue().techniques.get(value)
    return Confirmed(uuid, subject, value, known.name, value, known.stix) if known else None


def _sectors() -> dict[str, _Sector]:
    """By their keys; in English whatever the language of the moment, for one version of an object has one content."""
    rows = {sector.key: sector for sector in Sector.objects.all()}
    covers: dict[str, list[str]] = {}
    for one, keys in sorted(keys_of(rows).items()):
        for key in keys:
            covers.setdefault(key, []).append(one)
    return {
        key: _Sector(str(row.names.get("en") or key.capitalize()), tuple(covers.get(key, ())))
        for key, row in rows.items()
    }
