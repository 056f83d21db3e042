"""Reports that sources outside brought lately, as far as a reader may read them: titles, words, where to read on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import orjson

from infohub.intel.models import Collection, Placement
from infohub.intel.models.collections import CollectionKind
from infohub.intel.models.sources import FEED
from infohub.policy.viewer import Viewer
from infohub.standards.feeds.fields import link_of
from infohub.standards.jsontext import Json
from infohub.standards.stix21.timestamp import moment_of
from infohub.standards.tlp import Tlp

READ = 4_000
"""Characters of a report that are looked at: what it is about stands at its beginning."""

_TITLE, _NAME = 300, 120


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody outside published: `source` is what it calls itself, `url` its own page where it names one."""

    stix_id: str
    digest: str
    title: str
    text: str
    source: str
    url: str
    language: str
    published: datetime
    tlp: Tlp
    is_advisory: bool

    @property
    def whole(self) -> str:
        """What analysis reads of it."""
        return f"{self.title}\n{self.text}"


def arrived(viewer: Viewer, *, since: datetime, most: int) -> list[Report]:
    """The newest reports that came since then and changed since then, each once, in one query.

    Only from collections whose every reader may read all that is in them, within the viewer's ceiling.
    """
    collections = Collection.objects.readable(viewer).exclude(kind=CollectionKind.EVERYTHING)
    rows = Placement.objects.filter(
        collection__in=collections.values("pk"),
        type="report",
        source__startswith=FEED,
        tlp__lte=viewer.ceiling.value,
        date_added__gte=since,
        version__gte=since,
        is_newest=True,
        object__revoked=False,
    )
    newest = rows.select_related("object").order_by("-version", "-pk")[: 2 * most]
    return list(_each_once(newest))[:most]


def _each_once(rows: Iterable[Placement]) -> Iterator[Report]:
    """One report may stand in several collections: the strictest level at which it was given counts."""
    first: dict[str, Placement] = {}
    strictest: dict[str, int] = {}
    for row in rows:
        first.setdefault(row.stix_id, row)
        strictest[row.stix_id] = max(row.tlp, strictest.get(row.stix_id, row.tlp))
    return (_report(row, Tlp(strictest[row.stix_id])) for row in first.values())


def _report(row: Placement, tlp: Tlp) -> Report:
    given = cast(Mapping[str, Json], orjson.loads(row.object.raw))
    source, url = _where(given.get("external_references"))
    kinds = given.get("report_types")
    return Report(
        stix_id=row.stix_id,
        digest=row.object.digest,
        title=_plain(given.get("name"), most=_TITLE) or row.stix_id,
        text=str(given.get("description") or "")[:READ].replace("\0", ""),
        source=source,
        url=url,
        language=_plain(given.get("lang"), most=16).lower() or "en",
        published=moment_of(str(given.get("published", ""))) or row.version,
        tlp=tlp,
        is_advisory=isinstance(kinds, list) and "vulnerability" in kinds,
    )


def _where(references: Json) -> tuple[str, str]:
    """What the source calls itself and the report's address, from the first reference that has one."""
    rows = [row for row in references if isinstance(row, dict)] if isinstance(references, list) else []
    links = [(_plain(row.get("source_name"), most=_NAME), link_of(str(row.get("url") or ""))) for row in rows]
    return next(((name, url) for name, url in links if url), (links[0][0] if links else "", ""))


def _plain(written: Json, *, most: int) -> str:
    """One line of what somebody wrote, without what no database takes."""
    return " ".join(str(written or "").replace("\0", "").split())[:most]
