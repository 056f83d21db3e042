"""A text with what is read in it: indicators and names, each once, when they are first asked for."""

from dataclasses import dataclass
from functools import cached_property

from infohub.analysis.extract import extract
from infohub.analysis.findings import Finding
from infohub.analysis.names.find import names_in
from infohub.analysis.names.kinds import Name


@dataclass(frozen=True)
class Document:
    """What readers of one text share, so that none of them reads it again for what another has read."""

    text: str

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The indicators, in the order of the text."""
        return tuple(extract(self.text))

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names of all kinds, in the order of the text."""
        return tuple(names_in(self.text))
