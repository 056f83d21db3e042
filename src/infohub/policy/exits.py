"""The exit table: how much of a piece each way out may carry, by its TLP (product.md, the handling policy)."""

from enum import StrEnum

from infohub.standards.tlp import Tlp


class Exit(StrEnum):
    PORTAL = "portal"
    MAIL = "mail"
    PUSH = "push"
    WEBHOOK = "webhook"
    PERSONAL_FEED = "personal_feed"
    MACHINE = "machine"
    PEER = "peer"
    ANALYSIS = "analysis"
    OUTSIDE_AI = "outside_ai"


class Carry(StrEnum):
    """From everything to nothing; each step says less."""

    FULL = "full"
    TITLE = "title"
    SAFE_LINE = "safe_line"
    REF = "ref"
    BARE = "bare"
    NOTHING = "nothing"


_FULL, _TITLE, _SAFE, _REF, _BARE, _NONE = Carry
_CLEAR, _GREEN, _AMBER, _STRICT, _RED = Tlp
_TABLE: dict[Exit, dict[Tlp, Carry]] = {
    Exit.PORTAL: dict.fromkeys(Tlp, _FULL),
    Exit.MAIL: {_CLEAR: _FULL, _GREEN: _FULL, _AMBER: _SAFE, _STRICT: _BARE, _RED: _BARE},
    Exit.PUSH: {_CLEAR: _TITLE, _GREEN: _TITLE, _AMBER: _BARE, _STRICT: _BARE, _RED: _BARE},
    Exit.WEBHOOK: {_CLEAR: _FULL, _GREEN: _FULL, _AMBER: _SAFE, _STRICT: _REF, _RED: _NONE},
    Exit.PERSONAL_FEED: {_CLEAR: _FULL, _GREEN: _FULL, _AMBER: _SAFE, _STRICT: _NONE, _RED: _NONE},
    Exit.MACHINE: {_CLEAR: _FULL, _GREEN: _FULL, _AMBER: _FULL, _STRICT: _FULL, _RED: _NONE},
    Exit.PEER: {_CLEAR: _FULL, _GREEN: _FULL, _AMBER: _NONE, _STRICT: _NONE, _RED: _NONE},
    Exit.ANALYSIS: dict.fromkeys(Tlp, _FULL),
    Exit.OUTSIDE_AI: {_CLEAR: _FULL, _GREEN: _FULL, _AMBER: _NONE, _STRICT: _NONE, _RED: _NONE},
}


def leaves_to_peer(tlp: Tlp, *, ceiling: Tlp) -> bool:
    """Whether something of this TLP may be sent to a peer that gets things up to this ceiling."""
    return tlp <= ceiling and carries(Exit.PEER, tlp) is Carry.FULL


def leaves_to_outside_ai(tlp: Tlp, *, ceiling: Tlp) -> bool:
    """Whether something of this TLP may be shown to a model outside; the operator's ceiling opens GREEN at most."""
    return tlp <= ceiling and carries(Exit.OUTSIDE_AI, tlp) is Carry.FULL


def carries(way: Exit, tlp: Tlp) -> Carry:
    """How much of a piece of this TLP may leave by this way."""
    return _TABLE[way][tlp]
