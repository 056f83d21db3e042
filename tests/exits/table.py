"""The handling policy as data, written out by hand from its document: nothing of it is read from the product."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infohub.standards.tlp import Tlp

CLEAR, GREEN, AMBER, STRICT, RED = Tlp
UP_TO_STRICT = (CLEAR, GREEN, AMBER, STRICT)
OF_COLLECTIONS = ("losses", "indicators", "list", "hosts", "rpz", "suricata")
FORMS = ("losses", "stix", "misp", "pieces", "indicators", "list", "hosts", "rpz", "suricata", "rules")


class Canary(StrEnum):
    """The parts of a piece that give it away, each with a word that stands nowhere else."""

    TITLE = "title"
    HEAD = "beginning of the text"
    BODY = "rest of the text"
    LINE = "safe line"
    VALUE = "indicator"
    FILE = "name of its file"
    INSIDE = "content of its file"
    TALK = "comment"
    REF = "reference"
    OBJECT = "STIX object"
    NAMED = "name that its author confirmed"
    GUESS = "name that a machine guessed"


Said = frozenset[Canary]


def said(letters: str) -> Said:
    """`THR` for title, head and reference; C is a comment, O a STIX object, N a confirmed name."""
    by_letter = dict(zip("THBLVFICRONG", Canary, strict=True))
    return frozenset(by_letter[letter] for letter in letters)


# Which TLP may go to which audience. RED is frozen to the people of that day and goes to people and groups alone.
AUDIENCES: dict[str, tuple[Tlp, ...]] = {
    "named": (*UP_TO_STRICT, RED),
    "organisation": UP_TO_STRICT,
    "sector": UP_TO_STRICT,
    "group": (*UP_TO_STRICT, RED),
    "unlisted": (*UP_TO_STRICT, RED),
    "everyone": UP_TO_STRICT,
    "unvended": UP_TO_STRICT,
    "frozen": UP_TO_STRICT,
    "sealed": UP_TO_STRICT,
    "sealednamed": (RED,),
}

# Who asks. The author and a colleague are of the bank; the named person, a mate, who came new, who left and came back
# are of the clinic, who moved away was; the house has a seat as an organisation, beside the seated person is a member
# without one; the veiled author's name is under a seal. Machines are called after their organisation.
MEMBERS = frozenset({"author", "colleague", "named", "mate", "newcomer", "mover", "returner", "sector", "seated"})
MEMBERS |= {"house", "member", "moderator", "vendor", "veiled", "veilmate"}
OFFICERS = frozenset({"operator", "desk", "auditor"})
LOST = frozenset({"leaver", "suspended", "shut"})
MACHINES = frozenset({"bank", "clinic", "surgery", "garage", "observatory", "station", "vendors", "veilhouse"})
PEER, PUBLIC = "peer", "public"

READERS: dict[str, frozenset[str]] = {
    "named": frozenset({"author", "colleague", "named", "bank"}),
    "organisation": frozenset({"author", "named", "mate", "newcomer", "returner", "clinic"}),
    "sector": frozenset({"author", "sector", "surgery"}),
    "group": frozenset({"author", "seated", "house", "observatory"}),
    "unlisted": frozenset({"author", "seated", "house", "observatory"}),
    "everyone": MEMBERS | MACHINES | {PEER},
    "unvended": (MEMBERS | MACHINES) - {"vendor", "vendors"},
    "frozen": MEMBERS - {"newcomer", "mover", "returner"},
    "sealed": frozenset({"veiled", "named", "mate", "newcomer", "returner", "clinic"}),
    "sealednamed": frozenset({"veiled", "named"}),
}
NO_RED = frozenset({"colleague"})
"""Whom RED leaves out although the same audience lets them read everything else."""

SENSORS = frozenset({"author", "colleague", "named", "mate", "newcomer", "returner", "bank", "clinic"})
"""Who reads the collection that bank and clinic agreed on, up to AMBER."""
SENSED = (CLEAR, GREEN, AMBER)
"""The marking of each of its objects."""

WROTE = {"sealed": "veiled", "sealednamed": "veiled"}
"""Who wrote the pieces for an audience, where it was not the author."""

TOLD_NOTHING = frozenset({"newcomer"})
"""Who was not there yet when the pieces were shared."""

KNOW_UNLISTED = frozenset({"author", "seated", "house", "moderator"})
"""To whom the unlisted group is no secret: its seats, and its moderator, who reads nothing there."""
MACHINES_KNOW_UNLISTED = KNOW_UNLISTED - {"moderator"} | {"observatory"}
"""A moderator's program holds no office; the program of a seated organisation knows where it sits."""
KNOW_SEALED = frozenset({"veiled", "veilmate", "veilhouse"})
"""Who meets the sealed author's name or organisation on own pages: they are it."""

