"""What a name in a text is, and what is said about it."""

from dataclasses import dataclass
from enum import StrEnum


class NameKind(StrEnum):
    """The kinds of names; the last four are no proper names but words and passages that reports share."""

    MALWARE = "malware"
    ACTOR = "actor"
    TOOL = "tool"
    CAMPAIGN = "campaign"
    ORGANISATION = "organisation"
    PRODUCT = "product"
    PLACE = "place"
    SECTOR = "sector"
    DATE = "date"
    CONCEPT = "concept"
    TACTIC = "tactic"
    TECHNIQUE = "technique"
    CODE = "code"


class Method(StrEnum):
    """How a name was found: listed; a code name (UNC1234, Something Bear); by its words; with others; by the tagger."""

    LIST = "list"
    CODE_NAME = "code name"
    PATTERN = "pattern"
    NEARBY = "nearby"
    TAGGER = "tagger"


@dataclass(frozen=True, slots=True)
class Name:
    """One mention: `text[start:end]` is `surface`, `canonical` the one name, `attack` its ATT&CK id if it has one.

    `confidence` is the share of mentions found in this way that were right on texts kept apart for measuring.
    """

    kind: NameKind
    surface: str
    canonical: str
    attack: str
    start: int
    end: int
    confidence: float
    method: Method
