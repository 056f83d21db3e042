"""The programme's own sectors in place of those that analysis tells apart: what it has not, it is never offered."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from infohub.analysis.names.sectors import own_sectors
from infohub.analysis.pipeline import Sectors
from infohub.members.models import Sector


def sectors_here() -> Sectors:
    """For analysis, in the reader's language; asked of the database each time, as a programme may change them."""
    rows = {sector.key: sector for sector in Sector.objects.all()}
    return {one: {key: rows[key].name for key in keys} for one, keys in keys_of(rows).items()}


def keys_of(rows: Mapping[str, Sector]) -> dict[str, tuple[str, ...]]:
    """Of each sector that analysis tells apart the keys of the programme's own, of these sectors by their keys."""
    return own_sectors({key: [str(name) for name in sector.names.values()] for key, sector in rows.items()})


def sectors_version() -> str:
    """What changes whenever the programme's sectors do: then everything is read anew."""
    told = sorted((sector.key, sorted(sector.names.items())) for sector in Sector.objects.all())
    return sha256(repr(told).encode()).hexdigest()[:8]
