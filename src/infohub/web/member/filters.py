"""The filters of feed and search: what the address asks for, as a narrower list and as chips to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infohub.analysis.techniques.catalogue import catalogue
from infohub.assist.techniques import speaking_of
from infohub.catalogue.models import EntryQuerySet, Severity
from infohub.members.models import Group, Sector
from infohub.policy.viewer import Viewer
from infohub.sharing.models import ItemKind
from infohub.standards.tlp import Tlp, tlp_from
from infohub.support.clock import now
from infohub.web.lists import Chip, asked, chips

NAMES = ("kind", "severity", "tlp", "group", "sector", "technique", "days")
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
        if chosen["technique"]:
            entries = speaking_of(entries, chosen["technique"])
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
        return [(label, chips(request, name, options)) for name, label, options in self._options()]

    @property
    def spoken(self) -> list[str]:
        """What is chosen, in words."""
        words = [(label, dict(options).get(self.chosen[name])) for name, label, options in self._options()]
        return [f"{label}: {word}" for label, word in words if word]

    @property
    def unknown(self) -> list[str]:
        """The filters whose value nobody knows here, by what they are called."""
        chosen = [(label, self.chosen[name], dict(options)) for name, label, options in self._options()]
        return [label for label, value, options in chosen if value and value not in options]

    def _options(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """Each filter: its name in addresses, what it is called, and what can be chosen, with its words.

        Of the hundreds of techniques only the one that is chosen is there, to be lifted.
        """
        severities = [(s.name.lower(), str(s.label)) for s in reversed(Severity) if s]
        technique = self.chosen["technique"]
        name = catalogue().full_name(technique)
        return [
            ("kind", _("Kind"), [(kind.value, str(kind.label)) for kind in ItemKind]),
            ("severity", _("Severity"), severities),
            ("tlp", _("TLP"), [(level.word, level.mark) for level in Tlp]),
            ("group", _("Your groups"), [(group.ref, group.name) for group in self.groups]),
            ("sector", _("Sector"), [(sector.key, sector.name) for sector in self.sectors]),
            ("technique", _("Technique"), [(technique, f"{technique} {name}")] if name else []),
            ("days", _("Shared in the last"), [(str(days), _days(days)) for days in DAYS]),
        ]


def filters_of(request: HttpRequest, viewer: Viewer) -> Filters:
    """The filters of this address, for this viewer."""
    chosen = {name: asked(request, name) for name in NAMES}
    if (level := tlp_from(chosen["tlp"])) is not None:
        chosen["tlp"] = level.word
    if (technique := catalogue().technique(chosen["technique"])) is not None:
        chosen["technique"] = technique.id
    return Filters(
        chosen=chosen,
        groups=list(Group.objects.filter(pk__in=viewer.groups)),
        sectors=list(Sector.objects.all()),
    )


def _days(number: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
