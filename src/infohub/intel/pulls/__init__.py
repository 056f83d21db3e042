"""Pulls from sources outside: one function for each kind, which asks and reads and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from infohub.intel.models import Source, SourceKind
from infohub.intel.pulls import taxii
from infohub.intel.pulls.asking import Asker, Batch, PullError, Trouble, in_words

__all__ = ["PULLS", "Asker", "Batch", "Pull", "PullError", "Trouble", "in_words"]

Pull = Callable[[Asker, Source], Iterator[Batch]]

PULLS: Mapping[str, Pull] = {
    SourceKind.TAXII: taxii.pull,
}
"""How each kind is pulled; a new kind is a function here and a word in `SourceKind`."""