SEE_RECORDS = frozenset({"operator", "auditor"})


class Carry(StrEnum):
    """How much of a piece an exit lets out."""

    FULL = "full"
    SAFE = "safe line and link"
    LINK = "that there is something, and a link"
    NOTHING = "nothing"


_FULL, _SAFE, _LINK, _NOTHING = Carry
EXITS: dict[str, dict[Tlp, Carry]] = {
    "portal": {CLEAR: _FULL, GREEN: _FULL, AMBER: _FULL, STRICT: _FULL, RED: _FULL},
    "mail": {CLEAR: _FULL, GREEN: _FULL, AMBER: _SAFE, STRICT: _LINK, RED: _LINK},
    "personal feed": {CLEAR: _FULL, GREEN: _FULL, AMBER: _SAFE, STRICT: _NOTHING, RED: _NOTHING},
    "machine": {CLEAR: _FULL, GREEN: _FULL, AMBER: _FULL, STRICT: _FULL, RED: _NOTHING},
    "peer": {CLEAR: _FULL, GREEN: _FULL, AMBER: _NOTHING, STRICT: _NOTHING, RED: _NOTHING},
    "records": {CLEAR: _LINK, GREEN: _LINK, AMBER: _LINK, STRICT: _LINK, RED: _LINK},
    "release": {CLEAR: _FULL, GREEN: _NOTHING, AMBER: _NOTHING, STRICT: _NOTHING, RED: _NOTHING},
}
CEILINGS = UP_TO_STRICT
PEER_CEILINGS = (CLEAR, GREEN)


@dataclass(frozen=True)
class Channel:
    """What one way out says of a piece, by how much its exit carries."""

    exit: str
    full: Said
    safe: Said = frozenset()
    link: Said = frozenset()

    def says(self, tlp: Tlp) -> Said:
        """Exactly these canaries, of a piece of this TLP, to its reader."""
        carried = {_FULL: self.full, _SAFE: self.safe, _LINK: self.link, _NOTHING: said("")}
        return carried[EXITS[self.exit][tlp]]


