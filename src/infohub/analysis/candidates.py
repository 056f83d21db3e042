"""What a scanner proposes: a possible finding with its place in the text the scanner read."""

from typing import NamedTuple

from .findings import Kind


class Candidate(NamedTuple):
    """A possible finding; `start` and `end` count in the text that was scanned."""

    kind: Kind
    value: str
    start: int
    end: int
    note: str = ""
