"""What leaves of a piece beside its words and indicators: what a person confirmed of it, as it was confirmed.

It follows from what was decided alone, never from what reads texts: one version of an object has one content.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import uuid5

from infohub.analysis.names.gazetteer import attack_numbers
from infohub.analysis.techniques.catalogue import catalogue
from infohub.assist.models import Assertion, Said, State
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
    found: dict[int, list[Confirmed]] = {}
    for ref, subject, value in rows.order_by("subject", "value").values_list("entry__ref", "subject", "value"):
        if subject != Said.TECHNIQUE or value in catalogue().techniques:
            found.setdefault(by_ref[ref].pk, []).append(_confirmed(by_ref[ref], subject, value))
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


def _confirmed(item: Item, subject: str, value: str) -> Confirmed:
    uuid = uuid5(item.uuid, f"confirmed {subject} {value}")
    if subject == Said.TECHNIQUE:
        known = catalogue().techniques[value]
        return Confirmed(uuid, subject, value, known.name, attack=value, attack_stix=known.stix)
    name = value.capitalize() if subject == Said.SECTOR else value
    return Confirmed(uuid, subject, value, name, attack_numbers().get((subject, value), ""))
