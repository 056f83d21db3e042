"""Sends to collections of peers: what leaves and what does not, and how a peer is spoken to; nothing here is kept."""

from infohub.intel.pushes.choosing import Candidate, Limits, Stays, candidates, envelope_of
from infohub.intel.pushes.peers import Peer

__all__ = ["Candidate", "Limits", "Peer", "Stays", "candidates", "envelope_of"]
