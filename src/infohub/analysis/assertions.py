"""What analysis says of a text beyond its indicators: suggestions, each with its place and how sure it is."""

from dataclasses import dataclass
from enum import StrEnum

OF_THE_LANGUAGE = "names"
"""The method of names that no list knows: of these alone a rejected one is stopped beyond its piece."""


class Subject(StrEnum):
    """What an assertion is about."""

    TECHNIQUE = "technique"
    MALWARE = "malware"
    ACTOR = "actor"
    TOOL = "tool"
    CAMPAIGN = "campaign"
    PRODUCT = "product"
    SECTOR = "sector"
    SEVERITY = "severity"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing said of a text; `text[start:end]` is what it was read from.

    `value` is what machines know it by (an ATT&CK id, a canonical name, the key of a sector), `name` what people do.
    `confidence` is calibrated: of all that are said with .8, eight in ten are right. `method` says who says so.
    """

    subject: Subject
    value: str
    name: str
    start: int
    end: int
    confidence: float
    method: str
