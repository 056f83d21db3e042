"""The models and rules that read texts here, loaded once when they are first needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files

from infohub.analysis.assertions import OF_THE_LANGUAGE, Assertion, Subject
from infohub.analysis.classify.kind import kind_of
from infohub.analysis.classify.severity import severity_of
from infohub.analysis.document import Document
from infohub.analysis.names.kinds import Method, NameKind
from infohub.analysis.names.sectors import sectors_in
from infohub.analysis.names.words import MOST_CHARACTERS
from infohub.analysis.pipeline import Reader, Readers
from infohub.analysis.summarise import summary_of
from infohub.analysis.techniques.reading import techniques_in

RULES = "rules-2"
"""Changed by hand whenever the rules change: then everything is read anew."""

FAILURES = (ValueError, ArithmeticError, LookupError, MemoryError, RecursionError)
"""What a reader may raise at a text that it cannot read: nobody's text is lost for that."""

_SUBJECTS = {
    NameKind.MALWARE: Subject.MALWARE,
    NameKind.ACTOR: Subject.ACTOR,
    NameKind.TOOL: Subject.TOOL,
    NameKind.CAMPAIGN: Subject.CAMPAIGN,
    NameKind.PRODUCT: Subject.PRODUCT,
}
_TACTIC = re.compile(r"TA00\d\d")  # ATT&CK's tactics look like the numbers of a well-known list of attackers
_SECTOR_NAMED = 0.75  # a word of our own list; what it means in the text is not weighed


@cache
def loaded() -> Readers:
    """What reads texts on this machine."""
    version = f"{RULES} {_models()}"
    readers = (_of_text(severity_of), _of_text(kind_of), named, _of_text(sectored), _of_text(techniques_in))
    return Readers(version=version, assertions=readers, summary=summary_of)


def named(document: Document) -> Iterator[Assertion]:
    """Malware, attackers, tools, products and sectors that the text names; those of lists by their one name."""
    for name in document.names:
        subject = _SUBJECTS.get(name.kind)
        if subject is not None and not _TACTIC.fullmatch(name.canonical):
            method = "list" if name.method is Method.LIST else OF_THE_LANGUAGE
            yield Assertion(subject, name.canonical, name.canonical, name.start, name.end, name.confidence, method)


def sectored(text: str) -> Iterator[Assertion]:
    """The sectors that the text names, by the ids of our own list."""
    for one in sectors_in(text[:MOST_CHARACTERS]):
        yield Assertion(Subject.SECTOR, one.sector, one.sector.capitalize(), one.start, one.end, _SECTOR_NAMED, "list")


def _of_text(read: Callable[[str], Iterable[Assertion]]) -> Reader:
    return lambda document: read(document.text)


def _models() -> str:
    """What tells the shipped models from others."""
    told = sha256()
    for path in sorted(files("infohub.analysis").joinpath("models").iterdir(), key=lambda path: path.name):
        if path.name.endswith((".npz", ".npy", ".txt", ".json")):
            told.update(path.read_bytes())
    return told.hexdigest()[:16]
