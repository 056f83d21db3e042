"""Everything that changes proposals and releases; one verb each."""

from infohub.releases.actions.consenting import agree, consent, decline
from infohub.releases.actions.desk import prepare, release, send_back, take_down, withdraw_release
from infohub.releases.actions.proposing import propose
from infohub.releases.actions.publishing import bring_in

__all__ = [
    "agree",
    "bring_in",
    "consent",
    "decline",
    "prepare",
    "propose",
    "release",
    "send_back",
    "take_down",
    "withdraw_release",
]
