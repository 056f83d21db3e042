"""Infohub: the software behind a cyber security information sharing programme."""

__version__ = "0.1.0"
