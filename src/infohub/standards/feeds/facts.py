"""What public catalogues say of CVE numbers, as plain rows: exploited or not, how likely, how severe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Exploited(NamedTuple):
    """A vulnerability that CISA knows to be exploited, since when it says so, and until when it wants it mended."""

    cve: str
    since: date
    due: date | None
    by_ransomware: bool


class Score(NamedTuple):
    """Both figures are shares between 0 and 1; the percentile is that of all CVEs."""

    cve: str
    epss: float
    percentile: float


class Severity(NamedTuple):
    """A CVSS base score and the vector it follows from."""

    cve: str
    score: float
    vector: str


@dataclass(frozen=True, slots=True)
class Catalogued:
    """The whole catalogue: what is not in it is not known to be exploited any more."""

    rows: Sequence[Exploited]


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of one day; with the last of them, older ones are out of date."""

    rows: Sequence[Score]
    on: date
    is_last: bool


@dataclass(frozen=True, slots=True)
class Rated:
    """What one advisory says of how severe vulnerabilities are."""

    rows: Sequence[Severity]


Facts = Catalogued | Scored | Rated