LIST = said("THR")
CHANNELS: dict[str, Channel] = {
    "home": Channel("portal", LIST),
    "feed": Channel("portal", LIST),
    "feed of a TLP": Channel("portal", LIST),
    "feed of a group": Channel("portal", LIST),
    "search for words": Channel("portal", LIST),
    "search, best first": Channel("portal", LIST),
    "search for an indicator": Channel("portal", said("THR")),
    "suggestions": Channel("portal", said("TR")),
    "notices": Channel("portal", said("TR")),
    "preview of a rule": Channel("portal", said("TR")),
    "group": Channel("portal", LIST),
    "files of a group": Channel("portal", said("TFR")),
    "table": Channel("portal", said("TRN")),
    "table of a search": Channel("portal", said("TRN")),
    "table of a TLP": Channel("portal", said("TRN")),
    "export": Channel("portal", said("VFR")),
    "export losses": Channel("portal", said("VFR")),
    "export stix": Channel("portal", said("THBVRON")),
    "export misp": Channel("portal", said("TVRN")),
    "export pieces": Channel("portal", said("TRN")),
    "export indicators": Channel("portal", said("VR")),
    "export list": Channel("portal", said("V")),
    "export hosts": Channel("portal", said("")),
    "export rpz": Channel("portal", said("V")),
    "export suricata": Channel("portal", said("VR")),
    "export rules": Channel("portal", said("BR")),
    "lists of collections": Channel("machine", said("V")),
    "object of a collection": Channel("machine", said("TVR")),
    "page": Channel("portal", said("THBVFCRNG")),
    "related": Channel("portal", said("TR")),
    "relations": Channel("portal", said("TRNG")),
    "file": Channel("portal", said("I")),
    "correction": Channel("portal", said("THBVR")),
    "STIX": Channel("portal", said("THBVRON")),
    "MISP": Channel("portal", said("TVRN")),
    "CSV": Channel("portal", said("VRN")),
    "list of values": Channel("portal", said("VR")),
    "paper": Channel("portal", said("THBVFR")),
    "API in a browser": Channel("portal", LIST),
    "records": Channel("records", said(""), link=said("R")),
    "mail subject": Channel("mail", said("T"), safe=said("L")),
    "mail text": Channel("mail", said("THBVR"), safe=said("LR"), link=said("R")),
    "mail HTML": Channel("mail", said("THBVR"), safe=said("LR"), link=said("R")),
    "digest subject": Channel("mail", said("")),
    "digest text": Channel("mail", said("THR"), safe=said("LR"), link=said("R")),
    "digest HTML": Channel("mail", said("THR"), safe=said("LR"), link=said("R")),
    "Atom": Channel("personal feed", said("THBVR"), safe=said("LR")),
    "JSON feed": Channel("personal feed", said("THBVR"), safe=said("LR")),
    "API items": Channel("machine", LIST),
    "API search": Channel("machine", LIST),
    "API suggest": Channel("machine", said("TR")),
    "API lookup": Channel("machine", said("R")),
    "API objects": Channel("machine", said("THBVRON")),
    "API values losses": Channel("machine", said("V")),
    "API values indicators": Channel("machine", said("V")),
    "API values list": Channel("machine", said("V")),
    "API values hosts": Channel("machine", said("")),
    "API values rpz": Channel("machine", said("V")),
    "API values suricata": Channel("machine", said("V")),
    "API notices": Channel("machine", said("TR")),
    "API item": Channel("machine", said("THBLVRN")),
    "API comments": Channel("machine", said("C")),
    "API attachments": Channel("machine", said("FR")),
    "API attachment": Channel("machine", said("I")),
    "API related": Channel("machine", said("TR")),
    "API indicators": Channel("machine", said("V")),
    "API sightings": Channel("machine", said("")),
    "API STIX": Channel("machine", said("THBVRON")),
    "API MISP": Channel("machine", said("TVRN")),
    "API export losses": Channel("machine", said("VFR")),
    "API export stix": Channel("machine", said("THBVRON")),
    "API export misp": Channel("machine", said("TVRN")),
    "API export pieces": Channel("machine", said("TRN")),
    "API export indicators": Channel("machine", said("VR")),
    "API export list": Channel("machine", said("V")),
    "API export hosts": Channel("machine", said("")),
    "API export rpz": Channel("machine", said("V")),
    "API export suricata": Channel("machine", said("VR")),
    "API export rules": Channel("machine", said("BR")),
    "TAXII objects": Channel("machine", said("THBVRON")),
    "TAXII manifest": Channel("machine", said("O")),
    "MISP manifest": Channel("machine", said("TN")),
    "MISP events": Channel("machine", said("THBVRN")),
    "MISP digests": Channel("machine", said("")),
    "MISP index": Channel("machine", said("TN")),
    "MISP search": Channel("machine", said("THBVRN")),
    "MISP attributes": Channel("machine", said("TVRN")),
    "MISP tags": Channel("machine", said("N")),
    "MISP view": Channel("machine", said("THBVRN")),
    "sent to a peer": Channel("peer", said("THBVRON")),
    "public pages": Channel("release", said("TH")),
    "public advisory": Channel("release", said("THBV")),
    "public feeds": Channel("release", said("THBV")),
}


def reads(relation: str, audience: str, tlp: Tlp) -> bool:
    """Whether who stands in this relation reads a piece of this TLP for this audience."""
    return relation in READERS[audience] and not (tlp is RED and relation in NO_RED)


def told(relation: str, audience: str, tlp: Tlp) -> bool:
    """Whether notices and mail bring it: to readers who were there when it was shared, but not to who wrote it."""
    wrote = WROTE.get(audience, "author")
    return reads(relation, audience, tlp) and relation != wrote and relation not in TOLD_NOTHING
