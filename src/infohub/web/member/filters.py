"""The filters of feed and search: what the address asks for, as a narrower list and as chips to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infohub.catalogue.models import EntryQuerySet, Severity
from infohub.members.models import Group, Sector
from infohub.policy.viewer import Viewer
from infohub.sharing.models import ItemKind
from infohub.standards.tlp import Tlp
from infohub.support.clock import now
from infohub.web.lists import Chip, chips

NAMES = ("kind", "severity", "tlp", "group", "sector", "days")
DAYS = (1, 7, 30, 365)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for, and the groups and sectors it may ask for."""

    chosen: dict[str, str]
    groups: list[Group]
    sectors: list[Sector]

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return any(self.chosen.values())

    def narrow(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that pass; a value nobody knows lets none pass."""
        chosen = self.chosen
        if chosen["days"] and chosen["days"] not in {str(number) for number in DAYS}:
            return entries.none()
        return entries.narrowed(
            kind=chosen["kind"],
            severity=chosen["severity"],
            tlp=chosen["tlp"],
            sector=chosen["sector"],
            groups=[group.pk for group in self.groups if group.ref == chosen["group"]] if chosen["group"] else None,
            since=now() - timedelta(days=int(chosen["days"])) if chosen["days"] else None,
        )

    def chips(self, request: HttpRequest) -> list[tuple[str, list[Chip]]]:
        """The choices, by name of the filter."""
        severities = [(s.name.lower(), str(s.label)) for s in reversed(Severity) if s]
        return [
            (_("Kind"), chips(request, "kind", [(kind.value, str(kind.label)) for kind in ItemKind])),
            (_("Severity"), chips(request, "severity", severities)),
            (_("TLP"), chips(request, "tlp", [(level.word, level.mark) for level in Tlp])),
            (_("Your groups"), chips(request, "group", [(group.ref, group.name) for group in self.groups])),
            (_("Sector"), chips(request, "sector", [(sector.key, sector.name) for sector in self.sectors])),
            (_("Shared in the last"), chips(request, "days", [(str(days), _days(days)) for days in DAYS])),
        ]


def filters_of(request: HttpRequest, viewer: Viewer) -> Filters:
    """The filters of this address, for this viewer."""
    return Filters(
        chosen={name: request.GET.get(name, "") for name in NAMES},
        groups=list(Group.objects.filter(pk__in=viewer.groups)),
        sectors=list(Sector.objects.all()),
    )


def _days(number: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
