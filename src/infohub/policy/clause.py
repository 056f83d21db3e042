"""A clause as a value: whom it includes and excludes, and whether a viewer is among them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields

from infohub.policy.viewer import Viewer, ViewerKind

Ids = frozenset[int]
NONE: Ids = frozenset()


@dataclass(frozen=True, slots=True)
class Clause:
    """The union of its grants, minus its exceptions. `frozen` says that its people were fixed at publication."""

    everyone: bool = False
    memberships: Ids = NONE
    organisations: Ids = NONE
    sectors: Ids = NONE
    groups: Ids = NONE
    reviewed_groups: Ids = NONE
    programme_review: bool = False
    except_classes: frozenset[str] = frozenset()
    except_organisations: Ids = NONE
    frozen: bool = False

    @property
    def grants_anything(self) -> bool:
        return (
            self.everyone
            or self.programme_review
            or any((self.memberships, self.organisations, self.sectors, self.groups, self.reviewed_groups))
        )

    @property
    def digest(self) -> str:
        """The same content always has the same digest: that is what makes interning work."""
        content = {f.name: _plain(getattr(self, f.name)) for f in fields(self)}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def matches(self, viewer: Viewer) -> bool:
        """Whether this clause includes the viewer."""
        if viewer.kind is ViewerKind.PEER:
            return self.everyone and not (self.except_classes or self.except_organisations)
        return self._grants(viewer) and not self._excepts(viewer)

    def _grants(self, viewer: Viewer) -> bool:
        return (
            (self.everyone and viewer.organisation is not None)
            or viewer.membership in self.memberships
            or viewer.organisation in self.organisations
            or not self.sectors.isdisjoint(viewer.sectors)
            or not self.groups.isdisjoint(viewer.groups)
            or not self.reviewed_groups.isdisjoint(viewer.moderates)
            or (self.programme_review and viewer.reviews_programme)
        )

    def _excepts(self, viewer: Viewer) -> bool:
        return viewer.organisation_class in self.except_classes or viewer.organisation in self.except_organisations


def _plain(content: bool | frozenset[int] | frozenset[str]) -> bool | list[int | str]:
    return content if isinstance(content, bool) else sorted(content)
