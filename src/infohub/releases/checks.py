"""Looks through a public wording for what gives members away, before anybody releases it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from infohub.analysis.redact import Known, Trace, is_full_name, remarks
from infohub.members.models import Organisation, Person, PersonStatus
from infohub.releases.models import Wording

FIELDS = ("title", "summary", "everyone", "small_firms", "teams", "body")


@dataclass(frozen=True, slots=True)
class Spot:
    """One thing to look at: what it is, how it stands there, in which language and field."""

    trace: Trace
    text: str
    language: str
    field: str


def spots(texts: Iterable[Wording]) -> list[Spot]:
    """Everything to look at in these texts, each once for a field.

    All members are looked for, not only the owner: that also says nothing about who stands behind a seal.
    """
    known = _known()
    found = {
        Spot(remark.trace, remark.text, text.language, field): None
        for text in texts
        for field in FIELDS
        for remark in remarks(getattr(text, field), known)
    }
    return list(found)


def _known() -> Known:
    """Every member: who stands behind a piece is nobody's to learn from what is looked for."""
    organisations = list(Organisation.objects.values_list("name", "domains"))
    people = Person.objects.exclude(status=PersonStatus.LEFT).values_list("name", flat=True)
    return Known(
        organisations=tuple(name for name, _ in organisations),
        domains=tuple(str(domain) for _, domains in organisations for domain in domains),
        people=tuple(name for name in people if is_full_name(name)),
    )
