"""Pulls from sources outside: one function for each kind, which asks and reads and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from infohub.intel.models import Source, SourceKind
from infohub.intel.pulls import csaf, files, lists, misp, taxii
from infohub.intel.pulls.asking import Asker, Batch, PullError, Trouble, in_words
from infohub.intel.pulls.catalogues import of_exploited, of_scores

__all__ = ["PULLS", "Asker", "Batch", "Pull", "PullError", "Trouble", "in_words"]

Pull = Callable[[Asker, Source], Iterator[Batch]]

PULLS: Mapping[str, Pull] = {
    SourceKind.TAXII: taxii.pull,
    SourceKind.RSS: partial(files.pull, read=files.of_news),
    SourceKind.CSAF: csaf.pull,
    SourceKind.MISP: misp.pull,
    SourceKind.KEV: partial(files.pull, read=of_exploited),
    SourceKind.EPSS: partial(files.pull, read=of_scores),
    SourceKind.LIST: lists.pull,
}
"""How each kind is pulled; a new kind is a function here and a word in `SourceKind`."""
